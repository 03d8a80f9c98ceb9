import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
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
const odata = { v4: { 'OData-MaxVersion': '4.0' }, v401: { 'OData-MaxVersion': '4.01' } }

const submitWith = (switches: string, headers: Record<string, string> = {}) =>
  client.submit(report, year, { 'x-test-service': switches, ...headers })

describe('result', () => {
  const http = { Accept: 'application/http' }
  const json = { Accept: 'application/json' }

  it.each([
    ['4.01 without an Accept of its own', { ...odata.v401, Accept: '*/*' }],
    ['4.01 and JSON', { ...odata.v401, ...json }],
    ['4.0 and JSON', { ...odata.v4, ...json }],
    ['no version', { Accept: '*/*' }],
    ['HTTP messages refused', { ...odata.v401, Accept: 'application/json, application/http;q=0' }],
  ])('comes unwrapped with AsyncResult for %s', async (_, headers) => {
    const response = await client.finish(await client.submit(report, year), headers)
    expect(response.status).toBe(200)
    expect(response.headers.get('asyncresult')).toBe('201')
    expect(response.headers.get('location')).toBe("/odata/Reports('R-2')")
    expect(response.headers.get('content-type')).toContain('application/json')
    expect(await response.json()).toMatchObject({ ID: 'R-2', RowCount: 144 })
  })

  it.each([
    ['4.01', { ...odata.v401, ...http }, '201'],
    ['4.01 among others', { ...odata.v401, Accept: 'application/json;q=0.5, Application/HTTP; q=0.9' }, '201'],
    ['no version', http, '201'],
    ['4.0', { ...odata.v4, ...http }, null],
  ])('comes wrapped for %s', async (_, headers, asyncResult) => {
    const response = await client.finish(await client.submit(report, year), headers)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/http')
    expect(response.headers.get('asyncresult')).toBe(asyncResult)
    expect(response.headers.has('location')).toBe(false)
    const message = readHttpMessage(await response.text())
    expect(message.statusLine).toBe('HTTP/1.1 201 Created')
    expect(message.fields).toContain("Location: /odata/Reports('R-2')")
    expect(message.fields).toContain(`Content-Length: ${Buffer.byteLength(message.body)}`)
    expect(JSON.parse(message.body)).toMatchObject({ ID: 'R-2', RowCount: 144 })
  })

  it('comes wrapped for 4.0 without any Accept', async () => {
    const accepted = await client.submit(report, year)
    await client.finish(accepted)
    // fetch cannot leave out Accept.
    const { get } = await import('node:http')
    const type = await new Promise((resolve, reject) => {
      get(monitorUrl(accepted) ?? '', { headers: odata.v4 }, (response) => {
        response.resume()
        resolve(response.headers['content-type'])
      }).on('error', reject)
    })
    expect(type).toBe('application/http')
  })

  it('comes wrapped without AsyncResult though not asked for, when told to', async () => {
    const response = await client.finish(await submitWith('always-wrapped'), { ...odata.v401, ...json })
    expect(response.headers.has('asyncresult')).toBe(false)
    expect(readHttpMessage(await response.text()).statusLine).toBe('HTTP/1.1 201 Created')
  })

  it('comes plain without AsyncResult when told to', async () => {
    const response = await client.finish(await submitWith('never-wrapped'), { ...odata.v401, ...http })
    expect(response.status).toBe(200)
    expect(response.headers.has('asyncresult')).toBe(false)
    expect(await response.json()).toMatchObject({ RowCount: 144 })
  })

  it('has the payload in the version of the first request', async () => {
    const accepted = await client.submit(report, year, odata.v4)
    const response = await client.finish(accepted, odata.v401)
    expect(response.headers.get('odata-version')).toBe('4.0')
    expect(await response.json()).toHaveProperty(['@odata.context'])
  })

  it('of a failed operation is an OData error under its own status', async () => {
    const accepted = await client.submit(report, year, { 'x-test-outcome': 'fail' })
    const response = await client.finish(accepted)
    expect(response.status).toBe(200)
    expect(response.headers.get('asyncresult')).toBe('500')
    expect((await response.json()).error).toEqual({
      code: 'REPORT_FAILED',
      message: 'GenerateLargeReport failed half-way.',
      target: 'GenerateLargeReport',
      details: [{ code: 'STEP_FAILED', message: expect.any(String), target: 'GenerateLargeReport' }],
    })
    expect((await client.request('GET', "Reports('R-2')")).status).toBe(404)

    const wrapped = readHttpMessage(await (await fetch(monitorUrl(accepted) ?? '', { headers: http })).text())
    expect(wrapped.statusLine).toBe('HTTP/1.1 500 Internal Server Error')
  })

  it.each([
    ['an action without result', 'RebuildIndex', {}, {}],
    ['an action told to give none', report, year, { 'x-test-outcome': 'void' }],
  ])('of %s is 204 without a body', async (_, action, parameters, headers) => {
    const accepted = await client.submit(action, parameters, headers)
    const response = await client.finish(accepted)
    expect(response.status).toBe(200)
    expect(response.headers.get('asyncresult')).toBe('204')
    expect(await response.text()).toBe('')

    const wrapped = await (await fetch(monitorUrl(accepted) ?? '', { headers: http })).text()
    expect(wrapped).toMatch(/^HTTP\/1\.1 204 No Content\r\n/)
    expect(wrapped).not.toContain('Content-Length')
  })
})

