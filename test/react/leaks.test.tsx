import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { focusManager, onlineManager, QueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { OperationRecord } from '../../src/core/index.js'
import { managerOf } from '../../src/react/managerOf.js'
import { type UseODataActionResult, useODataAction } from '../../src/react/useODataAction.js'
import { useODataOperation } from '../../src/react/useODataOperation.js'
import { useODataOperations } from '../../src/react/useODataOperations.js'
import { call, pass, renderApp } from '../support/renderApp.js'
import { MONITOR, stillRunning, succeeded } from '../support/scriptedClient.js'
import type { SentRequest } from '../support/scriptedWire.js'
import { type StubbedTabs, stubTabs } from '../support/stubTabs.js'

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')
const nextTurn = setImmediate

let tabs: StubbedTabs

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 9, 5) })
  tabs = stubTabs()
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

const MANY = 1_000
const AT_ONCE = 100

const hooks = new Map<string, UseODataActionResult>()

function Starter({ id, onSettled }: { id: string; onSettled: (operation: OperationRecord) => void }) {
  const hook = useODataAction({ action: 'Rebuild', id, onSettled })
  useEffect(() => {
    hooks.set(id, hook)
  })
  return <p>{hook.status}</p>
}

function Watcher({ id }: { id: string }) {
  return <p>{useODataOperation({ id }).status}</p>
}

function Count() {
  return <p>{useODataOperations({ select: (all) => all.length })}</p>
}

/** The service's answers: of three operations one completes, one fails, and one goes on until it is cancelled. */
function answers() {
  let jobs = 0
  const answer = ({ method, url }: SentRequest) => {
    if (method === 'POST') return `202 Accepted\nLocation: ${MONITOR}${jobs++ % 3}\nRetry-After: 2`
    if (method === 'DELETE') return '204 No Content'
    return url.endsWith('0') ? succeeded : url.endsWith('1') ? '200 OK\nAsyncResult: 500' : stillRunning
  }
  return Array.from({ length: 4 * MANY }, () => answer)
}

it('1,000 operations that were started, have ended and were collected leave nothing behind', {
  timeout: 30_000,
}, async () => {
  const queryClient = new QueryClient({ defaultOptions: { queries: { gcTime: 1_000 } } })
  const cache = queryClient.getQueryCache()
  const listeners = () => [cache, focusManager, onlineManager].map((subject) => Reflect.get(subject, 'listeners').size)
  const before = listeners()
  const ends: Record<string, number> = { completed: 0, failed: 0, cancelled: 0 }
  const callbacks: WeakRef<object>[] = []
  const app = renderApp(<Count />, { answers: answers(), queryClient })
  await pass(0)
  const whileMounted = listeners()

  for (let batch = 0; batch < MANY; batch += AT_ONCE) {
    const page = Array.from({ length: AT_ONCE }, (_, index) => {
      const id = `o${batch + index}`
      const onSettled = ({ status }: OperationRecord) => {
        ends[status] = (ends[status] ?? 0) + 1
      }
      callbacks.push(new WeakRef(onSettled))
      return [<Starter key={id} id={id} onSettled={onSettled} />, <Watcher key={`${id} watched`} id={id} />]
    })
    app.show([<Count key="count" />, page])
    call(() => {
      for (const hook of hooks.values()) hook.start()
    })
    await pass(2_500)
    call(() => {
      for (const hook of hooks.values()) void hook.cancel()
    })
    await pass(100)
    app.show([<Count key="count" />])
    hooks.clear()
    await pass(2_000)
  }

  expect(ends).toEqual({ completed: 334, failed: 333, cancelled: 333 })
  expect(cache.getAll()).toEqual([])
  expect(managerOf(app.client, queryClient).getRecords()).toEqual([])
  expect(vi.getTimerCount()).toBe(0)
  expect(listeners()).toEqual(whileMounted)
  expect(tabs.channels()).toEqual([])
  expect(tabs.locks()).toEqual([])

  await new Promise<void>((resolve) => void nextTurn(resolve))
  collectGarbage()
  const kept = callbacks.filter((callback) => callback.deref()).length
  // React keeps what it rendered last, for a while.
  expect(kept).toBeLessThanOrEqual(AT_ONCE)

  app.unmount()
  await pass(0)
  expect(listeners()).toEqual(before)
  expect(vi.getTimerCount()).toBe(0)
})
