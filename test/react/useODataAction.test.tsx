import { QueryClient } from '@tanstack/react-query'
import { fireEvent, render, screen } from '@testing-library/react'
import { Profiler, useEffect } from 'react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { isODataConfigurationError, isOperationCancelledError } from '../../src/core/index.js'
import {
  type UseODataActionOptions,
  type UseODataActionResult,
  useODataAction,
} from '../../src/react/useODataAction.js'
import { useODataOperation } from '../../src/react/useODataOperation.js'
import { useODataOperations } from '../../src/react/useODataOperations.js'
import { call, pass, renderApp } from '../support/renderApp.js'
import { accepted, MONITOR, rejection, SERVICE, stillRunning, succeeded } from '../support/scriptedClient.js'

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 9, 5) }))
afterEach(() => void vi.useRealTimers())

interface Report {
  readonly ID: number
  readonly Title: string
}

interface Parameters {
  readonly Year: number
}

type Hook = UseODataActionResult<Report, Parameters>

/** A component that shows the status and hands the hook's newest return value out. */
function Reporter({
  seen,
  ...options
}: Partial<UseODataActionOptions<Report, Parameters>> & { seen?: (hook: Hook) => void }) {
  const report = useODataAction<Report, Parameters>({ action: 'Reports/Sales.Generate', ...options })
  useEffect(() => seen?.(report))
  return (
    <button type="button" onClick={() => report.start({ Year: 2026 })}>
      {report.status}
    </button>
  )
}

const at = (percent: number) =>
  `202 Accepted\nLocation: ${MONITOR}\nRetry-After: 2\nContent-Type: application/json\n\n{"percentComplete":${percent}}`

/** The hook's return value in each commit. */
function recorder() {
  const all: Hook[] = []
  return {
    all,
    seen: (hook: Hook) => void all.push(hook),
    get last() {
      return all.at(-1) as Hook
    },
  }
}

