import { QueryClient, useQuery } from '@tanstack/react-query'
import { screen } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { OperationRecord } from '../../src/core/index.js'
import type { OperationCallbacks } from '../../src/react/OperationCallbacks.js'
import { odataOperationKey } from '../../src/react/odataOperationKey.js'
import { useODataOperation } from '../../src/react/useODataOperation.js'
import { type Report, Reporter, reporter } from '../support/Reporter.js'
import { call, pass, renderApp } from '../support/renderApp.js'
import { accepted, stillRunning, succeeded } from '../support/scriptedClient.js'

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 9, 5) }))
afterEach(() => void vi.useRealTimers())

const failure = '200 OK\nAsyncResult: 500'
const REPORT = expect.objectContaining({ Title: 'Annual report' })

/** Callbacks that write down what is called, in order. */
function recorder(log: string[], name = '') {
  return {
    onCompleted: (result: Report) => void log.push(`${name}completed ${result.Title}`),
    onFailed: (error: Error) => void log.push(`${name}failed ${error.message}`),
    onSettled: ({ status }: OperationRecord<Report>) => void log.push(`${name}settled ${status}`),
  } satisfies OperationCallbacks<Report>
}

function Watcher(callbacks: OperationCallbacks<Report>) {
  const { status } = useODataOperation<Report>({ id: 'a', ...callbacks })
  return <p data-testid="watcher">{status}</p>
}

describe('callbacks', () => {
  it.each([
    ['completed', succeeded, ['completed Annual report', 'settled completed']],
    ['failed', failure, ['failed The service answered 500.', 'settled failed']],
  ])('of one that is %s are called once each, onSettled last', async (_, answer, expected) => {
    const log: string[] = []
    renderApp(<Reporter {...recorder(log)} />, { answers: [accepted, answer] })
    call(() => reporter().start())
    await pass(60_000)
    expect(log).toEqual(expected)
  })

  it('of one that is cancelled: only onSettled', async () => {
    const log: string[] = []
    renderApp(<Reporter {...recorder(log)} />, { answers: [accepted, '204 No Content'] })
    call(() => reporter().start())
    await pass(0)
    void call(() => reporter().cancel())
    await pass(60_000)
    expect(log).toEqual(['settled cancelled'])
  })

  it('are called when the component that started it is gone, and no other is there', async () => {
    const log: string[] = []
    const { show } = renderApp(<Reporter {...recorder(log)} />, { answers: [accepted, succeeded] })
    call(() => reporter().start())
    show(null)
    await pass(60_000)
    expect(log).toEqual(['completed Annual report', 'settled completed'])
  })

  it('are called once when the page was left and comes back, though its functions are new', async () => {
    const log: string[] = []
    const page = () => <Reporter id="a" {...recorder(log)} />
    const { show } = renderApp(page(), { answers: [accepted, stillRunning, succeeded] })
    call(() => reporter().start())
    for (let visit = 0; visit < 3; visit++) {
      await pass(500)
      show(null)
      await pass(500)
      show(page())
    }
    await pass(60_000)
    expect(log).toEqual(['completed Annual report', 'settled completed'])
  })

  it('are called also when it comes back without them', async () => {
    const log: string[] = []
    const { show } = renderApp(<Reporter id="a" {...recorder(log)} />, { answers: [accepted, succeeded] })
    call(() => reporter().start())
    show(null)
    await pass(500)
    show(<Reporter id="a" onSettled={() => void log.push('settled there')} />)
    await pass(60_000)
    expect(log).toEqual(['completed Annual report', 'settled there'])
  })

  it('of each component that watches are called, whoever started it', async () => {
    const log: string[] = []
    renderApp(
      <>
        <Reporter id="a" {...recorder(log, 'starter: ')} />
        <Reporter id="a" label="second" {...recorder(log, 'second: ')} />
        <Watcher {...recorder(log, 'watcher: ')} />
      </>,
      { answers: [accepted, succeeded], strict: true },
    )
    call(() => reporter().start())
    await pass(60_000)
    expect([...log].sort()).toEqual([
      'second: completed Annual report',
      'second: settled completed',
      'starter: completed Annual report',
      'starter: settled completed',
      'watcher: completed Annual report',
      'watcher: settled completed',
    ])
  })

  it('are those of the last render', async () => {
    const first = vi.fn()
    const last = vi.fn()
    const { show } = renderApp(<Reporter onCompleted={first} />, { answers: [accepted, succeeded] })
    call(() => reporter().start())
    await pass(0)
    show(<Reporter onCompleted={last} />)
    await pass(60_000)
    expect(first).not.toHaveBeenCalled()
    expect(last).toHaveBeenCalledExactlyOnceWith(REPORT, expect.objectContaining({ status: 'completed' }))
  })

  it('are called for one that goes on after a reload, and after the next reload no more', async () => {
    const log: string[] = []
    const page = <Reporter id="a" {...recorder(log)} />
    const reload = (from: QueryClient, answers: readonly string[]) => {
      const queryClient = new QueryClient()
      queryClient.setQueryData(odataOperationKey('a'), structuredClone(from.getQueryData(odataOperationKey('a'))))
      return renderApp(page, { answers, queryClient })
    }
    const first = renderApp(page, { answers: [accepted] })
    call(() => reporter().start())
    await pass(0)
    first.unmount()
    const second = reload(first.queryClient, [succeeded])
    await pass(60_000)
    second.unmount()
    const third = reload(second.queryClient, [])
    await pass(60_000)
    expect(screen.getByText('Annual report')).toBeDefined()
    expect(third.sent).toHaveLength(0)
    expect(log).toEqual(['completed Annual report', 'settled completed'])
  })
})

