import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createODataClient, type OperationOptions, odata } from '../../src/core/index.js'
import { accepted, rejection, scriptedClient, stillRunning } from '../support/scriptedClient.js'
import { type Answer, scriptedWire } from '../support/scriptedWire.js'

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 9, 5) }))
afterEach(() => void vi.useRealTimers())

const NOTHING = '204 No Content'

/** No answer until the request is given up. */
const silence: Answer = ({ signal }) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))

/** The headers of an action that is called with some options. */
async function headersOf(options: OperationOptions, maxVersion?: '4.0' | '4.01') {
  const { client, sent } = scriptedClient([NOTHING], { maxVersion })
  await client.callAction('Rebuild', {}, options)
  return sent[0]?.headers ?? {}
}

describe('Prefer', () => {
  it.each<[string, OperationOptions, string]>([
    ['respond-async alone', {}, 'respond-async'],
    ['a time to wait', { wait: 20 }, 'respond-async, wait=20'],
    ['no time to wait', { wait: 0 }, 'respond-async, wait=0'],
    ['what to send back', { returnPreference: 'representation' }, 'return=representation, respond-async'],
    ["the caller's own", { headers: { Prefer: 'omit-values=nulls' } }, 'omit-values=nulls, respond-async'],
    [
      'all of it in one list',
      { wait: 5, returnPreference: 'minimal', headers: { PREFER: 'odata.maxpagesize=50' } },
      'odata.maxpagesize=50, return=minimal, respond-async, wait=5',
    ],
  ])('row 5: carries %s', async (_, options, prefer) => {
    expect((await headersOf(options)).prefer).toBe(prefer)
  })

  it.each<[string, OperationOptions, string]>([
    [
      'return=minimal, wait=5',
      { wait: 30, returnPreference: 'representation' },
      'return=minimal, wait=5, respond-async',
    ],
    ['Respond-Async', {}, 'Respond-Async'],
    ['wait=5, WAIT=6', {}, 'wait=5, respond-async'],
    ['callback; url="https://a.example/x,y"', {}, 'callback; url="https://a.example/x,y", respond-async'],
  ])("row 5: the caller's own %s comes first, and no token comes twice", async (prefer, options, merged) => {
    expect((await headersOf({ ...options, headers: { Prefer: prefer } })).prefer).toBe(merged)
  })

  it.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, '5'])(
    'a wait of %s is refused before anything is sent',
    async (wait) => {
      const { client, sent } = scriptedClient([])
      const error = await rejection(client.callAction('Rebuild', {}, { wait: wait as number }))
      expect(error).toMatchObject({ kind: 'configuration' })
      expect((error as Error).message).toContain('whole number of seconds')
      expect(sent).toHaveLength(0)
    },
  )

  it.each<[string, OperationOptions]>([
    ['the option', { wait: 600 }],
    ["the caller's own header", { headers: { prefer: 'wait=600' } }],
    ['the one that counts of both', { wait: 1, headers: { prefer: 'wait=600' } }],
  ])('row 22: the request is not given up before the service has had the time that %s gives', async (_, options) => {
    const { client, sent } = scriptedClient([silence], { submitTimeout: 10_000 })
    const failed = rejection(client.callFunction('Fn', {}, options))
    await vi.advanceTimersByTimeAsync(609_999)
    expect(sent[0]?.signal.aborted).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(await failed).toMatchObject({ kind: 'network' })
  })

  it("row 22: a time in the caller's own header that no timer keeps does not end the request at once", async () => {
    const { client, sent } = scriptedClient([silence])
    void client.callAction('Rebuild', {}, { headers: { prefer: 'wait=9999999999' } })
    await vi.advanceTimersByTimeAsync(3_600_000)
    expect(sent[0]?.signal.aborted).toBe(false)
  })

  it('rows 6 and 7: a 202 is an operation under way, whatever was preferred', async () => {
    const { client } = scriptedClient(['202 Accepted\nLocation: /jobs/7\n\n{"ID":1}'])
    const operation = await client.request('POST', 'Orders', {}, { headers: { Prefer: 'return=representation' } })
    expect(operation).toMatchObject({ status: 'running', isAsync: true, result: undefined })
  })
})

describe('conditions', () => {
  it.each([['W/"a7"'], ['"1"'], ['*']])('an etag %s is sent as If-Match', async (etag) => {
    expect(await headersOf({ etag })).toMatchObject({ 'if-match': etag })
  })

  it('nothing is sent that was not asked for', async () => {
    expect(Object.keys(await headersOf({ etag: undefined, isolation: undefined, wait: undefined })).sort()).toEqual([
      'accept',
      'content-type',
      'odata-maxversion',
      'odata-version',
      'prefer',
    ])
  })

  it('isolation has the name that the service knows, in 4.01 both', async () => {
    const newer = await headersOf({ isolation: 'snapshot' })
    expect(newer).toMatchObject({ isolation: 'snapshot', 'odata-isolation': 'snapshot' })
    const ofOneCall = { isolation: 'snapshot', headers: { 'OData-MaxVersion': '4.0' } } as const
    for (const older of [await headersOf({ isolation: 'snapshot' }, '4.0'), await headersOf(ofOneCall)]) {
      expect(older).toMatchObject({ 'odata-isolation': 'snapshot' })
      expect(older).not.toHaveProperty('isolation')
    }
  })

  it.each<[number, string, OperationOptions, number]>([
    [138, 'an etag that is stale', { etag: '"old"' }, 412],
    [139, 'an etag that is missing', {}, 428],
    [140, 'an isolation that is unsupported', { isolation: 'snapshot' }, 412],
  ])('row %s: %s is the error of the operation, at once and later', async (_, __, options, status) => {
    const body = 'Content-Type: application/json\n\n{"error":{"code":"E1","message":"Not like this."}}'
    const now = scriptedClient([`${status} No\n${body}`])
    const error = await rejection(now.client.request('PATCH', 'Orders(7)', {}, options))
    expect(error).toMatchObject({ kind: 'service', status, code: 'E1', message: 'Not like this.' })

    const later = scriptedClient([accepted, `200 OK\nAsyncResult: ${status}\n${body}`])
    const operation = await later.client.callFunction('Orders(7)/Sales.Fn', {}, options)
    await operation.poll()
    expect(operation.error).toMatchObject({ kind: 'service', status, code: 'E1', message: 'Not like this.' })
  })
})

