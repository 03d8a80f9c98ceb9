import { dehydrate, hydrate, QueryClient } from '@tanstack/react-query'
import { act } from '@testing-library/react'
import { Profiler, useEffect } from 'react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  type BatchEntry,
  type BatchItem,
  type BatchRequest,
  type BatchResult,
  changeSet,
  create,
  get,
  update,
} from '../../src/core/index.js'
import { persistOperations } from '../../src/react/persistOperations.js'
import { type UseODataBatchOptions, type UseODataBatchResult, useODataBatch } from '../../src/react/useODataBatch.js'
import { type UseODataOperationResult, useODataOperation } from '../../src/react/useODataOperation.js'
import { batchRecord, monitorOf, START } from '../support/batchRecords.js'
import { openOtherTab } from '../support/otherTab.js'
import { call, pass, renderApp } from '../support/renderApp.js'
import { accepted, MONITOR, SERVICE, stillRunning } from '../support/scriptedClient.js'
import type { Answer, SentRequest } from '../support/scriptedWire.js'
import { stubTabs } from '../support/stubTabs.js'

beforeEach(() => void vi.useFakeTimers({ now: START }))
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

const DAY = 86_400_000

interface Row {
  readonly Name: string
}

type Requests = readonly BatchEntry[]
type Hook = UseODataBatchResult<Requests, Requests>
type Options = Partial<UseODataBatchOptions<Requests, Requests>>

let hook: Hook
let watched: UseODataOperationResult<BatchResult>
let renders = 0

const asGiven = (given: Requests) => given

function Saver(options: Options) {
  const batch = useODataBatch<Requests, Requests>({ requests: asGiven, format: 'json', ...options })
  useEffect(() => {
    hook = batch
  })
  return <p>{batch.status}</p>
}

function Watcher({ id }: { readonly id: string }) {
  const operation = useODataOperation<BatchResult>({ id })
  useEffect(() => {
    watched = operation
  })
  return null
}

const counted = (options: Options) => (
  <Profiler
    id="saver"
    onRender={() => {
      renders += 1
    }}
  >
    <Saver {...options} />
  </Profiler>
)

interface Page extends Options {
  readonly answers?: readonly Answer[]
  readonly strict?: boolean
  readonly queryClient?: QueryClient
}

function open({ answers = [], strict = false, queryClient = new QueryClient(), ...options }: Page = {}) {
  renders = 0
  return renderApp(counted(options), { answers, strict, queryClient })
}

async function start(requests: Requests, page: Page) {
  const app = open(page)
  call(() => hook.start(requests))
  await pass(0)
  return app
}

const rows = (...names: string[]) => names.map((Name) => create<Row>('Rows', { Name }))

type Response = readonly [id: string, status: number, more?: object]

const ok = (id: string): Response => [id, 201, { body: { Name: `Row ${id}` } }]
const bad = (id: string, code = 'BAD'): Response => [
  id,
  400,
  { body: { error: { code, message: `Row ${id} is wrong.` } } },
]

function json(responses: readonly Response[], { status = '200 OK', nextLink = '', headers = '' } = {}): string {
  const body = {
    responses: responses.map(([id, code, more]) => ({ id, status: code, ...more })),
    ...(nextLink && { '@nextLink': nextLink }),
  }
  return `${status}\nContent-Type: application/json\n${headers}\n\n${JSON.stringify(body)}`.replace('\n\n\n', '\n\n')
}
const finished = (...responses: Response[]) => json(responses, { headers: 'AsyncResult: 200' })
const interim = (...responses: Response[]) =>
  json(responses, { headers: 'AsyncResult: 200', nextLink: `${SERVICE}$batch?rest` })

/** What of a batch was sent: the ids of the requests and their bodies. */
function sentRequests({ body }: SentRequest | undefined = {} as SentRequest) {
  const { requests } = JSON.parse(body) as { requests: { id: string; body?: Row }[] }
  return requests.map((request) => [request.id, request.body?.Name])
}

const outcomes = () => hook.items.map(({ outcome }) => outcome)

