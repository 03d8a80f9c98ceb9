import type { ODataError } from '../core/errors.js'
import type { OperationRecord } from '../core/operation.js'

/** What to do at the end of an operation: each is called once, mounted or not, and not again after a reload. */
export interface OperationCallbacks<TResult = unknown> {
  /** Called with the result when the operation is completed. */
  readonly onCompleted?: ((result: TResult, operation: OperationRecord<TResult>) => void) | undefined
  /** Called with the error when the operation failed. */
  readonly onFailed?: ((error: ODataError, operation: OperationRecord<TResult>) => void) | undefined
  /** Called at every end, after the others; the only one that is called after a cancel. */
  readonly onSettled?: ((operation: OperationRecord<TResult>) => void) | undefined
}

/** A hook's newest callbacks: a ref. */
export interface CallbacksRef {
  readonly current: OperationCallbacks<never>
}
