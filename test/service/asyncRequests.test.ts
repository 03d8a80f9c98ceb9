import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type RunningODataService, startODataService } from './odataService.js'
import { createServiceClient, monitorUrl, year } from './serviceClient.js'

const report = 'Reports/Reporting.GenerateLargeReport'
const hang = { 'x-test-outcome': 'hang' }

let service: RunningODataService
let client: ReturnType<typeof createServiceClient>

beforeAll(async () => {
  service = await startODataService({ retryAfter: 0 })
  client = createServiceClient(service)
})
beforeEach(() => service.reset())
afterAll(() => service.close())

const submitWith = (switches: string, headers: Record<string, string> = {}) =>
  client.submit(report, year, { 'x-test-service': switches, ...headers })

describe('submission', () => {
  it('accepts with Location, Retry-After, Preference-Applied and a status body', async () => {
    const response = await client.submit(report, year, { ...hang, 'x-test-retry-after': '7' })
    expect(response.status).toBe(202)
    expect(response.headers.get('location')).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/odata\/\$async\/[0-9a-f-]{36}$/)
    expect(response.headers.get('retry-after')).toBe('7')
    expect(response.headers.get('preference-applied')).toBe('respond-async')
    expect(await response.json()).toEqual({ status: 'running', percentComplete: 0, message: expect.any(String) })
  })

  it('answers at once without respond-async', async () => {
    const response = await client.call(report, year)
    expect(response.status).toBe(201)
    expect(response.headers.get('location')).toBe("/odata/Reports('R-2')")
    expect(await response.json()).toMatchObject({ '@context': '/odata/$metadata#Reports/$entity', RowCount: 144 })
    expect(service.jobs()).toEqual([])
  })

  it('answers at once with respond-async when it is told to be synchronous', async () => {
    expect((await submitWith('sync')).status).toBe(201)
  })

  it('refuses a wrong request at once instead of accepting it', async () => {
    const response = await client.submit(report, { StartDate: '2025-12-31', EndDate: '2025-01-01' })
    expect(response.status).toBe(400)
    expect(await response.json()).toEqual({
      error: {
        code: 'BAD_RANGE',
        message: 'EndDate is before StartDate.',
        target: 'EndDate',
        details: [{ code: 'BAD_RANGE', message: 'Given: 2025-12-31 to 2025-01-01.', target: 'EndDate' }],
      },
    })
    expect(service.jobs()).toEqual([])
  })

  it('answers at once when the work is done within wait', async () => {
    const response = await client.submit(report, year, { Prefer: 'respond-async, wait=60', 'x-test-duration': '20' })
    expect(response.status).toBe(201)
    expect(service.jobs()).toEqual([])
  })

  it('accepts when wait passes first, and says that wait was applied', async () => {
    const response = await client.submit(report, year, { Prefer: 'wait=0,respond-async', ...hang })
    expect(response.status).toBe(202)
    expect(response.headers.get('preference-applied')).toBe('respond-async, wait=0')
  })

  it('accepts any kind of request', async () => {
    for (const path of ['Products', 'Products(1)', 'Products/$count', '$metadata', 'TopProducts(Count=2)']) {
      const accepted = await client.request('GET', path, { Prefer: 'respond-async' })
      expect(accepted.status, path).toBe(202)
      const result = await client.finish(accepted)
      expect(result.headers.get('asyncresult'), path).toBe('200')
    }
  })

  it('leaves out Location, Retry-After and the body when told to', async () => {
    const response = await submitWith('no-location, no-retry-after, no-body', hang)
    expect(response.status).toBe(202)
    expect(response.headers.has('location')).toBe(false)
    expect(response.headers.has('retry-after')).toBe(false)
    expect(await response.text()).toBe('')
    expect(service.jobs()).toMatchObject([{ state: 'running' }])
  })

  it('gives Retry-After as a date when told to', async () => {
    const response = await submitWith('http-date', { ...hang, 'x-test-retry-after': '3600' })
    const value = response.headers.get('retry-after') ?? ''
    expect(value).toMatch(/^\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} GMT$/)
    expect(Date.parse(value)).toBeGreaterThan(Date.now() + 3_500_000)
  })

  it('gives a Location relative to the URL that was asked', async () => {
    const bound = await submitWith('relative-location', hang)
    expect(bound.headers.get('location')).toMatch(/^\.\.\/\$async\//)
    const poll = await fetch(monitorUrl(bound) ?? '')
    expect(poll.status).toBe(202)
    expect(monitorUrl(poll)).toBe(monitorUrl(bound))

    const unbound = await client.submit('RebuildIndex', {}, { 'x-test-service': 'relative-location', ...hang })
    expect(unbound.headers.get('location')).toMatch(/^\$async\//)
    expect((await fetch(monitorUrl(unbound) ?? '')).status).toBe(202)
  })

  it.each([
    ['x-test-service', 'no-such-switch'],
    ['x-test-outcome', 'maybe'],
    ['x-test-duration', '-1'],
    ['x-test-retry-after', 'soon'],
  ])('refuses %s: %s and names the value', async (name, value) => {
    const response = await client.submit(report, year, { [name]: value })
    expect(response.status).toBe(400)
    expect((await response.json()).error.message).toContain(`"${value}"`)
  })
})

