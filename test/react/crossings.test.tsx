import { Query, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { act, render, screen } from '@testing-library/react'
import { type ReactNode, useEffect } from 'react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ODataClient, OperationRecord } from '../../src/core/index.js'
import { ODataProvider } from '../../src/react/ODataProvider.js'
import { odataOperationKey } from '../../src/react/odataOperationKey.js'
import {
  type UseODataActionOptions,
  type UseODataActionResult,
  useODataAction,
} from '../../src/react/useODataAction.js'
import { useODataOperation } from '../../src/react/useODataOperation.js'
import { useODataOperations } from '../../src/react/useODataOperations.js'
import { call, pass, renderApp } from '../support/renderApp.js'
import { accepted, MONITOR, SERVICE, scriptedClient, stillRunning, succeeded } from '../support/scriptedClient.js'
import type { Answer } from '../support/scriptedWire.js'

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 9, 5) }))
afterEach(() => void vi.useRealTimers())

interface Report {
  readonly Title: string
}
type Options = Partial<UseODataActionOptions<Report, object>>
type Hook = UseODataActionResult<Report, object>

let hook: Hook

function Reporter({
  label = 'report',
  onHook,
  ...options
}: Options & { label?: string; onHook?: (hook: Hook) => void }) {
  const report = useODataAction<Report, object>({ action: 'Rebuild', id: 'a', ...options })
  useEffect(() => {
    if (onHook) onHook(report)
    else hook = report
  })
  return <p data-testid={label}>{report.result?.Title ?? report.status}</p>
}

function Watcher({ label = 'watcher', onFailed }: { label?: string; onFailed?: () => void }) {
  const { result, status } = useODataOperation<Report>({ id: 'a', onFailed })
  return <p data-testid={label}>{result?.Title ?? status}</p>
}

const text = (label = 'report') => screen.getByTestId(label).textContent
const delayed =
  (ms: number, answer: Answer): Answer =>
  () =>
    new Promise((resolve) => setTimeout(() => resolve(answer), ms))
const result = (title: string) => `200 OK\nContent-Type: application/json\n\n{"Title":"${title}"}`

const record = (change: Partial<OperationRecord> = {}): OperationRecord => ({
  id: 'a',
  kind: 'action',
  method: 'POST',
  url: `${SERVICE}Rebuild`,
  monitor: 'odata',
  status: 'running',
  isAsync: true,
  canCancel: true,
  progress: { percent: null },
  submittedAt: Date.now(),
  nextPollAt: Date.now() + 2_000,
  pollCount: 0,
  pollFailures: 0,
  monitorUrl: MONITOR,
  ...change,
})

function App({
  queryClient,
  client,
  children,
}: {
  queryClient: QueryClient
  client?: ODataClient
  children?: ReactNode
}) {
  return (
    <QueryClientProvider client={queryClient}>
      {client && <ODataProvider client={client}>{children}</ODataProvider>}
    </QueryClientProvider>
  )
}

