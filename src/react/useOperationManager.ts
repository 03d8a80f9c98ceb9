'use client'

import { createContext, useContext } from 'react'
import { ODataConfigurationError } from '../core/errors.js'
import type { OperationManager } from './OperationManager.js'

/** What {@link ODataProvider} gives to the hooks below it. */
export const ManagerContext = createContext<OperationManager | undefined>(undefined)

/**
 * The manager of the nearest provider.
 *
 * @param hook name of the hook that asks, for the error
 * @throws {@link ODataConfigurationError} outside of an `ODataProvider`
 */
export function useOperationManager(hook: string): OperationManager {
  const manager = useContext(ManagerContext)
  if (manager === undefined) {
    throw new ODataConfigurationError({
      kind: 'configuration',
      message: `\`${hook}\` needs an \`ODataProvider\`. Put \`<ODataProvider client={createODataClient({ serviceUrl })}>\` around the app, inside \`QueryClientProvider\`.`,
    })
  }
  return manager
}
