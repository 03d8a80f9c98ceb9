// @vitest-environment node
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { renderToPipeableStream, renderToString } from 'react-dom/server'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { ODataProvider } from '../../src/react/ODataProvider.js'
import { odataOperationKey } from '../../src/react/odataOperationKey.js'
import { odataOperationOptions } from '../../src/react/odataOperationOptions.js'
import { useODataAction } from '../../src/react/useODataAction.js'
import { useODataFunction } from '../../src/react/useODataFunction.js'
import { useODataOperation } from '../../src/react/useODataOperation.js'
import { useODataOperations } from '../../src/react/useODataOperations.js'
import { useODataRequest } from '../../src/react/useODataRequest.js'
import { OperationPanel, OperationProgress, OperationStatus, useElapsed } from '../../src/ui/index.js'
import { accepted, MONITOR, scriptedClient, stillRunning } from '../support/scriptedClient.js'

function Page() {
  const action = useODataAction({ action: 'Rebuild', onUnmount: 'cancel' })
  const ofFunction = useODataFunction({ function: 'Forecast' })
  const request = useODataRequest({ method: 'PATCH', path: 'Products(1)' })
  const nightly = useODataOperation({ id: 'nightly' })
  const byMonitor = useODataOperation({ monitorUrl: '/jobs/8' })
  const all = useODataOperations()
  const hooks = [action, ofFunction, request, nightly, byMonitor].map(({ status }) => status)
  return (
    <>
      <p>{[...hooks, all.length, useElapsed(nightly.operation)].join(' ')}</p>
      <OperationPanel label="Nightly" operation={nightly.operation} onCancel={nightly.cancel} />
      <OperationPanel label="Rebuild" operation={action.operation} compact />
      <OperationProgress aria-label="Nightly" operation={nightly.operation} />
      <OperationStatus label="Nightly" operation={nightly.operation} />
    </>
  )
}

const toText = async (page: ReactNode) => renderToString(page)
const toStream = (page: ReactNode) =>
  new Promise<string>((resolve, reject) => {
    const { pipe } = renderToPipeableStream(page, {
      onAllReady: () => resolve(text(pipe(new PassThrough()))),
      onError: reject,
    })
  })

const lock = vi.fn()
const channel = vi.fn()

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'Date'] })
  vi.stubGlobal('navigator', { locks: { request: lock } })
  vi.stubGlobal('BroadcastChannel', channel)
})

afterEach(() => {
  expect(vi.getTimerCount()).toBe(0)
  expect(lock).not.toHaveBeenCalled()
  expect(channel).not.toHaveBeenCalled()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

it.each([
  ['renderToString', toText],
  ['renderToPipeableStream', toStream],
])('%s shows what the cache holds, and starts no timer, request, lock or channel', async (_, render) => {
  const { client, sent } = scriptedClient([accepted])
  const operation = await client.callAction('Rebuild', {}, { id: 'nightly' })
  const queryClient = new QueryClient()
  queryClient.setQueryData(odataOperationKey('nightly'), operation.record)

  const markup = await render(
    <QueryClientProvider client={queryClient}>
      <ODataProvider client={client}>
        <Page />
      </ODataProvider>
    </QueryClientProvider>,
  )
  // The time gone by is the reader's to know.
  expect(markup).toContain('<p>idle idle idle running idle 1 </p>')
  expect(markup.match(/data-status="running"/g)).toHaveLength(5)
  await vi.advanceTimersByTimeAsync(3_600_000)
  expect(sent).toHaveLength(1)
})

it('a server that fetches an operation before it renders asks once, and goes on with nothing', async () => {
  const { client, sent } = scriptedClient([stillRunning])
  const queryClient = new QueryClient()
  await queryClient.prefetchQuery(odataOperationOptions(client, { monitorUrl: MONITOR }))
  function Watching() {
    return <p>{useODataOperation({ monitorUrl: MONITOR }).status}</p>
  }
  const page = (
    <QueryClientProvider client={queryClient}>
      <ODataProvider client={client}>
        <Watching />
      </ODataProvider>
    </QueryClientProvider>
  )
  expect(renderToString(page)).toBe('<p>running</p>')
  await vi.advanceTimersByTimeAsync(3_600_000)
  expect(sent).toHaveLength(1)
})
