import type { QueryKey } from '@tanstack/react-query'
import type { ODataError } from '../core/errors.js'
import { toError } from '../core/errors.js'
import type { OperationRecord } from '../core/operation.js'

/**
 * What to do at the end of an operation: each is called once in each tab that watches it, mounted or not, and not again after a
 * reload. Those of a component that started it and has unmounted give way to those of the next one that would start it by its `id`.
 */
export interface OperationCallbacks<TResult = unknown> {
  /** Called with the result when the operation is completed. */
  readonly onCompleted?: ((result: TResult, operation: OperationRecord<TResult>) => void) | undefined
  /** Called with the error when the operation failed. */
  readonly onFailed?: ((error: ODataError, operation: OperationRecord<TResult>) => void) | undefined
  /** Called at every end, after the others; the only one that is called after a cancel. */
  readonly onSettled?: ((operation: OperationRecord<TResult>) => void) | undefined
  /**
   * Keys of the queries that a completed operation makes stale; they are invalidated before `onCompleted` is called.
   * @example invalidates: [['reports']]
   */
  readonly invalidates?:
    | readonly QueryKey[]
    | ((result: TResult, operation: OperationRecord<TResult>) => readonly QueryKey[])
    | undefined
  /**
   * What becomes of an active operation when the last component that started or watched it by its `id` unmounts: it goes on
   * (`keep`); polling stops until one with the same `id` comes back (`stop`); the service is asked to cancel it (`cancel`). An `Activity` that is
   * hidden stops it as well, and cancels nothing.
   * @default 'keep'
   */
  readonly onUnmount?: 'keep' | 'stop' | 'cancel' | undefined
}

/** A hook's newest callbacks: a ref. */
export interface CallbacksRef {
  readonly current: OperationCallbacks<never>
}

/**
 * Calls what is there to call at the end of an operation: of the watchers all, and of the starters, the oldest first, the last one
 * that has it. A callback that throws does not take the others with it.
 */
export function callAtEnd(
  starters: readonly CallbacksRef[],
  watchers: Iterable<CallbacksRef>,
  record: OperationRecord,
  invalidate: (key: QueryKey) => unknown,
): void {
  const { status, result, error } = record
  const each = <TName extends keyof OperationCallbacks>(
    name: TName,
    call: (callback: NonNullable<OperationCallbacks[TName]>) => unknown,
  ) => {
    const starter = starters.findLast(({ current }) => current[name])
    for (const ref of new Set([...(starter ? [starter] : []), ...watchers])) {
      const callback = (ref.current as OperationCallbacks)[name]
      if (callback) attempt(() => call(callback))
    }
  }
  if (status === 'completed') {
    each('invalidates', (given) => {
      for (const key of typeof given === 'function' ? given(result, record) : given) invalidate(key)
    })
    each('onCompleted', (onCompleted) => onCompleted(result, record))
  }
  if (error) each('onFailed', (onFailed) => onFailed(toError(error, { record }), record))
  each('onSettled', (onSettled) => onSettled(record))
}

/** Its error is reported as any uncaught one. */
function attempt(callback: () => unknown): void {
  try {
    callback()
  } catch (error) {
    void Promise.reject(error)
  }
}