describe('cancel', () => {
  it('stops the work: its signal aborts, nothing is written, the monitor is gone', async () => {
    const accepted = await client.submit(report, year, hang)
    const response = await fetch(monitorUrl(accepted) ?? '', { method: 'DELETE' })
    expect(response.status).toBe(204)
    expect((await fetch(monitorUrl(accepted) ?? '')).status).toBe(404)
    expect((await fetch(monitorUrl(accepted) ?? '', { method: 'DELETE' })).status).toBe(404)
    // A hanging job ends in no other way than by its signal.
    expect(service.jobs()).toMatchObject([{ state: 'cancelled', aborted: true, endedAt: expect.any(Number) }])
    expect((await client.request('GET', "Reports('R-2')")).status).toBe(404)
  })

  it('stops work that is between two steps', async () => {
    const accepted = await client.submit(report, year, { 'x-test-duration': '600000' })
    await fetch(monitorUrl(accepted) ?? '', { method: 'DELETE' })
    expect(service.jobs()).toMatchObject([{ state: 'cancelled', aborted: true, endedAt: expect.any(Number) }])
  })

  it('is refused when told to, and the work goes on', async () => {
    const accepted = await submitWith('cancel-refused', hang)
    const response = await fetch(monitorUrl(accepted) ?? '', { method: 'DELETE' })
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toBe('GET')
    expect((await fetch(monitorUrl(accepted) ?? '')).status).toBe(202)
    expect(service.jobs()).toMatchObject([{ state: 'running', aborted: false }])
  })

  it('goes on behind a monitor of its own when told to', async () => {
    const accepted = await submitWith('cancel-async', hang)
    const monitor = monitorUrl(accepted) ?? ''
    const cancelling = await fetch(monitor, { method: 'DELETE' })
    expect(cancelling.status).toBe(202)
    expect(monitorUrl(cancelling)).not.toBe(monitor)
    expect((await fetch(monitor)).status).toBe(202)
    // The work stops at once, whatever the client has been told yet.
    expect(service.jobs()[0]).toMatchObject({ state: 'cancelling', aborted: true, endedAt: expect.any(Number) })

    const statuses: number[] = []
    let last = cancelling
    for (let poll = 0; poll < 3; poll++) {
      last = await fetch(monitorUrl(cancelling) ?? '')
      statuses.push(last.status)
    }
    expect(statuses).toEqual([202, 202, 200])
    expect(last.headers.get('asyncresult')).toBe('204')
    expect((await fetch(monitor)).status).toBe(404)
    expect(service.jobs()[0]).toMatchObject({ state: 'cancelled' })
  })

  it('comes too late for a finished operation, whose result stays', async () => {
    const accepted = await client.submit(report, year)
    await client.finish(accepted)
    expect((await fetch(monitorUrl(accepted) ?? '', { method: 'DELETE' })).status).toBe(409)
    expect((await fetch(monitorUrl(accepted) ?? '')).status).toBe(200)
  })
})