describe('invalidates', () => {
  const fetchList = () => []
  function List({ name, onFetch }: { name: string; onFetch: () => unknown }) {
    useQuery({ queryKey: [name], queryFn: onFetch, staleTime: Infinity })
    return null
  }
  const app = (fetched: Record<string, () => unknown>, reports: React.ReactNode) => (
    <>
      {Object.entries(fetched).map(([name, onFetch]) => (
        <List key={name} name={name} onFetch={onFetch} />
      ))}
      {reports}
    </>
  )

  it.each([
    ['keys', [['reports'], ['totals']]],
    ['a function of the result', ({ Title }: Report) => (Title === 'Annual report' ? [['reports'], ['totals']] : [])],
  ] as const)('as %s has the queries fetched again on completion, and no others', async (_, invalidates) => {
    const fetched = { reports: vi.fn(fetchList), totals: vi.fn(fetchList), customers: vi.fn(fetchList) }
    renderApp(app(fetched, <Reporter invalidates={invalidates} />), { answers: [accepted, succeeded] })
    call(() => reporter().start())
    await pass(1_000)
    expect(fetched.reports).toHaveBeenCalledTimes(1)
    await pass(60_000)
    expect(fetched.reports).toHaveBeenCalledTimes(2)
    expect(fetched.totals).toHaveBeenCalledTimes(2)
    expect(fetched.customers).toHaveBeenCalledTimes(1)
  })

  it('comes before any onCompleted', async () => {
    const queryClient = new QueryClient()
    queryClient.setQueryData(['reports'], [])
    const seen: unknown[] = []
    const onCompleted = () => void seen.push(queryClient.getQueryState(['reports'])?.isInvalidated)
    const page = (
      <>
        <Reporter id="a" onCompleted={onCompleted} />
        <Watcher onCompleted={onCompleted} invalidates={[['reports']]} />
      </>
    )
    renderApp(page, { answers: [accepted, succeeded], queryClient })
    call(() => reporter().start())
    await pass(2_000)
    expect(seen).toEqual([true, true])
  })

  it('leaves all as it is after a failure', async () => {
    const fetched = { reports: vi.fn(fetchList) }
    renderApp(app(fetched, <Reporter invalidates={[['reports']]} />), { answers: ['500 Oops'] })
    call(() => reporter().start())
    await pass(60_000)
    expect(fetched.reports).toHaveBeenCalledTimes(1)
  })

  it('of everything asks the operation nothing', async () => {
    const { sent } = renderApp(<Reporter invalidates={[[]]} />, { answers: [accepted, succeeded] })
    call(() => reporter().start())
    await pass(60_000)
    expect(screen.getByText('Annual report')).toBeDefined()
    expect(sent).toHaveLength(2)
  })
})
