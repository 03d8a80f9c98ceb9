import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { type ReactNode, useEffect, useMemo, useState } from 'react'
import { createODataClient, createWireLog, ODataProvider, type WireLogStore } from 'react-odata-async'

interface StoryServiceProps {
  /** @default '4.01' */
  readonly maxVersion?: '4.0' | '4.01' | undefined
  readonly children: (wire: WireLogStore) => ReactNode
}

/** What an app has at its root: a query cache, a client, the provider. Each story has its own, and leaves nothing behind. */
export function StoryService({ maxVersion, children }: StoryServiceProps) {
  const [queryClient] = useState(() => new QueryClient())
  const [wire] = useState(() => createWireLog())
  const client = useMemo(
    () => createODataClient({ serviceUrl: '/odata/', onExchange: wire.onExchange, maxVersion }),
    [wire, maxVersion],
  )
  useEffect(() => () => queryClient.clear(), [queryClient])
  return (
    <QueryClientProvider client={queryClient}>
      <ODataProvider client={client}>{children(wire)}</ODataProvider>
    </QueryClientProvider>
  )
}
