'use client'

import { type QueryClient, useIsRestoring, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useEffect } from 'react'
import type { ODataClient } from '../core/ODataClient.js'
import { managerOf } from './managerOf.js'
import { ManagerContext } from './useOperationManager.js'

/** Props of {@link ODataProvider}. */
export interface ODataProviderProps {
  /** Made once, outside of the component: `createODataClient({ serviceUrl })`. */
  readonly client: ODataClient
  /** The cache that holds the operations. @default the one of the `QueryClientProvider` above */
  readonly queryClient?: QueryClient | undefined
  /**
   * Stops the polling while the page is hidden; what is due is polled at once when it is back. Browsers slow the timers of hidden
   * pages down in any case.
   * @default false
   */
  readonly pauseWhenHidden?: boolean | undefined
  /**
   * Stops the polling while the browser says that there is no network, and holds back what is started meanwhile. `false` where the
   * service is on the same machine.
   * @default true
   */
  readonly pauseWhenOffline?: boolean | undefined
  readonly children?: ReactNode
}

/**
 * Gives the hooks below it their service, and watches the operations in the cache for as long as it is mounted, whether
 * a component shows them or not. Place it near the root, inside React Query's `QueryClientProvider`.
 *
 * @example
 * <QueryClientProvider client={queryClient}>
 *   <ODataProvider client={client}>
 *     <App />
 *   </ODataProvider>
 * </QueryClientProvider>
 */
export function ODataProvider({
  client,
  queryClient,
  pauseWhenHidden = false,
  pauseWhenOffline = true,
  children,
}: ODataProviderProps): ReactNode {
  const manager = managerOf(client, useQueryClient(queryClient))
  const isRestoring = useIsRestoring()
  useEffect(() => manager.mount({ pauseWhenHidden, pauseWhenOffline }), [manager, pauseWhenHidden, pauseWhenOffline])
  useEffect(() => {
    if (!isRestoring) manager.endRestore()
  }, [manager, isRestoring])
  return <ManagerContext.Provider value={manager}>{children}</ManagerContext.Provider>
}
