import ky from 'ky'
import ky1 from 'ky-1'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  createODataClient,
  formatKey,
  type ODataClientOptions,
  type RequestMethod,
  type RequestOptions,
  typedLiteral,
} from '../../src/core/index.js'
import { type RunningODataService, startODataService } from '../service/odataService.js'
import { rejection } from '../support/scriptedClient.js'

interface Report {
  readonly Title: string
  readonly DownloadUrl: string
}

let service: RunningODataService
beforeAll(async () => {
  service = await startODataService({ service: ['no-retry-after'] })
})
beforeEach(() => service.reset())
afterAll(() => service.close())

const GENERATE = 'Reports/Reporting.GenerateLargeReport'
const YEAR = { StartDate: '2025-01-01', EndDate: '2025-12-31' }

const connect = (options: Partial<ODataClientOptions> = {}) =>
  createODataClient({ serviceUrl: service.url, polling: { interval: 5, minInterval: 5 }, ...options })

describe.each([
  ['ky 2', ky],
  ['ky 1', ky1 as never as typeof ky],
])('the core alone, against a real OData service, with %s', (_, http) => {
  it.each(['4.01', '4.0'] as const)('starts, sees progress rise, and gets the report, in %s', async (maxVersion) => {
    const client = connect({ http, maxVersion })
    const seen: (number | null)[] = []
    const report = await client.callActionAndWait<Report>(GENERATE, YEAR, {
      headers: { 'x-test-duration': '60' },
      onProgress: ({ percent }) => seen.push(percent),
    })
    expect(report.Title).toContain('2025')
    expect(seen.length).toBeGreaterThan(1)
    expect(seen).toEqual([...seen].sort((a, b) => Number(a) - Number(b)))
    expect(seen.at(-1)).toBe(100)
    const download = await fetch(new URL(report.DownloadUrl, service.url))
    expect(await download.text()).toContain(',')
    expect(service.requests().filter(({ method }) => method === 'POST')).toHaveLength(1)
  })

  it('starts, cancels, and the job is stopped on the service', async () => {
    const operation = await connect({ http }).callAction(GENERATE, YEAR, { headers: { 'x-test-outcome': 'hang' } })
    await operation.poll()
    expect(service.jobs()).toMatchObject([{ state: 'running' }])
    expect(await operation.tryCancel()).toBe('cancelled')
    expect(service.jobs()).toMatchObject([{ state: 'cancelled' }])
  })

  it("fails with the service's own error", async () => {
    const options = { headers: { 'x-test-outcome': 'fail', 'x-test-duration': '10' } }
    const error = await rejection(connect({ http }).callActionAndWait(GENERATE, YEAR, options))
    expect(error).toMatchObject({ name: 'ODataServiceError', status: 500, code: 'REPORT_FAILED' })
    expect((error as Error).message).not.toBe('')
  })

  it.each([
    'relative-location',
    'changing-location',
    'http-date',
    'deliver-once',
    'unavailable',
    'always-wrapped',
    'never-wrapped',
    'sync',
    'no-body',
  ])('gets its result from a service with the manner %s', async (manner) => {
    const report = await connect({ http }).callActionAndWait<Report>(GENERATE, YEAR, {
      headers: {
        'x-test-service': manner === 'http-date' ? manner : `${manner},no-retry-after`,
        'x-test-duration': '20',
        'x-test-retry-after': '0',
      },
    })
    expect(report.Title).toContain('2025')
  })

  it('follows a cancel that the service takes its time for', async () => {
    const headers = { 'x-test-outcome': 'hang', 'x-test-service': 'cancel-async,no-retry-after' }
    const operation = await connect({ http }).callAction(GENERATE, YEAR, { headers })
    const failed = rejection(operation.waitForCompletion())
    expect(await operation.tryCancel()).toBe('requested')
    expect(await failed).toMatchObject({ kind: 'cancelled' })
    expect(service.jobs()[0]).toMatchObject({ state: 'cancelled', aborted: true })
  })

  it('goes on when the service refuses to cancel', async () => {
    const headers = { 'x-test-duration': '40', 'x-test-service': 'cancel-refused,no-retry-after' }
    const operation = await connect({ http }).callAction<Report>(GENERATE, YEAR, { headers })
    expect(await operation.tryCancel()).toBe('unsupported')
    expect((await operation.waitForCompletion()).Title).toContain('2025')
  })
})

describe('other actions of the service', () => {
  it.each([
    ['ProcessLargeFile', { FileId: 'orders.csv' }],
    ['Products/Reporting.Export', { Format: 'csv' }],
    ['Products(1)/Reporting.Reprice', { Percent: 5 }],
  ])('%s gives a result', async (action, parameters) => {
    expect(await connect().callActionAndWait(action, parameters)).toBeDefined()
  })

  it('RebuildIndex gives nothing', async () => {
    expect(await connect().callActionAndWait('RebuildIndex')).toBeUndefined()
  })

  it('a bad period is refused at once', async () => {
    const error = await rejection(connect().callAction(GENERATE, { StartDate: '2025-12-31', EndDate: '2025-01-01' }))
    expect(error).toMatchObject({ kind: 'service', status: 400 })
    expect(service.jobs()).toHaveLength(0)
  })
})