describe('useODataBatch', () => {
  it('sends the requests in one, and has the result of each', async () => {
    const { sent } = open({ answers: [json([ok('1'), ok('2')])] })
    expect(hook).toMatchObject({ status: 'idle', items: [], canRetryFailed: false, canRetry: false })
    call(() => hook.start(rows('A', 'B')))
    expect(outcomes()).toEqual(['waiting', 'waiting'])
    await pass(0)
    expect(sent).toHaveLength(1)
    expect(sent[0]).toMatchObject({ method: 'POST', url: `${SERVICE}$batch` })
    expect(sent[0]?.headers.prefer).toBe('respond-async')
    expect(sentRequests(sent[0])).toEqual([
      ['1', 'A'],
      ['2', 'B'],
    ])
    expect(hook).toMatchObject({
      status: 'completed',
      isAsync: false,
      progress: { percent: 100, completed: 2, total: 2 },
    })
    expect(hook.result?.results).toMatchObject([{ result: { Name: 'Row 1' } }, { result: { Name: 'Row 2' } }])
    expect(hook.result?.get('2')).toBe(hook.items[1])
    expect(hook).toMatchObject({ canRetryFailed: false, result: { allSucceeded: true } })
  })

  it('takes requests that do not depend on what start is given', async () => {
    function Reader() {
      const batch = useODataBatch({
        requests: [get<Row>('Rows(1)'), changeSet([update('Rows(2)', {})])],
        format: 'json',
      })
      useEffect(() => {
        if (batch.isIdle) batch.start()
      })
      return <p>{batch.result?.results[0].result?.Name ?? batch.status}</p>
    }
    const { sent } = renderApp(<Reader />, { answers: [json([ok('1'), ['2', 204]])] })
    await pass(0)
    expect(document.body.textContent).toBe('Row 1')
    expect(sent).toHaveLength(1)
  })

  it('refuses what cannot be sent when it is started', () => {
    open()
    expect(() => call(() => hook.start([]))).toThrow(expect.objectContaining({ kind: 'configuration' }))
  })

  it('gives one result to all: the promise, the callback, and whoever watches', async () => {
    const onCompleted = vi.fn()
    const answers = [accepted, finished(ok('1'))]
    const { show } = open({ answers, id: 'rows', onCompleted })
    const promise = call(() => hook.startAsync(rows('A')))
    show([<Saver key="saver" id="rows" onCompleted={onCompleted} />, <Watcher key="watcher" id="rows" />])
    await pass(2_000)
    const result = await promise
    expect(result.get('1')?.result).toEqual({ Name: 'Row 1' })
    expect(watched.result).toBe(result)
    expect(onCompleted).toHaveBeenCalledWith(result, watched.operation)
  })

  it('is failed when the service takes none of it, and starts all again', async () => {
    const answers = ['503 Service Unavailable', json([ok('1'), ok('2')])]
    const { sent } = await start(rows('A', 'B'), { answers })
    expect(hook).toMatchObject({ status: 'failed', error: { kind: 'service', status: 503 }, canRetry: true })
    call(() => hook.retry())
    await pass(0)
    expect(sentRequests(sent[1])).toEqual(sentRequests(sent[0]))
    expect(hook).toMatchObject({ status: 'completed', canRetry: false })
  })

  it('sends once in strict mode, and calls each callback once', async () => {
    const calls = { onItemSettled: vi.fn(), onCompleted: vi.fn(), onSettled: vi.fn() }
    const answers = [accepted, interim(ok('1')), finished(ok('2'))]
    const { sent } = await start(rows('A', 'B'), { answers, strict: true, id: 'rows', ...calls })
    await pass(DAY)
    expect(sent).toHaveLength(3)
    expect(calls.onItemSettled).toHaveBeenCalledTimes(2)
    expect(calls.onCompleted).toHaveBeenCalledOnce()
    expect(calls.onSettled).toHaveBeenCalledOnce()
  })

  it('keeps what was delivered when the answer ends too early', async () => {
    const answer = `200 OK\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: application/http\nContent-ID: 1\n\nHTTP/1.1 201 Created\nContent-Type: application/json\n\n{"Name":"Row 1"}\n--b\nContent-Type: app`
    await start(rows('A', 'B'), { answers: [answer] })
    expect(hook).toMatchObject({ status: 'completed', result: { isTruncated: true, allSucceeded: false } })
    expect(outcomes()).toEqual(['succeeded', 'lost'])
    expect(hook.canRetryFailed).toBe(false)
  })
})

