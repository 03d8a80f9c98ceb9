// @vitest-environment node
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { renderToString } from 'react-dom/server'
import { expect, it, vi } from 'vitest'
import { ODataProvider } from '../../src/react/ODataProvider.js'
import { odataOperationKey } from '../../src/react/odataOperationKey.js'
import { useODataAction } from '../../src/react/useODataAction.js'
import { useODataOperation } from '../../src/react/useODataOperation.js'
import { useODataOperations } from '../../src/react/useODataOperations.js'
import { accepted, scriptedClient } from '../support/scriptedClient.js'

function Page() {
  const own = useODataAction({ action: 'Rebuild' })
  const { status } = useODataOperation({ id: 'nightly' })
  const { status: byMonitor } = useODataOperation({ monitorUrl: '/jobs/7' })
  const all = useODataOperations()
  return <p>{[own.status, status, byMonitor, all.length].join(' ')}</p>
}

it('on a server the hooks show what the cache holds, and start no timer and no request', async () => {
  const { client, sent } = scriptedClient([accepted])
  const operation = await client.callAction('Rebuild', {}, { id: 'nightly' })
  const queryClient = new QueryClient()
  queryClient.setQueryData(odataOperationKey('nightly'), operation.record)

  vi.useFakeTimers()
  const markup = renderToString(
    <QueryClientProvider client={queryClient}>
      <ODataProvider client={client}>
        <Page />
      </ODataProvider>
    </QueryClientProvider>,
  )
  expect(markup).toBe('<p>idle running idle 1</p>')
  expect(vi.getTimerCount()).toBe(0)
  await vi.advanceTimersByTimeAsync(3_600_000)
  expect(sent).toHaveLength(1)
  vi.useRealTimers()
})
