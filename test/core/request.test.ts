import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { formatKey, type RequestMethod } from '../../src/core/index.js'
import { accepted, MONITOR, rejection, SERVICE, scriptedClient, stillRunning } from '../support/scriptedClient.js'

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 9, 5) }))
afterEach(() => void vi.useRealTimers())

const NOTHING = '204 No Content'
const RENAMED = `200 OK
  AsyncResult: 200

  {"@context":"c","ID":7,"Name":"New"}`

describe('any request may be asynchronous', () => {
  it.each<[RequestMethod, string, object | undefined]>([
    ['GET', 'Orders?$filter=Open eq true&$count=true', undefined],
    ['POST', 'Orders', { Name: 'New' }],
    ['PATCH', 'Orders(7)', { Name: 'New' }],
    ['PUT', 'Orders(7)', { Name: 'New' }],
    ['DELETE', 'Orders(7)', undefined],
  ])('%s %s is accepted, watched and ends with its own result', async (method, path, body) => {
    const { client, sent } = scriptedClient([accepted, stillRunning, RENAMED])
    const operation = await client.request(method, path, body)
    expect(operation.record).toMatchObject({ kind: 'request', method, status: 'running', monitorUrl: MONITOR })
    const done = operation.waitForCompletion()
    await vi.advanceTimersByTimeAsync(4_000)

    expect(await done).toEqual({ '@context': 'c', ID: 7, Name: 'New' })
    expect(sent.map((request) => request.method)).toEqual([method, 'GET', 'GET'])
    expect(decodeURI(sent[0]?.url ?? '')).toBe(SERVICE + path)
    expect(sent[0]?.headers.prefer).toBe('respond-async')
    expect(sent[0]?.body).toBe(body ? '{"Name":"New"}' : '')
    expect(sent[0]?.headers['content-type']).toBe(body && 'application/json')
    expect(sent[0]?.headers['odata-version']).toBe(body && '4.0')
  })

  it('ends at once when the service answers at once', async () => {
    const { client, sent } = scriptedClient([
      '201 Created\nLocation: Orders(8)\nContent-Type: application/json\n\n{"ID":8}',
    ])
    const operation = await client.request('POST', 'Orders', { Name: 'New' })
    expect(operation).toMatchObject({ isAsync: false, isCompleted: true, result: { ID: 8 }, monitorUrl: undefined })
    expect(sent).toHaveLength(1)
  })

  it.each([
    ['text', 'plain text', 'text/plain;charset=UTF-8', 'plain text'],
    ['bytes', Uint8Array.of(104, 105), 'application/octet-stream', 'hi'],
    ['a buffer', Uint8Array.of(104, 105).buffer, 'application/octet-stream', 'hi'],
    ['a blob', new Blob(['a,b'], { type: 'text/csv' }), 'text/csv', 'a,b'],
  ])('sends %s as it is, with its type', async (_, body, type, text) => {
    const { client, sent } = scriptedClient([NOTHING])
    await client.request('PUT', 'Reports(1)/$value', body)
    expect(sent[0]).toMatchObject({ body: text })
    expect(sent[0]?.headers['content-type']).toBe(type)
    expect(sent[0]?.headers['odata-version']).toBeUndefined()
  })

  it('sends a type of your own instead', async () => {
    const { client, sent } = scriptedClient([NOTHING, NOTHING])
    await client.request('PUT', 'Logo', Uint8Array.of(1), { headers: { 'Content-Type': 'image/png' } })
    await client.request(
      'PATCH',
      'Orders(7)',
      { a: 1 },
      { headers: { 'content-type': 'application/json;IEEE754Compatible=true' } },
    )
    expect(sent.map(({ headers }) => headers['content-type'])).toEqual([
      'image/png',
      'application/json;IEEE754Compatible=true',
    ])
  })

  it('writes a bigint with all its digits, and leaves out what is undefined', async () => {
    const { client, sent } = scriptedClient([NOTHING])
    await client.request('PATCH', 'Orders(7)', { Total: 9007199254740993n, Note: undefined, Tags: [] })
    expect(sent[0]?.body).toBe('{"Total":9007199254740993,"Tags":[]}')
  })

  it.each([
    ["O'Neil/Sons", "('O''Neil%2FSons')"],
    ['../..', "('..%2F..')"],
    [{ Order: 7, Line: 'a?b' }, "(Order=7,Line='a%3Fb')"],
  ])('a key %j from formatKey stays a key', async (key, written) => {
    const { client, sent } = scriptedClient([NOTHING])
    await client.request('DELETE', `Orders${formatKey(key)}`)
    expect(sent[0]?.url).toBe(`${SERVICE}Orders${written}`)
  })

  it.each<[string, RequestMethod, string, unknown]>([
    ['an unknown method', 'HEAD' as RequestMethod, 'Orders', undefined],
    ['a method in lower case', 'get' as RequestMethod, 'Orders', undefined],
    ['a body on a GET', 'GET', 'Orders', {}],
    ['a blank path', 'GET', ' ', undefined],
    ['no path', 'GET', undefined as never, undefined],
    ['a way out of the service', 'DELETE', 'Orders/../../admin', undefined],
    ['a body that contains an invalid Date', 'POST', 'Orders', { At: new Date(Number.NaN) }],
    ['a body that JSON has no word for', 'POST', 'Orders', Symbol('7')],
  ])('refuses %s before anything is sent', async (_, method, path, body) => {
    const { client, sent } = scriptedClient([])
    const error = await rejection(client.request(method, path, body as object))
    expect(error).toMatchObject({ name: 'ODataConfigurationError', kind: 'configuration' })
    expect(sent).toHaveLength(0)
  })

  it('refuses a body that contains itself', async () => {
    const order: Record<string, unknown> = {}
    order.self = order
    const { client, sent } = scriptedClient([])
    expect(await rejection(client.request('POST', 'Orders', order))).toMatchObject({ kind: 'configuration' })
    expect(sent).toHaveLength(0)
  })

  it('prepareRequest sends nothing until it is submitted', async () => {
    const { client, sent } = scriptedClient([accepted])
    const operation = client.prepareRequest('DELETE', 'Orders(7)')
    expect(operation.status).toBe('pending')
    expect(sent).toHaveLength(0)
    await operation.submit()
    expect(operation.status).toBe('running')
  })

  it('row 135: an action without parameters sends {} as JSON', async () => {
    const { client, sent } = scriptedClient([NOTHING])
    await client.callAction('Rebuild')
    expect(sent[0]).toMatchObject({ method: 'POST', body: '{}' })
    expect(sent[0]?.headers['content-type']).toBe('application/json')
  })
})

