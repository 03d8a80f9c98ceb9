import { focusManager, onlineManager, QueryClient } from '@tanstack/react-query'
import { fireEvent, screen } from '@testing-library/react'
import { Activity, useEffect, useState } from 'react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { OperationRecord } from '../../src/core/index.js'
import { odataOperationKey } from '../../src/react/odataOperationKey.js'
import { type UseODataActionOptions, useODataAction } from '../../src/react/useODataAction.js'
import { pass, renderApp } from '../support/renderApp.js'
import { accepted, MONITOR, stillRunning, succeeded } from '../support/scriptedClient.js'
import type { Answer, SentRequest } from '../support/scriptedWire.js'

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 9, 5) }))
afterEach(() => {
  focusManager.setFocused(undefined)
  onlineManager.setOnline(true)
  vi.useRealTimers()
})

/** Shows an operation as text and starts it by a button; `onMount` starts it in an effect. */
function Reporter({
  id,
  onMount = false,
  label = 'Start',
  ...options
}: Partial<UseODataActionOptions<{ Title: string }>> & { onMount?: boolean; label?: string }) {
  const { start, cancel, status, result, progress } = useODataAction<{ Title: string }>({
    action: 'Rebuild',
    id,
    ...options,
  })
  useEffect(() => {
    if (onMount) start()
  }, [onMount, start])
  return (
    <>
      <button type="button" onClick={() => start()}>
        {label}
      </button>
      <button type="button" onClick={() => void cancel()}>{`Cancel ${label}`}</button>
      <p data-testid={label}>{result?.Title ?? `${status} ${progress.percent ?? ''}`.trim()}</p>
    </>
  )
}

const text = (label = 'Start') => screen.getByTestId(label).textContent
const click = (name = 'Start') => fireEvent.click(screen.getByRole('button', { name }))
const polls = (sent: readonly SentRequest[]) => sent.filter(({ method }) => method === 'GET')
const running = (count: number): Answer[] => Array.from({ length: count }, () => stillRunning)

/** A monitor that gives its result once. */
const onlyOnce = (deliver: Answer): Answer[] => [accepted, deliver, '404 Not Found', '404 Not Found', '404 Not Found']

