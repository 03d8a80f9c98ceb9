import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ODataError } from '../../src/core/index.js'
import { accepted, rejection, SERVICE, scriptedClient } from '../support/scriptedClient.js'
// Loaded when it is needed; the fake clock does not wait for that.
import '../../src/protocol/capabilities.js'
import type { SentRequest } from '../support/scriptedWire.js'

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 9, 5) }))
afterEach(() => void vi.useRealTimers())

const knownAnswer = `${accepted}\nRepeatability-Result: Accepted`
const metadata = (annotations: string) => `200 OK
  Content-Type: application/xml

  <edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
    <Schema Namespace="Sales" xmlns="http://docs.oasis-open.org/odata/ns/edm">
      <Action Name="Ship" IsBound="true"><Annotation Term="Org.OData.Repeatability.V1.Supported"/></Action>
      <EntityContainer Name="Container">${annotations}
        <EntitySet Name="Orders"><Annotation Term="Org.OData.Repeatability.V1.Supported" Bool="true"/></EntitySet>
        <EntitySet Name="Products"><Annotation Term="Org.OData.Repeatability.V1.Supported" Bool="false"/></EntitySet>
      </EntityContainer>
    </Schema></edmx:DataServices></edmx:Edmx>`
const SUPPORTED = '<Annotation Term="Org.OData.Repeatability.V1.Supported"/>'

const pairOf = ({ headers }: SentRequest) => [headers['repeatability-request-id'], headers['repeatability-first-sent']]

const lines = (sent: readonly SentRequest[]) => sent.map(({ method, url }) => `${method} ${url.replace(SERVICE, '')}`)

