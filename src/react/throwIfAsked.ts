import type { ODataError } from '../core/errors.js'
import type { OperationRecord } from '../core/operation.js'
import type { OperationState } from './operationState.js'

/** What becomes of the error of a failed operation. */
export interface ThrowOption {
  /**
   * Throws the error of a failed operation while rendering, for the nearest error boundary; or a function that says for which.
   * An operation with an `id` stays failed: `queryClient.removeQueries({ queryKey: odataOperationKey(id) })` before the boundary
   * renders its children again.
   * @default false
   */
  readonly throwOnError?: boolean | ((error: ODataError, operation: OperationRecord) => boolean) | undefined
}

/** Throws the error of an operation that failed, when that is asked for. */
export function throwIfAsked({ throwOnError }: ThrowOption, { error, operation }: OperationState): void {
  if (!error || !throwOnError) return
  if (typeof throwOnError === 'function' && !throwOnError(error, operation)) return
  throw error
}
