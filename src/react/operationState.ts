import { type ODataError, type ODataErrorData, toError } from '../core/errors.js'
import { type AsyncOperationProgress, isTerminal, type OperationRecord, type PauseReason } from '../core/operation.js'
import { resultOf } from '../core/resultOf.js'

interface CommonState<TResult> {
  /** `false` when the service answered at once, `undefined` before the first answer. */
  readonly isAsync: boolean | undefined
  readonly progress: AsyncOperationProgress
  /** Why the service could not be asked last time; the operation itself may be fine, and it is asked again. */
  readonly pollError: ODataErrorData | undefined
  /** Absolute URL of the status monitor. */
  readonly monitorUrl: string | undefined
  /** True while polling waits for something else than the time. */
  readonly isPaused: boolean
  /** What it waits for: `user` (`pause()` was called), `unmounted`, `offline`, `hidden`, `auth`. */
  readonly pauseReason: PauseReason | undefined
  /** Epoch ms of the next poll, as of the last visible change: a poll that changes nothing renders nothing. */
  readonly nextPollAt: number | undefined
  /** True while there is something to cancel and the service has not said that it cannot. */
  readonly canCancel: boolean
  /** The record, for the components of `react-odata-async/ui` and for `client.resume`. */
  readonly operation: OperationRecord<TResult>
}

/** Nothing was started, or it was reset. */
export interface IdleState extends Omit<CommonState<never>, 'operation'> {
  readonly status: 'idle'
  readonly isIdle: true
  readonly isActive: false
  readonly isSettled: false
  readonly operation: undefined
  readonly result: undefined
  readonly error: undefined
}

/** Sent, watched, or being cancelled. */
export interface ActiveState<TResult = unknown> extends CommonState<TResult> {
  readonly status: 'pending' | 'running' | 'cancelling'
  readonly isIdle: false
  readonly isActive: true
  readonly isSettled: false
  readonly result: undefined
  readonly error: undefined
}

/** Done; `result` is there. */
export interface CompletedState<TResult = unknown> extends CommonState<TResult> {
  readonly status: 'completed'
  readonly isIdle: false
  readonly isActive: false
  readonly isSettled: true
  readonly result: TResult
  readonly error: undefined
}

/** Failed; `error.kind` tells how. */
export interface FailedState<TResult = unknown> extends CommonState<TResult> {
  readonly status: 'failed'
  readonly isIdle: false
  readonly isActive: false
  readonly isSettled: true
  readonly result: undefined
  readonly error: ODataError
}

/** Cancelled. Work already done may remain. */
export interface CancelledState<TResult = unknown> extends CommonState<TResult> {
  readonly status: 'cancelled'
  readonly isIdle: false
  readonly isActive: false
  readonly isSettled: true
  readonly result: undefined
  readonly error: undefined
}

/** What a hook tells of an operation: narrowed by `status`, `isIdle`, `isActive` or `isSettled`. */
export type OperationState<TResult = unknown> =
  | IdleState
  | ActiveState<TResult>
  | CompletedState<TResult>
  | FailedState<TResult>
  | CancelledState<TResult>

const idle: IdleState = {
  status: 'idle',
  isIdle: true,
  isActive: false,
  isSettled: false,
  isAsync: undefined,
  progress: { percent: null },
  pollError: undefined,
  monitorUrl: undefined,
  isPaused: false,
  pauseReason: undefined,
  nextPollAt: undefined,
  canCancel: false,
  operation: undefined,
  result: undefined,
  error: undefined,
}

/** Makes what a hook tells from a record. */
export function operationState<TResult>(record: OperationRecord<TResult> | undefined): OperationState<TResult> {
  if (record === undefined) return idle
  const { status, isAsync, progress, pollError, monitorUrl, pauseReason, nextPollAt, canCancel, error } = record
  const active = !isTerminal(record.status)
  return {
    status,
    isIdle: false,
    isActive: active,
    isSettled: !active,
    isAsync,
    progress,
    pollError,
    monitorUrl,
    isPaused: pauseReason !== undefined,
    pauseReason,
    nextPollAt,
    canCancel: active && canCancel && status !== 'cancelling',
    operation: record,
    result: resultOf(record),
    error: error && toError(error, { record }),
  } as OperationState<TResult>
}