describe('useODataAction', () => {
  it('goes from a click to the result: idle, pending, running, completed', async () => {
    const hook = recorder()
    const { sent } = renderApp(<Reporter seen={hook.seen} />, { answers: [accepted, at(40), succeeded] })
    expect(hook.last).toMatchObject({
      status: 'idle',
      isIdle: true,
      isActive: false,
      isSettled: false,
      result: undefined,
    })

    fireEvent.click(screen.getByRole('button'))
    await pass(0)
    expect(hook.all.map(({ status }) => status)).toContain('pending')
    expect(hook.last).toMatchObject({
      status: 'running',
      isActive: true,
      isAsync: true,
      canCancel: true,
      monitorUrl: MONITOR,
    })
    await pass(2_000)
    expect(hook.last.progress.percent).toBe(40)
    await pass(2_000)
    expect(hook.last).toMatchObject({
      status: 'completed',
      isSettled: true,
      canCancel: false,
      result: { ID: 1, Title: 'Annual report' },
      progress: { percent: 100 },
    })
    expect(sent.map(({ method }) => method)).toEqual(['POST', 'GET', 'GET'])
    expect(sent[0]).toMatchObject({ url: `${SERVICE}Reports/Sales.Generate`, body: '{"Year":2026}' })
    await pass(3_600_000)
    expect(sent).toHaveLength(3)
  })

  it("gives the service's own error, and tries again with the same parameters when asked to", async () => {
    const hook = recorder()
    const failed =
      '200 OK\nAsyncResult: 409\nContent-Type: application/json\n\n{"error":{"code":"BUSY","message":"Year 2026 is locked."}}'
    const { sent } = renderApp(<Reporter seen={hook.seen} />, { answers: [accepted, failed, accepted, succeeded] })
    call(() => hook.last.start({ Year: 2026 }))
    await pass(2_000)
    expect(hook.last).toMatchObject({
      status: 'failed',
      canRetry: true,
      error: { code: 'BUSY', message: 'Year 2026 is locked.' },
    })

    call(() => hook.last.retry())
    await pass(2_000)
    expect(hook.last).toMatchObject({ status: 'completed', canRetry: false })
    expect(sent[2]).toMatchObject({ method: 'POST', body: '{"Year":2026}' })
  })

  it('cancels on demand and says what became of it', async () => {
    const hook = recorder()
    const slow = () => new Promise<string>((resolve) => setTimeout(() => resolve('204 No Content'), 100))
    const { sent } = renderApp(<Reporter seen={hook.seen} />, { answers: [accepted, slow] })
    call(() => hook.last.start({ Year: 2026 }))
    await pass(0)
    const outcome = call(() => hook.last.cancel())
    await pass(0)
    expect(hook.last).toMatchObject({ status: 'cancelling', isActive: true, canCancel: false })
    await pass(100)
    expect(await outcome).toBe('cancelled')
    expect(hook.last).toMatchObject({ status: 'cancelled', result: undefined, error: undefined, canRetry: true })
    expect(sent[1]?.method).toBe('DELETE')
    await pass(3_600_000)
    expect(sent).toHaveLength(2)
  })

  it('says that it cannot be cancelled after the service said so', async () => {
    const hook = recorder()
    renderApp(<Reporter seen={hook.seen} />, { answers: [accepted, '405 Method Not Allowed', succeeded] })
    call(() => hook.last.start({ Year: 2026 }))
    await pass(0)
    void call(() => hook.last.cancel())
    await pass(0)
    expect(hook.last).toMatchObject({ status: 'running', canCancel: false })
    await pass(2_000)
    expect(hook.last.status).toBe('completed')
  })

  it('startAsync gives the result, and rejects with the error', async () => {
    const hook = recorder()
    renderApp(<Reporter seen={hook.seen} />, { answers: [accepted, succeeded, '400 Bad\n\n'] })
    const first = call(() => hook.last.startAsync({ Year: 2026 }))
    await pass(2_000)
    await expect(first).resolves.toEqual({ '@context': '$metadata#Reports/$entity', ID: 1, Title: 'Annual report' })
    const second = rejection(call(() => hook.last.startAsync({ Year: 2026 })))
    await pass(0)
    expect(await second).toMatchObject({ kind: 'service', status: 400 })
  })

  it('startAsync rejects after a cancel', async () => {
    const hook = recorder()
    renderApp(<Reporter seen={hook.seen} />, { answers: [accepted, '204 No Content'] })
    const failed = rejection(call(() => hook.last.startAsync({ Year: 2026 })))
    await pass(0)
    void call(() => hook.last.cancel())
    await pass(0)
    expect(isOperationCancelledError(await failed)).toBe(true)
  })

  it('calls each callback once, the newest ones, and also when the component is gone', async () => {
    const hook = recorder()
    const old = vi.fn()
    const callbacks = { onCompleted: vi.fn(), onFailed: vi.fn(), onSettled: vi.fn() }
    const { show } = renderApp(<Reporter seen={hook.seen} onCompleted={old} />, { answers: [accepted, succeeded] })
    call(() => hook.last.start({ Year: 2026 }))
    await pass(0)
    show(<Reporter seen={hook.seen} {...callbacks} />)
    show(null)
    await pass(10_000)
    expect(old).not.toHaveBeenCalled()
    expect(callbacks.onCompleted).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ ID: 1 }),
      expect.objectContaining({ status: 'completed' }),
    )
    expect(callbacks.onSettled).toHaveBeenCalledTimes(1)
    expect(callbacks.onFailed).not.toHaveBeenCalled()
  })

  it('takes the path of a bound action and the body from the parameters', async () => {
    const hook = recorder()
    const { sent } = renderApp(
      <Reporter seen={hook.seen} action={({ Year }) => `Years(${Year})/Sales.Close`} body={() => ({ Force: true })} />,
      { answers: ['204 No Content'] },
    )
    call(() => hook.last.start({ Year: 2026 }))
    await pass(0)
    expect(sent[0]).toMatchObject({ url: `${SERVICE}Years(2026)/Sales.Close`, body: '{"Force":true}' })
  })

  it('sends nothing while one is active, and gives the promise of the one under way', async () => {
    const hook = recorder()
    const { sent } = renderApp(<Reporter seen={hook.seen} />, { answers: [accepted, succeeded] })
    const first = call(() => hook.last.startAsync({ Year: 2026 }))
    const second = call(() => hook.last.startAsync({ Year: 2027 }))
    await pass(2_000)
    expect(await second).toBe(await first)
    expect(sent).toHaveLength(2)
  })

  it('reset forgets an operation after its end, and not before', async () => {
    const hook = recorder()
    renderApp(<Reporter seen={hook.seen} id="annual" />, { answers: [accepted, succeeded] })
    call(() => hook.last.start({ Year: 2026 }))
    await pass(0)
    call(() => hook.last.reset())
    await pass(0)
    expect(hook.last.status).toBe('running')
    await pass(2_000)
    call(() => hook.last.reset())
    await pass(0)
    expect(hook.last.status).toBe('idle')
  })

  it('checkNow polls before its time, once', async () => {
    const hook = recorder()
    const { sent } = renderApp(<Reporter seen={hook.seen} />, { answers: [accepted, stillRunning, succeeded] })
    call(() => hook.last.start({ Year: 2026 }))
    await pass(1_000)
    void call(() => hook.last.checkNow())
    void call(() => hook.last.checkNow())
    await pass(0)
    expect(sent).toHaveLength(2)
    await pass(2_000)
    expect(hook.last.status).toBe('completed')
  })

  it('renders nothing for a hundred polls that change nothing', async () => {
    const hook = recorder()
    const onRender = vi.fn()
    const answers = [accepted, ...Array.from({ length: 100 }, () => stillRunning), succeeded]
    renderApp(
      <Profiler id="reporter" onRender={onRender}>
        <Reporter seen={hook.seen} />
      </Profiler>,
      { answers },
    )
    call(() => hook.last.start({ Year: 2026 }))
    await pass(0)
    const before = onRender.mock.calls.length
    await pass(200_000)
    expect(onRender.mock.calls.length - before).toBe(0)
    await pass(2_000)
    expect(hook.last.status).toBe('completed')
    expect(onRender.mock.calls.length - before).toBe(1)
  })

  it('keeps its functions the same from render to render, and the whole object between changes', async () => {
    const hook = recorder()
    const { show } = renderApp(<Reporter seen={hook.seen} />, { answers: [accepted] })
    const before = hook.last
    show(<Reporter seen={hook.seen} />)
    expect(hook.last).toBe(before)
    call(() => hook.last.start({ Year: 2026 }))
    await pass(0)
    expect(hook.last).not.toBe(before)
    for (const verb of ['start', 'startAsync', 'cancel', 'checkNow', 'retry', 'reset'] as const) {
      expect(hook.last[verb]).toBe(before[verb])
    }
  })

  it.each(['useODataAction', 'useODataOperation', 'useODataOperations'])(
    '%s outside of a provider throws an error that says what to put where',
    (name) => {
      const hooks: Record<string, () => unknown> = {
        useODataAction: () => useODataAction({ action: 'Rebuild' }),
        useODataOperation: () => useODataOperation({ id: 'x' }),
        useODataOperations: () => useODataOperations(),
      }
      const errors: unknown[] = []
      vi.spyOn(console, 'error').mockImplementation(() => {})
      function Alone() {
        hooks[name]?.()
        return null
      }
      try {
        render(<Alone />)
      } catch (error) {
        errors.push(error)
      }
      vi.restoreAllMocks()
      expect(isODataConfigurationError(errors[0])).toBe(true)
      expect((errors[0] as Error).message).toContain(`\`${name}\` needs an \`ODataProvider\``)
    },
  )

  it.each([
    ['an empty action', { action: '' }, 'action'],
    [
      'a pollInterval of 0',
      { pollInterval: 0 },
      '`pollInterval` is 0. It must be from 1 to 2147483647 ms, or left out.',
    ],
    ['a pollInterval of NaN', { pollInterval: Number.NaN }, '`pollInterval` is NaN.'],
    ['a pollInterval of -1', { pollInterval: -1 }, '`pollInterval` is -1.'],
    ['a pollInterval of 2^40', { pollInterval: 2 ** 40 }, '`pollInterval` is 1099511627776.'],
  ])('start with %s throws, startAsync rejects, and nothing is sent', async (_, options, text) => {
    const hook = recorder()
    const { sent } = renderApp(<Reporter seen={hook.seen} {...options} />, { answers: [] })
    expect(() => hook.last.start({ Year: 2026 })).toThrow(text)
    const error = await rejection(call(() => hook.last.startAsync({ Year: 2026 })))
    expect(isODataConfigurationError(error)).toBe(true)
    await pass(10_000)
    expect(sent).toHaveLength(0)
    expect(hook.last.status).toBe('idle')
  })
})

