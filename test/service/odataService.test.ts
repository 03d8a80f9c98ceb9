import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type RunningODataService, startODataService } from './odataService.js'
import { createServiceClient, monitorUrl, year } from './serviceClient.js'

let service: RunningODataService
let client: ReturnType<typeof createServiceClient>

beforeAll(async () => {
  service = await startODataService()
  client = createServiceClient(service)
})
beforeEach(() => service.reset())
afterAll(() => service.close())

const json = { 'Content-Type': 'application/json' }

describe('data and operations', () => {
  it('serves metadata and a service document', async () => {
    const metadata = await client.request('GET', '$metadata')
    expect(metadata.headers.get('content-type')).toBe('application/xml')
    expect(await metadata.text()).toContain('<Action Name="GenerateLargeReport" IsBound="true">')
    const { value } = await (await client.request('GET', '')).json()
    expect(value).toEqual([
      { name: 'Products', kind: 'EntitySet', url: 'Products' },
      { name: 'Reports', kind: 'EntitySet', url: 'Reports' },
    ])
  })

  it('answers queries', async () => {
    const path = "Products?$filter=Category eq 'Furniture'&$orderby=Price desc&$top=2&$select=Name&$count=true"
    const page = await (await client.request('GET', path)).json()
    expect(page).toMatchObject({ '@count': 4, value: [{ Name: 'Standing desk' }, { Name: 'Office chair' }] })
    expect(page.value[0]).not.toHaveProperty('Price')
  })

  it('creates, changes and deletes entities', async () => {
    const created = await client.call('Products', { Name: 'Stapler', Price: 12.5 })
    expect(created.status).toBe(201)
    const location = new URL(created.headers.get('location') ?? '', created.url).href
    await fetch(location, { method: 'PATCH', headers: json, body: '{"Stock":7}' })
    expect(await (await fetch(location)).json()).toMatchObject({ Name: 'Stapler', Price: 12.5, Stock: 7 })
    expect((await fetch(location, { method: 'DELETE' })).status).toBe(204)
    expect((await fetch(location)).status).toBe(404)
  })

  it('gives only the id of a created entity for return=minimal', async () => {
    const response = await client.call('Products', { Name: 'Stapler' }, { Prefer: 'return=minimal' })
    expect(response.status).toBe(204)
    expect(response.headers.get('preference-applied')).toBe('return=minimal')
    expect(response.headers.get('odata-entityid')).toBe('/odata/Products(13)')
  })

  it('generates a report that can be downloaded, bound and unbound', async () => {
    for (const [path, ID] of [
      ['Reports/Reporting.GenerateLargeReport', 'R-2'],
      ['GenerateLargeReport', 'R-3'],
    ] as const) {
      const report = await (await client.call(path, year)).json()
      expect(report).toMatchObject({ ID, Title: 'Report 2025-01-01 to 2025-12-31', RowCount: 144 })
      const content = await (await fetch(new URL(report.DownloadUrl, service.url))).text()
      expect(content.trimEnd().split('\n')).toHaveLength(report.RowCount + 1)
    }
    expect(await (await client.request('GET', 'Reports/$count')).text()).toBe('3')
  })

  it('processes a file, and names the known ones for an unknown one', async () => {
    const found = await client.call('ProcessLargeFile', { FileId: 'small.txt' })
    expect(await found.json()).toMatchObject({ FileId: 'small.txt', Lines: 2, Bytes: 23 })
    const missing = await client.call('ProcessLargeFile', { FileId: 'none' })
    expect(missing.status).toBe(404)
    expect((await missing.json()).error.details[0].message).toContain('orders.csv')
  })

  it('exports as a string, from an action bound to a collection', async () => {
    const { value } = await (await client.call('Products/Reporting.Export', { Format: 'csv' })).json()
    expect(value).toContain('1,Desk lamp,39.9\n')
    expect((await client.call('Products/Reporting.Export', { Format: 'pdf' })).status).toBe(400)
  })

  it('calls an action bound to an entity', async () => {
    const response = await client.call('Products(5)/Reporting.Reprice', { Percent: -50 })
    expect(await response.json()).toMatchObject({ ID: 5, Price: 240 })
    expect(await (await client.request('GET', 'Products(5)/Price')).json()).toMatchObject({ value: 240 })
    expect((await client.call('Products(99)/Reporting.Reprice', { Percent: 1 })).status).toBe(404)
  })

  it('calls a function, with literals and with aliases', async () => {
    for (const path of ['TopProducts(Count=2)', 'TopProducts(Count=@Count)?@Count=2']) {
      const { value } = await (await client.request('GET', path)).json()
      expect(value.map(({ Name }: { Name: string }) => Name)).toEqual(['Standing desk', 'Office chair'])
    }
  })

  it('speaks the version that is asked for', async () => {
    const v4 = await client.request('GET', 'Products(1)', { 'OData-MaxVersion': '4.0' })
    expect(v4.headers.get('odata-version')).toBe('4.0')
    expect(await v4.json()).toHaveProperty(['@odata.context'], '/odata/$metadata#Products/$entity')
    const v401 = await client.request('GET', 'Products(1)')
    expect(v401.headers.get('odata-version')).toBe('4.01')
    expect(await v401.json()).toHaveProperty(['@context'], '/odata/$metadata#Products/$entity')
  })
})

