import { Readable } from 'node:stream'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type RunningODataService, startODataService } from './odataService.js'
import { createServiceClient, monitorUrl, readHttpMessage, year } from './serviceClient.js'

let service: RunningODataService
let client: ReturnType<typeof createServiceClient>

beforeAll(async () => {
  service = await startODataService({ retryAfter: 0 })
  client = createServiceClient(service)
})
beforeEach(() => service.reset())
afterAll(() => service.close())

const report = 'Reports/Reporting.GenerateLargeReport'
const hang = { 'x-test-outcome': 'hang' }

const submitWith = (switches: string, headers: Record<string, string> = {}) =>
  client.submit(report, year, { 'x-test-service': switches, ...headers })
/** The URL of a monitor of a job with these manners. */
const watchWith = async (switches: string, headers: Record<string, string> = {}) =>
  monitorUrl(await submitWith(switches, headers)) ?? ''

describe('a poll is redirected', () => {
  it('to another path, where the same monitor answers', async () => {
    const url = await watchWith('redirect', hang)
    const response = await fetch(url, { redirect: 'manual' })
    expect(response.status).toBe(307)
    expect(monitorUrl(response)).toBe(url.replace('$async/', '$async/moved/'))
    const followed = await fetch(url)
    expect([followed.status, monitorUrl(followed)]).toEqual([202, url])
    expect(service.jobs()).toMatchObject([{ polls: 1 }])
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(204)
  })

  it('to the result as well', async () => {
    const response = await client.finish(await submitWith('redirect'))
    expect([response.redirected, response.headers.get('asyncresult')]).toEqual([true, '201'])
  })

  it('to another origin, same path', async () => {
    const url = await watchWith('redirect-away', { ...hang, 'x-test-redirect-to': 'https://away.example.com' })
    const response = await fetch(url, { redirect: 'manual' })
    expect(response.status).toBe(307)
    expect(response.headers.get('location')).toBe(`https://away.example.com${new URL(url).pathname}`)
  })

  it.each(['', 'away.example.com', 'ftp://away.example.com', 'https://away.example.com/path'])(
    'not to "%s", which is no origin',
    async (origin) => {
      const response = await submitWith('redirect-away', origin ? { 'x-test-redirect-to': origin } : {})
      expect(response.status).toBe(400)
      expect((await response.json()).error.message).toContain('x-test-redirect-to')
    },
  )
})

describe('progress', () => {
  it('is in a header, without a body', async () => {
    const response = await submitWith('progress-header', hang)
    expect([response.headers.get('x-progress'), await response.text()]).toEqual([
      expect.stringMatching(/^\d{1,2}%$/),
      '',
    ])
  })

  it('is counts below "properties"', async () => {
    const body = await (await submitWith('progress-properties', hang)).json()
    expect(body).toEqual({
      status: 'running',
      properties: { completed: expect.any(Number), total: 10 },
      message: expect.any(String),
    })
  })

  it('goes on until the monitor was asked as often as told', async () => {
    const response = await client.finish(await submitWith('', { 'x-test-polls': '7' }))
    expect(response.headers.get('asyncresult')).toBe('201')
    const [{ polls = 0 } = {}] = service.jobs()
    expect(polls).toBeGreaterThan(7)
  })

  it('is followed by spaces without end, until the client goes', async () => {
    const streams = vi.spyOn(Readable, 'from')
    const response = await submitWith('large-accepted-body', hang)
    expect([response.status, response.headers.has('content-length')]).toEqual([202, false])
    const reader = response.body?.getReader()
    let size = 0
    while (size < 1_000_000) size += (await reader?.read())?.value?.length ?? Number.NaN
    await reader?.cancel()
    const [stream] = streams.mock.results.map(({ value }) => value as Readable)
    streams.mockRestore()
    await client.until(() => stream?.destroyed === true)
  })
})