describe('useODataOperation', () => {
  function Watcher({
    onResult,
    ...options
  }: {
    id?: string
    monitorUrl?: string
    onResult?: (result: Report) => void
  }) {
    const { status, result } = useODataOperation<Report>({ ...(options as { id: string }), onCompleted: onResult })
    return <p>{result?.Title ?? status}</p>
  }

  it('shows an operation that another component started, and asks nothing by itself', async () => {
    const hook = recorder()
    const onResult = vi.fn()
    const { sent } = renderApp(
      <>
        <Reporter seen={hook.seen} id="annual" />
        <Watcher id="annual" onResult={onResult} />
      </>,
      { answers: [accepted, succeeded] },
    )
    expect(screen.getByText('idle', { selector: 'p' })).toBeDefined()
    call(() => hook.last.start({ Year: 2026 }))
    await pass(0)
    expect(screen.getByText('running', { selector: 'p' })).toBeDefined()
    await pass(2_000)
    expect(screen.getByText('Annual report')).toBeDefined()
    expect(onResult).toHaveBeenCalledTimes(1)
    expect(sent).toHaveLength(2)
  })

  it('takes up an operation by the URL of its monitor, once for all components', async () => {
    const { sent } = renderApp(
      <>
        <Watcher monitorUrl="/jobs/7" />
        <Watcher monitorUrl="/jobs/7" />
      </>,
      { answers: [succeeded], strict: true },
    )
    await pass(1_000)
    expect(screen.getAllByText('Annual report')).toHaveLength(2)
    expect(sent.map(({ url }) => url)).toEqual([MONITOR])
  })

  it('takes up an operation that comes with the cache, as after a reload', async () => {
    const hook = recorder()
    const first = renderApp(<Reporter seen={hook.seen} id="annual" />, { answers: [accepted] })
    call(() => hook.last.start({ Year: 2026 }))
    await pass(0)
    const [query] = first.queryClient.getQueryCache().getAll()
    const stored = JSON.parse(JSON.stringify(query?.state.data))
    first.unmount()

    const queryClient = new QueryClient()
    queryClient.setQueryData(['odata', 'operation', 'annual'], stored)
    const { sent } = renderApp(<Watcher id="annual" />, { answers: [succeeded], queryClient })
    expect(screen.getByText('running')).toBeDefined()
    await pass(2_000)
    expect(screen.getByText('Annual report')).toBeDefined()
    expect(sent.map(({ method }) => method)).toEqual(['GET'])
  })
})

describe('useODataOperations', () => {
  it('lists the newest first, narrows by status, and is the same array until something visible changes', async () => {
    const hook = recorder()
    const lists: unknown[] = []
    function List() {
      const active = useODataOperations({ status: ['pending', 'running'] })
      const all = useODataOperations()
      useEffect(() => void lists.push(active), [active])
      return <p>{`${active.length} of ${all.length}: ${all.map(({ id }) => id).join()}`}</p>
    }
    const { show } = renderApp(<List />, {
      answers: [accepted, accepted, succeeded, stillRunning, stillRunning, stillRunning],
    })
    expect(screen.getByText('0 of 0:', { exact: false })).toBeDefined()
    for (const id of ['first', 'second']) {
      show(
        <>
          <Reporter key={id} id={id} seen={hook.seen} />
          <List key="list" />
        </>,
      )
      call(() => hook.last.start({ Year: 2026 }))
      await pass(0)
    }
    expect(screen.getByText('2 of 2: second,first')).toBeDefined()
    await pass(2_000)
    expect(screen.getByText('1 of 2: second,first')).toBeDefined()
    const count = lists.length
    await pass(4_000)
    expect(lists).toHaveLength(count)
  })
})
