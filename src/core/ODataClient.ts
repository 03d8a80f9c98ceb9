import type { KyInstance } from 'ky'
import type { MonitorProtocol } from '../monitors/MonitorProtocol.js'
import type { HttpHeaders } from '../protocol/httpReply.js'
import type { AsyncOperation, WaitOptions } from './AsyncOperation.js'
import type { Environment } from './environment.js'
import type { OperationRecord } from './operation.js'
import type { PollingOptions } from './schedule.js'

/** How to reach a service. */
export interface ODataClientOptions {
  /** Root of the service, absolute (`https://host/odata/`), or relative to the page in a browser (`/odata/`). */
  readonly serviceUrl: string
  /**
   * The app's own ky instance, with its hooks for credentials and tokens. Its retries and its time limit are not used:
   * a request that starts something is never repeated.
   * @default ky
   */
  readonly http?: KyInstance | undefined
  /**
   * The newest version of OData that the answers may be in, sent as `OData-MaxVersion`. With `'4.0'` results are asked
   * for as `application/http`, which needs no `AsyncResult` header.
   * @default '4.01'
   */
  readonly maxVersion?: '4.0' | '4.01' | undefined
  /** How the service lets its operations be watched. @default odata() */
  readonly monitor?: MonitorProtocol | undefined
  /** How often to ask. */
  readonly polling?: PollingOptions | undefined
  /**
   * ms for a whole operation, from start to end. The request that starts it is given up after five minutes anyway, with
   * kind `network`.
   * @default no limit
   */
  readonly timeout?: number | undefined
  /** ms for one request to the status monitor. @default 30000 */
  readonly requestTimeout?: number | undefined
  /** Origins besides the service's own whose status monitors may be asked, with credentials. @default [] */
  readonly trustedOrigins?: readonly string[] | undefined
  /**
   * Called when the status monitor answers `401`, to get fresh credentials into `http`; then it is asked once more.
   */
  readonly onUnauthorized?: (() => unknown) | undefined
  /** Clock, timers and randomness, for tests. @default the real ones */
  readonly environment?: Environment | undefined
}

/** How to run one operation. */
export interface CallActionOptions {
  /** Our name for the operation. @default a new one */
  readonly id?: string | undefined
  /**
   * Headers of your own. They go along with the requests to the status monitor too, but for those that are about the first
   * request only (`Prefer`, `If-Match`, `Content-Type` and the like). They are not in the record, so that no secret is stored:
   * after a reload they are gone. What every request needs belongs into `http`.
   */
  readonly headers?: HttpHeaders | undefined
  /** Seconds the service may take to answer at once before it answers `202` (`Prefer: wait`). @default not sent */
  readonly wait?: number | undefined
  /**
   * ms between two polls, or a function of the record. A `Retry-After` of the service comes first, and no two polls are closer
   * than `polling.minInterval` of the client.
   * @default `polling.interval` of the client
   */
  readonly pollInterval?: PollingOptions['interval']
  /** ms for the whole operation. @default `timeout` of the client */
  readonly timeout?: number | undefined
  /** Stops our waiting for the first answer; what the service does is then unknown. */
  readonly signal?: AbortSignal | undefined
}

/** A monitor known by its URL alone. */
export interface MonitorReference {
  /** Absolute, or relative to the service root. */
  readonly monitorUrl: string
  /** @default a new one */
  readonly id?: string | undefined
}

/** A client of one service. It holds no state but its options. */
export interface ODataClient {
  /** Absolute URL of the service root. */
  readonly serviceUrl: string
  /**
   * Calls an action; resolves as soon as the service has answered or accepted it.
   *
   * @typeParam TResult what the action returns: an entity or a complex value as it is, a primitive value or a collection taken out
   * of its `value` (a page with a next link or a count comes whole), `undefined` for nothing
   * @param action path below the service root: `Reports/Sales.GenerateLargeReport`, `Products(1)/Sales.Discontinue`, `Rebuild`
   * @param parameters one member for each parameter; none is sent as `{}`
   * @throws {@link ODataServiceError} answered with an error at once; {@link ODataNetworkError} no answer;
   * {@link ODataProtocolError} unusable answer; {@link ODataConfigurationError} nothing was sent
   * @example
   * const operation = await client.callAction<Report>('Reports/Sales.GenerateLargeReport', { StartDate: '2026-01-01' })
   */
  callAction<TResult = unknown>(
    action: string,
    parameters?: object,
    options?: CallActionOptions,
  ): Promise<AsyncOperation<TResult>>
  /** {@link callAction} and {@link AsyncOperation.waitForCompletion} in one. Here `signal` and `timeout` are for the whole. */
  callActionAndWait<TResult = unknown>(
    action: string,
    parameters?: object,
    options?: CallActionOptions & WaitOptions<TResult>,
  ): Promise<TResult>
  /** Makes the operation without sending anything; {@link AsyncOperation.submit} sends it. */
  prepareAction<TResult = unknown>(
    action: string,
    parameters?: object,
    options?: CallActionOptions,
  ): AsyncOperation<TResult>
  /**
   * Takes an operation up again: from its record (in this process or another one), or from the URL of its monitor.
   * Waiting that was given up (`timeout`, `monitor`) goes on. A record that never got an answer fails with kind `network`.
   */
  resume<TResult = unknown>(operation: OperationRecord<TResult> | MonitorReference): AsyncOperation<TResult>
}