describe('a monitor', () => {
  it('wants fresh credentials, which the request itself did not', async () => {
    const url = await watchWith('unauthorized', hang)
    for (const method of ['GET', 'DELETE']) {
      const stale = await fetch(url, { method, headers: { Authorization: 'Bearer stale' } })
      expect([stale.status, stale.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
    }
    const headers = { Authorization: 'Bearer fresh' }
    expect((await fetch(url, { headers })).status).toBe(202)
    expect((await fetch(url, { method: 'DELETE', headers })).status).toBe(204)
  })

  it('hides its headers from other origins, as the first answer does; preflights are as ever', async () => {
    const origin = { Origin: 'https://app.example.com' }
    const accepted = await submitWith('hidden-headers', { ...hang, ...origin })
    const url = monitorUrl(accepted) ?? ''
    for (const response of [accepted, await fetch(url, { headers: origin })]) {
      expect(response.headers.get('access-control-allow-origin')).toBe(origin.Origin)
      expect(response.headers.has('access-control-expose-headers')).toBe(false)
    }
    const preflight = await fetch(url, { method: 'OPTIONS', headers: origin })
    expect(preflight.headers.get('access-control-allow-headers')).toContain('Repeatability-Request-ID')
  })
})

describe('the result', () => {
  it('is compressed inside the HTTP message, and nowhere else', async () => {
    const accepted = await submitWith('gzip')
    const plain = await client.finish(accepted)
    expect([plain.headers.has('content-encoding'), (await plain.json()).RowCount]).toEqual([false, 144])

    const wrapped = await fetch(monitorUrl(accepted) ?? '', { headers: { Accept: 'application/http' } })
    expect(wrapped.headers.has('content-encoding')).toBe(false)
    const { fields, body } = readHttpMessage(Buffer.from(await wrapped.arrayBuffer()).toString('latin1'))
    expect(fields).toContain('Content-Encoding: gzip')
    expect(fields).toContain(`Content-Length: ${body.length}`)
    expect(JSON.parse(gunzipSync(Buffer.from(body, 'latin1')).toString())).toMatchObject({ RowCount: 144 })
  })

  it('of no content is not compressed', async () => {
    const accepted = await submitWith('gzip', { 'x-test-outcome': 'void' })
    const wrapped = await client.finish(accepted, { Accept: 'application/http' })
    expect(await wrapped.text()).not.toContain('Content-Encoding')
  })

  it('is at a URL of its own, when only the state is asked for', async () => {
    const accepted = await submitWith('state-only')
    const headers = { Prefer: 'return=minimal', 'OData-MaxVersion': '4.02' }
    const state = await client.finish(accepted, headers)
    expect(state.status).toBe(204)
    expect(Object.fromEntries(state.headers)).toMatchObject({
      asyncresult: '201',
      location: `${monitorUrl(accepted)}/result`,
      'odata-version': '4.02',
      'preference-applied': 'return=minimal',
    })
    const result = await fetch(monitorUrl(state) ?? '', { headers })
    expect([result.status, (await result.json()).RowCount]).toEqual([200, 144])
    // Without the preference the monitor gives the result itself.
    expect((await fetch(monitorUrl(accepted) ?? '')).status).toBe(200)
  })

  it('is the answer to a DELETE that comes too late', async () => {
    for (const [accept, asyncResult, type] of [
      ['application/json', '201', 'application/json;metadata=minimal'],
      ['application/http', '201', 'application/http'],
    ] as const) {
      const accepted = await submitWith('delete-result')
      const url = monitorUrl(await client.finish(accepted)) && monitorUrl(accepted)
      const response = await fetch(url ?? '', { method: 'DELETE', headers: { Accept: accept } })
      expect([response.status, response.headers.get('asyncresult')]).toEqual([200, asyncResult])
      expect(response.headers.get('content-type')).toBe(type)
      expect(await response.text()).toContain('"RowCount":144')
      expect((await fetch(url ?? '')).status).toBe(404)
    }
  })
})

describe('a cancel at the same location', () => {
  it('is told by the same monitor: 202 twice, then it is gone', async () => {
    const url = await watchWith('cancel-same-location', hang)
    const cancelling = await fetch(url, { method: 'DELETE' })
    expect([cancelling.status, monitorUrl(cancelling)]).toEqual([202, url])
    expect(service.jobs()).toMatchObject([{ state: 'cancelling', aborted: true }])
    const statuses: number[] = []
    for (let poll = 0; poll < 3; poll++) statuses.push((await fetch(url)).status)
    expect(statuses).toEqual([202, 202, 404])
    expect(service.jobs()).toMatchObject([{ state: 'cancelled' }])
  })

  it('can be asked for twice', async () => {
    const url = await watchWith('cancel-same-location', hang)
    for (let time = 0; time < 2; time++) expect((await fetch(url, { method: 'DELETE' })).status).toBe(202)
    expect(service.jobs()).toHaveLength(1)
  })
})
