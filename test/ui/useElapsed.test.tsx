import { act, renderHook } from '@testing-library/react'
import { StrictMode } from 'react'
import { renderToString } from 'react-dom/server'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { OperationRecord } from '../../src/core/operation.js'
import { useElapsed } from '../../src/ui/index.js'
import { operationRecord, settledRecord, submittedAt } from './operationRecords.js'
import { ownId } from './ownId.js'

beforeEach(() => {
  vi.useFakeTimers({
    now: submittedAt + 1_400,
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
  })
})
afterEach(() => {
  vi.useRealTimers()
})

const active = (change: Partial<OperationRecord> = {}) => operationRecord({ id: ownId(), ...change })
const completed = (after: number) => settledRecord({ id: ownId(), status: 'completed', settledAt: submittedAt + after })

const advance = (ms: number) => act(() => vi.advanceTimersByTime(ms))

/** The wall clock alone is set, relative to what it shows. */
const setClock = (ms: number) => vi.setSystemTime(Date.now() + ms)

it('goes up at each full second of the operation', () => {
  const renders: (number | undefined)[] = []
  const operation = active()
  renderHook(() => renders.push(useElapsed(operation)))
  advance(599)
  expect(renders.at(-1)).toBe(1000)
  advance(1)
  expect(renders.at(-1)).toBe(2000)
  for (let second = 0; second < 60; second++) advance(1000)
  expect(renders).toEqual(Array.from({ length: 62 }, (_, index) => (index + 1) * 1000))
})

it('stops at the end, with the time that the operation took and no timer left', () => {
  const { result, rerender } = renderHook(useElapsed, { initialProps: active() })
  expect(vi.getTimerCount()).toBe(1)
  rerender(completed(1_750))
  expect(result.current).toBe(1_750)
  expect(vi.getTimerCount()).toBe(0)
})

it('starts over with the next run', () => {
  const { result, rerender } = renderHook(useElapsed, { initialProps: active() })
  rerender(active({ submittedAt: submittedAt + 1_400 }))
  expect(result.current).toBe(0)
  advance(1000)
  expect(result.current).toBe(1000)
  expect(vi.getTimerCount()).toBe(1)
})

it('keeps no timer when nothing was started, and none after the unmount', () => {
  const { result } = renderHook(() => useElapsed(undefined))
  expect(result.current).toBeUndefined()
  expect(vi.getTimerCount()).toBe(0)
  const operation = active()
  renderHook(() => useElapsed(operation)).unmount()
  expect(vi.getTimerCount()).toBe(0)
})

it.each([
  ['back by an hour', -3_600_000],
  ['back by a second', -1_000],
  ['forward by some seconds', 9_000],
])('goes on as before when the clock is set %s', (_, ms) => {
  const { result } = renderHook(useElapsed, { initialProps: active(), wrapper: StrictMode })
  advance(59_000)
  expect(result.current).toBe(60_000)
  setClock(ms)
  advance(1_000)
  expect(result.current).toBe(61_000)
  expect(vi.getTimerCount()).toBe(1)
})

it('makes up for a sleep of the machine, in which the clock of the page may stand still', () => {
  const { result } = renderHook(useElapsed, { initialProps: active() })
  setClock(8 * 3_600_000)
  advance(600)
  expect(result.current).toBe(8 * 3_600_000 + 2_000)
  setClock(-8 * 3_600_000)
  advance(1_000)
  expect(result.current).toBe(8 * 3_600_000 + 3_000)
})

it('is the same for all who look at one operation, whenever they began', () => {
  const first = renderHook(useElapsed, { initialProps: active() })
  setClock(-60_000)
  advance(10_000)
  const second = renderHook(useElapsed, { initialProps: active({ progress: { percent: 3 } }) })
  expect([first.result.current, second.result.current]).toEqual([11_000, 11_000])
  first.unmount()
  second.unmount()
  expect(renderHook(useElapsed, { initialProps: active() }).result.current).toBe(11_000)
})

it('is at the end not less than what was shown', () => {
  const { result, rerender } = renderHook(useElapsed, { initialProps: active() })
  advance(58_800)
  expect(result.current).toBe(60_000)
  setClock(-3_600_000)
  rerender(completed(60_200 - 3_600_000))
  expect(result.current).toBe(60_000)
})

it('is not negative when the clock was set back', () => {
  vi.setSystemTime(submittedAt - 5_000)
  const { result } = renderHook(useElapsed, { initialProps: active() })
  expect(result.current).toBe(0)
  advance(2_000)
  expect(result.current).toBe(2_000)
})

it.each([undefined, Number.NaN, Number.POSITIVE_INFINITY, 'yesterday', null])(
  'knows no time, and starts no timer, when a stored record was submitted at %j',
  (value) => {
    const { result } = renderHook(useElapsed, { initialProps: active({ submittedAt: value as number }) })
    expect(result.current).toBeUndefined()
    expect(vi.getTimerCount()).toBe(0)
  },
)

it('remembers no more operations than a page shows, and is right about those that it forgot', () => {
  const { result } = renderHook(useElapsed, { initialProps: active() })
  renderHook(() => Array.from({ length: 1_500 }, (_, index) => useElapsed(active({ id: `${index}` })))).unmount()
  advance(600)
  expect(result.current).toBe(2_000)
})

it('knows no time on a server while the operation is active, and starts no timer', () => {
  const Elapsed = ({ operation }: { operation: Parameters<typeof useElapsed>[0] }) => String(useElapsed(operation))
  expect(renderToString(<Elapsed operation={active()} />)).toBe('undefined')
  expect(renderToString(<Elapsed operation={completed(134_000)} />)).toBe('134000')
  expect(vi.getTimerCount()).toBe(0)
})