describe("repeatability 'detect'", () => {
  const detect = { repeatability: 'detect' } as const
  const call = async (path: string, answers: Parameters<typeof scriptedClient>[0]) => {
    const { client, sent } = scriptedClient(answers, detect)
    const ended = client.request('POST', path, {}).then(
      ({ status }) => status,
      ({ kind }: ODataError) => kind,
    )
    await vi.advanceTimersByTimeAsync(60_000)
    return { ended: await ended, sent: lines(sent) }
  }

  it.each([
    ['the whole service', 'Rebuild', SUPPORTED],
    ['an entity set', 'Orders', ''],
    ['an entity set, by a key', "Orders('a%2Fb')", ''],
    ['an action', 'Orders(7)/Sales.Ship', ''],
  ])('sends again when the metadata says that %s supports it', async (_, path, annotations) => {
    const { ended, sent } = await call(path, ['lost', metadata(annotations), knownAnswer])
    expect(ended).toBe('running')
    expect(sent).toEqual([`POST ${path}`, 'GET $metadata', `POST ${path}`])
  })

  it.each([
    ['says nothing of it', 'Rebuild', metadata('')],
    ['says that it does not', 'Products', metadata('')],
    ['is missing', 'Orders', '404 Not Found'],
    ['cannot be read', 'Orders', '200 OK\nContent-Type: text/html\n\n<html></html>'],
    ['is about another name', "Orders(7)/100%25/x('%')", metadata('')],
  ])('does not send again when the metadata %s', async (_, path, answer) => {
    const { ended, sent } = await call(path, ['lost', answer])
    expect(ended).toBe('network')
    expect(sent).toEqual([`POST ${path}`, 'GET $metadata'])
  })

  it('asks for the metadata again while the network is down, then sends', async () => {
    const { ended, sent } = await call('Orders', ['lost', 'lost', 'lost', metadata(''), knownAnswer])
    expect(ended).toBe('running')
    expect(sent).toEqual(['POST Orders', ...Array(3).fill('GET $metadata'), 'POST Orders'])
  })

  it('gives up after a bounded number of attempts', async () => {
    const polling = { maxFailures: 3 }
    const { client, sent } = scriptedClient(Array(9).fill('lost'), { ...detect, polling })
    const failed = rejection(client.request('POST', 'Orders', {}))
    await vi.advanceTimersByTimeAsync(3_600_000)
    expect(await failed).toMatchObject({ kind: 'network' })
    expect(lines(sent)).toEqual(['POST Orders', 'GET $metadata', 'GET $metadata'])
  })

  it('aborting ends the wait for the metadata at once', async () => {
    const { client, sent } = scriptedClient(['lost', () => new Promise(() => {})], detect)
    const controller = new AbortController()
    const failed = rejection(client.request('POST', 'Orders', {}, { signal: controller.signal }))
    await vi.advanceTimersByTimeAsync(1_000)
    controller.abort(new Error('Left the page.'))
    expect(await failed).toMatchObject({ message: 'Left the page.' })
    expect(lines(sent)).toEqual(['POST Orders', 'GET $metadata'])
  })

  it('needs no metadata once an answer said so', async () => {
    const { client, sent } = scriptedClient([knownAnswer, 'lost', knownAnswer], detect)
    await client.callAction('Rebuild')
    const second = client.callAction('Rebuild')
    await vi.advanceTimersByTimeAsync(10_000)
    expect((await second).status).toBe('running')
    expect(lines(sent)).toEqual(Array(3).fill('POST Rebuild'))
  })

  it('an error of the operation that was accepted, whatever its status, says that it is supported', async () => {
    const { client, sent } = scriptedClient(['501 No\nRepeatability-Result: accepted', 'lost', knownAnswer], detect)
    await rejection(client.callAction('Rebuild'))
    const second = client.callAction('Rebuild')
    await vi.advanceTimersByTimeAsync(10_000)
    expect((await second).status).toBe('running')
    expect(sent).toHaveLength(3)
  })

  it('sends plain requests to a service that has refused repeatable ones', async () => {
    const { client, sent } = scriptedClient(['501 No\nRepeatability-Result: rejected', accepted, 'lost'], detect)
    expect(await rejection(client.callAction('Rebuild'))).toMatchObject({ status: 501 })
    expect((await client.callAction('Rebuild')).status).toBe('running')
    expect(await rejection(client.callAction('Rebuild'))).toMatchObject({ kind: 'network' })
    await vi.advanceTimersByTimeAsync(3_600_000)
    expect(sent.slice(1).flatMap(pairOf)).toEqual(Array(4).fill(undefined))
    expect(sent).toHaveLength(3)
  })

  it('is not taken for a refusal when one request was rejected for another reason', async () => {
    const { client, sent } = scriptedClient(['412 No\nRepeatability-Result: rejected', 'lost', knownAnswer], detect)
    await rejection(client.callAction('Rebuild'))
    const second = client.callAction('Rebuild')
    await vi.advanceTimersByTimeAsync(10_000)
    expect((await second).status).toBe('running')
    expect(sent).toHaveLength(3)
  })

  it('a refusal changes nothing for who asks for repeatable requests in any case', async () => {
    const { client, sent } = scriptedClient(['501 No\nRepeatability-Result: rejected', accepted], detect)
    await rejection(client.callAction('Rebuild'))
    await client.callAction('Rebuild', {}, { repeatability: true })
    expect(pairOf(sent[1] as SentRequest)).not.toContain(undefined)
  })

  it('what an answer said of one action is not taken to be true of another', async () => {
    const { client, sent } = scriptedClient([knownAnswer, 'lost', metadata('')], detect)
    await client.callAction('Orders(7)/Sales.Ship')
    const failed = rejection(client.callAction('Orders(7)/Sales.Pay'))
    await vi.advanceTimersByTimeAsync(60_000)
    expect(await failed).toMatchObject({ kind: 'network' })
    expect(lines(sent)).toEqual(['POST Orders(7)/Sales.Ship', 'POST Orders(7)/Sales.Pay', 'GET $metadata'])
  })

  it('what an answer said of an action is true of it on every entity', async () => {
    const { client, sent } = scriptedClient([knownAnswer, 'lost', knownAnswer], detect)
    await client.callAction('Orders(7)/Sales.Ship')
    const second = client.callAction('Orders(8)/Sales.Ship')
    await vi.advanceTimersByTimeAsync(10_000)
    expect((await second).status).toBe('running')
    expect(sent).toHaveLength(3)
  })

  it('one action that refuses repeatable requests leaves the others as they are', async () => {
    const { client, sent } = scriptedClient(['501 No\nRepeatability-Result: rejected', accepted], detect)
    await rejection(client.callAction('Orders(7)/Sales.Pay'))
    await client.callAction('Orders(7)/Sales.Ship')
    expect(pairOf(sent[1] as SentRequest)).not.toContain(undefined)
  })
})
