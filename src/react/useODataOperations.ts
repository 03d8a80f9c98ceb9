'use client'

import { useMemo, useSyncExternalStore } from 'react'
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
  const [subscribe, getSnapshot] = useMemo(() => {
    const wanted = statuses.split(',')
    let all: readonly OperationRecord[] | undefined
    let list: readonly OperationRecord[] | undefined
    let selected: unknown
    const matches = (record: OperationRecord) =>
      (statuses === '' || wanted.includes(record.status)) &&
      (kind === undefined || kind === record.kind) &&
      (predicate === undefined || predicate(record))
    return [
      (listener: () => void) => manager.subscribeAll(listener),
      () => {
        const records = manager.getRecords()
        if (records !== all) {
          all = records
          const next = records.filter(matches)
          if (next.length !== list?.length || next.some((record, index) => record !== list?.[index])) {
            list = next
            selected = select ? select(next) : next
          }
        }
        return selected as TSelected
      },
    ] as const
  }, [manager, statuses, kind, predicate, select])
  return useSyncExternalStore(subscribe, getSnapshot, getSnapshot)
}