describe('a start with the same id while an old poll is still under way', () => {
  it('keeps its own result when the old poll ends', async () => {
    renderApp(<Reporter />, {
      answers: [accepted, delayed(20_000, '404 Not Found'), '204 No Content', result('Second')],
    })
    call(() => hook.start({}))
    await pass(2_500)
    void call(() => hook.cancel())
    await pass(0)
    call(() => hook.start({}))
    await pass(0)
    expect(text()).toBe('Second')
    await pass(30_000)
    expect(text()).toBe('Second')
  })

  it('is polled at its own times', async () => {
    const answers = [accepted, delayed(25_000, '404 Not Found'), '204 No Content', accepted, succeeded]
    const { sent } = renderApp(<Reporter />, { answers })
    call(() => hook.start({}))
    await pass(2_500)
    void call(() => hook.cancel())
    await pass(0)
    call(() => hook.start({}))
    await pass(5_000)
    expect(text()).toBe('Annual report')
    expect(sent).toHaveLength(5)
  })

  it('is what the cache holds when it is made in a callback of the old one', async () => {
    let starts = 0
    const onSettled = () => {
      starts += 1
      if (starts === 1) hook.start({})
    }
    const answers = [accepted, succeeded, delayed(5_000, accepted), succeeded]
    const { queryClient } = renderApp(<Reporter onSettled={onSettled} />, { answers })
    call(() => hook.start({}))
    await pass(2_100)
    expect(text()).toBe('pending')
    expect(queryClient.getQueryData<OperationRecord>(odataOperationKey('a'))?.status).toBe('pending')
  })

  it('counts as the newest in the list', async () => {
    let ids: string[] = []
    function List() {
      const operations = useODataOperations()
      useEffect(() => {
        ids = operations.map(({ id }) => id)
      })
      return null
    }
    const page = (id: string) => (
      <>
        <List />
        <Reporter id={id} />
      </>
    )
    const { show } = renderApp(page('a'), { answers: ['204 No Content', '204 No Content', '204 No Content'] })
    for (const id of ['a', 'b', 'a']) {
      show(page(id))
      call(() => hook.start({}))
      await pass(10)
    }
    expect(ids).toEqual(['a', 'b'])
  })
})

it('no timer ticks while a request is under way', async () => {
  const fetch = vi.spyOn(Query.prototype, 'fetch')
  renderApp(<Reporter />, { answers: [accepted, delayed(10_000, succeeded)] })
  call(() => hook.start({}))
  await pass(1_900)
  fetch.mockClear()
  await pass(9_000)
  expect(fetch.mock.calls.length).toBeLessThan(3)
  fetch.mockRestore()
})

describe('a logout between two mounts of the provider', () => {
  it.each([
    ['a result that was there', [accepted, succeeded], 3_000, 2],
    ['an operation that goes on', [accepted, succeeded], 1_000, 1],
    ['an answer that comes later', [delayed(1_000, result('Secret'))], 100, 1],
  ])('%s is not seen by the next user', async (_, answers, elapsed, requests) => {
    const queryClient = new QueryClient()
    const { client, sent } = scriptedClient(answers)
    const view = render(
      <App queryClient={queryClient} client={client}>
        <Reporter />
      </App>,
    )
    call(() => hook.start({}))
    await pass(elapsed)
    view.rerender(<App queryClient={queryClient} />)
    queryClient.clear()
    await pass(2_000)
    expect(queryClient.getQueryData(odataOperationKey('a'))).toBeUndefined()
    view.rerender(
      <App queryClient={queryClient} client={client}>
        <Reporter />
      </App>,
    )
    await pass(60_000)
    expect(text()).toBe('idle')
    expect(sent).toHaveLength(requests)
  })
})

describe('an effect of a child, which runs before the one of the provider', () => {
  it.each([
    ['start sends nothing while an operation that came with the cache goes on', 'start', record(), 'running'],
    [
      'reset forgets an operation that came with the cache',
      'reset',
      record({ status: 'completed', result: { Title: 'Old' }, nextPollAt: undefined }),
      'idle',
    ],
  ] as const)('%s', async (_, verb, stored, end) => {
    const queryClient = new QueryClient()
    queryClient.setQueryData(odataOperationKey('a'), stored)
    const answers = Array.from({ length: 3 }, () => stillRunning)
    const { sent } = renderApp(<Reporter onHook={(report) => report[verb]({})} />, { answers, queryClient })
    await pass(100)
    expect(text()).toBe(end)
    expect(sent).toHaveLength(0)
  })

  it('starts with the options of the render that it belongs to', async () => {
    function Starter({ start, version }: { start: Hook['start']; version: number }) {
      useEffect(() => {
        if (version > 0) start({})
      }, [start, version])
      return null
    }
    function Page({ version }: { version: number }) {
      const { start } = useODataAction<Report, object>({ action: `Rebuild${version}`, id: `x${version}` })
      return <Starter start={start} version={version} />
    }
    const { sent, show } = renderApp(<Page version={1} />, { answers: ['204 No Content', '204 No Content'] })
    await pass(0)
    show(<Page version={2} />)
    await pass(0)
    expect(sent.map(({ url }) => url.slice(-8))).toEqual(['Rebuild1', 'Rebuild2'])
  })
})

