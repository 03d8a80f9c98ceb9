import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type RunningODataService, startODataService } from './odataService.js'
import { createServiceClient } from './serviceClient.js'

let service: RunningODataService
let client: ReturnType<typeof createServiceClient>

beforeAll(async () => {
  service = await startODataService({ retryAfter: 0 })
  client = createServiceClient(service)
})
beforeEach(() => service.reset())
afterAll(() => service.close())

/** Sends a request asynchronously, and gives its final status and the result. */
async function finished(method: string, path: string, headers: Record<string, string> = {}, body?: string) {
  const all = { Prefer: 'respond-async', 'Content-Type': 'application/json', 'x-test-duration': '10', ...headers }
  const accepted = await client.request(method, path, all, body)
  expect(accepted.status).toBe(202)
  const response = await client.finish(accepted)
  return { status: response.headers.get('asyncresult'), etag: response.headers.get('etag'), response }
}

describe('an entity', () => {
  it('is read, changed and deleted asynchronously', async () => {
    const read = await finished('GET', 'Products(1)')
    expect([read.status, (await read.response.json()).Name]).toEqual(['200', 'Desk lamp'])
    const changed = await finished('PATCH', 'Products(1)', {}, '{"Stock":7}')
    expect([changed.status, (await changed.response.json()).Stock]).toEqual(['200', 7])
    expect((await finished('DELETE', 'Products(1)')).status).toBe('204')
    expect((await client.request('GET', 'Products(1)')).status).toBe(404)
  })

  it('has an ETag that changes with it', async () => {
    const before = (await client.request('GET', 'Products(1)')).headers.get('etag')
    expect(before).toMatch(/^W\/"[\w-]{12}"$/)
    const changed = await finished('PATCH', 'Products(1)', { 'If-Match': before ?? '' }, '{"Stock":7}')
    expect(changed.status).toBe('200')
    expect(changed.etag).not.toBe(before)
    expect((await client.request('GET', 'Products(1)')).headers.get('etag')).toBe(changed.etag)
  })

  it.each(['PATCH', 'PUT', 'DELETE'])('refuses a %s with an ETag of the past, at once and later', async (method) => {
    const body = method === 'DELETE' ? undefined : '{"Name":"A"}'
    const headers = { 'If-Match': 'W/"old"', 'Content-Type': 'application/json' }
    expect((await client.request(method, 'Products(1)', headers, body)).status).toBe(412)
    const { status, response } = await finished(method, 'Products(1)', headers, body)
    expect([status, (await response.json()).error.code]).toEqual(['412', 'CHANGED_MEANWHILE'])
    expect(await (await client.request('GET', 'Products(1)')).json()).toMatchObject({ Name: 'Desk lamp' })
  })

  it('takes * for any ETag, and one of a list', async () => {
    const tag = (await client.request('GET', 'Products(1)')).headers.get('etag')
    for (const match of ['*', `W/"old", ${tag}`]) {
      const headers = { 'If-Match': match, 'Content-Type': 'application/json' }
      expect((await client.request('PATCH', 'Products(1)', headers, '{"Stock":120}')).status).toBe(200)
    }
  })
})

describe('the metadata', () => {
  it('tells of asynchronous requests, batches, repeatability and versions, by alias', async () => {
    const text = await (await client.request('GET', '$metadata')).text()
    for (const name of ['Core', 'Capabilities', 'Repeatability']) {
      expect(text).toContain(`<edmx:Include Namespace="Org.OData.${name}.V1" Alias="${name}"/>`)
    }
    const container = text.slice(text.indexOf('<EntityContainer'), text.indexOf('</EntityContainer>'))
    for (const annotation of [
      'Term="Capabilities.AsynchronousRequestsSupported"',
      'Term="Capabilities.BatchSupport"',
      '<String>multipart/mixed</String>',
      '<String>application/json</String>',
      'Term="Repeatability.Supported"',
      'Term="Core.ODataVersions" String="4.0 4.01"',
    ]) {
      expect(container).toContain(annotation)
    }
  })
})