describe('while answers come in', () => {
  it('each item is shown as soon as it has an outcome; the others stay the same objects', async () => {
    const answers = [accepted, interim(ok('2'), bad('1')), stillRunning, finished(ok('3'))]
    await start(rows('A', 'B', 'C'), { answers })
    expect(hook.progress).toMatchObject({ completed: 0, total: 3 })
    const before = hook.items
    await pass(2_000)
    expect(hook.status).toBe('running')
    expect(outcomes()).toEqual(['failed', 'succeeded', 'waiting'])
    expect(hook.progress).toMatchObject({ completed: 2, total: 3 })
    expect(hook.items.map((item, index) => item === before[index])).toEqual([false, false, true])
    const interimItems = hook.items
    await pass(4_000)
    expect(hook.status).toBe('completed')
    expect(outcomes()).toEqual(['failed', 'succeeded', 'succeeded'])
    expect(hook.items.map((item, index) => item === interimItems[index])).toEqual([true, true, false])
  })

  it('onItemSettled is called once for each, in the order of the requests, before the end is told', async () => {
    const told: string[] = []
    const onItemSettled = ({ id, outcome }: BatchItem, { status }: { status: string }) => {
      told.push(`${id} ${outcome} ${status}`)
      if (id === '2') throw new Error('a fault of the app')
    }
    const rejected = vi.fn()
    process.once('unhandledRejection', rejected)
    const answers = [accepted, interim(ok('2'), bad('1')), finished(ok('3'))]
    await start(rows('A', 'B', 'C'), { answers, onItemSettled, onSettled: () => void told.push('end') })
    await pass(4_000)
    expect(told).toEqual(['1 failed running', '2 succeeded running', '3 succeeded completed', 'end'])
    expect(rejected).toHaveBeenCalledOnce()
  })

  it('is called for a component that has gone, too', async () => {
    const onItemSettled = vi.fn()
    const { show } = await start(rows('A'), { answers: [accepted, finished(ok('1'))], onItemSettled })
    show(null)
    await pass(2_000)
    expect(onItemSettled).toHaveBeenCalledOnce()
  })

  it('a cancel before anything was delivered can be repeated', async () => {
    const app = await start(rows('A', 'B'), { answers: [accepted, '204 No Content', finished(ok('1'), ok('2'))] })
    call(() => hook.cancel())
    await pass(0)
    expect(hook).toMatchObject({ status: 'cancelled', canRetry: true })
    call(() => hook.retry())
    await pass(0)
    expect(hook.result?.allSucceeded).toBe(true)
    expect(app.sent).toHaveLength(3)
  })

  it('a cancel keeps what was delivered, and nothing of it can be sent again', async () => {
    const answers = [
      accepted,
      interim(ok('1')),
      `202 Accepted\nLocation: ${MONITOR}/rest\nRetry-After: 5`,
      '204 No Content',
    ]
    const onItemSettled = vi.fn()
    await start(rows('A', 'B'), { answers, onItemSettled })
    await pass(2_000)
    call(() => hook.cancel())
    await pass(0)
    expect(hook).toMatchObject({ status: 'cancelled', canRetry: false, canRetryFailed: false })
    expect(hook.items).toMatchObject([
      { outcome: 'succeeded', result: { Name: 'Row 1' } },
      { outcome: 'lost', error: { kind: 'cancelled' } },
    ])
    expect(onItemSettled.mock.calls.map(([item]) => item)).toEqual(hook.items)
  })

  it('a thousand items render once for what is seen, and not for polls that change nothing', async () => {
    const ids = Array.from({ length: 1_000 }, (_, index) => `${index + 1}`)
    const polls = Array.from({ length: 50 }, () => stillRunning)
    const answers = [
      accepted,
      ...polls,
      interim(...ids.slice(0, 500).map(ok)),
      ...polls,
      finished(...ids.slice(500).map(ok)),
    ]
    const { sent } = await start(rows(...ids), { answers })
    renders = 0
    await pass(100_000)
    expect(sent).toHaveLength(51)
    expect(renders).toBe(0)
    await pass(2_000)
    expect(hook.progress.completed).toBe(500)
    expect(renders).toBe(1)
    await pass(98_000)
    expect(sent).toHaveLength(101)
    // Only the monitor is another one.
    expect(renders).toBe(2)
    await pass(4_000)
    expect(hook.result?.allSucceeded).toBe(true)
    expect(renders).toBe(3)
  })
})

