'use client'

import { useCallback, useMemo, useSyncExternalStore } from 'react'
import type { AsyncOperationStatus, OperationKind, OperationRecord } from '../core/operation.js'
import { useOperationManager } from './useOperationManager.js'

/** Which operations to list. What is left out does not narrow. */
export interface UseODataOperationsOptions<TSelected = readonly OperationRecord[]> {
  readonly status?: AsyncOperationStatus | readonly AsyncOperationStatus[] | undefined
  readonly kind?: OperationKind | undefined
  /** Keep it stable (outside of the component, or `useCallback`): each new function filters again. */
  readonly predicate?: ((operation: OperationRecord) => boolean) | undefined
  /**
   * Makes what the hook returns from the list; the component renders when that differs. Keep it stable, as `predicate`.
   * @default the list itself
   * @example select: (operations) => operations.length
   */
  readonly select?: ((operations: readonly OperationRecord[]) => TSelected) | undefined
}

/**
 * Lists the operations of the provider's service that are in the cache, the newest first. The array is the same until
 * something visible changes in it.
 *
 * @throws {@link ODataConfigurationError} outside of an `ODataProvider`
 * @example
 * const running = useODataOperations({ status: ['pending', 'running', 'cancelling'] })
 * const count = useODataOperations({ select: (operations) => operations.length })
 */
export function useODataOperations<TSelected = readonly OperationRecord[]>(
  options: UseODataOperationsOptions<TSelected> = {},
): TSelected {
  const manager = useOperationManager('useODataOperations')
  const { kind, predicate, select } = options
  const statuses = options.status === undefined ? '' : String(options.status)
  const subscribe = useCallback((listener: () => void) => manager.subscribeAll(listener), [manager])
  const getSnapshot = useMemo(() => {
    const wanted = statuses.split(',')
    const matches = (record: OperationRecord) =>
      (statuses === '' || wanted.includes(record.status)) &&
      (kind === undefined || kind === record.kind) &&
      (predicate === undefined || predicate(record))
    const selectFrom = memoizeList(select ?? ((list) => list as TSelected))
    const listFrom = memoizeList((all) => all.filter(matches))
    return () => selectFrom(listFrom(manager.getRecords()))
  }, [manager, statuses, kind, predicate, select])
  return useSyncExternalStore(subscribe, getSnapshot, getSnapshot)
}

/** Calls `make` again only for a list with other members. */
function memoizeList<T>(make: (list: readonly OperationRecord[]) => T): (list: readonly OperationRecord[]) => T {
  let last: { readonly list: readonly OperationRecord[]; readonly made: T } | undefined
  return (list) => {
    const isSame =
      list === last?.list ||
      (list.length === last?.list.length && list.every((record, index) => record === last?.list[index]))
    if (!isSame || !last) last = { list, made: make(list) }
    return last.made
  }
}