describe('CORS', () => {
  const origin = 'https://app.example.com'

  it('answers preflights everywhere, for monitors too', async () => {
    const accepted = await client.submit('RebuildIndex', {}, { 'x-test-outcome': 'hang' })
    for (const url of [`${service.url}RebuildIndex`, monitorUrl(accepted) ?? '']) {
      const response = await fetch(url, {
        method: 'OPTIONS',
        headers: { Origin: origin, 'Access-Control-Request-Method': 'DELETE' },
      })
      expect(response.status).toBe(204)
      expect(response.headers.get('access-control-allow-origin')).toBe(origin)
      expect(response.headers.get('access-control-allow-credentials')).toBe('true')
      expect(response.headers.get('access-control-allow-methods')).toContain('DELETE')
      const allowed = response.headers.get('access-control-allow-headers')?.split(', ')
      expect(allowed).toEqual(
        expect.arrayContaining(['Prefer', 'OData-MaxVersion', 'OData-Version', 'x-test-duration', 'x-test-service']),
      )
    }
  })

  it('exposes the headers that an asynchronous client reads, also on errors', async () => {
    for (const path of ['Products(1)', 'Nothing', '$async/none']) {
      const response = await client.request('GET', path, { Origin: origin })
      expect(response.headers.get('access-control-allow-origin')).toBe(origin)
      expect(response.headers.get('access-control-expose-headers')).toBe(
        'Location, Retry-After, AsyncResult, Preference-Applied, OData-Version, OData-EntityId, ETag, ' +
          'Content-Disposition, Repeatability-Result, X-Progress',
      )
      expect(response.headers.get('vary')).toContain('Origin')
    }
  })
})

describe('control', () => {
  it('lists jobs and requests, and resets both and the data', async () => {
    const accepted = await client.submit('RebuildIndex', {}, { 'x-test-outcome': 'hang', Authorization: 'Bearer t' })
    await client.call('Products', { Name: 'Stapler' })
    const jobs = await (await client.request('GET', '$test/jobs')).json()
    expect(jobs).toEqual(JSON.parse(JSON.stringify(service.jobs())))
    expect(jobs).toMatchObject([{ method: 'POST', url: 'RebuildIndex', state: 'running', polls: 0 }])
    const requests = await (await client.request('GET', '$test/requests')).json()
    expect(requests).toEqual(JSON.parse(JSON.stringify(service.requests())))
    expect(requests).toMatchObject([
      {
        method: 'POST',
        url: '/odata/RebuildIndex',
        status: 202,
        time: expect.any(Number),
        requestHeaders: { prefer: 'respond-async', authorization: 'Bearer t', 'x-test-outcome': 'hang' },
        responseHeaders: { location: monitorUrl(accepted), 'retry-after': '1' },
      },
      { method: 'POST', url: '/odata/Products', status: 201 },
    ])

    expect((await client.request('POST', '$test/reset')).status).toBe(204)
    expect(service.jobs()).toEqual([])
    expect(service.requests()).toEqual([])
    expect((await fetch(monitorUrl(accepted) ?? '')).status).toBe(404)
    expect(await (await client.request('GET', 'Products/$count')).text()).toBe('12')
  })

  it('takes manners as options, which a header overrides', async () => {
    const slow = await startODataService({ outcome: 'void', service: ['sync'], retryAfter: 9 })
    const other = createServiceClient(slow)
    expect((await other.submit('GenerateLargeReport', year)).status).toBe(204)
    const accepted = await other.submit('GenerateLargeReport', year, { 'x-test-service': 'no-body' })
    expect(accepted.status).toBe(202)
    expect(accepted.headers.get('retry-after')).toBe('9')
    await slow.close()
  })

  it('stops all work when it is closed', async () => {
    const other = await startODataService({ outcome: 'hang' })
    const otherClient = createServiceClient(other)
    await otherClient.submit('RebuildIndex', {})
    await other.close()
    await expect(otherClient.request('GET', 'Products')).rejects.toThrow('fetch failed')
  })

  it('stops work whose only client went away', async () => {
    const gone = new AbortController()
    const waiting = fetch(`${service.url}RebuildIndex`, {
      method: 'POST',
      headers: { Prefer: 'respond-async, wait=60', 'x-test-outcome': 'hang' },
      signal: gone.signal,
    })
    await client.until(() => service.jobs().length === 1)
    gone.abort()
    await expect(waiting).rejects.toThrow()
    await client.until(() => service.jobs()[0]?.endedAt !== undefined)
    expect(service.jobs()).toMatchObject([{ state: 'cancelled', aborted: true }])
  })
})
