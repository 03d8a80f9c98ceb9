'use client'

import { useEffect, useInsertionEffect } from 'react'
import type { CallbacksRef } from './OperationCallbacks.js'
import type { OperationManager } from './OperationManager.js'

/** Has a component's callbacks called at the end of an operation, and its `onUnmount` heeded. */
export function useOperationCallbacks(
  manager: OperationManager,
  id: string | undefined,
  callbacks: CallbacksRef,
  isStarter: boolean,
): void {
  useEffect(
    () => (id === undefined ? undefined : manager.addCallbacks(id, callbacks, isStarter)),
    [manager, id, callbacks, isStarter],
  )
  // Of all effects only this one outlasts a hidden `Activity`, which may be shown again.
  useInsertionEffect(() => (id === undefined ? undefined : manager.join(id, callbacks)), [manager, id, callbacks])
}
