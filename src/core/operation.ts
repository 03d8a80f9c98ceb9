import type { HttpHeaders } from '../protocol/httpReply.js'
import type { BatchData } from './batch/BatchItem.js'
import type { ODataErrorData } from './errors.js'

/**
 * Where an operation stands.
 *
 * - `pending`: the request is sent, no answer yet.
 * - `running`: the service accepted it (`202`); its status monitor is being watched.
 * - `cancelling`: a cancel was asked for, the service has not said the last word.
 * - `completed`, `failed`, `cancelled`: the end; nothing is sent any more.
 */
export type AsyncOperationStatus = 'pending' | 'running' | 'cancelling' | 'completed' | 'failed' | 'cancelled'

/** What an operation was started as. */
export type OperationKind = 'action' | 'function' | 'request' | 'batch'

/**
 * Why polling waits for something else than the time.
 *
 * - `user`: `pause()` was called.
 * - `unmounted`: nobody looks at an operation whose `onUnmount` is `stop`.
 * - `offline`: there is no network.
 * - `hidden`: the page is hidden, and the provider has `pauseWhenHidden`.
 * - `auth`: for fresh credentials after a `401`.
 */
export type PauseReason = 'user' | 'unmounted' | 'offline' | 'hidden' | 'auth'

/** How far an operation is, as far as the service tells. OData itself defines no percentage. */
export interface AsyncOperationProgress {
  /** 0–100, `null` while unknown. Never reaches 100 before the operation is completed, and never goes backwards unless the client allows it. */
  readonly percent: number | null
  /** Items done so far, if the service counts. */
  readonly completed?: number
  /** Items in all, if the service counts. */
  readonly total?: number
  /** The service's own words on what it does now. */
  readonly message?: string
}

/**
 * One operation as plain JSON: it survives an unmount, a reload, a second tab and the devtools.
 * Records are never changed in place; each step of an operation makes a new one.
 */
export interface OperationRecord<TResult = unknown> {
  /** Our own name for the operation, made before the request is sent. */
  readonly id: string
  /** Steps so far: of two records of one operation the one with more knows more. */
  readonly revision?: number | undefined
  /** What it was started as. */
  readonly kind: OperationKind
  /** HTTP method of the request that started it. */
  readonly method: string
  /** Absolute URL of that request; the base for relative links in the result. */
  readonly url: string
  /** Name of the monitor protocol that reads the status monitor. */
  readonly monitor: string
  /** Where it stands. */
  readonly status: AsyncOperationStatus
  /** `undefined` until the first answer; `false` when the service answered at once. */
  readonly isAsync?: boolean | undefined
  /** Absolute URL of the status monitor, always the newest the service gave. */
  readonly monitorUrl?: string | undefined
  /** Absolute URL that tells how an asynchronous cancel gets on. */
  readonly cancelUrl?: string | undefined
  /** `false` once the service said that it cannot cancel (`405`). */
  readonly canCancel: boolean
  /**
   * `true` once the service answered a cancel and did not do it (`400`, `409`, `404`, `410`, `401`, `403`, `429`, or a cancel of
   * its own that failed): a monitor that is gone later was not cancelled by us.
   */
  readonly isCancelRefused?: boolean | undefined
  /** How far it is, as far as the service tells. */
  readonly progress: AsyncOperationProgress
  /** Epoch ms; of an operation that was taken up by its `monitorUrl`, when that was done. */
  readonly submittedAt: number
  /** The `monitorUrl` by which an operation was taken up that was started elsewhere. */
  readonly foundAt?: string | undefined
  /** Epoch ms of the next poll; the only thing the schedule reads. `undefined` when none is due. */
  readonly nextPollAt?: number | undefined
  /** Epoch ms at which that was set: a clock that shows less has been set back since. */
  readonly scheduledAt?: number | undefined
  /** Epoch ms after which we stop waiting; set when the operation is sent. */
  readonly deadlineAt?: number | undefined
  /** Epoch ms at which a cancel was asked for, kept when the operation ended otherwise. */
  readonly cancelRequestedAt?: number | undefined
  /** Epoch ms of the end. */
  readonly settledAt?: number | undefined
  /** Answers read from the status monitor so far. */
  readonly pollCount: number
  /** Polls in a row that got no usable answer. */
  readonly pollFailures: number
  /** What the next poll waits for besides its time; `undefined` when for nothing. */
  readonly pauseReason?: PauseReason | undefined
  /** Why the last poll got no usable answer. The operation itself may be fine. */
  readonly pollError?: ODataErrorData | undefined
  /** The result, when `status` is `completed`. `undefined` also when the operation returns nothing. */
  readonly result?: TResult | undefined
  /** Status and headers of the final result (not of the monitor). */
  readonly response?: { readonly status: number; readonly headers: HttpHeaders } | undefined
  /** What went wrong, when `status` is `failed`. */
  readonly error?: ODataErrorData | undefined
  /** Of a batch: its requests and what has become of each, in every status. Its `result` is made from this. */
  readonly batch?: BatchData | undefined
  /** Of a batch that was split: the records of its pieces that were sent so far, without their items, which are in `batch`. */
  readonly pieces?: readonly OperationRecord[] | undefined
}

/** True in each status that is the end: `completed`, `failed`, `cancelled`. */
export function isTerminal(status: AsyncOperationStatus): boolean {
  return /^(completed|failed|cancelled)$/.test(status)
}

/** True for a record, also one that came from a storage and may be anything. */
export function isOperationRecord(value: unknown): value is OperationRecord {
  const { id, url, status } = (value ?? {}) as Partial<OperationRecord>
  return [id, url, status].every((text) => typeof text === 'string')
}
