import { connect } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type RunningODataService, startODataService } from './odataService.js'
import { createServiceClient } from './serviceClient.js'

let service: RunningODataService
let client: ReturnType<typeof createServiceClient>

beforeAll(async () => {
  service = await startODataService()
  client = createServiceClient(service)
})
beforeEach(() => service.reset())
afterAll(() => service.close())

const json = { 'Content-Type': 'application/json' }

describe('wrong input', () => {
  it.each([
    [400, 'BAD_JSON', 'RebuildIndex', '{"a":', json],
    [400, 'BAD_JSON', 'RebuildIndex', '[]', json],
    [400, 'BAD_JSON', 'RebuildIndex', 'null', json],
    [400, 'BAD_JSON', 'Products', '"text"', json],
    [400, 'BAD_DATA', 'RebuildIndex', '{"__proto__":{"polluted":true}}', json],
    [400, 'BAD_DATA', 'ProcessLargeFile', '{"FileId":5}', json],
    [400, 'BAD_DATA', 'ProcessLargeFile', '{"FileId":null}', json],
    [400, 'BAD_DATA', 'ProcessLargeFile', '{}', json],
    [400, 'BAD_DATA', 'GenerateLargeReport', '{"StartDate":"2025-13-01","EndDate":"yesterday"}', json],
    [400, 'BAD_DATA', 'Products', '{"Name":"x","Colour":"red"}', json],
    [400, 'BAD_DATA', 'Products', '{"Name":"x","Stock":1.5}', json],
    [415, 'MEDIA_TYPE_NOT_SUPPORTED', 'RebuildIndex', '<a/>', { 'Content-Type': 'application/xml' }],
    [415, 'ENCODING_NOT_SUPPORTED', 'RebuildIndex', '{}', { ...json, 'Content-Encoding': 'gzip' }],
    [413, 'BODY_TOO_LARGE', 'RebuildIndex', `{"a":"${'x'.repeat(1024 * 1024)}"}`, json],
    [404, 'NOT_FOUND', 'Nothing', '{}', json],
    [404, 'NOT_FOUND', '$metadata/reload', '{}', json],
    [405, 'METHOD_NOT_ALLOWED', 'TopProducts(Count=1)', '{}', json],
    [405, 'METHOD_NOT_ALLOWED', 'Products(1)', '{}', json],
  ])('is answered %i %s for POST %s', async (status, code, path, body, headers) => {
    const response = await client.request('POST', path, headers, body)
    expect(response.status).toBe(status)
    expect((await response.json()).error).toMatchObject({ code, message: expect.any(String) })
    expect((await client.request('GET', 'Products(1)')).status).toBe(200)
  })

  it.each([
    [404, 'Products(1)/Nothing'],
    [404, 'Products(1)/Name/Nothing'],
    [404, "Reports('none')"],
    [404, "Reports('R-1')/$value"],
    [404, '../elsewhere'],
    [400, "Products('one')"],
    [400, 'Products/%E0%A4%A'],
    [400, 'Products(1'],
    [400, 'TopProducts(Count=many)'],
    [400, 'TopProducts(Count=@missing)'],
    [400, 'TopProducts(Count=0)'],
    [405, 'RebuildIndex'],
    [414, `Products?$filter=${'x'.repeat(9000)}`],
  ])('is answered %i for GET %s', async (status, path) => {
    const response = await client.request('GET', path)
    expect(response.status).toBe(status)
    expect((await response.json()).error).toMatchObject({ code: expect.any(String), message: expect.any(String) })
  })

  it('is answered 400 for a query that cannot be read', async () => {
    // The engine prints what its parser found.
    const print = vi.spyOn(console, 'error').mockReturnValue()
    expect((await client.request('GET', 'Products?$filter=Name eq (')).status).toBe(400)
    print.mockRestore()
  })

  it('is answered 400 for a body that is not UTF-8', async () => {
    const response = await client.request('POST', 'ProcessLargeFile', json, Buffer.from('{"FileId":"\xff"}', 'latin1'))
    expect((await response.json()).error.code).toBe('BAD_JSON')
  })

  it('does not end the service, not even when a client leaves in the middle', async () => {
    const { port } = new URL(service.origin)
    const socket = connect(Number(port), '127.0.0.1')
    await new Promise((resolve) => socket.once('connect', resolve))
    socket.write('POST /odata/RebuildIndex HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"a"')
    await new Promise<void>((resolve) => socket.end(resolve))
    expect((await client.request('GET', 'Products(1)')).status).toBe(200)
  })
})