describe.each(['4.01', '4.0'] as const)('functions and requests against the service, in %s', (maxVersion) => {
  const WORK = { headers: { 'x-test-duration': '10' } }

  it('a function gives its collection, asked by literals or by aliases', async () => {
    for (const aliases of [false, true]) {
      const operation = await connect({ maxVersion }).callFunction<object[]>(
        'TopProducts',
        { Count: 2 },
        { ...WORK, aliases },
      )
      expect(operation.isAsync).toBe(true)
      expect(await operation.waitForCompletion()).toMatchObject([
        { ID: expect.any(Number) },
        { ID: expect.any(Number) },
      ])
    }
    expect(service.jobs()).toHaveLength(2)
  })

  it.each([false, true])('a function takes complex, collection and typed values, with aliases %s', async (aliases) => {
    const parameters = {
      Year: 2027,
      Scope: { Category: 'Garden', Since: '2025-01-31', WithStock: true },
      Factors: [1, 1.5],
      Note: "O'Neil & Sons/#1",
      Budget: typedLiteral('Edm.Int64', '1234567890123'),
      AsOf: new Date(Date.UTC(2026, 0, 31)),
      Scenario: typedLiteral('Edm.Guid', '3f2504e0-4f89-11d3-9a0c-0305e82c3301'),
      Horizon: typedLiteral('Edm.Duration', 'P1DT2H'),
      Method: typedLiteral('Reporting.ForecastMethod', 'Seasonal'),
    }
    const operation = await connect({ maxVersion }).callFunction('ForecastCosts', parameters, { ...WORK, aliases })
    expect(operation.isAsync).toBe(true)
    expect(await operation.waitForCompletion()).toMatchObject({
      Year: 2027,
      Scope: { Category: 'Garden', Since: '2025-01-31', WithStock: true },
      Factors: [1, 1.5],
      Note: "O'Neil & Sons/#1",
      Scenario: '3f2504e0-4f89-11d3-9a0c-0305e82c3301',
      Horizon: 'P1DT2H',
      Method: 'Seasonal',
    })
  })

  it('a bound function takes its key and null', async () => {
    const path = `Products${formatKey(1)}/Reporting.ForecastCosts`
    const parameters = { Year: 2027, Scope: { Category: 'Garden' }, Factors: [], Note: null }
    const operation = await connect({ maxVersion }).callFunction(path, parameters, WORK)
    expect(await operation.waitForCompletion()).toMatchObject({ ProductID: 1, Factors: [], Note: null })
  })

  it('a function that fails has failed with its own error', async () => {
    const error = await rejection(connect({ maxVersion }).callFunction('TopProducts', { Count: 0 }, WORK))
    expect(error).toMatchObject({ kind: 'service', status: 400, code: 'BAD_COUNT' })
  })

  it('an entity is created, changed, replaced, read and deleted, each by an asynchronous request', async () => {
    const client = connect({ maxVersion })
    const run = async (method: RequestMethod, path: string, body?: object, options: RequestOptions = {}) => {
      const operation = await client.request(method, path, body, { ...WORK, ...options })
      expect(operation.isAsync).toBe(true)
      return [await operation.waitForCompletion(), operation.record.response?.status]
    }
    const path = `Products${formatKey(999)}`
    expect(await run('POST', 'Products', { ID: 999, Name: 'New' })).toMatchObject([{ Name: 'New' }, 201])
    expect(await run('PATCH', path, { Stock: 3 }, { returnPreference: 'minimal' })).toEqual([undefined, 204])
    expect(await run('GET', path)).toMatchObject([{ Name: 'New', Stock: 3 }, 200])
    expect(await run('PUT', path, { ID: 999, Name: 'Newer' })).toMatchObject([{ Name: 'Newer' }, 200])
    expect(await run('DELETE', path)).toEqual([undefined, 204])
    expect(await rejection(run('GET', path))).toMatchObject({ kind: 'service', status: 404 })
  })

  it('a query of its own goes along, and a page with a count comes whole', async () => {
    const operation = await connect({ maxVersion }).request('GET', 'Products?$top=1&$count=true', undefined, WORK)
    const page = (await operation.waitForCompletion()) as Record<string, unknown>
    expect(page.value).toHaveLength(1)
    expect(Object.keys(page).some((name) => name.endsWith('count'))).toBe(true)
  })

  it.each([true, 'detect'] as const)(
    'row 141: an action whose 202 was lost runs once, with repeatability %s',
    async (repeatability) => {
      let isLost = false
      const fetch: typeof globalThis.fetch = async (input, init) => {
        const response = await globalThis.fetch(input, init)
        if (isLost || response.status !== 202) return response
        isLost = true
        throw new TypeError('fetch failed')
      }
      const client = connect({ maxVersion, http: ky.create({ fetch }), repeatability })
      expect(await client.callActionAndWait<Report>(GENERATE, YEAR, WORK)).toMatchObject({ StartDate: '2025-01-01' })
      expect(service.requests().filter(({ method }) => method === 'POST')).toHaveLength(2)
      expect(service.jobs()).toHaveLength(1)
    },
  )

  it('says what it is capable of', async () => {
    expect(await connect({ maxVersion }).getCapabilities()).toMatchObject({
      odataVersions: ['4.0', '4.01'],
      asynchronousRequestsSupported: true,
      repeatabilitySupported: true,
      batchSupport: { supported: true },
    })
    expect(service.requests()).toHaveLength(1)
  })
})
