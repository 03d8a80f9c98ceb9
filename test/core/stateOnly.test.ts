import { describe, expect, it } from 'vitest'
import { createODataClient, type MonitorProtocol, odata } from '../../src/core/index.js'
import { accepted, MONITOR, scriptedClient } from '../support/scriptedClient.js'
import { type SentRequest, scriptedWire } from '../support/scriptedWire.js'
import { type WireMessage, wireTrace } from '../support/wireTrace.js'

const SERVICE = 'https://api.example.com/fleet/v4/'

/** A protocol that asks for the state only, as OData 4.02 allows. */
const stateOnly: MonitorProtocol = {
  ...odata(),
  headers: () => ({ accept: 'application/json', 'odata-maxversion': '4.02', prefer: 'return=minimal' }),
}
/** The one that fetches the result. */
const version402: MonitorProtocol = {
  ...odata(),
  headers: () => ({ accept: 'application/json', 'odata-maxversion': '4.02' }),
}

function expectSent(sent: SentRequest | undefined, request: WireMessage | undefined) {
  const [method, path] = request?.startLine.split(' ') ?? []
  const { host, ...headers } = request?.headers ?? {}
  expect(sent).toMatchObject({ method, url: `https://${host}${path}`, body: '' })
  expect(sent?.headers).toEqual(headers)
}

describe('a monitor that is asked for the state only', () => {
  it('T11: says that the operation has ended and where its answer is; another client fetches that later', async () => {
    const [state, ended, fetched, result] = wireTrace('T11')
    const asking = scriptedWire(ended as WireMessage)
    const watcher = createODataClient({ serviceUrl: SERVICE, http: asking.http, monitor: stateOnly })
    const watched = watcher.resume({ monitorUrl: 'https://api.example.com/fleet/jobs/q-91' })
    expect(await watched.poll()).toBe(true)
    expectSent(asking.sent[0], state)
    expect(watched.record).toMatchObject({
      status: 'running',
      monitorUrl: 'https://api.example.com/fleet/jobs/q-91/result',
      pollFailures: 0,
    })

    const fetching = scriptedWire(result as WireMessage)
    const reader = createODataClient({ serviceUrl: SERVICE, http: fetching.http, monitor: version402 })
    const resumed = reader.resume<number>(JSON.parse(JSON.stringify(watched)))
    expect(await resumed.poll()).toBe(false)
    expectSent(fetching.sent[0], fetched)
    expect(resumed).toMatchObject({ status: 'completed', result: 431 })
  })

  it.each(['204', '409'])(
    'row 70: an AsyncResult %s is not the end before the answer itself has been fetched',
    async (code) => {
      const ended = `204 No Content\nAsyncResult: ${code}\nLocation: /jobs/7/result\nPreference-Applied: return=minimal`
      const { client, sent } = scriptedClient([accepted, ended, `200 OK\nAsyncResult: ${code}`], { monitor: stateOnly })
      const operation = await client.callAction('Rebuild')
      expect(await operation.poll()).toBe(true)
      expect(await operation.poll()).toBe(false)
      expect(sent[2]?.url).toBe(`${MONITOR}/result`)
      expect(operation.status).toBe(code === '409' ? 'failed' : 'completed')
    },
  )

  it('row 70: a 204 that applied no preference is the result, with the Location of what was created', async () => {
    const created = '204 No Content\nAsyncResult: 201\nLocation: /v4/Orders(7)'
    const { client } = scriptedClient([accepted, created])
    const operation = await client.callAction('Rebuild')
    expect(await operation.poll()).toBe(false)
    expect(operation.record).toMatchObject({ status: 'completed', response: { status: 201 } })
    expect(operation.record.response?.headers.location).toBe('/v4/Orders(7)')
  })

  it('row 69: a return=minimal that was applied to the operation itself is no such answer', async () => {
    const created = '200 OK\nAsyncResult: 204\nLocation: /v4/Orders(7)\nPreference-Applied: return=minimal'
    const { client } = scriptedClient([accepted, created])
    const operation = await client.callAction('Rebuild')
    expect(await operation.poll()).toBe(false)
    expect(operation.record).toMatchObject({ status: 'completed', result: undefined, response: { status: 204 } })
  })

  it('row 71: one that does not know it gives the whole result, which is kept', async () => {
    const result = '200 OK\nAsyncResult: 200\nContent-Type: application/json\n\n{"ID":1}'
    const { client, sent } = scriptedClient([accepted, result], { monitor: stateOnly })
    const operation = await client.callAction('Rebuild')
    expect(await operation.poll()).toBe(false)
    expect(sent[1]?.headers.prefer).toBe('return=minimal')
    expect(operation).toMatchObject({ status: 'completed', result: { ID: 1 } })
  })

  it("is no preference of the library's own, nor of the caller's for the first request", async () => {
    const { client, sent } = scriptedClient([accepted, '202 Accepted', '204 No Content'])
    const operation = await client.callAction('Rebuild', {}, { returnPreference: 'minimal' })
    await operation.poll()
    await operation.tryCancel()
    expect(sent[0]?.headers.prefer).toContain('return=minimal')
    expect(sent.slice(1).map(({ headers }) => headers.prefer)).toEqual([undefined, undefined])
  })
})
