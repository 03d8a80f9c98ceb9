import {
  type DehydratedState,
  dehydrate,
  HydrationBoundary,
  QueryClient,
  QueryClientProvider,
} from '@tanstack/react-query'
import { act } from '@testing-library/react'
import { StrictMode } from 'react'
import { hydrateRoot, type Root } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { ODataClient } from '../../src/core/index.js'
import { ODataProvider } from '../../src/react/ODataProvider.js'
import { odataOperationKey } from '../../src/react/odataOperationKey.js'
import { useODataAction } from '../../src/react/useODataAction.js'
import { useODataOperations } from '../../src/react/useODataOperations.js'
import { OperationPanel } from '../../src/ui/index.js'
import { pass } from '../support/renderApp.js'
import { accepted, scriptedClient, succeeded } from '../support/scriptedClient.js'

function Page() {
  const nightly = useODataAction({ action: 'Rebuild', id: 'nightly' })
  const count = useODataOperations({ select: (operations) => operations.length })
  return (
    <>
      <output>{`${nightly.status} ${count}`}</output>
      <OperationPanel label="Nightly" operation={nightly.operation} onCancel={nightly.cancel} />
    </>
  )
}

/** As frameworks do it: what the server fetched for a page comes into the cache below the providers of the app. */
const app = (client: ODataClient, state: DehydratedState | undefined) => (
  <StrictMode>
    <QueryClientProvider client={new QueryClient()}>
      <ODataProvider client={client}>
        <HydrationBoundary state={state}>
          <Page />
        </HydrationBoundary>
      </ODataProvider>
    </QueryClientProvider>
  </StrictMode>
)

let root: Root | undefined

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  act(() => root?.unmount())
  document.body.innerHTML = ''
  vi.useRealTimers()
  vi.restoreAllMocks()
})

/** Hydrates what a server rendered some seconds ago; gives back what was shown before and after. */
async function hydrate(client: ODataClient, state: DehydratedState | undefined) {
  document.body.innerHTML = `<main>${renderToString(app(scriptedClient([]).client, state))}</main>`
  const container = document.querySelector('main')!
  const output = container.querySelector('output')!
  const before = output.textContent
  vi.setSystemTime(Date.now() + 1_500)
  const complaints = vi.spyOn(console, 'error')
  await act(async () => {
    root = hydrateRoot(container, app(client, state), { onRecoverableError: complaints })
  })
  expect(complaints).not.toHaveBeenCalled()
  expect(container.querySelector('output')).toBe(output)
  return { before, output }
}

it('markup without an operation is taken over as it is', async () => {
  const { client, sent } = scriptedClient([])
  const { before, output } = await hydrate(client, undefined)
  expect([before, output.textContent]).toEqual(['idle 0', 'idle 0'])
  await pass(60_000)
  expect(sent).toHaveLength(0)
})

it('markup of a running operation is taken over as it is, and the operation watched from there', async () => {
  const onServer = scriptedClient([accepted])
  const operation = await onServer.client.callAction('Rebuild', {}, { id: 'nightly' })
  const cache = new QueryClient()
  cache.setQueryData(odataOperationKey('nightly'), operation.record)
  const state: DehydratedState = JSON.parse(JSON.stringify(dehydrate(cache)))

  const { client, sent } = scriptedClient([succeeded])
  const { before, output } = await hydrate(client, state)
  expect([before, output.textContent]).toEqual(['running 1', 'running 1'])
  await pass(2_000)
  expect(output.textContent).toBe('completed 1')
  await pass(60_000)
  expect(sent).toHaveLength(1)
})