it('retry does not send the parameters of one operation as another', async () => {
  const { sent, show } = renderApp(<Reporter id="a" />, { answers: ['204 No Content', '500 Oops', '204 No Content'] })
  call(() => hook.start({ ID: 1 }))
  await pass(0)
  let other: Hook | undefined
  const second = (
    <Reporter
      key="second"
      label="second"
      id="b"
      onHook={(report) => {
        other = report
      }}
    />
  )
  const page = (id: string) => (
    <>
      <Reporter key="first" id={id} />
      {second}
    </>
  )
  show(page('a'))
  call(() => other?.start({ ID: 2 }))
  await pass(0)
  show(page('b'))
  await pass(0)
  const [own] = [hook]
  call(() => own.retry())
  await pass(0)
  expect(own.canRetry).toBe(false)
  expect(sent.map(({ body }) => body)).toEqual(['{"ID":1}', '{"ID":2}'])
})

it('queries below the key of an operation are no operations', async () => {
  const { queryClient } = renderApp(<Reporter />, { answers: [accepted, succeeded] })
  call(() => hook.start({}))
  await pass(100)
  const log = [...odataOperationKey('a'), 'log']
  queryClient.setQueryData(log, 1)
  await act(async () => queryClient.removeQueries({ queryKey: log }))
  await pass(5_000)
  expect(text()).toBe('Annual report')
})

it('nor do they hide one that has ended', async () => {
  const queryClient = new QueryClient()
  queryClient.setQueryData(odataOperationKey('a'), record({ status: 'completed', result: { Title: 'Old' } }))
  queryClient.setQueryData([...odataOperationKey('a'), 'log'], 1)
  renderApp(<Reporter />, { answers: [], queryClient })
  await pass(100)
  expect(text()).toBe('Old')
})

describe('two clients in one cache', () => {
  it.each([
    ['of one service', SERVICE],
    ['of which one service lies below the other', 'https://api.example.com/'],
  ])('%s: the one that did not start an operation leaves it alone', async (_, serviceUrl) => {
    const onFailed = vi.fn()
    const queryClient = new QueryClient()
    const own = scriptedClient([delayed(1_000, accepted), succeeded])
    const other = scriptedClient(['404 Not Found', '404 Not Found'], { serviceUrl })
    render(
      <QueryClientProvider client={queryClient}>
        <ODataProvider client={own.client}>
          <Reporter onFailed={onFailed} />
        </ODataProvider>
        <ODataProvider client={other.client}>
          <Watcher onFailed={onFailed} />
        </ODataProvider>
      </QueryClientProvider>,
    )
    call(() => hook.start({}))
    await pass(10_000)
    expect(text()).toBe('Annual report')
    expect(text('watcher')).toBe('Annual report')
    expect(other.sent).toHaveLength(0)
    expect(onFailed).not.toHaveBeenCalled()
  })

  it('a client that takes the place of another during the first request goes on with the operation', async () => {
    const onFailed = vi.fn()
    const queryClient = new QueryClient()
    const first = scriptedClient([delayed(1_000, accepted)])
    const second = scriptedClient([succeeded])
    const app = (client: ODataClient) => (
      <App queryClient={queryClient} client={client}>
        <Reporter onFailed={onFailed} />
      </App>
    )
    const view = render(app(first.client))
    call(() => hook.start({}))
    await pass(100)
    view.rerender(app(second.client))
    await pass(100)
    expect(text()).toBe('pending')
    await pass(10_000)
    expect(text()).toBe('Annual report')
    expect(onFailed).not.toHaveBeenCalled()
  })
})
