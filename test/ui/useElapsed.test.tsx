import { act, renderHook } from '@testing-library/react'
import { renderToString } from 'react-dom/server'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { useElapsed } from '../../src/ui/index.js'
import { operationRecord, settledRecord, submittedAt } from './operationRecords.js'

beforeEach(() => {
  vi.useFakeTimers({
    now: submittedAt + 1_400,
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'],
  })
})
afterEach(() => {
  vi.useRealTimers()
})

const advance = (ms: number) => act(() => vi.advanceTimersByTime(ms))

it('goes up at each full second of the operation', () => {
  const renders: (number | undefined)[] = []
  renderHook(() => renders.push(useElapsed(operationRecord())))
  advance(599)
  expect(renders.at(-1)).toBe(1000)
  advance(1)
  expect(renders.at(-1)).toBe(2000)
  for (let second = 0; second < 60; second++) advance(1000)
  expect(renders).toEqual(Array.from({ length: 62 }, (_, index) => (index + 1) * 1000))
})

it('stops at the end, with the time that the operation took and no timer left', () => {
  const { result, rerender } = renderHook(useElapsed, { initialProps: operationRecord() })
  expect(vi.getTimerCount()).toBe(1)
  rerender(settledRecord({ status: 'completed', settledAt: submittedAt + 1_750 }))
  expect(result.current).toBe(1_750)
  expect(vi.getTimerCount()).toBe(0)
})

it('starts over with the next run', () => {
  const { result, rerender } = renderHook(useElapsed, { initialProps: operationRecord() })
  rerender(operationRecord({ submittedAt: submittedAt + 1_400 }))
  expect(result.current).toBe(0)
  advance(1000)
  expect(result.current).toBe(1000)
  expect(vi.getTimerCount()).toBe(1)
})

it('keeps no timer when nothing was started, and none after the unmount', () => {
  const { result } = renderHook(() => useElapsed(undefined))
  expect(result.current).toBeUndefined()
  expect(vi.getTimerCount()).toBe(0)
  renderHook(() => useElapsed(operationRecord())).unmount()
  expect(vi.getTimerCount()).toBe(0)
})

it('is not negative when the clock was set back', () => {
  vi.setSystemTime(submittedAt - 5_000)
  expect(renderHook(() => useElapsed(operationRecord())).result.current).toBe(0)
})

it('knows no time on a server while the operation is active, and starts no timer', () => {
  const Elapsed = ({ operation }: { operation: Parameters<typeof useElapsed>[0] }) => String(useElapsed(operation))
  expect(renderToString(<Elapsed operation={operationRecord()} />)).toBe('undefined')
  expect(renderToString(<Elapsed operation={settledRecord({ status: 'completed' })} />)).toBe('134000')
  expect(vi.getTimerCount()).toBe(0)
})