describe('monitor', () => {
  it('tells percent and message, which only go forward, and never 100 % before the end', async () => {
    // Hangs half-way, after the fifth of ten steps.
    const accepted = await client.submit('ProcessLargeFile', { FileId: 'orders.csv' }, hang)
    const bodies = [await accepted.json()]
    for (let poll = 0; poll < 5000 && bodies.at(-1).percentComplete < 50; poll++) {
      bodies.push(await (await fetch(monitorUrl(accepted) ?? '')).json())
    }
    const percents = bodies.map(({ percentComplete }) => percentComplete)
    expect(percents).toEqual([...percents].sort((a, b) => a - b))
    expect(bodies.at(-1)).toEqual({
      status: 'running',
      percentComplete: 50,
      message: expect.stringMatching(/^Counting lines \(\d+ so far\)$/),
    })
  })

  it('moves with each poll when told to, and the monitor before is gone', async () => {
    const accepted = await submitWith('changing-location', hang)
    const first = monitorUrl(accepted) ?? ''
    const second = monitorUrl(await fetch(first)) ?? ''
    expect(second).not.toBe(first)
    expect((await fetch(first)).status).toBe(404)
    expect((await fetch(second)).status).toBe(202)
  })

  it('is unavailable at every second poll when told to', async () => {
    const accepted = await submitWith('unavailable', { ...hang, 'x-test-retry-after': '2' })
    const url = monitorUrl(accepted) ?? ''
    const statuses: number[] = []
    for (let poll = 0; poll < 4; poll++) statuses.push((await fetch(url)).status)
    expect(statuses).toEqual([202, 503, 202, 503])
  })

  it('names Retry-After and an OData error when it is unavailable', async () => {
    const accepted = await submitWith('unavailable', { ...hang, 'x-test-retry-after': '2' })
    await fetch(monitorUrl(accepted) ?? '')
    const response = await fetch(monitorUrl(accepted) ?? '')
    expect(response.headers.get('retry-after')).toBe('2')
    expect((await response.json()).error.code).toBe('UNAVAILABLE')
  })

  it('keeps a result for further polls', async () => {
    const accepted = await client.submit(report, year)
    expect((await client.finish(accepted)).status).toBe(200)
    expect((await fetch(monitorUrl(accepted) ?? '')).status).toBe(200)
  })

  it('gives a result once when told to', async () => {
    const accepted = await submitWith('deliver-once')
    expect((await client.finish(accepted)).status).toBe(200)
    expect((await fetch(monitorUrl(accepted) ?? '')).status).toBe(404)
  })

  it('is not found under an unknown id, and knows only GET and DELETE', async () => {
    expect((await client.request('GET', '$async/none')).status).toBe(404)
    const accepted = await client.submit(report, year, hang)
    const response = await fetch(monitorUrl(accepted) ?? '', { method: 'PUT', body: '{}' })
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toBe('GET, DELETE')
  })

  it('answers 410 once the result has expired, and 404 when even that is forgotten', async () => {
    const accepted = await client.submit(report, year)
    await client.finish(accepted)
    const now = vi.spyOn(Date, 'now')
    const minutesLater = (minutes: number) =>
      now.mockReturnValue(performance.timeOrigin + performance.now() + minutes * 60_000)
    minutesLater(9)
    expect((await fetch(monitorUrl(accepted) ?? '')).status).toBe(200)
    minutesLater(11)
    const expired = await fetch(monitorUrl(accepted) ?? '')
    expect(expired.status).toBe(410)
    expect((await expired.json()).error.code).toBe('JOB_EXPIRED')
    minutesLater(21)
    expect((await fetch(monitorUrl(accepted) ?? '')).status).toBe(404)
    now.mockRestore()
  })
})
