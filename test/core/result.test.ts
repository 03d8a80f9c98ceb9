import { describe, expect, it } from 'vitest'
import type { ODataError } from '../../src/core/index.js'
import { accepted, SERVICE, scriptedClient } from '../support/scriptedClient.js'

/** The operation after one poll with this answer. */
async function polled(answer: string | Response) {
  const { client, sent } = scriptedClient([accepted, answer])
  const operation = await client.callAction('Rebuild')
  await operation.poll()
  return { operation, sent, error: operation.error as ODataError | undefined }
}

const wrapped = (message: string, ...headers: string[]) =>
  ['200 OK', 'Content-Type: application/http', ...headers, '', message.replaceAll('\n', '\r\n')].join('\n')

describe('the final result', () => {
  it('row 43: 200 with AsyncResult 200 and JSON is the result', async () => {
    const { operation } = await polled('200 OK\nAsyncResult: 200\nContent-Type: application/json\n\n{"ID":1}')
    expect(operation).toMatchObject({ status: 'completed', result: { ID: 1 }, progress: { percent: 100 } })
  })

  it.each([404, 412, 500])('row 44: 200 with AsyncResult %s is the error of the operation', async (status) => {
    const { operation, error } = await polled(
      `200 OK\nAsyncResult: ${status}\nContent-Type: application/json\n\n{"error":{"code":"E","message":"No."}}`,
    )
    expect(error).toMatchObject({ name: 'ODataServiceError', status, code: 'E', message: 'No.' })
    expect(operation.record.response?.status).toBe(status)
  })

  it('row 45: AsyncResult 204 without a body is a result of nothing', async () => {
    const { operation } = await polled('200 OK\nAsyncResult: 204')
    expect(operation).toMatchObject({ status: 'completed', result: undefined })
  })

  it('row 46: the Location of a created entity is kept and not polled', async () => {
    const { operation, sent } = await polled(
      '200 OK\nAsyncResult: 201\nLocation: Orders(7)\nContent-Type: application/json\n\n{"ID":7}',
    )
    expect(operation.record.response?.headers.location).toBe('Orders(7)')
    expect(new URL('Orders(7)', operation.record.url).href).toBe(`${SERVICE}Orders(7)`)
    expect(await operation.poll()).toBe(false)
    expect(sent).toHaveLength(2)
  })

  it('row 47: text after the code of AsyncResult is ignored', async () => {
    const { error } = await polled('200 OK\nAsyncResult: 500 Internal Server Error')
    expect(error).toMatchObject({ kind: 'service', status: 500 })
  })

  it.each(['abc', '99'])('row 48: AsyncResult %s is a protocol error', async (value) => {
    const { error } = await polled(`200 OK\nAsyncResult: ${value}\nContent-Type: application/json\n\n{"ID":1}`)
    expect(error).toMatchObject({ name: 'ODataProtocolError', kind: 'protocol' })
  })

  it('row 49: plain JSON with neither wrapper nor AsyncResult is taken as the result', async () => {
    const { operation } = await polled('200 OK\nContent-Type: application/json\n\n{"value":3,"@context":"c"}')
    expect(operation).toMatchObject({ status: 'completed', result: 3 })
  })

  it('row 49: a plain OData error is never taken as a success', async () => {
    const { error } = await polled('200 OK\nContent-Type: application/json\n\n{"error":{"code":"E","message":"No."}}')
    expect(error).toMatchObject({ kind: 'service', code: 'E' })
  })

  it.each([
    ['HTML', '200 OK\nContent-Type: text/html\n\n<h1>Sign in</h1>'],
    ['nothing', '200 OK'],
  ])('row 49: %s with neither wrapper nor AsyncResult is a protocol error that says what to do', async (_, answer) => {
    const { error } = await polled(answer)
    expect(error?.kind).toBe('protocol')
    expect(error?.message).toMatch(/AsyncResult/)
    expect(error?.message).toMatch(/Access-Control-Expose-Headers/)
  })

  it.each([
    [50, wrapped('HTTP/1.1 200 OK\nContent-Type: application/json\nX-Inner: 1\n\n{"ID":1}', 'X-Inner: 0')],
    [
      51,
      wrapped('HTTP/1.1 200 OK\nContent-Type: application/json\nX-Inner: 1\n\n{"ID":1}').replace(
        'application/http',
        'application/http; msgtype=response; version=1.1',
      ),
    ],
    [
      52,
      wrapped('HTTP/1.1 200 OK\nContent-Type: application/json\nX-Inner: 1\n\n{"ID":1}', 'Content-Encoding: binary'),
    ],
    [
      53,
      '200 OK\nContent-Type: application/json\n\nHTTP/1.1 200 OK\r\nX-Inner: 1\r\nContent-Type: application/json\r\n\r\n{"ID":1}',
    ],
  ])('row %s: a wrapped result is unwrapped and its own headers win', async (_, answer) => {
    const { operation } = await polled(answer)
    expect(operation).toMatchObject({ status: 'completed', result: { ID: 1 } })
    expect(operation.record.response).toMatchObject({ status: 200, headers: { 'x-inner': '1' } })
  })

  it('row 54: with a wrapper and AsyncResult the inner status counts', async () => {
    const { error } = await polled(wrapped('HTTP/1.1 409 Conflict\n\n', 'AsyncResult: 200'))
    expect(error).toMatchObject({ kind: 'service', status: 409 })
  })

  it.each([
    [
      55,
      'HTTP/1.1 412 Precondition Failed\nContent-Type: application/json\n\n{"error":{"code":"E","message":"Changed."}}',
      412,
    ],
    [
      56,
      'HTTP/1.1 500 Internal Server Error\nContent-Type: application/json\n\n{"error":{"code":"E","message":"Stopped."}}',
      500,
    ],
  ])('row %s: an inner error is the error of the operation', async (_, message, status) => {
    const { error } = await polled(wrapped(message))
    expect(error).toMatchObject({ kind: 'service', status, code: 'E' })
  })

  it('row 57: an inner 204 without headers is a result of nothing', async () => {
    const { operation } = await polled(wrapped('HTTP/1.1 204 No Content\n\n'))
    expect(operation).toMatchObject({ status: 'completed', result: undefined })
  })

  it.each([
    ['cut in its headers', wrapped('HTTP/1.1 200 OK\nContent-Type: appl')],
    ['cut in its body', wrapped('HTTP/1.1 200 OK\nContent-Length: 50\n\n{"ID":1')],
    ['no HTTP at all', wrapped('Hello')],
  ])('an inner message that is %s is a protocol error', async (_, answer) => {
    const { error } = await polled(answer)
    expect(error).toMatchObject({ name: 'ODataProtocolError', kind: 'protocol' })
  })

  it.each([
    ['JSON cut off', '200 OK\nAsyncResult: 200\nContent-Type: application/json\n\n{"ID":'],
    ['HTML', '200 OK\nAsyncResult: 200\nContent-Type: text/html\n\n<p>'],
  ])('a result that is %s is a protocol error with the text, not an empty success', async (_, answer) => {
    const { error } = await polled(answer)
    expect(error?.kind).toBe('protocol')
    expect((error as { body?: string }).body).toBe(answer.split('\n\n')[1])
  })
})
