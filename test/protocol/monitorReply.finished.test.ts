import { describe, expect, it } from 'vitest'
import { bodyText, type HttpReply } from '../../src/protocol/httpReply.js'
import { readMonitorReply } from '../../src/protocol/monitorReply.js'
import { bytes, JSON_TYPE, MONITOR, message, reply, WRAPPER } from './reply.js'

const NOW = Date.UTC(2026, 9, 5, 7, 12, 9)
const ERROR = { error: { code: 'E', message: 'No.' } }

function finished(answer: HttpReply) {
  const reading = readMonitorReply(answer, NOW)
  if (reading.state !== 'finished') throw new Error(JSON.stringify(reading))
  return { ...reading.reply, text: bodyText(reading.reply) }
}

function problem(answer: HttpReply): string {
  const reading = readMonitorReply(answer, NOW)
  if (reading.state !== 'unreadable') throw new Error(`${reading.state} is not unreadable`)
  return reading.problem
}

describe('an unwrapped result', () => {
  it.each<[string, number, string, number]>([
    ['row 43', 200, '200', 200],
    ['row 44', 200, '404', 404],
    ['row 44', 200, '412', 412],
    ['row 44', 200, '500', 500],
    ['row 47', 200, '500 Internal Server Error', 500],
    ['row 47', 200, ' 201 Created', 201],
    ['row 59', 200, '304', 304],
    ['row 70', 204, '200', 200],
    ['with a status that is an error itself', 404, '404', 404],
    ['with a status that is an error itself', 500, '200', 200],
  ])('%s: %s with AsyncResult %j is finished with %s', (_, status, asyncresult, expected) => {
    const answer = reply(status, { asyncresult, ...JSON_TYPE }, { ID: 1 })
    expect(readMonitorReply(answer, NOW)).toEqual({ state: 'finished', reply: { ...answer, status: expected } })
  })

  it.each([
    [503, 'unavailable'],
    [404, 'gone'],
  ])('%s with an error body is %s, whatever success AsyncResult speaks of', (status, state) => {
    expect(readMonitorReply(reply(status, { asyncresult: '200', ...JSON_TYPE }, ERROR), NOW).state).toBe(state)
  })

  it('row 45: AsyncResult 204 without a body is finished', () => {
    expect(finished(reply(200, { asyncresult: '204' }))).toMatchObject({ status: 204, text: '' })
  })

  it('row 46: Location is that of the created entity, to be kept and not to be polled', () => {
    const { status, headers } = finished(reply(200, { asyncresult: '201', location: 'Orders(7)' }, { ID: 7 }))
    expect({ status, location: headers.location }).toEqual({ status: 201, location: 'Orders(7)' })
  })

  it.each(['abc', '99', '100', '600', '2000', '-200', 'HTTP/1.1 200'])(
    'row 48: AsyncResult %j leaves it unknown whether the operation succeeded',
    (asyncresult) => {
      expect(problem(reply(200, { asyncresult, ...JSON_TYPE }, { ID: 1 }))).toBe(
        `The status monitor gave the \`AsyncResult\` ${asyncresult}.`,
      )
    },
  )

  it('row 48: names no more than the start of a long AsyncResult', () => {
    expect(problem(reply(200, { asyncresult: 'x'.repeat(10_000) })).length).toBeLessThan(120)
  })

  it('row 48: falls back to a wrapper', () => {
    expect(finished(reply(200, { asyncresult: 'abc', ...WRAPPER }, message('HTTP/1.1 409 Conflict\n\n'))).status).toBe(
      409,
    )
  })

  it('does not look for a message where AsyncResult says that there is none', () => {
    const text = message('HTTP/1.1 500 Error\n\n')
    expect(finished(reply(200, { asyncresult: '200', 'content-type': 'text/plain' }, text))).toMatchObject({
      status: 200,
      text,
    })
  })
})

describe('a wrapped result', () => {
  const inner = message('HTTP/1.1 200 OK\nContent-Type: application/json\nX-Inner: 1\n\n{"ID":1}')

  it.each<[string, number, Record<string, string>]>([
    ['row 50: application/http', 200, { ...WRAPPER, 'x-inner': '0', 'x-outer': '1' }],
    ['row 51: with parameters', 200, { 'content-type': 'application/http; msgtype=response; version=1.1' }],
    ['in any case', 200, { 'content-type': 'Application/HTTP' }],
    ['message/http', 200, { 'content-type': 'message/http' }],
    ['on a 201', 201, WRAPPER],
    ['row 52: a Content-Encoding that is none', 200, { ...WRAPPER, 'content-encoding': 'binary' }],
    ['row 53: sent as JSON', 200, JSON_TYPE],
    ['row 53: sent without a type', 200, {}],
    ['row 53: sent as text', 200, { 'content-type': 'text/plain' }],
    ['row 54: with AsyncResult of the same status', 200, { ...WRAPPER, asyncresult: '200' }],
    ['row 54: with AsyncResult of another status', 200, { ...WRAPPER, asyncresult: '500' }],
  ])('%s: status, headers and body are those inside', (_, status, headers) => {
    expect(readMonitorReply(reply(status, headers, inner), NOW)).toEqual({
      state: 'finished',
      reply: {
        status: 200,
        headers: { 'content-type': 'application/json', 'x-inner': '1' },
        body: bytes('{"ID":1}'),
        url: MONITOR,
      },
    })
  })

  it('row 53: empty lines may come before the message', () => {
    expect(finished(reply(200, {}, `\r\n\r\n${inner}`)).text).toBe('{"ID":1}')
  })

  it.each([
    ['row 55', 412],
    ['row 56', 500],
    ['row 57', 204],
    ['row 59', 304],
  ])('%s: the inner %s is the status of the operation', (_, status) => {
    expect(finished(reply(200, WRAPPER, message(`HTTP/1.1 ${status} X\n\n`))).status).toBe(status)
  })

  it('an inner error body with an inner success stays what the service says', () => {
    expect(finished(reply(200, WRAPPER, message(`HTTP/1.1 200 OK\n\n${JSON.stringify(ERROR)}`))).status).toBe(200)
  })

  it('does not unwrap a message in the message', () => {
    const outer = message('HTTP/1.1 200 OK\nContent-Type: application/http\n\n')
    const { text, headers } = finished(reply(200, WRAPPER, outer + inner))
    expect({ text, type: headers['content-type'] }).toEqual({ text: inner, type: 'application/http' })
  })

  it.each<[string, string, string]>([
    ['row 63: a body that is cut', 'HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{"ID":1', '7 of 50 bytes'],
    ['headers that are cut', 'HTTP/1.1 200 OK\r\nContent-Ty', 'no complete headers'],
    ['no HTTP at all', '{"ID":1}', 'no complete headers'],
    ['nothing', '', 'no complete headers'],
  ])('%s is named', (_, text, expected) => {
    expect(problem(reply(200, WRAPPER, text))).toBe(`The status monitor gave a message with ${expected}.`)
  })
})