describe('traps of polling in React', () => {
  it.each([
    ['0', 500],
    ['-5', 500],
    ['NaN', 500],
    ['Fri, 31 Dec 1999 23:59:59 GMT', 500],
    ['Mon, 05 Oct 2026 00:00:20 GMT', 20_000],
    ['2592000', 2 ** 31 - 1],
    [undefined, 500],
  ])('trap 1: after Retry-After %s there is one poll, in due time', async (retryAfter, delay) => {
    const first = `202 Accepted\nLocation: ${MONITOR}${retryAfter === undefined ? '' : `\nRetry-After: ${retryAfter}`}`
    const { sent } = renderApp(<Reporter />, { answers: [first, succeeded] })
    click()
    await pass(0)
    await pass(delay - 1)
    expect(polls(sent)).toHaveLength(0)
    await pass(1)
    expect(polls(sent)).toHaveLength(1)
    await pass(0)
    expect(text()).toBe('Annual report')
  })

  it('trap 2: a component that renders every 40 ms is neither starved nor polls more than once per due time', async () => {
    function Busy() {
      const [, setCount] = useState(0)
      useEffect(() => {
        const timer = setInterval(() => setCount((count) => count + 1), 40)
        return () => clearInterval(timer)
      }, [])
      return <Reporter pollInterval={() => 1_000 + Math.random() * 10} />
    }
    const answers = [`202 Accepted\nLocation: ${MONITOR}`, ...Array.from({ length: 30 }, () => '202 Accepted')]
    const { sent } = renderApp(<Busy />, { answers })
    click()
    await pass(10_500)
    expect(polls(sent)).toHaveLength(10)
    const gaps = sent.slice(1).map(({ at }, index) => at - (sent[index]?.at ?? 0))
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1_000)
  })

  it('trap 3: progress that is pushed into the cache faster than the interval does not put the poll off', async () => {
    const { sent, queryClient } = renderApp(<Reporter id="a" />, { answers: [accepted, ...running(5)] })
    click()
    await pass(0)
    for (let elapsed = 0; elapsed < 10_100; elapsed += 50) {
      queryClient.setQueryData<OperationRecord>(odataOperationKey('a'), (record) => record && { ...record })
      await pass(50)
    }
    expect(polls(sent)).toHaveLength(5)
  })

  it('trap 4: StrictMode sends one POST, polls on one schedule, and aborts nothing', async () => {
    const { sent } = renderApp(<Reporter onMount />, { answers: [accepted, stillRunning, succeeded], strict: true })
    await pass(0)
    await pass(4_000)
    expect(text()).toBe('Annual report')
    expect(sent.map(({ method }) => method)).toEqual(['POST', 'GET', 'GET'])
    expect(sent.some(({ signal }) => signal.aborted)).toBe(false)
    await pass(60_000)
    expect(sent).toHaveLength(3)
  })

  it('trap 5: a result delivered once survives an unmount during the last poll, and a mount after it', async () => {
    let deliver = (_: Answer) => {}
    const last = () =>
      new Promise<Answer>((resolve) => {
        deliver = resolve
      })
    const { sent, show } = renderApp(<Reporter id="a" />, { answers: onlyOnce(last) })
    click()
    await pass(2_000)
    expect(polls(sent)).toHaveLength(1)
    show(null)
    await pass(100)
    deliver(succeeded)
    await pass(0)
    show(<Reporter id="a" />)
    await pass(60_000)
    expect(text()).toBe('Annual report')
    expect(polls(sent)).toHaveLength(1)
    expect(sent[1]?.signal.aborted).toBe(false)
  })

  it('trap 5: the same when the provider itself goes and comes back during the last poll', async () => {
    let deliver = (_: Answer) => {}
    const last = () =>
      new Promise<Answer>((resolve) => {
        deliver = resolve
      })
    const queryClient = new QueryClient()
    const first = renderApp(<Reporter id="a" />, { answers: onlyOnce(last), queryClient })
    click()
    await pass(2_000)
    const { ODataProvider } = await import('../../src/react/ODataProvider.js')
    first.show(null)
    first.unmount()
    await pass(100)
    const { render } = await import('@testing-library/react')
    const { QueryClientProvider } = await import('@tanstack/react-query')
    render(
      <QueryClientProvider client={queryClient}>
        <ODataProvider client={first.client}>
          <Reporter id="a" />
        </ODataProvider>
      </QueryClientProvider>,
    )
    await pass(10)
    deliver(succeeded)
    await pass(60_000)
    expect(text()).toBe('Annual report')
    expect(polls(first.sent)).toHaveLength(1)
  })

  it('trap 6: after the end nothing is asked on focus, mount, reconnect, invalidate or refetch', async () => {
    const { sent, show, queryClient } = renderApp(<Reporter id="a" />, { answers: onlyOnce(succeeded) })
    click()
    await pass(2_000)
    expect(text()).toBe('Annual report')

    focusManager.setFocused(false)
    focusManager.setFocused(true)
    onlineManager.setOnline(false)
    onlineManager.setOnline(true)
    show(null)
    await pass(100)
    void queryClient.refetchQueries({ type: 'all' })
    await pass(100)
    show(<Reporter id="a" />)
    void queryClient.invalidateQueries()
    void queryClient.refetchQueries({ type: 'all' })
    await pass(60_000)
    expect(text()).toBe('Annual report')
    expect(sent).toHaveLength(2)
  })

  it('trap 6: before the end nothing is asked before its time, whoever invalidates', async () => {
    const { sent, queryClient } = renderApp(<Reporter id="a" />, { answers: [accepted, succeeded] })
    click()
    await pass(500)
    void queryClient.invalidateQueries()
    void queryClient.refetchQueries({ type: 'all' })
    focusManager.setFocused(false)
    focusManager.setFocused(true)
    await pass(1_499)
    expect(polls(sent)).toHaveLength(0)
    await pass(1)
    expect(polls(sent)).toHaveLength(1)
  })

  it('trap 6: nor for a finished operation that comes with the cache', async () => {
    const first = renderApp(<Reporter id="a" />, { answers: onlyOnce(succeeded) })
    click()
    await pass(2_000)
    const stored = JSON.parse(JSON.stringify(first.queryClient.getQueryData(odataOperationKey('a'))))
    first.unmount()
    const queryClient = new QueryClient()
    queryClient.setQueryData(odataOperationKey('a'), stored)
    const { sent } = renderApp(<Reporter id="a" />, { answers: [], queryClient })
    void queryClient.refetchQueries({ type: 'all' })
    await pass(60_000)
    expect(text()).toBe('Annual report')
    expect(queryClient.getQueryState(odataOperationKey('a'))?.status).toBe('success')
    expect(sent).toHaveLength(0)
  })

  it('trap 7: a hidden tab goes on polling and gets over a 503 without focus', async () => {
    const { sent } = renderApp(<Reporter />, { answers: [accepted, '503 Busy\nRetry-After: 3', succeeded] })
    click()
    await pass(0)
    focusManager.setFocused(false)
    await pass(5_000)
    expect(polls(sent)).toHaveLength(2)
    expect(text()).toBe('Annual report')
  })

  it('trap 7: a poll that came due while timers were held back goes out at once on return', async () => {
    const { sent } = renderApp(<Reporter />, { answers: [accepted, succeeded] })
    click()
    await pass(0)
    focusManager.setFocused(false)
    vi.setSystemTime(Date.now() + 600_000)
    expect(polls(sent)).toHaveLength(0)
    focusManager.setFocused(true)
    await pass(0)
    expect(polls(sent)).toHaveLength(1)
  })

  it.skipIf(Activity === undefined)(
    'trap 7: hiding and showing the component in an Activity (React 19.2 and later) changes nothing',
    async () => {
      const shown = (mode: 'hidden' | 'visible') => (
        <Activity mode={mode}>
          <Reporter id="a" />
        </Activity>
      )
      const { sent, show } = renderApp(shown('visible'), { answers: [accepted, stillRunning, succeeded] })
      click()
      await pass(1_000)
      show(shown('hidden'))
      await pass(2_000)
      expect(polls(sent)).toHaveLength(1)
      show(shown('visible'))
      await pass(1_000)
      expect(text()).toBe('Annual report')
      expect(polls(sent)).toHaveLength(2)
    },
  )

  it('trap 10: two components on one operation make one request per due time, outlive each other, and settle once each', async () => {
    const onSettled = [vi.fn(), vi.fn()] as const
    const first = <Reporter key="1" id="a" label="First" onSettled={onSettled[0]} />
    const second = <Reporter key="2" id="a" label="Second" onSettled={onSettled[1]} />
    const both = (
      <>
        {first}
        {second}
      </>
    )
    const { sent, show } = renderApp(both, { answers: [accepted, stillRunning, stillRunning, succeeded] })
    click('First')
    click('Second')
    await pass(4_000)
    expect(sent.map(({ method }) => method)).toEqual(['POST', 'GET', 'GET'])
    show(second)
    await pass(2_000)
    expect(text('Second')).toBe('Annual report')
    expect(sent).toHaveLength(4)
    expect(onSettled[0]).toHaveBeenCalledTimes(1)
    expect(onSettled[1]).toHaveBeenCalledTimes(1)
  })

  it('trap 12: a cancel before the 202 has come is kept, and a double click sends one DELETE', async () => {
    let accept = (_: Answer) => {}
    const { sent } = renderApp(<Reporter />, {
      answers: [
        () =>
          new Promise<Answer>((resolve) => {
            accept = resolve
          }),
        '204 No Content',
      ],
    })
    click()
    await pass(0)
    click('Cancel Start')
    click('Cancel Start')
    await pass(0)
    expect(text()).toBe('cancelling')
    expect(sent).toHaveLength(1)
    accept(accepted)
    await pass(60_000)
    expect(text()).toBe('cancelled')
    expect(sent.map(({ method }) => method)).toEqual(['POST', 'DELETE'])
  })

  it.each([
    ['404, as it was gone before', ['404 Not Found', '404 Not Found'], 'failed'],
    ['405', ['405 Method Not Allowed', succeeded], 'Annual report'],
    ['202 and another Location', ['202 Accepted\nLocation: /cancels/7', '200 OK\nAsyncResult: 204'], 'cancelled'],
    ['200, then the result after all', [`202 Accepted\nLocation: ${MONITOR}`, succeeded], 'Annual report'],
  ])('trap 12: a cancel that is answered with %s ends once, and nothing is asked after it', async (_, answers, end) => {
    const onSettled = vi.fn()
    const { sent } = renderApp(<Reporter onSettled={onSettled} />, { answers: [accepted, ...answers] })
    click()
    await pass(0)
    click('Cancel Start')
    await pass(60_000)
    expect(text()).toBe(end)
    expect(onSettled).toHaveBeenCalledTimes(1)
    expect(sent).toHaveLength(3)
  })

  it('trap 17: a slow start is waited for, and no request is repeated below the schedule', async () => {
    const slow = () => new Promise<Answer>((resolve) => setTimeout(() => resolve(accepted), 60_000))
    const { sent } = renderApp(<Reporter />, {
      answers: [slow, '503 Busy', '503 Busy', '500 Oops', succeeded],
    })
    click()
    await pass(59_999)
    expect(text()).toBe('pending')
    await pass(1)
    await pass(2_000)
    expect(polls(sent)).toHaveLength(1)
    await pass(300)
    expect(polls(sent)).toHaveLength(1)
    await pass(60_000)
    expect(sent.filter(({ method }) => method === 'POST')).toHaveLength(1)
    expect(polls(sent)).toHaveLength(4)
    expect(text()).toBe('Annual report')
  })

  it('trap 17: a DELETE is not repeated either', async () => {
    const { sent } = renderApp(<Reporter />, { answers: [accepted, '503 Busy', succeeded] })
    click()
    await pass(0)
    click('Cancel Start')
    await pass(60_000)
    expect(sent.map(({ method }) => method)).toEqual(['POST', 'DELETE', 'GET'])
    expect(text()).toBe('Annual report')
  })
})