describe('retryFailed', () => {
  it('sends exactly what failed, and puts the answers in their places', async () => {
    const calls = { onItemSettled: vi.fn(), onCompleted: vi.fn(), onSettled: vi.fn() }
    const answers = [json([ok('1'), bad('2'), ok('3'), bad('4')]), accepted, finished(ok('4'), ok('2'))]
    const { sent } = await start(rows('A', 'B', 'C', 'D'), { answers, ...calls })
    expect(hook).toMatchObject({ status: 'completed', canRetry: false, canRetryFailed: true })
    expect(hook.result?.firstError).toMatchObject({ kind: 'service', code: 'BAD', message: 'Row 2 is wrong.' })
    const before = hook.items
    const { operation } = hook
    vi.clearAllMocks()
    call(() => {
      hook.retryFailed()
      hook.retryFailed()
    })
    await pass(0)
    expect(hook).toMatchObject({ status: 'running', canRetryFailed: false, progress: { completed: 2, total: 4 } })
    expect(hook.operation?.id).toBe(operation?.id)
    expect(outcomes()).toEqual(['succeeded', 'waiting', 'succeeded', 'waiting'])
    call(() => hook.retryFailed())
    await pass(2_000)
    expect(sent).toHaveLength(3)
    expect(sentRequests(sent[1])).toEqual([
      ['2', 'B'],
      ['4', 'D'],
    ])
    expect(hook.result?.allSucceeded).toBe(true)
    expect(hook.items.map((item, index) => item === before[index])).toEqual([true, false, true, false])
    expect(calls.onItemSettled.mock.calls.map(([{ id }]) => id)).toEqual(['2', '4'])
    expect(calls.onCompleted).toHaveBeenCalledOnce()
    expect(calls.onCompleted).toHaveBeenCalledWith(hook.result, hook.operation)
    expect(calls.onSettled).toHaveBeenCalledOnce()
    expect(hook.canRetryFailed).toBe(false)
  })

  it('sends what was corrected in the place of what failed', async () => {
    const { sent } = await start(rows('A', 'B'), {
      answers: [json([ok('1'), bad('2')]), json([bad('2')]), json([ok('2')])],
    })
    call(() => hook.retryFailed(rows('A', 'Better')))
    await pass(0)
    expect(sentRequests(sent[1])).toEqual([['2', 'Better']])
    call(() => hook.retryFailed())
    await pass(0)
    expect(sentRequests(sent[2])).toEqual([['2', 'Better']])
    expect(hook.result?.allSucceeded).toBe(true)
  })

  it('refuses other requests than before', async () => {
    const { sent } = await start(rows('A', 'B'), { answers: [json([ok('1'), bad('2')])] })
    expect(() => call(() => hook.retryFailed(rows('B')))).toThrow(expect.objectContaining({ kind: 'configuration' }))
    expect(() => call(() => hook.retryFailed([...rows('A'), get('Rows')]))).toThrow('other requests')
    expect(sent).toHaveLength(1)
    expect(hook.status).toBe('completed')
  })

  it('sends a change set as a whole', async () => {
    const set = [...rows('A'), changeSet(rows('B', 'C')), ...rows('D')]
    const failed: Response[] = [ok('1'), ['2', 424], bad('3'), ok('4')]
    const { sent } = await start(set, { answers: [json(failed), json([ok('2'), ok('3')])] })
    expect(outcomes()).toEqual(['succeeded', 'rolled-back', 'failed', 'succeeded'])
    call(() => hook.retryFailed())
    await pass(0)
    expect(sentRequests(sent[1]).map(([id]) => id)).toEqual(['2', '3'])
    expect(hook.result?.allSucceeded).toBe(true)
    expect(hook.result?.results).toMatchObject([{ id: '1' }, [{ id: '2' }, { id: '3' }], { id: '4' }])
  })

  it('sends what was never done because the batch failed as a whole; retry sends all', async () => {
    const { sent } = await start(rows('A', 'B'), { answers: ['413 Content Too Large', json([ok('1'), ok('2')])] })
    expect(outcomes()).toEqual(['not-executed', 'not-executed'])
    expect(hook).toMatchObject({ status: 'failed', canRetry: true, canRetryFailed: true })
    call(() => hook.retryFailed())
    await pass(0)
    expect(sent).toHaveLength(2)
    expect(hook.result?.allSucceeded).toBe(true)
  })

  it('that was lost itself is repeated by retry, without what was done before', async () => {
    const { sent } = await start(rows('A', 'B'), { answers: [json([ok('1'), bad('2')]), 'lost', json([ok('2')])] })
    call(() => hook.retryFailed())
    await pass(0)
    expect(hook).toMatchObject({ status: 'failed', error: { kind: 'network' }, canRetry: true, canRetryFailed: false })
    expect(outcomes()).toEqual(['succeeded', 'lost'])
    call(() => hook.retry())
    await pass(0)
    expect(sentRequests(sent[2])).toEqual([['2', 'B']])
    expect(hook.result?.allSucceeded).toBe(true)
  })

  it('sends what failed of a batch in pieces in as few as it takes', async () => {
    const answers = [json([bad('1'), ok('2')]), json([ok('3'), ok('4')]), json([bad('5')]), json([ok('1'), ok('5')])]
    const { sent } = await start(rows('A', 'B', 'C', 'D', 'E'), { answers, maxBatchSize: 2 })
    await pass(10)
    expect(sent).toHaveLength(3)
    expect(outcomes()).toEqual(['failed', 'succeeded', 'succeeded', 'succeeded', 'failed'])
    call(() => hook.retryFailed())
    await pass(10)
    expect(sentRequests(sent[3])).toEqual([
      ['1', 'A'],
      ['5', 'E'],
    ])
    expect(hook.result?.allSucceeded).toBe(true)
  })

  it('is offered to the component that started the batch only', async () => {
    const { show } = await start(rows('A'), { answers: [json([bad('1')])], id: 'rows' })
    expect(hook.canRetryFailed).toBe(true)
    show(<Saver key="another" id="rows" />)
    await pass(0)
    expect(outcomes()).toEqual(['failed'])
    expect(hook.canRetryFailed).toBe(false)
    call(() => hook.retryFailed())
    await pass(0)
    expect(hook.status).toBe('completed')
  })
})