describe("the caller's own headers", () => {
  it('win over those of the client', async () => {
    const headers = { Accept: 'application/pdf', 'OData-Version': '4.01', 'If-Match': '"2"' }
    expect(await headersOf({ headers, etag: '"1"' })).toMatchObject({
      accept: 'application/pdf',
      'odata-version': '4.01',
      'if-match': '"2"',
    })
  })

  it('go to the monitor too, but for those that are about the first request', async () => {
    const { client, sent } = scriptedClient([accepted, stillRunning, NOTHING])
    const operation = await client.request(
      'PATCH',
      'Orders(7)',
      {},
      {
        ...{ etag: '"1"', isolation: 'snapshot', wait: 5, returnPreference: 'minimal', repeatability: true },
        callbackUrl: 'https://app.example/done',
        headers: {
          Authorization: 'Bearer secret',
          'X-Tenant': 'a',
          'Reporting-Tenant': 'b',
          'Content-Language': 'en',
          'If-None-Match': '"3"',
          'OData-Version': '4.01',
          Isolation: 'snapshot',
          Prefer: 'omit-values=nulls',
          'Repeatability-Request-ID': 'mine',
        },
      },
    )
    await operation.poll()
    await operation.tryCancel()
    const own = { authorization: 'Bearer secret', 'x-tenant': 'a', 'reporting-tenant': 'b' }
    const monitor = { accept: 'application/json', 'odata-maxversion': '4.01', ...own }
    expect(sent.slice(1).map(({ method, headers }) => [method, headers])).toEqual([
      ['GET', monitor],
      ['DELETE', monitor],
    ])
  })

  it.each([
    ['4.01', 'application/json;metadata=full', 'application/json;metadata=full'],
    ['4.0', 'application/json;odata.metadata=full', 'application/http'],
  ] as const)('in %s an Accept of %s makes the monitor be asked for %s', async (maxVersion, accept, asked) => {
    const { client, sent } = scriptedClient([accepted, stillRunning], { maxVersion })
    const operation = await client.callFunction('Fn', {}, { headers: { accept } })
    await operation.poll()
    expect(sent.map(({ headers }) => headers.accept)).toEqual([accept, asked])
  })

  it('row 23: a version of one call is that of its polls and its cancel, and of their Accept', async () => {
    const { client, sent } = scriptedClient([accepted, stillRunning, NOTHING])
    const operation = await client.callAction('Rebuild', {}, { headers: { 'OData-MaxVersion': '4.0' } })
    await operation.poll()
    await operation.tryCancel()
    expect(sent.map(({ headers }) => headers['odata-maxversion'])).toEqual(['4.0', '4.0', '4.0'])
    expect(sent.map(({ headers }) => headers.accept)).toEqual([
      'application/json',
      'application/http',
      'application/http',
    ])
  })

  it.each(['4.0', '4.01'] as const)(
    'row 23: functions and requests carry version %s with their polls as well',
    async (maxVersion) => {
      const { client, sent } = scriptedClient([accepted, stillRunning, accepted, stillRunning], { maxVersion })
      await (await client.callFunction('Fn')).poll()
      await (await client.request('DELETE', 'Orders(7)')).poll()
      expect(sent.map(({ headers }) => headers['odata-maxversion'])).toEqual(Array(4).fill(maxVersion))
    },
  )

  it('a monitor protocol of your own says what its requests carry', async () => {
    const wire = scriptedWire(accepted, stillRunning)
    const monitor = { ...odata(), headers: () => ({ accept: 'application/json', prefer: 'return=minimal' }) }
    const client = createODataClient({ serviceUrl: 'https://api.example.com/v4/', http: wire.http, monitor })
    await (await client.callAction('Rebuild', {}, { headers: { prefer: 'wait=5' } })).poll()
    expect(wire.sent[1]?.headers).toEqual({ accept: 'application/json', prefer: 'return=minimal' })
  })

  it.each<[string, OperationOptions]>([
    ['a name that is none', { headers: { 'X Tenant': 'secret-1' } }],
    ['a value of two lines', { headers: { 'X-Tenant': 'secret-1\nX-Evil: 1' } }],
    ['an etag of two lines', { etag: '"1"\r\nX-Evil: secret-1' }],
    ['an etag beyond Latin-1', { etag: '"secret-1 ☃"' }],
  ])('%s is refused before anything is sent, and its value is not repeated', async (_, options) => {
    const { client, sent } = scriptedClient([])
    const error = await rejection(client.callAction('Rebuild', {}, options))
    expect(error).toMatchObject({ kind: 'configuration' })
    expect((error as Error).message).not.toContain('secret-1')
    expect(() => client.prepareAction('Rebuild', {}, options)).toThrow('cannot be sent')
    expect(sent).toHaveLength(0)
  })
})
