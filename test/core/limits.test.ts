import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { accepted, MONITOR, rejection, scriptedClient, succeeded } from '../support/scriptedClient.js'

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 9, 5) }))
afterEach(() => void vi.useRealTimers())

const MEGABYTE = 1_000_000

/** An answer whose body comes in pieces; `pulled` counts them. */
function inPieces(status: number, headers: Record<string, string>, piece: Uint8Array, count = Infinity) {
  const counter = { pulled: 0, cancelled: false }
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (counter.pulled++ < count) controller.enqueue(piece)
        else controller.close()
      },
      cancel() {
        counter.cancelled = true
        // One that is never done with it must not be waited for.
        return new Promise(() => {})
      },
    },
    { highWaterMark: 0 },
  )
  return { counter, response: new Response(body, { status, headers }) }
}

describe('a large answer', () => {
  it('of 50 MB is read', async () => {
    const text = `"${'x'.repeat(50 * MEGABYTE)}"`
    const answer = new Response(text, { headers: { AsyncResult: '200', 'Content-Type': 'application/json' } })
    const { client } = scriptedClient([accepted, answer])
    const operation = await client.callAction<string>('Rebuild')
    await operation.poll()
    expect(operation.result?.length).toBe(50 * MEGABYTE)
  })

  it('is refused above maxResponseSize, 64 MiB by default: no more is fetched, and the error says what to raise', async () => {
    const headers = { AsyncResult: '200', 'Content-Type': 'application/json' }
    const { counter, response } = inPieces(200, headers, new Uint8Array(2 ** 24))
    const { client, sent } = scriptedClient([accepted, response])
    const operation = await client.callAction('Rebuild')
    expect(await operation.poll()).toBe(false)
    expect(operation.error).toMatchObject({ name: 'ODataProtocolError', kind: 'protocol', status: 200 })
    expect(operation.error?.message).toContain('67108864 bytes. Raise `maxResponseSize`')
    expect(operation.error?.message).toContain('answer of https://api.example.com to GET')
    expect(operation.error?.message).not.toContain(MONITOR)
    expect(counter).toEqual({ pulled: 5, cancelled: true })
    expect(sent).toHaveLength(2)
  })

  it.each([
    [1_000, true],
    [1_001, false],
  ])('of %s bytes with a maxResponseSize of 1000 is taken: %s', async (size, isTaken) => {
    const answer = new Response('x'.repeat(size), { headers: { AsyncResult: '200', 'Content-Type': 'text/plain' } })
    const { client } = scriptedClient([accepted, answer], { maxResponseSize: 1_000 })
    const operation = await client.callAction('Rebuild')
    await operation.poll()
    expect(operation.status).toBe(isTaken ? 'completed' : 'failed')
  })

  it('to the first request is refused too, and it is said that the request was answered', async () => {
    const answer = new Response('x'.repeat(2_000), { headers: { 'Content-Type': 'text/plain' } })
    const { client } = scriptedClient([answer], { maxResponseSize: 1_000 })
    expect(await rejection(client.callAction('Rebuild'))).toMatchObject({ kind: 'protocol', status: 200 })
  })

  it('of an error is kept as its first 16,384 characters', async () => {
    const answer = new Response('ö'.repeat(MEGABYTE), { status: 403, headers: { 'Content-Type': 'text/plain' } })
    const { client } = scriptedClient([accepted, answer])
    const operation = await client.callAction('Rebuild')
    await operation.poll()
    expect(operation.error).toMatchObject({ kind: 'monitor', status: 403, body: 'ö'.repeat(16_384) })
  })
})

describe('a large OData error', () => {
  it('does not make a large record: its texts are cut at 2,000 characters, and long innererrors are left out', async () => {
    const text = 'x'.repeat(MEGABYTE)
    const entry = { code: text, message: text, target: text }
    const body = JSON.stringify({ error: { ...entry, details: [entry], innererror: { trace: text } } })
    const answer = new Response(body, { headers: { AsyncResult: '500', 'Content-Type': 'application/json' } })
    const { client } = scriptedClient([accepted, answer])
    const operation = await client.callAction('Rebuild')
    await operation.poll()
    const cut = { code: 'x'.repeat(2_000), message: 'x'.repeat(2_000), target: 'x'.repeat(2_000) }
    expect(operation.error).toMatchObject({ kind: 'service', ...cut, details: [cut], innererror: undefined })
    expect(JSON.stringify(operation).length).toBeLessThan(40_000)
  })
})

describe('the body of a 202', () => {
  it.each([
    ['the first one', []],
    ['a later one', [accepted]],
  ])('that never ends is cut off: %s', async (_, before) => {
    const { counter, response } = inPieces(202, { Location: MONITOR }, new Uint8Array(1_000))
    const { client } = scriptedClient([...before, response, succeeded])
    const operation = await client.callAction('Rebuild')
    while (await operation.poll());
    expect(counter).toEqual({ pulled: 61, cancelled: true })
    expect(operation.status).toBe('completed')
  })

  it('that is cut off in the middle of its JSON tells no progress, and that is all', async () => {
    const body = `{"percentComplete":5,"log":"${'x'.repeat(100_000)}"}`
    const answer = new Response(body, { status: 202, headers: { 'Content-Type': 'application/json' } })
    const { client } = scriptedClient([accepted, answer])
    const operation = await client.callAction('Rebuild')
    expect(await operation.poll()).toBe(true)
    expect(operation.record).toMatchObject({ status: 'running', pollFailures: 0, progress: { percent: null } })
  })

  it('that breaks off counts as what came of it', async () => {
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode('{"percentComplete":5}')),
      pull: (controller) => controller.error(new TypeError('terminated')),
    })
    const answer = new Response(body, { status: 202, headers: { 'Content-Type': 'application/json' } })
    const { client } = scriptedClient([accepted, answer])
    const operation = await client.callAction('Rebuild')
    await operation.poll()
    expect(operation.record).toMatchObject({ pollFailures: 0, progress: { percent: 5 } })
  })
})

describe('an enclosed message', () => {
  const enclosed = (headers: number) => {
    const lines = Array.from({ length: headers }, (_, at) => `X-Header-${at}: ${at}`)
    const message = ['HTTP/1.1 200 OK', 'Content-Type: application/json', ...lines, '', '{"ID":1}'].join('\r\n')
    return new Response(message, { headers: { 'Content-Type': 'application/http' } })
  }

  it('with 1,000 headers is read', async () => {
    const { client } = scriptedClient([accepted, enclosed(1_000)])
    const operation = await client.callAction('Rebuild')
    await operation.poll()
    expect(operation).toMatchObject({ status: 'completed', result: { ID: 1 } })
  })

  it('with 10,000 headers is refused, and the error names the limit', async () => {
    const { client } = scriptedClient([accepted, enclosed(10_000)])
    const operation = await client.callAction('Rebuild')
    await operation.poll()
    expect(operation.error).toMatchObject({ name: 'ODataProtocolError', kind: 'protocol' })
    expect(operation.error?.message).toContain('no complete headers in its first 64 kB')
  })
})
