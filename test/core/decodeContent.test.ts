import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { accepted, scriptedClient } from '../support/scriptedClient.js'

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 9, 5) }))
afterEach(() => void vi.useRealTimers())

const JSON_BODY = '{"Title":"Jahresbericht für Öl"}'

/** A result in an `application/http` message, with its own body packed. */
function packed(encoding: string, body: Uint8Array): Response {
  const head = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: ${encoding}\r\n\r\n`
  return new Response(Buffer.concat([Buffer.from(head), body]), { headers: { 'Content-Type': 'application/http' } })
}

async function polled(answer: Response, maxResponseSize?: number) {
  const { client, sent } = scriptedClient([accepted, answer], { maxResponseSize })
  const operation = await client.callAction('Rebuild')
  expect(await operation.poll()).toBe(false)
  await vi.advanceTimersByTimeAsync(3_600_000)
  expect(sent).toHaveLength(2)
  return operation
}

describe('row 65: the content of an enclosed result', () => {
  it.each([
    ['gzip', gzipSync(JSON_BODY)],
    ['x-gzip', gzipSync(JSON_BODY)],
    ['GZip', gzipSync(JSON_BODY)],
    ['deflate', deflateSync(JSON_BODY)],
    ['deflate, gzip', gzipSync(deflateSync(JSON_BODY))],
    ['identity', Buffer.from(JSON_BODY)],
    ['binary', Buffer.from(JSON_BODY)],
    ['identity, gzip', gzipSync(JSON_BODY)],
  ])('is unpacked when it is %s', async (encoding, body) => {
    const operation = await polled(packed(encoding, body))
    expect(operation).toMatchObject({ status: 'completed', result: { Title: 'Jahresbericht für Öl' } })
  })

  it('is unpacked also in an error', async () => {
    const body = gzipSync('{"error":{"code":"E","message":"No."}}')
    const head = 'HTTP/1.1 409 Conflict\r\nContent-Encoding: gzip\r\nContent-Type: application/json\r\n\r\n'
    const answer = new Response(Buffer.concat([Buffer.from(head), body]), {
      headers: { 'Content-Type': 'application/http' },
    })
    expect((await polled(answer)).error).toMatchObject({ kind: 'service', status: 409, code: 'E', message: 'No.' })
  })

  it.each([
    ['in a coding that is not known', 'br', brotliCompressSync(JSON_BODY), / br, .*Known are gzip and deflate/],
    ['in a coding with the name of a member of every object', 'constructor', Buffer.from(JSON_BODY), / constructor, /],
    ['no gzip at all', 'gzip', Buffer.from(JSON_BODY), / gzip, .*broken/],
    ['gzip cut off', 'gzip', gzipSync(JSON_BODY).subarray(0, 30), / gzip, .*broken/],
    ['packed more often than anyone does', 'gzip, gzip, gzip, gzip, gzip', gzipSync(JSON_BODY), /more than 4/],
  ])('that is %s is a protocol error which says so, never garbage', async (_, encoding, body, message) => {
    const { error, result } = await polled(packed(encoding, body))
    expect(error).toMatchObject({ name: 'ODataProtocolError', kind: 'protocol' })
    expect(error?.message).toMatch(message)
    expect(result).toBeUndefined()
  })

  it.each([
    ['204 No Content', ''],
    ['204 No Content', 'x'],
    ['304 Not Modified', ''],
    ['200 OK', ''],
  ])('that is none needs no unpacking: %s with %j', async (status, body) => {
    const message = `HTTP/1.1 ${status}\r\nContent-Encoding: gzip\r\n\r\n${body}`
    const operation = await polled(new Response(message, { headers: { 'Content-Type': 'application/http' } }))
    expect(operation).toMatchObject({ status: 'completed', result: undefined })
  })

  it.each(['br', 'gzip'])(
    'of an error that cannot be unpacked, %s, leaves it the error of the service',
    async (coding) => {
      const message = `HTTP/1.1 409 Conflict\r\nContent-Encoding: ${coding}\r\n\r\n\u0001\u0002`
      const { error } = await polled(new Response(message, { headers: { 'Content-Type': 'application/http' } }))
      expect(error).toMatchObject({ kind: 'service', status: 409, message: 'The service answered 409.', body: '' })
    },
  )

  it('that unpacks to more than maxResponseSize is refused, however small it came', async () => {
    const bomb = gzipSync(Buffer.alloc(20_000_000))
    expect(bomb.length).toBeLessThan(30_000)
    const { error } = await polled(packed('gzip', bomb), 1_000_000)
    expect(error).toMatchObject({ kind: 'protocol', message: expect.stringMatching(/1000000 bytes .*maxResponseSize/) })
  })

  it('is left alone when it is the content of the answer itself, which fetch has unpacked', async () => {
    const headers = { AsyncResult: '200', 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' }
    const operation = await polled(new Response(JSON_BODY, { headers }))
    expect(operation).toMatchObject({ status: 'completed', result: { Title: 'Jahresbericht für Öl' } })
  })
})