describe('row 69: a result that only says what was created', () => {
  const entityId = `${SERVICE}Orders(8)`
  it.each([
    ['at once', [`204 No Content\nOData-EntityId: ${entityId}\nPreference-Applied: return=minimal`]],
    [
      'unwrapped',
      [accepted, `200 OK\nAsyncResult: 204\nOData-EntityId: ${entityId}\nPreference-Applied: return=minimal`],
    ],
    [
      'wrapped',
      [accepted, `200 OK\nContent-Type: application/http\n\nHTTP/1.1 204 No Content\nOData-EntityId: ${entityId}\n\n`],
    ],
  ])('%s, has no result and keeps the id of the entity in the headers of the response', async (_, answers) => {
    const { client } = scriptedClient(answers)
    const operation = await client.request('POST', 'Orders', { Name: 'New' }, { returnPreference: 'minimal' })
    await operation.poll()
    expect(operation).toMatchObject({ status: 'completed', result: undefined, error: undefined })
    expect(operation.record.response).toMatchObject({ status: 204, headers: { 'odata-entityid': entityId } })
  })
})

describe('row 68: the next link of a result', () => {
  const page = (nextLink: string) =>
    `200 OK\nContent-Type: application/json\n\n${JSON.stringify({ value: [1], '@nextLink': nextLink })}`
  const AUTHORIZED = { headers: { Authorization: 'Bearer secret' } }

  it('stays with its page, and is asked like any request on the origin of the service', async () => {
    const { client, sent } = scriptedClient([page(`${SERVICE}Orders?$skiptoken=a%26b`), accepted])
    const first = await client.request<{ '@nextLink': string }>('GET', 'Orders', undefined, AUTHORIZED)
    const second = await client.request('GET', first.result?.['@nextLink'] ?? '', undefined, AUTHORIZED)
    expect(sent[1]?.url).toBe(`${SERVICE}Orders?$skiptoken=a%26b`)
    expect(sent[1]?.headers).toMatchObject({ prefer: 'respond-async', authorization: 'Bearer secret' })
    expect(second.status).toBe('running')
  })

  it('that is relative has the URL of the request as its base', async () => {
    const { client, sent } = scriptedClient([page('Orders?$skiptoken=2'), NOTHING])
    const first = await client.request<{ '@nextLink': string }>('GET', 'Customers(1)/Orders')
    await client.request('GET', new URL(first.result?.['@nextLink'] ?? '', first.record.url).href)
    expect(sent[1]?.url).toBe(`${SERVICE}Customers(1)/Orders?$skiptoken=2`)
  })

  it.each([
    ['https://evil.example/Orders?$skiptoken=2', 'https://evil.example'],
    ['http://api.example.com/v4/Orders?$skiptoken=2', 'http://api.example.com'],
    ['https://api.example.com:8443/v4/Orders', 'https://api.example.com:8443'],
    ['https://api.example.com.evil.example/v4/Orders', 'https://api.example.com.evil.example'],
  ])('%s is refused, as no credentials may leave; the error says how to allow it', async (nextLink, origin) => {
    const { client, sent } = scriptedClient([])
    const error = await rejection(client.request('GET', nextLink, undefined, AUTHORIZED))
    expect(error).toMatchObject({ kind: 'configuration' })
    expect((error as Error).message).toMatch(`${origin} is not the origin of the service`)
    expect((error as Error).message).toContain('trustedOrigins')
    expect(sent).toHaveLength(0)
  })

  it.each([
    '//evil.example/Orders',
    '\\\\evil.example/Orders',
    '/\\evil.example',
    'https:evil.example',
    'javascript:alert(1)',
  ])('%s never leaves the service', async (nextLink) => {
    const { client, sent } = scriptedClient([NOTHING])
    await client.request('GET', nextLink).catch(() => {})
    for (const { url } of sent) expect(url.startsWith(SERVICE)).toBe(true)
  })

  it.each(['https://user:secret@api.example.com/v4/Orders', 'https://@api.example.com:443@evil.example/Orders'])(
    'with a user name is refused: %s',
    async (nextLink) => {
      const { client, sent } = scriptedClient([])
      expect(await rejection(client.request('GET', nextLink))).toMatchObject({ kind: 'configuration' })
      expect(sent).toHaveLength(0)
    },
  )

  it('on a trusted origin is asked, with credentials', async () => {
    const { client, sent } = scriptedClient([accepted], { trustedOrigins: ['https://pages.example.net'] })
    await client.request('GET', 'https://pages.example.net/Orders?page=2', undefined, AUTHORIZED)
    expect(sent[0]?.url).toBe('https://pages.example.net/Orders?page=2')
    expect(sent[0]?.headers.authorization).toBe('Bearer secret')
  })
})
