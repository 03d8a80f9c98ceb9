import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type RunningODataService, startODataService } from './odataService.js'
import { createServiceClient, monitorUrl, year } from './serviceClient.js'

let service: RunningODataService
let client: ReturnType<typeof createServiceClient>

beforeAll(async () => {
  service = await startODataService({ retryAfter: 0 })
  client = createServiceClient(service)
})
beforeEach(() => service.reset())
afterAll(() => service.close())

const report = 'Reports/Reporting.GenerateLargeReport'
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toUTCString()
const repeatable = (sent = minutesAgo(0)) => ({
  'Repeatability-Request-ID': randomUUID(),
  'Repeatability-First-Sent': sent,
})
const resultOf = (response: Response) => response.headers.get('repeatability-result')
const productCount = async () => Number(await (await client.request('GET', 'Products/$count')).text())

describe('a repeatable request', () => {
  it('that is sent again gets the same monitor, and is executed once', async () => {
    const headers = repeatable()
    const first = await client.submit(report, year, headers)
    const second = await client.submit(report, year, headers)
    for (const response of [first, second]) {
      expect(response.status).toBe(202)
      expect(resultOf(response)).toBe('accepted')
    }
    expect(monitorUrl(second)).toBe(monitorUrl(first))
    expect((await client.finish(second)).headers.get('asyncresult')).toBe('201')
    expect(service.jobs()).toHaveLength(1)
  })

  it('that was answered with its result gets the same result', async () => {
    const headers = repeatable()
    const answers = [await client.call('Products', { Name: 'A' }, headers)]
    answers.push(await client.call('Products', { Name: 'A' }, headers))
    expect(answers.map(({ status }) => status)).toEqual([201, 201])
    expect(answers.map(resultOf)).toEqual(['accepted', 'accepted'])
    const [one, two] = await Promise.all(answers.map((answer) => answer.json()))
    expect(two).toEqual(one)
    expect(await productCount()).toBe(13)
  })

  it.each([
    ['PATCH', '{"Stock":7}', 200],
    ['PUT', '{"Name":"A"}', 200],
    ['DELETE', undefined, 204],
  ])('may be a %s', async (method, body, status) => {
    const headers = { 'Content-Type': 'application/json', ...repeatable() }
    for (let time = 0; time < 2; time++) {
      const response = await client.request(method, 'Products(1)', headers, body)
      expect([response.status, resultOf(response)]).toEqual([status, 'accepted'])
    }
  })

  it('that comes again while the first is worked on waits for the same answer', async () => {
    const headers = { ...repeatable(), 'x-test-duration': '50' }
    const answers = await Promise.all([1, 2].map(() => client.call('Products', { Name: 'A' }, headers)))
    const [one, two] = await Promise.all(answers.map((answer) => answer.json()))
    expect(one).toEqual(two)
    expect(await productCount()).toBe(13)
  })

  it('goes on when its client went away, so that a repeat gets the answer', async () => {
    const headers = { ...repeatable(), 'Content-Type': 'application/json', 'x-test-duration': '50' }
    const gone = new AbortController()
    const body = JSON.stringify(year)
    const first = fetch(service.url + report, {
      method: 'POST',
      headers: { Prefer: 'respond-async, wait=60', ...headers },
      body,
      signal: gone.signal,
    })
    await client.until(() => service.jobs().length === 1)
    gone.abort()
    await expect(first).rejects.toThrow()
    const second = await client.submit(report, year, { ...headers, Prefer: 'respond-async, wait=60' })
    expect([second.status, resultOf(second)]).toEqual([201, 'accepted'])
    expect(await (await client.request('GET', 'Reports/$count')).text()).toBe('2')
  })

  it('is no repeat under another id', async () => {
    await client.call('Products', { Name: 'A' }, repeatable())
    await client.call('Products', { Name: 'A' }, repeatable())
    expect(await productCount()).toBe(14)
  })

  it('is forgotten in time, with its id', async () => {
    const headers = repeatable()
    await client.call('Products', { Name: 'A' }, headers)
    const now = vi.spyOn(Date, 'now')
    now.mockReturnValue(performance.timeOrigin + performance.now() + 11 * 60_000)
    expect((await client.call('Products', { Name: 'A' }, headers)).status).toBe(412)
    const again = { ...headers, 'Repeatability-First-Sent': minutesAgo(0) }
    expect((await client.call('Products', { Name: 'A' }, again)).status).toBe(201)
    now.mockRestore()
    expect(await productCount()).toBe(14)
  })
})

describe('a request is rejected, and nothing is executed,', () => {
  const { 'Repeatability-Request-ID': id, 'Repeatability-First-Sent': sent } = repeatable()

  it.each([
    ['without a date', 400, { 'Repeatability-Request-ID': id }],
    ['without an id', 400, { 'Repeatability-First-Sent': sent }],
    ['with a date that is none', 400, repeatable('yesterday')],
    ['with a date in another format', 400, repeatable('2026-01-01T00:00:00Z')],
    ['with a date in the future', 400, repeatable(minutesAgo(-6))],
    ['when it is older than five minutes', 412, repeatable(minutesAgo(6))],
    [
      'when the service is told to know no repeatability',
      501,
      { ...repeatable(), 'x-test-service': 'repeatability-rejected' },
    ],
  ])('%s (%i)', async (_, status, headers: Record<string, string>) => {
    const response = await client.submit('Products', { Name: 'A' }, headers)
    expect([response.status, resultOf(response)]).toEqual([status, 'rejected'])
    expect((await response.json()).error.message).toEqual(expect.any(String))
    expect([await productCount(), service.jobs().length]).toEqual([12, 0])
  })

  it('when its id is that of a request with another URL or method', async () => {
    const headers = { ...repeatable(), 'Content-Type': 'application/json' }
    await client.request('PATCH', 'Products(1)', headers, '{"Stock":7}')
    for (const [method, path] of [
      ['PATCH', 'Products(2)'],
      ['DELETE', 'Products(1)'],
    ] as const) {
      const response = await client.request(method, path, headers, method === 'PATCH' ? '{"Stock":7}' : undefined)
      expect([response.status, resultOf(response)]).toEqual([400, 'rejected'])
    }
    expect(await productCount()).toBe(12)
  })

  it('when it is a batch', async () => {
    const requests = [{ id: '1', method: 'post', url: 'Products', body: { Name: 'A' } }]
    const response = await client.call('$batch', { requests }, repeatable())
    expect([response.status, resultOf(response)]).toEqual([400, 'rejected'])
    expect(await productCount()).toBe(12)
  })
})

describe('repeatability headers are ignored', () => {
  it('for a GET', async () => {
    const response = await client.request('GET', 'Products(1)', { 'Repeatability-Request-ID': 'x' })
    expect([response.status, resultOf(response)]).toEqual([200, null])
  })

  it('by a service that is told not to know them', async () => {
    const headers = { ...repeatable(), 'x-test-service': 'repeatability-unaware' }
    for (let time = 0; time < 2; time++) {
      expect(resultOf(await client.call('Products', { Name: 'A' }, headers))).toBeNull()
    }
    expect(await productCount()).toBe(14)
  })
})
