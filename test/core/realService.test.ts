import ky from 'ky'
import ky1 from 'ky-1'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createODataClient, type ODataClientOptions } from '../../src/core/index.js'
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
