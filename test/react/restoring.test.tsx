import { createAsyncStoragePersister } from '@tanstack/query-async-storage-persister'
import { dehydrate, hydrate, QueryClient } from '@tanstack/react-query'
import { PersistQueryClientProvider } from '@tanstack/react-query-persist-client'
import { render } from '@testing-library/react'
import type { ReactNode } from 'react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { ODataProvider } from '../../src/react/ODataProvider.js'
import { odataOperationKey } from '../../src/react/odataOperationKey.js'
import { persistOperations } from '../../src/react/persistOperations.js'
import { useODataOperations } from '../../src/react/useODataOperations.js'
import { Reporter, reporter } from '../support/Reporter.js'
import { call, pass, renderApp } from '../support/renderApp.js'
import { accepted, scriptedClient, stillRunning, succeeded } from '../support/scriptedClient.js'

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 9, 5) }))
afterEach(() => void vi.useRealTimers())

/** A storage that takes its time. */
function memory(delay = 0) {
  const items = new Map<string, string>()
  return {
    getItem: async (key: string) => {
      const value = items.get(key)
      if (delay > 0) await new Promise((resolve) => void setTimeout(resolve, delay))
      return value
    },
    setItem: async (key: string, value: string) => void items.set(key, value),
    removeItem: async (key: string) => void items.delete(key),
  }
}

/** Opens a page of an app that keeps its operations in a storage. */
function openPersisted(storage: ReturnType<typeof memory>, answers: string[], ui: ReactNode) {
  const wire = scriptedClient(answers)
  const queryClient = new QueryClient()
  const persister = createAsyncStoragePersister({ storage, throttleTime: 0 })
  const tree = (children: ReactNode) => (
    <PersistQueryClientProvider client={queryClient} persistOptions={{ persister, ...persistOperations() }}>
      <ODataProvider client={wire.client}>{children}</ODataProvider>
    </PersistQueryClientProvider>
  )
  const view = render(tree(ui))
  return { ...wire, show: (next: ReactNode) => view.rerender(tree(next)), close: view.unmount }
}

it('calls the callbacks of a component that was there before the storage was read, also when it has left', async () => {
  const storage = memory()
  const first = openPersisted(storage, [accepted], <Reporter id="a" />)
  await pass(10)
  call(() => reporter().start())
  await pass(1_500)
  first.close()
  const onCompleted = vi.fn()
  const second = openPersisted(storage, [succeeded], <Reporter id="a" onCompleted={onCompleted} />)
  await pass(10)
  expect(reporter().status).toBe('running')
  second.show(null)
  await pass(60_000)
  expect(second.sent).toHaveLength(1)
  expect(onCompleted).toHaveBeenCalledOnce()
})

it('a start while the storage is being read joins the operation that is in it', async () => {
  const storage = memory(50)
  const first = openPersisted(storage, [accepted], <Reporter id="a" />)
  await pass(100)
  call(() => reporter().start())
  await pass(1_500)
  first.close()
  const second = openPersisted(storage, [accepted, succeeded, succeeded], <Reporter id="a" />)
  call(() => reporter().start())
  await pass(100)
  await pass(60_000)
  expect(second.sent.map(({ method }) => method)).toEqual(['GET', 'GET'])
  expect(reporter().status).toBe('completed')
})

it('lists the newest first, also when older ones come from a storage later', async () => {
  const storage = memory(50)
  const first = openPersisted(storage, [accepted], <Reporter id="old" />)
  await pass(100)
  call(() => reporter().start())
  await pass(1_500)
  first.close()
  let ids: string[] = []
  function List() {
    ids = useODataOperations().map(({ id }) => id)
    return null
  }
  openPersisted(
    storage,
    [accepted, stillRunning, stillRunning],
    <>
      <Reporter id="new" />
      <List />
    </>,
  )
  call(() => reporter().start())
  await pass(100)
  await pass(500)
  expect(ids).toEqual(['new', 'old'])
})

it('a record that is older than the end, put into the cache, does not bring the operation back', async () => {
  const { sent, queryClient } = renderApp(<Reporter id="a" />, { answers: [accepted, succeeded, '404 Not Found'] })
  call(() => reporter().start())
  await pass(10)
  const old = queryClient.getQueryData(odataOperationKey('a'))
  await pass(10_000)
  expect(reporter().status).toBe('completed')
  call(() => void queryClient.setQueryData(odataOperationKey('a'), old))
  await pass(60_000)
  expect([reporter().status, sent.length]).toEqual(['completed', 2])
})

it('an unfinished record of a storage that is dated later does not bring an ended operation back', async () => {
  const { sent, queryClient } = renderApp(<Reporter id="a" />, { answers: [accepted, succeeded, '404 Not Found'] })
  call(() => reporter().start())
  await pass(10)
  const old = queryClient.getQueryData(odataOperationKey('a'))
  await pass(10_000)
  const server = new QueryClient()
  server.setQueryData(odataOperationKey('a'), old)
  call(() => hydrate(queryClient, dehydrate(server)))
  await pass(60_000)
  expect([reporter().status, sent.length]).toEqual(['completed', 2])
})
