import type { ODataError } from './errors.js'
import type { AsyncOperationProgress, AsyncOperationStatus, OperationRecord } from './operation.js'

/**
 * What became of a cancel.
 *
 * - `cancelled`: the service confirmed it. Work already done may remain.
 * - `requested`: the service took it for later; the operation stays `cancelling` until it says more.
 * - `unsupported`: the service cannot cancel; the operation goes on.
 * - `too-late`: the operation had ended, or the service said so.
 * - `failed`: the service could not be asked; the operation goes on and `pollError` tells why.
 */
export type CancelOutcome = 'cancelled' | 'requested' | 'unsupported' | 'too-late' | 'failed'

/** How to wait for the end. */
export interface WaitOptions<TResult = unknown> {
  /**
   * ms to wait at most; then the promise is rejected with an `OperationTimeoutError`, and the operation goes on. A poll that is due
   * at that moment may take `requestTimeout` longer.
   * @default no limit
   */
  readonly timeout?: number | undefined
  /**
   * Stops *our* waiting. To stop the service's work use {@link AsyncOperation.tryCancel}. It ends the request that is under way, too,
   * unless someone else waits for it: a result that the service delivers only once may be lost then.
   */
  readonly signal?: AbortSignal | undefined
  /** Called each time the progress changed. */
  readonly onProgress?: ((progress: AsyncOperationProgress, record: OperationRecord<TResult>) => void) | undefined
}

/** How to stop on our side; the service's work goes on. */
export interface SignalOptions {
  /**
   * Aborts our part: `submit` lets go of its request, and its outcome is unknown; `poll` lets go of the wait, and the last who does so
   * ends the request. A result that the service delivers only once may be lost then.
   */
  readonly signal?: AbortSignal | undefined
}

/**
 * One long-running operation: it holds the record, asks the service, and makes the next record from the answer. Made by a
 * client. It has no timer of its own; whoever watches it calls {@link AsyncOperation.poll} when `record.nextPollAt` has come,
 * or {@link AsyncOperation.waitForCompletion}, which does. Its functions need no `this`.
 *
 * @example
 * const operation = await client.callAction('Reports/Sales.GenerateLargeReport', { StartDate: '2026-01-01' })
 * const report = await operation.waitForCompletion({ onProgress: ({ percent }) => console.log(percent) })
 */
export interface AsyncOperation<TResult = unknown> {
  /** The operation as plain JSON. A new object after each step, the same one in between. */
  readonly record: OperationRecord<TResult>
  /** Our name for it, as in the record. */
  readonly id: string
  /** Where it stands. */
  readonly status: AsyncOperationStatus
  /** `false` when the service answered at once, `undefined` before the first answer. */
  readonly isAsync: boolean | undefined
  /** True in every status that is the end: `completed`, `failed` and `cancelled`. */
  readonly isCompleted: boolean
  /** How far it is, as far as the service tells. */
  readonly progress: AsyncOperationProgress
  /** The result once `completed`; `undefined` before, and when the operation returns nothing. */
  readonly result: TResult | undefined
  /** The error once `failed`. */
  readonly error: ODataError | undefined
  /** Absolute URL of the status monitor, the newest one. */
  readonly monitorUrl: string | undefined
  /** ms until the next poll is due, 1 when it is overdue; `false` when none is. Made for React Query's `refetchInterval`. */
  readonly pollDelay: number | false
  /** True when a poll is due. */
  readonly isDue: boolean
  /** {@link record}, as `useSyncExternalStore` wants it. */
  getSnapshot(): OperationRecord<TResult>
  /** The record, so that `JSON.stringify(operation)` gives what `client.resume` takes. */
  toJSON(): OperationRecord<TResult>
  /** Takes over a record of the same operation that knows more than this one, such as one of another tab. */
  follow(record: OperationRecord): void
  /** Calls `listener` after each step. Returns the function that ends it. */
  subscribe(listener: () => void): () => void
  /**
   * Sends the request that starts the operation, once, however often it is called. Never rejects for what the service
   * or the network did: the record tells. Aborting `signal` leaves the outcome unknown.
   */
  submit(options?: SignalOptions): Promise<void>
  /**
   * Asks the status monitor once, also before `nextPollAt`. Calls while one is under way share it.
   *
   * @returns true while the operation goes on.
   * @throws the reason of `signal` when that was aborted. What the service or the network did is in the record.
   */
  poll(options?: SignalOptions): Promise<boolean>
  /**
   * Asks the service to cancel (`DELETE` on the status monitor); a click before the service has answered at all is kept
   * until it has. Calls while one is under way share it. Never rejects. A result that is faster is delivered.
   */
  tryCancel(): Promise<CancelOutcome>
  /**
   * Polls when it is due until the operation ends. One that was only prepared is sent first, with `signal`.
   *
   * @returns the result.
   * @throws the {@link ODataError} of the end, an `OperationTimeoutError` after `timeout` (the operation goes on and can be
   * waited for again), an `ODataConfigurationError` for a `timeout` that no timer keeps, or the reason of `signal`.
   */
  waitForCompletion(options?: WaitOptions<TResult>): Promise<TResult>
}
