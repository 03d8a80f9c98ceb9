import { describe, expect, it } from 'vitest'
import type { HttpReply } from '../../src/protocol/httpReply.js'
import { readMonitorReply } from '../../src/protocol/monitorReply.js'
import { wireTrace } from '../support/wireTrace.js'
import { bytes, JSON_TYPE, MONITOR, message, reply, seededIntegers, WRAPPER } from './reply.js'

const NOW = Date.UTC(2026, 9, 5, 7, 12, 9)
const ERROR = { error: { code: 'E', message: 'No.' } }

const read = (...parts: Parameters<typeof reply>) => readMonitorReply(reply(...parts), NOW)

describe('an operation under way', () => {
  it.each<[string, Record<string, string>, unknown, object]>([
    [
      'row 24: a new Location and Retry-After',
      { location: '/fleet/jobs/r-77', 'retry-after': '10' },
      '',
      { monitorUrl: 'https://api.example.com/fleet/jobs/r-77', retryAfter: 10_000 },
    ],
    ['row 3: no Preference-Applied', { location: MONITOR }, '', { monitorUrl: MONITOR }],
    ['row 8, row 26: no Location', {}, '', {}],
    ['row 9: an empty Location', { location: ' ' }, '', {}],
    ['row 9: a Location that is no URL', { location: 'http://' }, '', {}],
    [
      'row 10, row 25: a relative Location',
      { location: '../r-77' },
      '',
      { monitorUrl: 'https://api.example.com/fleet/r-77' },
    ],
    [
      'row 12: another host, which the caller has to judge',
      { location: '//other/x' },
      '',
      { monitorUrl: 'https://other/x' },
    ],
    [
      'row 6, row 7: a body like a result, which is none',
      { location: MONITOR, ...JSON_TYPE },
      { value: [1, 2] },
      { monitorUrl: MONITOR, progress: {} },
    ],
    [
      'row 16: progress in the body',
      { location: MONITOR, ...JSON_TYPE },
      { percentComplete: 40 },
      { monitorUrl: MONITOR, progress: { percent: 40 } },
    ],
    ['row 17: Retry-After 0', { 'retry-after': '0' }, '', { retryAfter: 0 }],
    ['row 18: Retry-After as a date', { 'retry-after': 'Mon, 05 Oct 2026 07:13:09 GMT' }, '', { retryAfter: 60_000 }],
    ['row 19, row 27: no usable Retry-After', { location: MONITOR, 'retry-after': '-5' }, '', { monitorUrl: MONITOR }],
    ['a 202 that has AsyncResult nevertheless', { location: MONITOR, asyncresult: '200' }, '', { monitorUrl: MONITOR }],
    [
      'a 202 that has a wrapper nevertheless',
      { location: MONITOR, ...WRAPPER },
      'HTTP/1.1 200 OK\r\n\r\n',
      { monitorUrl: MONITOR },
    ],
  ])('%s', (_, headers, body, expected) => {
    expect(read(202, headers, body)).toEqual({ state: 'running', ...expected })
  })

  it.each<[string, HttpReply]>([
    [
      'row 58: a wrapped 202',
      reply(200, WRAPPER, message('HTTP/1.1 202 Accepted\nLocation: r-78\nRetry-After: 3\n\n{"progress":5}')),
    ],
    [
      'row 58: AsyncResult 202',
      reply(200, { asyncresult: '202', location: 'r-78', 'retry-after': '3' }, { progress: 5 }),
    ],
  ])('%s goes on at its Location', (_, answer) => {
    expect(readMonitorReply(answer, NOW)).toEqual({
      state: 'running',
      monitorUrl: 'https://api.example.com/fleet/jobs/r-78',
      retryAfter: 3_000,
      progress: { percent: 5 },
    })
  })

  it.each<[string, HttpReply]>([
    ['a wrapped 202', reply(200, WRAPPER, message('HTTP/1.1 202 Accepted\n\n'))],
    ['AsyncResult 202', reply(200, { asyncresult: '202' })],
  ])('row 58: %s without Location goes on where it was', (_, answer) => {
    expect(readMonitorReply(answer, NOW)).toEqual({ state: 'running' })
  })
})

describe('progress', () => {
  it.each<[string, HttpReply]>([
    ['a 202', reply(202, {}, { done: 3 })],
    ['a wrapped 202', reply(200, WRAPPER, message('HTTP/1.1 202 Accepted\n\n{"done":3}'))],
    ['AsyncResult 202', reply(200, { asyncresult: '202' }, { done: 3 })],
  ])('of %s is read by the reader that is given', (_, answer) => {
    const progressOf = ({ body }: HttpReply) => ({ percent: body.length })
    expect(readMonitorReply(answer, NOW, progressOf)).toMatchObject({ state: 'running', progress: { percent: 10 } })
  })
})

