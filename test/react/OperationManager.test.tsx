import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { act, render, screen } from '@testing-library/react'
import { useEffect } from 'react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createODataClient } from '../../src/core/index.js'
import { ODataProvider } from '../../src/react/ODataProvider.js'
import { odataOperationKey } from '../../src/react/odataOperationKey.js'
import {
  type UseODataActionOptions,
  type UseODataActionResult,
  useODataAction,
} from '../../src/react/useODataAction.js'
import { call, pass, renderApp } from '../support/renderApp.js'
import { accepted, rejection, scriptedClient, stillRunning, succeeded } from '../support/scriptedClient.js'
import { scriptedWire } from '../support/scriptedWire.js'

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 9, 5) }))
afterEach(() => void vi.useRealTimers())

interface Report {
  readonly Title: string
}

let hook: UseODataActionResult<Report>

function Reporter(options: Partial<UseODataActionOptions<Report>>) {
  const report = useODataAction<Report>({ action: 'Rebuild', id: 'a', ...options })
  useEffect(() => {
    hook = report
  })
  return <p>{report.result?.Title ?? report.status}</p>
}

const MINUTE = 60_000

describe('the cache', () => {
  it('keeps a result for as long as a component shows it, and no longer than its own rules after', async () => {
    const { queryClient, show } = renderApp(<Reporter />, { answers: [accepted, succeeded] })
    call(() => hook.start())
    await pass(2_000)
    await pass(60 * MINUTE)
    expect(screen.getByText('Annual report')).toBeDefined()
    show(null)
    await pass(4 * MINUTE)
    expect(queryClient.getQueryData(odataOperationKey('a'))).toBeDefined()
    await pass(2 * MINUTE)
    expect(queryClient.getQueryData(odataOperationKey('a'))).toBeUndefined()
  })

  it('keeps an operation that goes on, though nobody looks, and its result after', async () => {
    const answers = [accepted, ...Array.from({ length: 600 }, () => stillRunning), succeeded]
    const { show, sent } = renderApp(<Reporter />, { answers })
    call(() => hook.start())
    await pass(0)
    show(null)
    await pass(20 * MINUTE + 2_000)
    expect(sent).toHaveLength(602)
    show(<Reporter />)
    expect(screen.getByText('Annual report')).toBeDefined()
  })

  it('holds operations of two services side by side; each provider asks its own only', async () => {
    const queryClient = new QueryClient()
    const other = scriptedWire()
    const otherClient = createODataClient({ serviceUrl: 'https://other.example.com/', http: other.http })
    const { sent } = renderApp(
      <>
        <ODataProvider client={otherClient}>
          <Reporter id="b" />
        </ODataProvider>
        <Reporter />
      </>,
      { answers: [accepted, succeeded], queryClient },
    )
    call(() => hook.start())
    await pass(2_000)
    expect(screen.getByText('idle')).toBeDefined()
    expect(screen.getByText('Annual report')).toBeDefined()
    expect(sent).toHaveLength(2)
    expect(other.sent).toHaveLength(0)
  })

  it('is watched once by two providers of one client', async () => {
    const wire = scriptedClient([accepted, stillRunning, succeeded])
    const queryClient = new QueryClient()
    render(
      <QueryClientProvider client={queryClient}>
        <ODataProvider client={wire.client}>
          <Reporter />
        </ODataProvider>
        <ODataProvider client={wire.client}>
          <Reporter />
        </ODataProvider>
      </QueryClientProvider>,
    )
    call(() => hook.start())
    await pass(4_000)
    expect(screen.getAllByText('Annual report')).toHaveLength(2)
    expect(wire.sent).toHaveLength(3)
  })
})

