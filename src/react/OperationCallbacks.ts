import type { QueryKey } from '@tanstack/react-query'
import type { BatchItemResult } from '../core/batch/BatchItem.js'
import { batchItems } from '../core/batch/createBatchResult.js'
import type { ODataError } from '../core/errors.js'
import { toError } from '../core/errors.js'
import type { OperationRecord } from '../core/operation.js'
import { resultOf } from '../core/resultOf.js'

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

/** What to do as a batch goes on. */
export interface BatchCallbacks<TResult = unknown> extends OperationCallbacks<TResult> {
  /**
   * Called once for each request as soon as what became of it is known, in the order of the requests and before the callbacks of the
   * end; for one that the service works on by itself (`pending`) at the end of that, which may be after the end of the batch. In
   * which tabs, and for whom, is as for the others.
   */
  readonly onItemSettled?: ((item: BatchItemResult, operation: OperationRecord<TResult>) => void) | undefined
}

/** A hook's newest callbacks: a ref. */
export interface CallbacksRef {
  readonly current: BatchCallbacks<never>
}

/** Calls what is there to call at the end of an operation. */
export function callAtEnd(
  starters: readonly CallbacksRef[],
  watchers: Iterable<CallbacksRef>,
  record: OperationRecord,
  invalidate: (key: QueryKey) => unknown,
): void {
  const { status, error } = record
  if (status === 'completed') {
    const result = resultOf(record)
    each(starters, watchers, 'invalidates', (given) => {
      for (const key of typeof given === 'function' ? given(result, record) : given) invalidate(key)
    })
    each(starters, watchers, 'onCompleted', (onCompleted) => onCompleted(result, record))
  }
  if (error) each(starters, watchers, 'onFailed', (onFailed) => onFailed(toError(error, { record }), record))
  each(starters, watchers, 'onSettled', (onSettled) => onSettled(record))
}

/** Calls what is there to call for requests of a batch that have got an outcome. */
export function callForItems(
  starters: readonly CallbacksRef[],
  watchers: Iterable<CallbacksRef>,
  places: readonly number[],
  record: OperationRecord,
): void {
  const items = record.batch ? batchItems(record.batch) : []
  each(starters, watchers, 'onItemSettled', (onItemSettled) => {
    for (const place of places) attempt(() => onItemSettled(items[place] as BatchItemResult, record))
  })
}

/**
 * Of the watchers all are called, and of the starters, the oldest first, the last one that has it. A callback that throws does not
 * take the others with it.
 */
function each<TName extends keyof BatchCallbacks>(
  starters: readonly CallbacksRef[],
  watchers: Iterable<CallbacksRef>,
  name: TName,
  call: (callback: NonNullable<BatchCallbacks[TName]>) => unknown,
): void {
  const starter = starters.findLast(({ current }) => current[name])
  for (const ref of new Set([...(starter ? [starter] : []), ...watchers])) {
    const callback = (ref.current as BatchCallbacks)[name]
    if (callback) attempt(() => call(callback))
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
