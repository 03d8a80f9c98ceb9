import type { QueryKey } from '@tanstack/react-query'
import type { ODataError } from '../core/errors.js'
import { toError } from '../core/errors.js'
import type { OperationRecord } from '../core/operation.js'

/** What to do at the end of an operation: each is called once in each tab that watches it, mounted or not, and not again after a reload. */
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
   * (`keep`); polling stops until one comes back (`stop`); the service is asked to cancel it (`cancel`).
   * @default 'keep'
   */
  readonly onUnmount?: 'keep' | 'stop' | 'cancel' | undefined
}

/** A hook's newest callbacks: a ref. */
export interface CallbacksRef {
  readonly current: OperationCallbacks<never>
}

/** Calls what is there to call at the end of an operation. One that throws does not take the others with it. */
export function callAtEnd(
  refs: Iterable<CallbacksRef | undefined>,
  record: OperationRecord,
  invalidate: (key: QueryKey) => unknown,
): void {
  for (const ref of new Set(refs)) {
    const callbacks = ref?.current as OperationCallbacks | undefined
    if (record.status === 'completed') {
      attempt(() => {
        const { invalidates = [] } = callbacks ?? {}
        const keys = typeof invalidates === 'function' ? invalidates(record.result, record) : invalidates
        for (const key of keys) invalidate(key)
      })
      attempt(() => callbacks?.onCompleted?.(record.result, record))
    }
    attempt(() => record.error && callbacks?.onFailed?.(toError(record.error, { record }), record))
    attempt(() => callbacks?.onSettled?.(record))
  }
}

/** Its error is reported as any uncaught one. */
function attempt(callback: () => unknown): void {
  try {
    callback()
  } catch (error) {
    void Promise.reject(error)
  }
}
