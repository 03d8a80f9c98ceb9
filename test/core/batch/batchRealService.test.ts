import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  type BatchOptions,
  changeSet,
  create,
  createODataClient,
  get,
  type ODataClientOptions,
  type OperationRecord,
  prepareBatch,
  reference,
  request,
  update,
} from '../../../src/core/index.js'
import { type RunningODataService, startODataService } from '../../service/odataService.js'

interface Product {
  readonly ID: number
  readonly Name: string
  readonly Price: number
}

let service: RunningODataService
beforeAll(async () => {
  service = await startODataService({ service: ['no-retry-after'] })
})
beforeEach(() => service.reset())
afterAll(() => service.close())

const connect = (options: Partial<ODataClientOptions> = {}) =>
  createODataClient({ serviceUrl: service.url, polling: { interval: 5, minInterval: 5 }, ...options })

const batches = () => service.requests().filter(({ method, url }) => method === 'POST' && url.endsWith('$batch'))

const ways = [
  { way: 'at once', options: { respondAsync: false } },
  { way: 'later', options: { headers: { 'x-test-duration': '60' } } },
  {
    way: 'in interim results',
    options: { headers: { 'x-test-duration': '80', 'x-test-service': 'interim-results, no-retry-after' } },
  },
] satisfies { way: string; options: BatchOptions }[]

describe.each(['multipart', 'json'] as const)('a batch in %s against a real OData service', (format) => {
  it('refers from outside to what a change set creates', async () => {
    const product = create<Product>('Products', { Name: 'Kept' })
    const entries = [changeSet([product]), get(reference(product))] as const
    const operation = await connect().executeBatch(entries, { format, respondAsync: false })

    expect(operation.result?.results[1]).toMatchObject({ outcome: 'succeeded', result: { Name: 'Kept' } })
  })

  it.each(ways)(
    'is answered $way: each request has its outcome, and a failed change set is undone',
    async ({ options }) => {
      const operation = await connect().executeBatch(
        [
          get<Product>('Products(1)'),
          changeSet([create<Product>('Products', { Name: 'Kept' }), update('Products(1)', { Price: 3 })]),
          changeSet([create('Products', { Name: 'Undone' }), create('Products', { Name: 'Bad', Price: -1 })]),
          get<Product>('Products(1)'),
          get('Products(9999)'),
        ],
        { format, ...options },
      )
      const { results, failed } = await operation.waitForCompletion()
      const [before, [created, patched], undone, after, missing] = results

      expect(before.result?.Price).not.toBe(3)
      expect(created).toMatchObject({ outcome: 'succeeded', status: 201, result: { Name: 'Kept' } })
      expect(patched.outcome).toBe('succeeded')
      for (const member of undone) {
        expect(member.outcome).toMatch(/^(failed|rolled-back)$/)
        expect(member.error).toMatchObject({ kind: 'service', code: 'NEGATIVE_PRICE' })
      }
      expect(after.result?.Price).toBe(3)
      expect(missing).toMatchObject({ outcome: 'failed', status: 404 })
      expect(failed).toHaveLength(3)
      expect(operation.progress).toMatchObject({ percent: 100, completed: 7, total: 7 })
      expect(batches()).toHaveLength(1)
    },
  )

  it('refers to what it creates', async () => {
    const product = create<Product>('Products', { Name: 'New', Price: 100 })
    const set = changeSet([product, request('POST', reference(product, 'Reporting.Reprice'), { Percent: 10 })])
    const operation = await connect().executeBatch([set], { format })

    expect((await operation.waitForCompletion()).results[0]).toMatchObject([
      { outcome: 'succeeded' },
      { outcome: 'succeeded' },
    ])
  })

  it('of 200 creates three fail, and only those are sent again, in pieces of no more than the service takes', async () => {
    const bad = new Set([20, 77, 130])
    const rows = (price: (index: number) => number) =>
      Array.from({ length: 200 }, (_, index) => create<Product>('Products', { Name: `P${index}`, Price: price(index) }))
    const headers = { 'x-test-batch-limit': '50' }
    const options = { format, headers, maxBatchSize: 50, respondAsync: false }
    const client = connect()
    const operation = await client.executeBatch(
      rows((index) => (bad.has(index) ? -1 : 1)),
      options,
    )
    const { failed, succeeded } = await operation.waitForCompletion()
    expect(failed.map(({ id }) => Number(id) - 1)).toEqual([...bad])
    expect(succeeded).toHaveLength(197)
    expect(batches()).toHaveLength(4)

    const again = prepareBatch(
      client,
      rows(() => 2),
      options,
      operation.record.batch,
    )
    const result = await again.waitForCompletion()
    expect(result.allSucceeded).toBe(true)
    expect(result.items.filter(({ result }) => (result as Product).Price === 2)).toHaveLength(3)
    expect(batches()).toHaveLength(5)
  })
})

describe('manners of services', () => {
  it.each(['lf-batch', 'no-content-id', 'engine-batch', 'always-wrapped', 'never-wrapped'])(
    '%s: each request has its answer',
    async (manner) => {
      const operation = await connect().executeBatch(
        [get<Product>('Products(1)'), get<Product>('Products(2)'), create<Product>('Products', { Name: 'A' })],
        { format: 'multipart', headers: { 'x-test-service': `${manner}, no-retry-after` } },
      )
      const { results } = await operation.waitForCompletion()

      expect(results.map(({ outcome }) => outcome)).toEqual(['succeeded', 'succeeded', 'succeeded'])
      expect([results[0].result?.ID, results[1].result?.ID, results[2].result?.Name]).toEqual([1, 2, 'A'])
    },
  )

  it('truncated-batch: what is complete is there, the rest is lost', async () => {
    const operation = await connect().executeBatch([get<Product>('Products(1)'), get('Products(2)')], {
      ...{ format: 'multipart', headers: { 'x-test-service': 'truncated-batch, no-retry-after' } },
    })
    const { items, isTruncated } = await operation.waitForCompletion()

    expect(items.map(({ outcome }) => outcome)).toEqual(['succeeded', 'lost'])
    expect(isTruncated).toBe(true)
  })

  it('a request that the service works on by itself is followed as an operation of its own', async () => {
    const client = connect()
    const operation = await client.executeBatch(
      [
        request(
          'POST',
          'Reports/Reporting.GenerateLargeReport',
          { StartDate: '2025-01-01', EndDate: '2025-12-31' },
          {
            respondAsync: true,
            headers: { 'x-test-duration': '40' },
          },
        ),
        get<Product>('Products(1)'),
      ],
      { format: 'json', respondAsync: false },
    )
    const [report, product] = (await operation.waitForCompletion()).results
    expect(product.outcome).toBe('succeeded')
    expect(report.outcome).toBe('pending')

    const own = client.resume(report.operation as OperationRecord<{ Title: string }>)
    expect((await own.waitForCompletion()).Title).toContain('2025')
  })
})
