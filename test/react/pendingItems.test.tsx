import { dehydrate, hydrate, notifyManager, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { Profiler, type ReactNode, useEffect } from 'react'
import { renderToString } from 'react-dom/server'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { BatchResult, OperationRecord } from '../../src/core/index.js'
import { ODataProvider } from '../../src/react/ODataProvider.js'
import { odataOperationKey } from '../../src/react/odataOperationKey.js'
import { type UseODataOperationResult, useODataOperation } from '../../src/react/useODataOperation.js'
import { useODataOperations } from '../../src/react/useODataOperations.js'
import { batchItem, batchRecord, monitorOf, pendingItem, START } from '../support/batchRecords.js'
import { call, pass, renderApp } from '../support/renderApp.js'
import { scriptedClient } from '../support/scriptedClient.js'
import type { Answer } from '../support/scriptedWire.js'

beforeEach(() => void vi.useFakeTimers({ now: START }))
afterEach(() => {
  vi.useRealTimers()
})

const DAY = 86_400_000

const created = (id: number) => `200 OK
  AsyncResult: 201
  Content-Type: application/json
  ETag: W/"${id}"

  {"ID":${id}}`
const rejected = `200 OK
  AsyncResult: 400
  Content-Type: application/json

  {"error":{"code":"TAKEN","message":"There is such a row."}}`
const working = (percent: number) => `202 Accepted
  Retry-After: 2
  Content-Type: application/json

  {"percentComplete":${percent}}`
const gone = '404 Not Found'

const hooks: Record<string, UseODataOperationResult> = {}

function Watch({ id }: { readonly id: string }) {
  const operation = useODataOperation({ id })
  useEffect(() => {
    hooks[id] = operation
  })
  return <p>{operation.status}</p>
}

/** What the batch's own hook shows. */
const batch = () => hooks.rows as UseODataOperationResult<BatchResult>
const outcomes = () => batch().operation?.batch?.items.map(({ outcome }) => outcome)

interface Page {
  readonly record?: OperationRecord
  readonly answers?: readonly Answer[]
  readonly ui?: ReactNode
  readonly strict?: boolean
  readonly queryClient?: QueryClient
}

/** Opens a page that finds a batch in its cache. */
async function open({ record, answers = [], ui, queryClient = new QueryClient(), ...options }: Page) {
  if (record) queryClient.setQueryData(odataOperationKey(record.id), record)
  const app = renderApp(ui ?? <Watch id="rows" />, { answers, queryClient, ...options })
  await pass(0)
  return app
}

const stored = (queryClient: QueryClient): OperationRecord =>
  queryClient.getQueryData(odataOperationKey('rows')) as OperationRecord

describe('a request of a batch that the service works on by itself', () => {
  it('is watched as an operation of its own, which the batch follows', async () => {
    const record = batchRecord([batchItem('1', { outcome: 'succeeded', status: 201 }), pendingItem('2')])
    const ui = ['rows', 'rows/2'].map((id) => <Watch key={id} id={id} />)
    const { sent } = await open({ record, ui, answers: [working(40), created(2)] })
    expect(hooks['rows/2']?.status).toBe('running')
    expect(outcomes()).toEqual(['succeeded', 'pending'])
    await pass(2_000)
    expect(sent[0]).toMatchObject({ method: 'GET', url: monitorOf('2') })
    expect(hooks['rows/2']?.progress.percent).toBe(40)
    expect(batch().result?.get('2')?.operation).toBe(hooks['rows/2']?.operation)
    await pass(2_000)
    expect(hooks['rows/2']).toMatchObject({ status: 'completed', result: { ID: 2 } })
    expect(batch().result?.get('2')).toMatchObject({
      outcome: 'succeeded',
      status: 201,
      headers: { etag: 'W/"2"' },
      result: { ID: 2 },
      operation: undefined,
    })
    expect(batch().result?.allSucceeded).toBe(true)
    await pass(DAY)
    expect(sent).toHaveLength(2)
  })

  it.each([
    ['answers with an error', rejected, 'failed', { kind: 'service', status: 400, code: 'TAKEN' }],
    ['lets its monitor go', gone, 'lost', { kind: 'expired' }],
  ] as const)('is no longer pending when the service %s', async (_, answer, outcome, error) => {
    await open({
      record: batchRecord([pendingItem('1'), pendingItem('2', { nextPollAt: START + DAY })]),
      answers: [working(5), answer],
    })
    await pass(4_000)
    expect(outcomes()).toEqual([outcome, 'pending'])
    expect(batch().result?.get('1')?.error).toMatchObject(error)
    expect(batch().result?.failed).toHaveLength(1)
  })

  it('is lost when it is cancelled: part of it may have been done', async () => {
    const ui = ['rows', 'rows/1'].map((id) => <Watch key={id} id={id} />)
    await open({ record: batchRecord([pendingItem('1')]), ui, answers: ['204 No Content'] })
    void call(() => hooks['rows/1']?.cancel())
    await pass(0)
    expect(batch().result?.get('1')).toMatchObject({
      outcome: 'lost',
      error: { kind: 'cancelled' },
      operation: undefined,
    })
  })

  it('stays what it is when its operation was taken out of the cache, and is not watched again', async () => {
    const record = batchRecord([pendingItem('1'), pendingItem('2')])
    const { queryClient, sent } = await open({ record, answers: [created(2)] })
    call(() => queryClient.removeQueries({ queryKey: odataOperationKey('rows/1') }))
    const next = { ...record, batch: { ...record.batch, items: [...record.batch!.items] } }
    call(() => queryClient.setQueryData(odataOperationKey('rows'), next))
    await pass(DAY)
    expect(sent.map(({ url }) => url)).toEqual([monitorOf('2')])
    expect(outcomes()).toEqual(['pending', 'succeeded'])
  })

  it('is watched once, in strict mode and by a provider that is mounted anew too', async () => {
    const { show, sent } = await open({ record: batchRecord([pendingItem('1')]), answers: [created(1)], strict: true })
    show(<Watch id="rows" />, { pauseWhenHidden: true })
    await pass(DAY)
    expect(sent).toHaveLength(1)
    expect(outcomes()).toEqual(['succeeded'])
  })

  it('is watched while no component shows the batch', async () => {
    const { sent } = await open({ record: batchRecord([pendingItem('1')]), answers: [created(1)], ui: <p /> })
    await pass(10_000)
    expect(sent).toHaveLength(1)
  })

  it('is kept in the cache after its end for as long as the batch is', async () => {
    const { queryClient, show } = await open({ record: batchRecord([pendingItem('1')]), answers: [created(1)] })
    await pass(DAY)
    expect(outcomes()).toEqual(['succeeded'])
    show(null)
    await pass(DAY)
    expect(queryClient.getQueryCache().getAll()).toEqual([])
  })

  it('of another run of the batch is another operation', async () => {
    const { queryClient, sent } = await open({
      record: batchRecord([pendingItem('1')]),
      answers: [rejected, created(1)],
    })
    await pass(2_000)
    expect(outcomes()).toEqual(['failed'])
    const again = pendingItem('1', { submittedAt: START + 2_000, nextPollAt: START + 4_000 })
    call(() =>
      queryClient.setQueryData(odataOperationKey('rows'), batchRecord([again], { submittedAt: START + 1_500 })),
    )
    await pass(0)
    expect(outcomes()).toEqual(['pending'])
    await pass(2_000)
    expect(sent).toHaveLength(2)
    expect(outcomes()).toEqual(['succeeded'])
  })

  it('is shown as it is on a server, where nothing is watched', async () => {
    const { client, sent } = scriptedClient([])
    const queryClient = new QueryClient()
    const record = batchRecord([pendingItem('1'), pendingItem('2')])
    queryClient.setQueryData(odataOperationKey('rows'), record)
    const done = { ...record.batch?.items[1]?.operation, status: 'completed', result: { ID: 2 } }
    queryClient.setQueryData(odataOperationKey('rows/2'), done)
    function Page() {
      const { operation } = useODataOperation({ id: 'rows' })
      return <p>{operation?.batch?.items.map(({ outcome }) => outcome).join()}</p>
    }
    const page = (
      <QueryClientProvider client={queryClient}>
        <ODataProvider client={client}>
          <Page />
        </ODataProvider>
      </QueryClientProvider>
    )
    expect(renderToString(page)).toBe('<p>pending,succeeded</p>')
    await pass(DAY)
    expect(sent).toEqual([])
  })

  it('without a usable operation stays pending and harms nothing', async () => {
    const operation = { id: 7 } as unknown as OperationRecord
    await open({ record: batchRecord([batchItem('1', { outcome: 'pending', operation })]) })
    expect(outcomes()).toEqual(['pending'])
  })
})

describe('after a reload', () => {
  /** What a storage keeps of a cache. */
  const copy = (queryClient: QueryClient) => {
    const state = JSON.parse(JSON.stringify(dehydrate(queryClient)))
    const next = new QueryClient()
    hydrate(next, state)
    return next
  }

  it('pending requests are watched from where they were: those that have ended are not asked for again', async () => {
    const record = batchRecord([pendingItem('1'), pendingItem('2', { nextPollAt: START + 60_000 })])
    const before = await open({ record, answers: [created(1)] })
    await pass(2_000)
    const queryClient = copy(before.queryClient)
    before.unmount()
    const { sent } = await open({ queryClient, answers: [created(2)] })
    expect(outcomes()).toEqual(['succeeded', 'pending'])
    await pass(DAY)
    expect(sent.map(({ url }) => url)).toEqual([monitorOf('2')])
    expect(batch().result?.succeeded.map(({ result }) => result)).toEqual([{ ID: 1 }, { ID: 2 }])
  })

  it('what comes into the cache of a mounted provider at once is taken as one state', async () => {
    const before = await open({ record: batchRecord([pendingItem('1')]), answers: [created(1)] })
    await pass(2_000)
    const state = JSON.parse(JSON.stringify(dehydrate(before.queryClient)))
    before.unmount()
    const { queryClient, sent } = await open({})
    call(() => hydrate(queryClient, state))
    await pass(DAY)
    expect(sent).toEqual([])
    expect(outcomes()).toEqual(['succeeded'])
  })

  it('pending requests of which only the batch is known are watched', async () => {
    const queryClient = new QueryClient()
    const record = JSON.parse(JSON.stringify(batchRecord([pendingItem('1')])))
    const { sent } = await open({ queryClient, record, answers: [created(1)] })
    await pass(DAY)
    expect(sent).toHaveLength(1)
    expect(outcomes()).toEqual(['succeeded'])
  })
})

describe('many of them', () => {
  const COUNT = 200
  const ids = Array.from({ length: COUNT }, (_, index) => `${index + 1}`)

  it('make components render for what is seen only, and once for what comes at once', async () => {
    const answers = Array.from({ length: COUNT }, (_, index) => created(index))
    const renders = { batch: 0, list: 0 }
    const count = (name: keyof typeof renders) => {
      renders[name] += 1
    }
    const List = () => <p>{useODataOperations().length}</p>
    const ui = (
      <>
        <Profiler id="batch" onRender={() => count('batch')}>
          <Watch id="rows" />
        </Profiler>
        <Profiler id="list" onRender={() => count('list')}>
          <List />
        </Profiler>
      </>
    )
    const { queryClient, sent } = await open({ answers, ui })
    expect(renders).toEqual({ batch: 1, list: 1 })
    await pass(0)
    const record = batchRecord(ids.map((id) => pendingItem(id)))
    call(() => notifyManager.batch(() => queryClient.setQueryData(odataOperationKey('rows'), record)))
    await pass(0)
    // One for the batch, one for what it names.
    expect(renders.batch).toBe(2)
    expect(renders.list).toBeLessThanOrEqual(3)
    await pass(10_000)
    expect(sent).toHaveLength(COUNT)
    expect(outcomes()?.every((outcome) => outcome === 'succeeded')).toBe(true)
    expect(stored(queryClient).batch).toBe(record.batch)
  })

  it('keep the items that did not change', async () => {
    const items = [
      batchItem('1', { outcome: 'succeeded' }),
      pendingItem('2'),
      pendingItem('3', { nextPollAt: START + DAY }),
    ]
    await open({ record: batchRecord(items), answers: [created(2)] })
    const before = batch().result?.items ?? []
    await pass(2_000)
    const after = batch().result?.items ?? []
    expect(after.map((item, index) => item === before[index])).toEqual([true, false, true])
  })
})
