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

const productCount = async () => Number(await (await client.request('GET', 'Products/$count')).text())

describe('JSON batch', () => {
  const batch = async (requests: unknown, headers: Record<string, string> = {}) => {
    const response = await client.call('$batch', { requests }, headers)
    expect(response.status).toBe(200)
    return (await response.json()).responses as {
      id: string
      status: number
      headers: Record<string, string>
      body: unknown
    }[]
  }
  const created = { id: '1', method: 'post', url: 'Products', body: { Name: 'A' } }
  const wrong = { id: '2', method: 'POST', url: 'Products', body: { Name: 1 } }

  it('answers each request under its id, and goes on after an error', async () => {
    const responses = await batch([
      { id: '1', method: 'get', url: 'Products(1)' },
      { id: '2', method: 'get', url: 'Products(99)' },
      { id: '3', method: 'get', url: '/odata/Products/$count' },
      { id: '4', method: 'post', url: 'RebuildIndex', body: {} },
    ])
    expect(responses).toMatchObject([
      { id: '1', status: 200, body: { Name: 'Desk lamp' } },
      { id: '2', status: 404, body: { error: { code: 'NOT_FOUND' } } },
      { id: '3', status: 200, headers: { 'content-type': 'text/plain' }, body: '12' },
      { id: '4', status: 204 },
    ])
    expect(responses[3]).not.toHaveProperty('body')
  })

  it('leaves out what was not done when it is told to stop', async () => {
    const responses = await batch([wrong, { ...created, id: '3' }], { Prefer: 'continue-on-error=false' })
    expect(responses).toMatchObject([{ id: '2', status: 400 }])
  })

  it('undoes an atomicity group that fails, and fails what depends on it', async () => {
    const responses = await batch([
      { ...created, atomicityGroup: 'g' },
      { ...wrong, atomicityGroup: 'g' },
      { id: '3', method: 'get', url: 'Products(1)', dependsOn: ['g'] },
      { id: '4', method: 'get', url: 'Products(1)' },
    ])
    expect(responses).toMatchObject([
      { id: '1', status: 424, atomicityGroup: 'g' },
      { id: '2', status: 400, atomicityGroup: 'g' },
      { id: '3', status: 424 },
      { id: '4', status: 200 },
    ])
    expect(await productCount()).toBe(12)
  })

  it('follows a reference to what was created before', async () => {
    const responses = await batch([
      created,
      { id: '2', method: 'patch', url: '$1', dependsOn: ['1'], body: { Stock: 3 } },
    ])
    expect(responses).toMatchObject([{ status: 201 }, { status: 200, body: { Name: 'A', Stock: 3 } }])
  })

  it('follows a reference into a group that is listed with its member', async () => {
    const dependsOn = ['1', 'g']
    const responses = await batch([
      { ...created, atomicityGroup: 'g' },
      { id: '2', method: 'post', url: '$1/Reporting.Reprice', dependsOn, body: { Percent: 5 } },
    ])
    expect(responses).toMatchObject([{ status: 201 }, { status: 200, body: { Name: 'A' } }])
  })

  it('can be answered as multipart', async () => {
    const one = { requests: [{ id: 'x', method: 'get', url: 'Products(1)' }] }
    const text = await (await client.call('$batch', one, { Accept: 'multipart/mixed' })).text()
    expect(text).toContain('Content-ID: x')
    expect(text).toContain('Desk lamp')
  })

  it('runs asynchronously as a whole', async () => {
    const accepted = await client.submit('$batch', { requests: [created] })
    const result = await client.finish(accepted)
    expect(result.headers.get('asyncresult')).toBe('200')
    expect((await result.json()).responses).toMatchObject([{ id: '1', status: 201 }])
  })

  it('accepts single requests asynchronously that ask for it, if they stand alone', async () => {
    const headers = { prefer: 'respond-async', 'content-type': 'application/json' }
    const index = (id: string, more: object = {}) => ({
      id,
      method: 'post',
      url: 'RebuildIndex',
      headers,
      body: {},
      ...more,
    })
    const requests = [
      index('1', { headers: { ...headers, 'x-test-outcome': 'hang' } }),
      index('2', { atomicityGroup: 'g' }),
      index('3'),
      { id: '4', method: 'get', url: 'Products(1)', dependsOn: ['3'] },
      index('5', { headers: { ...headers, 'x-test-service': 'sync' } }),
    ]
    const responses = await batch(requests)
    expect(responses.map(({ status }) => status)).toEqual([202, 204, 204, 200, 204])
    expect(responses[0]?.headers).toMatchObject({
      location: expect.stringContaining(`${service.url}$async/`),
      'retry-after': '0',
      'preference-applied': 'respond-async',
    })
    expect(service.jobs()).toMatchObject([{ method: 'POST', url: 'RebuildIndex', state: 'running' }])
    const location = responses[0]?.headers.location ?? ''
    expect((await fetch(location)).status).toBe(202)
    expect((await fetch(location, { method: 'DELETE' })).status).toBe(204)
  })

  it.each([
    ['no JSON', '{'],
    ['no requests', '{}'],
    ['requests that are no objects', '{"requests":[1]}'],
    ['a request without id', '{"requests":[{"method":"get","url":"Products"}]}'],
    ['an unknown method', '{"requests":[{"id":"1","method":"TRACE","url":"Products"}]}'],
    ['a body on GET', '{"requests":[{"id":"1","method":"get","url":"Products","body":{}}]}'],
    ['header names in upper case', '{"requests":[{"id":"1","method":"get","url":"x","headers":{"Accept":"*/*"}}]}'],
    ['a dependency that comes later', '{"requests":[{"id":"1","method":"get","url":"x","dependsOn":["2"]}]}'],
    ['an id twice', '{"requests":[{"id":"1","method":"get","url":"x"},{"id":"1","method":"get","url":"x"}]}'],
    ['an id that is no identifier', '{"requests":[{"id":"a b","method":"get","url":"Products"}]}'],
    [
      'credentials in a request',
      '{"requests":[{"id":"1","method":"get","url":"x","headers":{"authorization":"Basic eA=="}}]}',
    ],
    [
      'a header that is no string',
      '{"requests":[{"id":"1","method":"get","url":"x","headers":{"accept":{"toString":1}}}]}',
    ],
    [
      'a dependency that is no string',
      '{"requests":[{"id":"1","method":"get","url":"x","dependsOn":[{"toString":1}]}]}',
    ],
    [
      'text that is no string',
      '{"requests":[{"id":"1","method":"post","url":"x","headers":{"content-type":"text/plain"},"body":{"toString":1}}]}',
    ],
    ['a group with the name of a request', '{"requests":[{"id":"1","method":"post","url":"x","atomicityGroup":"1"}]}'],
    [
      'a dependency on the own group',
      JSON.stringify({
        requests: [
          { ...created, atomicityGroup: 'g' },
          { ...created, id: '2', atomicityGroup: 'g', dependsOn: ['g'] },
        ],
      }),
    ],
    [
      'a dependency on a member of a group alone',
      JSON.stringify({
        requests: [
          { ...created, atomicityGroup: 'g' },
          { ...created, id: '2', dependsOn: ['1'] },
        ],
      }),
    ],
    [
      'a reference without dependsOn',
      '{"requests":[{"id":"1","method":"get","url":"x"},{"id":"2","method":"get","url":"$1"}]}',
    ],
    [
      'a group that is torn apart',
      '{"requests":[{"id":"1","method":"post","url":"x","atomicityGroup":"g"},{"id":"2","method":"get","url":"x"},{"id":"3","method":"post","url":"x","atomicityGroup":"g"}]}',
    ],
  ])('is refused as a whole for %s', async (_, body) => {
    const response = await client.request('POST', '$batch', { 'Content-Type': 'application/json' }, body)
    expect(response.status).toBe(400)
    expect((await response.json()).error.code).toBe('BAD_BATCH')
  })

  it('does not take a batch in a batch, nor URLs elsewhere', async () => {
    const responses = await batch([
      { id: '1', method: 'post', url: '$batch', body: { requests: [] } },
      { id: '2', method: 'get', url: '/other/Products' },
      { id: '3', method: 'get', url: '../other' },
    ])
    expect(responses.map(({ status }) => status)).toEqual([400, 404, 404])
  })
})
