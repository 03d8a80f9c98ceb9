import type { HttpHeaders } from '../protocol/httpReply.js'
import type { PollingOptions } from './schedule.js'

/** How to run one operation. */
export interface OperationOptions {
  /** Our name for the operation. @default a new one */
  readonly id?: string | undefined
  /**
   * Headers of your own. They go along with the requests to the status monitor too, but for those that are about the first
   * request only (`Prefer`, `If-Match`, `Content-Type` and the like). They are not in the record, so that no secret is stored:
   * after a reload they are gone. What every request needs belongs into `http`. With version 4.0 `Accept` stays with the first
   * request, as for the monitor it says which form the answer takes.
   */
  readonly headers?: HttpHeaders | undefined
  /**
   * Whole seconds the service may take to answer at once before it answers `202` (`Prefer: wait`, Protocol 8.2.8.10); 0 for none.
   * `submitTimeout` begins after it.
   * @default not sent
   */
  readonly wait?: number | undefined
  /** ETag that what the request changes must still have, or `'*'`: `If-Match` (Protocol 8.2.4). @default not sent */
  readonly etag?: string | undefined
  /** Asks for one state of the data during the whole of the request (Protocol 8.2.6). @default not sent */
  readonly isolation?: 'snapshot' | undefined
  /** Should what was changed or created be sent back? (`Prefer: return`, Protocol 8.2.8.7.) @default not sent */
  readonly returnPreference?: 'representation' | 'minimal' | undefined
  /**
   * URL that the service asks (`GET`) when the operation has ended (`Prefer: callback`, Protocol 8.2.8.2). However word of it gets
   * to the app: `poll()` or `checkNow()` then fetches the result. Polling goes on, as no callback is sure to come.
   * @default not sent
   */
  readonly callbackUrl?: string | undefined
  /**
   * ms between two polls, or a function of the record. A `Retry-After` of the service comes first, and no two polls are closer
   * than `polling.minInterval` of the client.
   * @default `polling.interval` of the client
   */
  readonly pollInterval?: PollingOptions['interval']
  /** Answers that the operation goes on after which it ends with kind `timeout`. @default `polling.maxPolls` of the client */
  readonly maxPolls?: number | undefined
  /**
   * ms for the whole operation from when it is sent, by the clock on the wall. One last poll comes before the end, and may take
   * `requestTimeout` longer.
   * @default `timeout` of the client
   */
  readonly timeout?: number | undefined
  /**
   * What becomes of the work at the service when `timeout` or `maxPolls` ends our waiting: it goes on (`keep`), or the service is
   * asked to cancel it (`cancel`). A result that is ready at that moment is delivered.
   * @default `onTimeout` of the client
   */
  readonly onTimeout?: 'keep' | 'cancel' | undefined
  /**
   * Sends the request so that it can be sent again when its answer was lost (Repeatable Requests 1.0): `true` for a service that
   * is known to support it; `'detect'` finds out from `Repeatability-Result` and `$metadata`, for each name at the end of a path by
   * itself, and stops asking for it once the service has refused such a request with `501`.
   * A second attempt that is answered `429` or `5xx` without `Repeatability-Result` counts as lost, too. A `GET` and a `$batch` never are.
   * @default `repeatability` of the client
   */
  readonly repeatability?: boolean | 'detect' | undefined
  /** Stops our waiting for the first answer; what the service does is then unknown. */
  readonly signal?: AbortSignal | undefined
}

/** How to call an action. */
export interface CallActionOptions extends OperationOptions {}

/** How to call a function. */
export interface CallFunctionOptions extends OperationOptions {
  /**
   * Puts the values of all parameters into the query (`Fn(a=@a)?@a=1`), not only those that a path cannot hold: for servers that
   * refuse some characters in a path, such as an encoded slash.
   * @default false
   */
  readonly aliases?: boolean | undefined
}

/** How to send any other request. */
export interface RequestOptions extends OperationOptions {}