describe('a monitor that cannot be asked', () => {
  it.each([
    ['row 33', 404],
    ['row 34', 410],
  ])('%s: %s is a monitor that is gone', (_, status) => {
    expect(read(status, JSON_TYPE, ERROR)).toEqual({ state: 'gone', status })
  })

  it.each([
    ['row 30', 401],
    ['row 31', 403],
    ['row 32', 500],
    ['row 35', 302],
    ['row 35', 308],
    ['row 36', 303],
    ['a monitor that answers conditionally', 304],
    ['another refusal', 400],
    ['a gateway', 502],
  ])('%s: %s says nothing about the operation', (_, status) => {
    const answer = reply(status, JSON_TYPE, ERROR)
    expect(readMonitorReply(answer, NOW)).toEqual({ state: 'unavailable', status, retryAfter: undefined })
  })

  it.each([
    [503, '5', 5_000],
    [429, 'Mon, 05 Oct 2026 07:12:39 GMT', 30_000],
  ])('row 29: %s with Retry-After tells when to ask again', (status, value, retryAfter) => {
    expect(read(status, { 'retry-after': value })).toMatchObject({ state: 'unavailable', status, retryAfter })
  })

  it('a proxy that shows the message it got is no result', () => {
    expect(read(502, WRAPPER, message('HTTP/1.1 200 OK\n\n{}'))).toMatchObject({ state: 'unavailable', status: 502 })
    expect(read(502, {}, message('HTTP/1.1 200 OK\n\n{}'))).toMatchObject({ state: 'unavailable', status: 502 })
  })

  it('an unusable AsyncResult does not turn it into the end of the operation', () => {
    expect(read(503, { asyncresult: 'abc' })).toMatchObject({ state: 'unavailable', status: 503 })
    expect(read(404, { asyncresult: '99' })).toEqual({ state: 'gone', status: 404 })
  })
})

describe('the traces', () => {
  it.each<[string, (string | number)[]]>([
    ['T1', ['running', 'running', 201]],
    ['T2', ['running', 204]],
    ['T4', [409, 409]],
    ['T9', [500, 'gone', 'unavailable']],
  ])('%s is read answer by answer', (name, expected) => {
    const answers = wireTrace(name).filter(({ isRequest }) => !isRequest)
    const readings = answers.map(({ startLine, headers, body }) =>
      readMonitorReply({ status: Number(startLine.split(' ')[1]), headers, body, url: MONITOR }, NOW),
    )
    expect(readings.map((reading) => (reading.state === 'finished' ? reading.reply.status : reading.state))).toEqual(
      expected,
    )
  })
})

describe('hostile answers', () => {
  it('never throws, wherever a wrapped result is cut', () => {
    const whole = bytes(message('HTTP/1.1 200 OK\nContent-Type: application/json\nContent-Length: 8\n\n{"ID":1}'))
    for (let end = 0; end < whole.length; end++) {
      expect(readMonitorReply(reply(200, WRAPPER, whole.subarray(0, end)), NOW).state).toBe('unreadable')
    }
    expect(readMonitorReply(reply(200, WRAPPER, whole), NOW).state).toBe('finished')
  })

  it('never throws for random statuses, headers and bodies', () => {
    const integer = seededIntegers(2)
    const pieces = [
      'HTTP/1.1 ',
      '200',
      '202',
      '\r\n',
      '\r\n\r\n',
      'Location: x',
      '{',
      '}',
      '"error":',
      '[',
      '"',
      ':',
      '1',
      'null',
      '\u0000',
      '\u00ff',
    ]
    const noise = (length: number) =>
      Array.from({ length: integer(length) }, () => pieces[integer(pieces.length)]).join('')
    const names = ['asyncresult', 'location', 'retry-after', 'content-type', '__proto__']
    const states = new Set<string>()
    for (let run = 0; run < 5_000; run++) {
      const headers = Object.fromEntries(
        names
          .filter(() => integer(4) === 0)
          .map((name) => [name, integer(2) ? noise(4) : `application/${integer(2) ? 'http' : 'json'}`]),
      )
      const body = integer(2) ? noise(12) : Uint8Array.from({ length: integer(40) }, () => integer(256))
      states.add(
        readMonitorReply(reply([200, 201, 202, 204, 302, 404, 500, 0][integer(8)] ?? 200, headers, body), NOW).state,
      )
    }
    expect([...states].sort()).toEqual(['finished', 'gone', 'running', 'unavailable', 'unreadable'])
  })
})
