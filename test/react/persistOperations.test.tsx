import { createAsyncStoragePersister } from '@tanstack/query-async-storage-persister'
import { createSyncStoragePersister } from '@tanstack/query-sync-storage-persister'
import { QueryClient } from '@tanstack/react-query'
import { type Persister, PersistQueryClientProvider } from '@tanstack/react-query-persist-client'
import { render, screen } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ODataProvider } from '../../src/react/ODataProvider.js'
import { type PersistOperationsOptions, persistOperations } from '../../src/react/persistOperations.js'
import { Reporter, reporter } from '../support/Reporter.js'
import { call, pass } from '../support/renderApp.js'
import { accepted, MONITOR, scriptedClient, stillRunning, succeeded } from '../support/scriptedClient.js'
import type { Answer } from '../support/scriptedWire.js'

const START = Date.UTC(2026, 9, 5)
const DAY = 86_400_000

beforeEach(() => void vi.useFakeTimers({ now: START }))
afterEach(() => {
  vi.useRealTimers()
  localStorage.clear()
})

const inLocalStorage = () => createSyncStoragePersister({ storage: localStorage })

interface Visit {
  readonly answers: readonly Answer[]
  readonly persister?: Persister
  readonly options?: PersistOperationsOptions
  readonly onSettled?: () => void
}

/** Opens the page, as a load of it does: with an empty cache, and what is in the storage. */
async function open({ answers, persister = inLocalStorage(), options, onSettled }: Visit) {
  const wire = scriptedClient(answers)
  const queryClient = new QueryClient()
  const persistOptions = { persister, ...persistOperations(options) }
  const view = render(
    <PersistQueryClientProvider client={queryClient} persistOptions={persistOptions}>
      <ODataProvider client={wire.client}>
        <Reporter id="a" onSettled={onSettled} />
      </ODataProvider>
    </PersistQueryClientProvider>,
  )
  await pass(0)
  return { ...wire, queryClient, close: view.unmount }
}

const text = () => screen.getByTestId('report').textContent
/** So long that the persister has written what there is to write. */
const written = () => pass(1_800)

/** An asynchronous storage in memory, such as one over IndexedDB. */
function memory() {
  const items = new Map<string, string>()
  return {
    getItem: async (key: string) => items.get(key),
    setItem: async (key: string, value: string) => void items.set(key, value),
    removeItem: async (key: string) => void items.delete(key),
  }
}

describe.each([
  ['localStorage', inLocalStorage],
  [
    'sessionStorage',
    () => {
      sessionStorage.clear()
      return createSyncStoragePersister({ storage: sessionStorage })
    },
  ],
  ['an asynchronous storage', () => createAsyncStoragePersister({ storage: memory() })],
])('trap 15: with %s', (_, create) => {
  it('an operation goes on after each of three reloads: one POST, one result, each callback once', async () => {
    const persister = create()
    const onSettled = vi.fn()
    const methods: string[] = []
    for (const answers of [[accepted], [stillRunning], [stillRunning], [succeeded]]) {
      const { sent, close } = await open({ answers, persister, onSettled })
      if (methods.length === 0) call(() => reporter().start())
      else expect(text()).toBe('running')
      await written()
      close()
      methods.push(...sent.map(({ method }) => method))
    }
    const { sent } = await open({ answers: [], persister, onSettled })
    await pass(DAY / 2)
    expect(text()).toBe('Annual report')
    expect(sent).toHaveLength(0)
    expect(methods).toEqual(['POST', 'GET', 'GET', 'GET'])
    expect(onSettled).toHaveBeenCalledTimes(1)
  })
})

describe('trap 15: after a reload', () => {
  it('what had no answer yet has an unknown outcome, and is not sent again', async () => {
    const first = await open({ answers: [() => new Promise(() => {})] })
    call(() => reporter().start())
    await written()
    first.close()
    const { sent } = await open({ answers: [] })
    await pass(60_000)
    expect(text()).toBe('failed')
    expect(reporter().error).toMatchObject({ kind: 'network' })
    expect(reporter().error?.message).toContain('outcome unknown')
    expect(sent).toHaveLength(0)
  })

  it('an operation whose monitor is gone ends, and the next reload asks nothing', async () => {
    const onSettled = vi.fn()
    const first = await open({ answers: [accepted] })
    call(() => reporter().start())
    await written()
    first.close()
    const second = await open({ answers: ['404 Not Found', '404 Not Found'], onSettled })
    await pass(60_000)
    expect(reporter().error).toMatchObject({ kind: 'expired' })
    second.close()
    const { sent } = await open({ answers: [], onSettled })
    await pass(60_000)
    expect(text()).toBe('failed')
    expect(sent).toHaveLength(0)
    expect(onSettled).toHaveBeenCalledTimes(1)
  })

  it('with `results: false` only what goes on is there', async () => {
    const options = { results: false }
    const first = await open({ answers: [accepted, succeeded], options })
    call(() => reporter().start())
    await written()
    expect(localStorage.getItem('REACT_QUERY_OFFLINE_CACHE')).toContain(MONITOR)
    await pass(60_000)
    expect(localStorage.getItem('REACT_QUERY_OFFLINE_CACHE')).not.toContain(MONITOR)
    first.close()
    await open({ answers: [], options })
    expect(text()).toBe('idle')
  })

  it.each([
    ['under another `userKey`', { userKey: 'bob' }, 0],
    ['later than `maxAge`', { userKey: 'ada', maxAge: 3_600_000 }, 3_700_000],
  ])('%s nothing is there', async (_, options, later) => {
    const first = await open({ answers: [accepted], options: { ...options, userKey: 'ada' } })
    call(() => reporter().start())
    await written()
    first.close()
    await pass(later)
    const { sent } = await open({ answers: [], options })
    await pass(60_000)
    expect(text()).toBe('idle')
    expect(sent).toHaveLength(0)
  })
})

describe('a storage that fails', () => {
  const refuse = () => {
    throw new DOMException('The quota has been exceeded.', 'QuotaExceededError')
  }
  const broken = { getItem: refuse, setItem: refuse, removeItem: refuse }

  it.each([
    ['at each call', () => createSyncStoragePersister({ storage: broken })],
    [
      'at each call, asynchronously',
      () =>
        createAsyncStoragePersister({
          storage: { getItem: async () => refuse(), setItem: async () => refuse(), removeItem: async () => refuse() },
        }),
    ],
    ['as there is none', () => createSyncStoragePersister({ storage: undefined })],
    ['when it is full', () => createSyncStoragePersister({ storage: { ...memoryOf('{}'), setItem: refuse } })],
    ['as what it holds is no JSON', () => createSyncStoragePersister({ storage: memoryOf('<html>') })],
  ])('%s breaks nothing: the operation runs to its result', async (_, create) => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const error = vi.spyOn(console, 'error').mockImplementation(() => {})
    const { sent } = await open({ answers: [accepted, succeeded], persister: create() })
    call(() => reporter().start())
    await written()
    await pass(60_000)
    expect(text()).toBe('Annual report')
    expect(sent).toHaveLength(2)
    warn.mockRestore()
    error.mockRestore()
  })

  function memoryOf(text: string) {
    return { getItem: () => text, setItem: () => {}, removeItem: () => {} }
  }
})