describe('an `id` that two components share', () => {
  it('retries nothing of one component with the outcome of the batch of the other', async () => {
    const hooks: Record<string, Hook> = {}
    function Named({ name }: { readonly name: string }) {
      const batch = useODataBatch<Requests, Requests>({ requests: asGiven, format: 'json', id: 'rows' })
      useEffect(() => {
        hooks[name] = batch
      })
      return null
    }
    const { sent } = renderApp(
      <>
        <Named name="left" />
        <Named name="right" />
      </>,
      { answers: [json([ok('1'), bad('2')]), json([bad('1'), ok('2')])] },
    )
    call(() => hooks.left?.start(rows('A', 'B')))
    await pass(0)
    expect([hooks.left?.canRetryFailed, hooks.right?.canRetryFailed]).toEqual([true, false])
    await pass(10)
    call(() => hooks.right?.start(rows('C', 'D')))
    await pass(0)
    expect([hooks.left?.canRetryFailed, hooks.right?.canRetryFailed]).toEqual([false, true])

    call(() => hooks.left?.retryFailed())
    await pass(0)
    expect(sent).toHaveLength(2)
  })
})

describe('requests that the service works on by themselves', () => {
  const onTheirOwn = (...names: string[]): BatchRequest[] =>
    names.map((Name) => create<Row>('Rows', { Name }, { respondAsync: true }))
  const pending = (id: string, seconds = 2): Response => [
    id,
    202,
    { headers: { location: monitorOf(id), 'retry-after': `${seconds}` } },
  ]
  const created = '200 OK\nAsyncResult: 201\nContent-Type: application/json\n\n{"Name":"Made"}'
  const rejected =
    '200 OK\nAsyncResult: 409\nContent-Type: application/json\n\n{"error":{"code":"TAKEN","message":"Taken."}}'

  it('are followed after the end of the batch, and told of at their own end', async () => {
    const told: string[] = []
    const onItemSettled = ({ id, outcome }: BatchItem) => void told.push(`${id} ${outcome}`)
    const onSettled = () => void told.push('end')
    const answers = [json([pending('1', 4), ok('2'), pending('3')]), created, rejected]
    const { sent } = await start(onTheirOwn('A', 'B', 'C'), { answers, onItemSettled, onSettled })
    expect(hook.status).toBe('completed')
    expect(outcomes()).toEqual(['pending', 'succeeded', 'pending'])
    expect(hook).toMatchObject({ canRetryFailed: false, result: { allSucceeded: false, hasErrors: false } })
    expect(told).toEqual(['2 succeeded', 'end'])
    await pass(2_000)
    expect(outcomes()).toEqual(['pending', 'succeeded', 'succeeded'])
    expect(hook.items[2]).toMatchObject({ status: 201, result: { Name: 'Made' } })
    await pass(2_000)
    expect(outcomes()).toEqual(['failed', 'succeeded', 'succeeded'])
    expect(hook.result?.firstError).toMatchObject({ code: 'TAKEN' })
    expect(told.slice(2)).toEqual(['3 succeeded', '1 failed'])
    await pass(DAY)
    expect(sent).toHaveLength(3)
  })

  it('are told of though the component has gone, and to one that came in its place, once', async () => {
    const first = vi.fn()
    const second = vi.fn()
    const answers = [json([pending('1'), pending('2', 10)]), created, created]
    const { show } = await start(onTheirOwn('A', 'B'), { answers, id: 'rows', onItemSettled: first })
    show(null)
    await pass(2_000)
    expect(first).toHaveBeenCalledOnce()
    show(<Saver id="rows" onItemSettled={second} />)
    await pass(10_000)
    expect(first).toHaveBeenCalledOnce()
    expect(second).toHaveBeenCalledOnce()
  })

  it('are sent again when they failed at last, and those that succeeded are not', async () => {
    const answers = [json([pending('1'), pending('2')]), created, rejected, json([pending('2')]), created]
    const { sent } = await start(onTheirOwn('A', 'B'), { answers })
    await pass(2_000)
    expect(outcomes()).toEqual(['succeeded', 'failed'])
    expect(hook.canRetryFailed).toBe(true)
    call(() => hook.retryFailed())
    await pass(0)
    expect(sentRequests(sent[3])).toEqual([['2', 'B']])
    expect(outcomes()).toEqual(['succeeded', 'pending'])
    await pass(2_000)
    expect(hook.result?.allSucceeded).toBe(true)
    await pass(DAY)
    expect(sent).toHaveLength(5)
  })

  it('that still go on are not disturbed by a retry of others', async () => {
    const answers = [json([pending('1', 10), bad('2')]), json([ok('2')]), created]
    const { sent } = await start(onTheirOwn('A', 'B'), { answers })
    call(() => hook.retryFailed())
    await pass(0)
    expect(outcomes()).toEqual(['pending', 'succeeded'])
    await pass(10_000)
    expect(sent.map(({ url }) => url)).toEqual([`${SERVICE}$batch`, `${SERVICE}$batch`, monitorOf('1')])
    expect(hook.result?.allSucceeded).toBe(true)
  })
})

