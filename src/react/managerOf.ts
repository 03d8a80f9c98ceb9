import type { QueryClient } from '@tanstack/react-query'
import type { ODataClient } from '../core/ODataClient.js'
import { OperationManager } from './OperationManager.js'

const managers = new WeakMap<QueryClient, WeakMap<ODataClient, OperationManager>>()

/** The one manager of a client in a cache, so that a provider that is mounted again takes up where it was. */
export function managerOf(client: ODataClient, queryClient: QueryClient): OperationManager {
  const known = managers.get(queryClient) ?? new WeakMap<ODataClient, OperationManager>()
  managers.set(queryClient, known)
  const manager = known.get(client) ?? new OperationManager(client, queryClient)
  known.set(client, manager)
  return manager
}
