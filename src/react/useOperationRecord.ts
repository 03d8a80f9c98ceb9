'use client'

import { useCallback, useSyncExternalStore } from 'react'
import type { OperationRecord } from '../core/operation.js'
import type { OperationManager } from './OperationManager.js'

/** The record of an operation, new after each visible change; `undefined` while there is none. */
export function useOperationRecord<TResult>(
  manager: OperationManager,
  id: string | undefined,
): OperationRecord<TResult> | undefined {
  const subscribe = useCallback(
    (listener: () => void) => (id === undefined ? () => {} : manager.subscribe(id, listener)),
    [manager, id],
  )
  const getSnapshot = () => (id === undefined ? undefined : manager.getRecord(id))
  return useSyncExternalStore(subscribe, getSnapshot, getSnapshot) as OperationRecord<TResult> | undefined
}