describe('after a reload', () => {
  const copy = (queryClient: QueryClient) => {
    const { dehydrateOptions } = persistOperations()
    const next = new QueryClient()
    hydrate(next, JSON.parse(JSON.stringify(dehydrate(queryClient, dehydrateOptions))))
    return next
  }

  it('a batch goes on with what was delivered before, and its result is as good as any', async () => {
    const onItemSettled = vi.fn()
    const first = await start(rows('A', 'B', 'C'), {
      answers: [accepted, interim(ok('1')), stillRunning],
      id: 'rows',
      onItemSettled,
    })
    await pass(2_000)
    expect(onItemSettled).toHaveBeenCalledOnce()
    const queryClient = copy(first.queryClient)
    first.unmount()
    onItemSettled.mockClear()
    const { sent } = open({ queryClient, answers: [finished(bad('3'), ok('2'))], id: 'rows', onItemSettled })
    expect(outcomes()).toEqual(['succeeded', 'waiting', 'waiting'])
    await pass(2_000)
    // What reads the answer is loaded when it is needed.
    await act(() => vi.dynamicImportSettled())
    await pass(0)
    expect(hook.status).toBe('completed')
    expect(sent).toHaveLength(1)
    expect(hook.result?.get('1')?.result).toEqual({ Name: 'Row 1' })
    expect(hook.result?.failed).toMatchObject([{ id: '3', error: { message: 'Row 3 is wrong.' } }])
    expect(onItemSettled.mock.calls.map(([{ id }]) => id)).toEqual(['2', '3'])
    expect(hook.canRetryFailed).toBe(false)
  })

  it('a batch that had ended has its result, and tells nothing again', async () => {
    const first = await start(rows('A', 'B'), { answers: [json([ok('1'), bad('2')])], id: 'rows' })
    const queryClient = copy(first.queryClient)
    first.unmount()
    const onItemSettled = vi.fn()
    open({ queryClient, id: 'rows', onItemSettled })
    await pass(DAY)
    expect(hook.result).toMatchObject({ hasErrors: true, firstError: { code: 'BAD' } })
    expect(hook.result?.get('2')?.error).toBeInstanceOf(Error)
    expect(onItemSettled).not.toHaveBeenCalled()
  })

  it('nothing is stored of the bodies of errors', async () => {
    const first = await start(rows('A'), { answers: [json([bad('1', 'SECRET')])], id: 'rows' })
    expect(hook.operation?.batch?.items[0]?.error?.body).toContain('SECRET')
    const state = JSON.stringify(dehydrate(first.queryClient, persistOperations().dehydrateOptions))
    expect(JSON.parse(state).queries[0].state.data.batch.items[0].error).toEqual({
      kind: 'service',
      message: 'Row 1 is wrong.',
      code: 'SECRET',
      status: 400,
    })
  })
})

