import type { ODataError } from '../core/errors.js'
import type { OperationRecord } from '../core/operation.js'

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

/** Gives the state back, unless its error is to be thrown. */
export function throwIfAsked<TState extends { readonly error: ODataError | undefined }>(
  { throwOnError }: ThrowOption,
  state: TState & { readonly operation: OperationRecord | undefined },
): TState {
  const { error, operation } = state
  if (!error || !operation || !throwOnError) return state
  if (typeof throwOnError === 'function' && !throwOnError(error, operation)) return state
  throw error
}