describe('row 49: a success with neither AsyncResult nor a message', () => {
  it.each<[string, number, Record<string, string>, unknown]>([
    ['JSON', 200, JSON_TYPE, { ID: 1 }],
    ['JSON of a vendor', 200, { 'content-type': 'application/vnd.example+json;v=1' }, { ID: 1 }],
    ['JSON without a type', 200, {}, { ID: 1 }],
    ['a primitive', 200, JSON_TYPE, '7'],
    ['another 2xx', 201, JSON_TYPE, { ID: 1 }],
    ['an entity with a property error', 200, JSON_TYPE, { ID: 1, ...ERROR }],
    ['JSON with an AsyncResult that is empty', 200, { asyncresult: '', ...JSON_TYPE }, { ID: 1 }],
    ['an error that is no object', 200, JSON_TYPE, { error: 'none' }],
  ])('%s is taken as the result', (_, status, headers, body) => {
    const answer = reply(status, headers, body)
    expect(readMonitorReply(answer, NOW)).toEqual({ state: 'finished', reply: answer })
  })

  it.each<[string, unknown]>([
    ['an OData error', ERROR],
    ['an OData error with a code alone', { error: { code: 'E' } }],
    ['an OData error with a message alone', { error: { message: 'No.' } }],
    ['an OData error with annotations beside it', { '@odata.context': 'c', ...ERROR, 'error@Example.Note': 1 }],
    ['an OData error that says nothing', { error: {} }],
    ['an OData error of an old service', { error: { message: { lang: 'en', value: 'No.' } } }],
  ])('%s is a failure with status 500', (_, body) => {
    const answer = reply(200, JSON_TYPE, body)
    expect(readMonitorReply(answer, NOW)).toEqual({ state: 'finished', reply: { ...answer, status: 500 } })
  })

  it.each<[string, number, Record<string, string>, unknown, string]>([
    ['row 74: no body', 200, {}, '', 'no content type, 0 bytes'],
    ['a 204', 204, {}, '', 'no content type, 0 bytes'],
    [
      'HTML',
      200,
      { 'content-type': 'text/html; charset=utf-8' },
      '<h1>Sign in</h1>',
      'text/html; charset=utf-8, 16 bytes',
    ],
    ['text without a type', 200, {}, 'done', 'no content type, 4 bytes'],
    ['JSON sent as HTML', 200, { 'content-type': 'text/html' }, { ID: 1 }, 'text/html, 8 bytes'],
    ['JSON that is cut', 200, JSON_TYPE, '{"ID":', 'application/json, 6 bytes'],
  ])('%s leaves it unknown whether the operation succeeded', (_, status, headers, body, expected) => {
    const text = problem(reply(status, headers, body))
    for (const part of ['`AsyncResult`', '`application/http`', 'Access-Control-Expose-Headers', expected]) {
      expect(text).toContain(part)
    }
  })

  it('names no more than the start of a long type', () => {
    expect(problem(reply(200, { 'content-type': 'x'.repeat(10_000) })).length).toBeLessThan(500)
  })

  it.each<[string, Record<string, string>, unknown]>([
    ['JSON', JSON_TYPE, { ID: 1 }],
    ['an OData error', JSON_TYPE, ERROR],
    ['no body', {}, ''],
    ['HTML', { 'content-type': 'text/html' }, '<h1>'],
  ])('row 74: %s of which the browser hides the headers may be a success or a failure', (_, headers, body) => {
    const text = problem({ ...reply(200, headers, body), hidesHeaders: true })
    expect(text).toContain('success and failure cannot be told apart')
    expect(text).toContain(
      'Access-Control-Expose-Headers: Location, Retry-After, AsyncResult, Preference-Applied, OData-Version, Repeatability-Result',
    )
    expect(text).toContain("maxVersion: '4.0'")
  })

  it('row 74: a message needs no headers', () => {
    const answer = { ...reply(200, WRAPPER, message('HTTP/1.1 409 Conflict\n\n')), hidesHeaders: true }
    expect(finished(answer).status).toBe(409)
  })

  it('row 74: AsyncResult is enough when the browser shows it', () => {
    expect(finished({ ...reply(200, { asyncresult: '409', ...JSON_TYPE }, ERROR), hidesHeaders: true }).status).toBe(
      409,
    )
  })
})