describe('in another tab', () => {
  it('what is told again renders nothing, and items that did not change stay the same objects', async () => {
    stubTabs()
    const other = openOtherTab()
    const items = ['1', '2'].map((id) => ({ id, method: 'POST', url: `${SERVICE}Rows`, outcome: 'waiting' as const }))
    const running = batchRecord(items, {
      status: 'running',
      monitorUrl: MONITOR,
      nextPollAt: START + 60_000,
      settledAt: undefined,
      progress: { percent: null, completed: 0, total: 2 },
    })
    other.lead(running, () => {})
    const queryClient = new QueryClient()
    queryClient.setQueryData(['odata', 'operation', 'rows'], running)
    open({ queryClient, id: 'rows' })
    await pass(1_000)
    const before = hook.items
    renders = 0
    other.send('told', { ...running, revision: 2 })
    await pass(10)
    expect(renders).toBe(0)
    const done = { ...items[1], outcome: 'succeeded', status: 201 } as const
    other.send('told', { ...running, revision: 3, batch: { items: [items[0]!, { ...items[1]!, ...done }] } })
    await pass(10)
    expect(outcomes()).toEqual(['waiting', 'succeeded'])
    expect(hook.items[0]).toBe(before[0])
    expect(renders).toBe(1)
  })
})
