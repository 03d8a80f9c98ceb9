import { QueryClient } from '@tanstack/react-query'
import { act, screen } from '@testing-library/react'
import { Profiler } from 'react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { OperationRecord } from '../../src/core/index.js'
import { odataOperationKey } from '../../src/react/odataOperationKey.js'
import { type UseODataOperationsOptions, useODataOperations } from '../../src/react/useODataOperations.js'
import { useElapsed } from '../../src/ui/useElapsed.js'
import { pass, renderApp } from '../support/renderApp.js'
import { MONITOR, SERVICE } from '../support/scriptedClient.js'

const START = Date.UTC(2026, 9, 5)
const HOUR = 3_600_000
const MANY = 1_000
/** So many of them are polled within the first hour. */
const DUE = 50
const inAnHour = '202 Accepted\nRetry-After: 3600'

beforeEach(() => void vi.useFakeTimers({ now: START }))
afterEach(() => void vi.useRealTimers())

const record = (id: string, change: Partial<OperationRecord> = {}): OperationRecord => ({
  id,
  kind: 'action',
  method: 'POST',
  url: `${SERVICE}Rebuild`,
  monitor: 'odata',
  status: 'running',
  isAsync: true,
  monitorUrl: `${MONITOR}/${id}`,
  canCancel: true,
  progress: { percent: null },
  submittedAt: START,
  nextPollAt: START + HOUR,
  pollCount: 0,
  pollFailures: 0,
  ...change,
})

/** A cache with many operations that go on, and one after the other of the changes made in it. */
function renderMany<TSelected>(options: UseODataOperationsOptions<TSelected>, show: (value: TSelected) => string) {
  const queryClient = new QueryClient()
  for (let index = 0; index < MANY; index++) {
    const nextPollAt = START + (index < DUE ? HOUR : 9 * HOUR)
    queryClient.setQueryData(odataOperationKey(`o${index}`), record(`o${index}`, { nextPollAt }))
  }
  const onRender = vi.fn()
  function List() {
    return <p data-testid="list">{show(useODataOperations(options))}</p>
  }
  const app = renderApp(
    <Profiler id="list" onRender={onRender}>
      <List />
    </Profiler>,
    {
      answers: Array.from({ length: DUE }, () => inAnHour),
      queryClient,
    },
  )
  return {
    ...app,
    /** Renders since the last call. */
    renders() {
      const { length } = onRender.mock.calls
      onRender.mockClear()
      return length
    },
    async end(index: number) {
      await act(async () => {
        queryClient.removeQueries({ queryKey: odataOperationKey(`o${index}`) })
      })
    },
  }
}

const text = () => screen.getByTestId('list').textContent
const length = (list: readonly unknown[]) => `${list.length}`
const countRunning = (list: readonly OperationRecord[]) => list.filter(({ status }) => status === 'running').length

describe('a list of 1,000 operations', () => {
  it('renders once for a change of any one of them', async () => {
    const { renders, end } = renderMany({}, length)
    await pass(0)
    expect(text()).toBe('1000')
    expect(renders()).toBeLessThanOrEqual(2)
    await end(500)
    expect(text()).toBe('999')
    expect(renders()).toBe(1)
    await end(0)
    expect(renders()).toBe(1)
  })

  it('renders once when all of them change in one moment', async () => {
    const { renders, queryClient } = renderMany({}, length)
    await pass(0)
    renders()
    await act(async () => queryClient.clear())
    expect(text()).toBe('0')
    expect(renders()).toBe(1)
  })

  it('renders nothing for polls that change nothing', async () => {
    const { renders, sent } = renderMany({}, length)
    await pass(0)
    renders()
    await pass(HOUR)
    expect(sent).toHaveLength(DUE)
    expect(renders()).toBe(0)
  })

  it('with `select` renders only when what is selected differs', async () => {
    const { renders, end, queryClient } = renderMany({ select: countRunning }, String)
    await pass(0)
    renders()
    await act(async () => queryClient.setQueryData(odataOperationKey('done'), record('done', { status: 'completed' })))
    await end(3)
    expect(text()).toBe('999')
    expect(renders()).toBe(1)
    await act(async () => queryClient.removeQueries({ queryKey: odataOperationKey('done') }))
    expect(renders()).toBe(0)
  })

  it('with a filter renders nothing for what is left out', async () => {
    const predicate = ({ id }: OperationRecord) => id === 'o7' || id === 'o8'
    const { renders, end } = renderMany({ predicate, status: 'running', kind: 'action' }, length)
    await pass(0)
    expect(text()).toBe('2')
    renders()
    for (const index of [1, 2, 3]) await end(index)
    expect(renders()).toBe(0)
    await end(7)
    expect(text()).toBe('1')
    expect(renders()).toBe(1)
  })
})

describe('useElapsed', () => {
  it('ticks alone: what is around it, and the list it comes from, render nothing', async () => {
    const queryClient = new QueryClient()
    queryClient.setQueryData(odataOperationKey('a'), record('a'))
    const rendered = { list: vi.fn(), clock: vi.fn() }
    function Clock({ operation }: { operation: OperationRecord | undefined }) {
      const elapsed = useElapsed(operation)
      rendered.clock(elapsed)
      return <p>{elapsed}</p>
    }
    function List() {
      const [operation] = useODataOperations()
      rendered.list()
      return <Clock operation={operation} />
    }
    renderApp(<List />, { answers: [], queryClient })
    await pass(0)
    const before = rendered.list.mock.calls.length
    rendered.clock.mockClear()
    for (let second = 0; second < 10; second++) await pass(1_000)
    expect(rendered.clock).toHaveBeenCalledTimes(10)
    expect(rendered.list).toHaveBeenCalledTimes(before)
  })
})