describe('taking operations out of the cache', () => {
  it.each(['clear', 'removeQueries'] as const)(
    '%s stops the polling and settles the promise; a new start works as ever',
    async (how) => {
      const { queryClient, sent } = renderApp(<Reporter />, { answers: [accepted, stillRunning, accepted, succeeded] })
      const failed = rejection(call(() => hook.startAsync()))
      await pass(2_500)
      await act(async () => queryClient[how]())
      expect(await failed).toMatchObject({ kind: 'cancelled', record: { status: 'running' } })
      await pass(10 * MINUTE)
      expect(screen.getByText('idle')).toBeDefined()
      expect(sent).toHaveLength(2)
      expect(vi.getTimerCount()).toBe(0)

      call(() => hook.start())
      await pass(2_000)
      await pass(60 * MINUTE)
      expect(screen.getByText('Annual report')).toBeDefined()
      expect(sent).toHaveLength(4)
    },
  )

  it('clear during a poll lets nothing come back', async () => {
    const slow = () => new Promise<string>((resolve) => setTimeout(() => resolve(stillRunning), 1_000))
    const { queryClient, sent } = renderApp(<Reporter />, { answers: [accepted, slow] })
    call(() => hook.start())
    await pass(2_500)
    call(() => queryClient.clear())
    await pass(10 * MINUTE)
    expect(queryClient.getQueryData(odataOperationKey('a'))).toBeUndefined()
    expect(sent).toHaveLength(2)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('cancelQueries during a poll does not stop the operation', async () => {
    const slow = () => new Promise<string>((resolve) => setTimeout(() => resolve(stillRunning), 1_000))
    const { queryClient } = renderApp(<Reporter />, { answers: [accepted, slow, succeeded] })
    call(() => hook.start())
    await pass(2_500)
    await call(() => queryClient.cancelQueries())
    await pass(MINUTE)
    expect(screen.getByText('Annual report')).toBeDefined()
  })
})

describe('callbacks', () => {
  it('that throw are reported, and keep nothing from happening', async () => {
    const reported: unknown[] = []
    const listen = (error: unknown) => void reported.push(error)
    process.on('unhandledRejection', listen)
    const onSettled = vi.fn()
    const fault = new Error('in a callback')
    renderApp(
      <Reporter
        onCompleted={() => {
          throw fault
        }}
        onSettled={onSettled}
      />,
      { answers: [accepted, succeeded] },
    )
    call(() => hook.start())
    await pass(2_000)
    await pass(0)
    process.off('unhandledRejection', listen)
    expect(screen.getByText('Annual report')).toBeDefined()
    expect(onSettled).toHaveBeenCalledTimes(1)
    expect(reported).toEqual([fault])
  })

  it('are not called for an operation that had ended before it came with the cache', async () => {
    const first = renderApp(<Reporter />, { answers: [accepted, succeeded] })
    call(() => hook.start())
    await pass(2_000)
    const stored = JSON.parse(JSON.stringify(first.queryClient.getQueryData(odataOperationKey('a'))))
    first.unmount()
    const queryClient = new QueryClient()
    queryClient.setQueryData(odataOperationKey('a'), stored)
    const onSettled = vi.fn()
    renderApp(<Reporter onSettled={onSettled} onCompleted={onSettled} />, { answers: [], queryClient })
    await pass(MINUTE)
    expect(screen.getByText('Annual report')).toBeDefined()
    expect(onSettled).not.toHaveBeenCalled()
  })
})

describe('while an app is developed', () => {
  afterEach(() => {
    vi.unstubAllEnvs()
    vi.restoreAllMocks()
  })

  it.each([
    ['development', 1],
    ['production', 0],
  ])('in %s the console tells %s times what to do about a service that cannot be understood', async (mode, times) => {
    vi.stubEnv('NODE_ENV', mode)
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    renderApp(<Reporter />, { answers: ['202 Accepted'] })
    call(() => hook.start())
    await pass(0)
    expect(screen.getByText('failed')).toBeDefined()
    const told = log.mock.calls.filter(([text]) => `${text}`.includes('Access-Control-Expose-Headers'))
    expect(told).toHaveLength(times)
  })
})
