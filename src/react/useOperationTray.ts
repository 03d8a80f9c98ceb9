'use client'

import { useCallback, useMemo } from 'react'
import type { CancelOutcome } from '../core/AsyncOperation.js'
import type { OperationRecord } from '../core/operation.js'
import { type UseODataOperationsOptions, useODataOperations } from './useODataOperations.js'
import { useOperationManager } from './useOperationManager.js'

/** What {@link useOperationTray} returns: props of an `OperationTray`. The functions are stable. */
export interface UseOperationTrayResult {
  /** The newest first. The same array until something visible changes in it. */
  readonly operations: readonly OperationRecord[]
  /** Asks the service to cancel one. Never rejects; the promise tells what became of it. */
  readonly onCancel: (id: string) => Promise<CancelOutcome>
  /** Forgets one after its end, and so do the hooks that show it. Does nothing while it is active. */
  readonly onDismiss: (id: string) => void
}

/**
 * All operations of the provider's service, wherever they were started, for an `OperationTray`. What the service does by itself for
 * requests of a batch is left out: the batch tells of it. For a list with that, put `operations={useODataOperations()}` after it.
 *
 * @param filter narrows the list, as in {@link useODataOperations}
 * @throws {@link ODataConfigurationError} outside of an `ODataProvider`
 * @example
 * <OperationTray {...useOperationTray()} labelOf={({ id }) => titles[id] ?? 'Report'} />
 */
export function useOperationTray(filter: Omit<UseODataOperationsOptions, 'select'> = {}): UseOperationTrayResult {
  const manager = useOperationManager('useOperationTray')
  const { status, kind, predicate } = filter
  const isListed = useCallback(
    (operation: OperationRecord) => !manager.isItem(operation.id) && (predicate?.(operation) ?? true),
    [manager, predicate],
  )
  const operations = useODataOperations({ status, kind, predicate: isListed })
  const verbs = useMemo(
    () => ({ onCancel: (id: string) => manager.cancel(id), onDismiss: (id: string) => manager.remove(id) }),
    [manager],
  )
  return useMemo(() => ({ operations, ...verbs }), [operations, verbs])
}
