import { QueryClient } from '@tanstack/react-query'
import { act, render, screen, within } from '@testing-library/react'
import { useEffect } from 'react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { ODataConfigurationError, type OperationRecord } from '../../src/core/index.js'
import { odataOperationKey } from '../../src/react/odataOperationKey.js'
import { useODataOperation } from '../../src/react/useODataOperation.js'
import { type UseODataOperationsOptions, useODataOperations } from '../../src/react/useODataOperations.js'
import { type UseOperationTrayResult, useOperationTray } from '../../src/react/useOperationTray.js'
import { OperationTray } from '../../src/ui/index.js'
import { batchItem, batchRecord, pendingItem, START } from '../support/batchRecords.js'
import { call, pass, renderApp } from '../support/renderApp.js'
import { SERVICE, succeeded } from '../support/scriptedClient.js'

beforeEach(() => void vi.useFakeTimers({ now: START }))
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

const running = (id: string, change: Partial<OperationRecord> = {}): OperationRecord => ({
  id,
  kind: 'action',
  method: 'POST',
  url: `${SERVICE}Rebuild`,
  monitor: 'odata',
  status: 'running',
  isAsync: true,
  monitorUrl: `https://api.example.com/jobs/${id}`,
  canCancel: true,
  progress: { percent: null },
  submittedAt: START,
  nextPollAt: START + 3_600_000,
  pollCount: 0,
  pollFailures: 0,
  ...change,
})

const completed = (id: string, change: Partial<OperationRecord> = {}) =>
  running(id, { status: 'completed', nextPollAt: undefined, settledAt: START, ...change })

let tray: UseOperationTrayResult
const trays: UseOperationTrayResult[] = []

function Tray({ filter }: { readonly filter?: Omit<UseODataOperationsOptions, 'select'> }) {
  const result = useOperationTray(filter)
  useEffect(() => {
    tray = result
    trays.push(result)
  })
  return null
}

const ids = () => tray.operations.map(({ id }) => id)

function cacheOf(...records: readonly OperationRecord[]): QueryClient {
  const queryClient = new QueryClient()
  for (const record of records) queryClient.setQueryData(odataOperationKey(record.id), record)
  return queryClient
}

/** A batch that was answered, and of which the service still does one request. */
const batch = () => batchRecord([batchItem('1', { outcome: 'succeeded', status: 201 }), pendingItem('2')])
const created = '200 OK\nAsyncResult: 201\nContent-Type: application/json\n\n{"ID":2}'

it('lists what is in the cache, the newest first', async () => {
  renderApp(<Tray />, { answers: [], queryClient: cacheOf(completed('a'), running('b', { submittedAt: START + 1 })) })
  await pass(0)
  expect(ids()).toEqual(['b', 'a'])
})

it.each<[string, Omit<UseODataOperationsOptions, 'select'>, string[]]>([
  ['a status', { status: 'running' }, ['b/c']],
  ['a kind', { kind: 'request' }, ['b/c']],
  ['a predicate', { predicate: ({ id }) => id === 'a' }, ['a']],
])('is narrowed by %s', async (_, filter, expected) => {
  const queryClient = cacheOf(completed('a'), running('b/c', { kind: 'request' }), batch())
  renderApp(<Tray filter={filter} />, { answers: [created], queryClient })
  await pass(0)
  expect(ids()).toEqual(expected)
})

it('leaves out what the service does for requests of a batch, also once it is done and the batch dismissed', async () => {
  const queryClient = cacheOf(batch())
  let all: readonly OperationRecord[] = []
  function All() {
    const operations = useODataOperations()
    useEffect(() => {
      all = operations
    })
    return <Tray />
  }
  renderApp(<All />, { answers: [created], queryClient })
  await pass(0)
  expect(all.map(({ id }) => id).sort()).toEqual(['rows', 'rows/2'])
  expect(ids()).toEqual(['rows'])
  await pass(2_000)
  expect(tray.operations[0]?.batch?.items.map(({ outcome }) => outcome)).toEqual(['succeeded', 'succeeded'])
  call(() => tray.onDismiss('rows'))
  await pass(0)
  expect(all.map(({ id }) => id)).toEqual(['rows/2'])
  expect(ids()).toEqual([])
  await pass(3_600_000)
  expect(all).toEqual([])
})

it('does not take an operation of an app for one of a batch that has gone', async () => {
  const queryClient = cacheOf(batch())
  renderApp(<Tray />, { answers: [created], queryClient })
  await pass(2_000)
  call(() => tray.onDismiss('rows'))
  await pass(3_600_000)
  await act(async () => queryClient.setQueryData(odataOperationKey('rows/2'), completed('rows/2')))
  expect(ids()).toEqual(['rows/2'])
})

it('cancels one at the service, and tells what became of it', async () => {
  const { sent } = renderApp(<Tray />, {
    answers: ['204 No Content'],
    queryClient: cacheOf(running('a'), running('b')),
  })
  await pass(0)
  const outcome = call(() => tray.onCancel('b'))
  await pass(0)
  expect(await outcome).toBe('cancelled')
  expect(sent).toMatchObject([{ method: 'DELETE', url: 'https://api.example.com/jobs/b' }])
  expect(tray.operations.map(({ id, status }) => [id, status])).toEqual([
    ['b', 'cancelled'],
    ['a', 'running'],
  ])
})

it('dismisses one that has ended for all components, and none that is active', async () => {
  let watched: string | undefined
  function Watcher() {
    const { status } = useODataOperation({ id: 'a' })
    useEffect(() => {
      watched = status
    })
    return <Tray />
  }
  renderApp(<Watcher />, { answers: [], queryClient: cacheOf(completed('a'), running('b')) })
  await pass(0)
  call(() => tray.onDismiss('a'))
  call(() => tray.onDismiss('b'))
  await pass(0)
  expect(ids()).toEqual(['b'])
  expect(watched).toBe('idle')
})

it('has stable functions, and the same result until something visible changes', async () => {
  trays.length = 0
  const { show } = renderApp(<Tray />, {
    answers: [succeeded],
    queryClient: cacheOf(running('a', { nextPollAt: START + 1000 })),
  })
  await pass(0)
  const before = tray
  show(<Tray />)
  expect(tray).toBe(before)
  await pass(1_000)
  expect(tray.operations[0]?.status).toBe('completed')
  expect(new Set(trays.map(({ onCancel }) => onCancel)).size).toBe(1)
  expect(new Set(trays.map(({ onDismiss }) => onDismiss)).size).toBe(1)
})

it('is all that a tray needs', async () => {
  function App() {
    return <OperationTray {...useOperationTray()} labelOf={({ id }) => `Report ${id}`} defaultOpen locale="en" />
  }
  const { sent } = renderApp(<App />, {
    answers: ['204 No Content'],
    queryClient: cacheOf(running('a'), completed('b')),
    strict: true,
  })
  await pass(300)
  const button = (name: string, label: string) =>
    within(screen.getByRole('group', { name })).getByRole('button', { name: label })
  act(() => button('Report a', 'Cancel').click())
  await pass(0)
  expect(sent).toHaveLength(1)
  act(() => button('Report b', 'Dismiss').click())
  await pass(0)
  act(() => button('Report a', 'Dismiss').click())
  await pass(0)
  expect(screen.getByRole('region').textContent).toContain('No operations.')
})

it('needs a provider, and says so', () => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
  expect(() => render(<Tray />)).toThrow(ODataConfigurationError)
  expect(() => render(<Tray />)).toThrow('`useOperationTray` needs an `ODataProvider`')
})
