import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { actionBody, actionUrl } from '../../src/protocol/actionRequest.js'
import { parseHttpMessage } from '../../src/protocol/httpMessage.js'
import type { HttpReply } from '../../src/protocol/httpReply.js'
import { isTrustedUrl, resolveLocation } from '../../src/protocol/location.js'
import { readMonitorReply } from '../../src/protocol/monitorReply.js'
import { parseODataError } from '../../src/protocol/odataError.js'
import { formatPrefer, parsePreferences } from '../../src/protocol/prefer.js'
import { readProgress } from '../../src/protocol/progress.js'
import { readResult } from '../../src/protocol/resultValue.js'
import { parseRetryAfter } from '../../src/protocol/retryAfter.js'

// The same cases each time, so that a failure is one of the code.
fc.configureGlobal({ seed: 7, numRuns: 500 })

const SERVICE = 'https://host/odata/'
const URL_OF_MONITOR = 'https://host/jobs/7'
const encode = (text: string) => new TextEncoder().encode(text)

/** Bytes as they may come: anything, text, JSON, and text that looks like what is expected but is not quite. */
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 400 }),
  fc.string({ maxLength: 400 }).map(encode),
  fc.json().map(encode),
  fc
    .array(
      fc.oneof(
        fc.constantFrom(
          'HTTP/1.1 200 OK',
          'HTTP/1.1 100 Continue',
          'HTTP/',
          '\r\n',
          '\n',
          '\r',
          ':',
          ' ',
          '\t',
          'Content-Length: 3',
          '{"error":{',
          '__proto__: x',
          '"',
          '\0',
        ),
        fc.string({ maxLength: 8 }),
      ),
      { maxLength: 40 },
    )
    .map((pieces) => encode(pieces.join(''))),
)

const headerValue = fc.oneof(
  fc.string({ maxLength: 60 }),
  fc.constantFrom(
    '200',
    '500 Oops',
    '99',
    '1e3',
    '-1',
    'application/http',
    'application/json',
    'text/html',
    '../x',
    '//evil/x',
    'javascript:0',
  ),
)

const replies: fc.Arbitrary<HttpReply> = fc.record({
  status: fc.oneof(
    fc.constantFrom(200, 201, 202, 204, 304, 401, 403, 404, 410, 429, 500, 503),
    fc.integer({ min: 100, max: 599 }),
  ),
  headers: fc.dictionary(
    fc.constantFrom('content-type', 'location', 'retry-after', 'asyncresult', '__proto__', 'constructor'),
    headerValue,
    { noNullPrototype: true },
  ),
  body: bytes,
  url: fc.constant(URL_OF_MONITOR),
})

const now = Date.UTC(2026, 9, 5)
const untouched = () => expect(Object.keys(Object.prototype)).toEqual([])

describe('whatever the service sends', () => {
  it('parseHttpMessage gives a message whose body is a part of the bytes, or a problem', () => {
    fc.assert(
      fc.property(bytes, (input) => {
        const read = parseHttpMessage(input, URL_OF_MONITOR)
        if ('problem' in read) {
          expect(read.problem).not.toBe('')
          return
        }
        expect(read.reply.status).toBeGreaterThanOrEqual(200)
        expect(read.reply.status).toBeLessThan(600)
        expect(read.reply.body.buffer).toBe(input.buffer)
        untouched()
      }),
    )
  })

  it('readMonitorReply gives one of its five readings', () => {
    fc.assert(
      fc.property(replies, (reply) => {
        const reading = readMonitorReply(reply, now)
        expect(['running', 'finished', 'gone', 'unavailable', 'unreadable']).toContain(reading.state)
        if (reading.state === 'finished') expect(reading.reply.status).toBeGreaterThanOrEqual(200)
        if (reading.state === 'running' && reading.monitorUrl) expect(reading.monitorUrl).toMatch(/^https?:/)
        untouched()
      }),
    )
  })

  it('a reading never makes a success of an answer that says otherwise', () => {
    fc.assert(
      fc.property(replies, fc.integer({ min: 400, max: 599 }), (reply, status) => {
        const reading = readMonitorReply({ ...reply, status: 200, headers: { asyncresult: `${status}` } }, now)
        if (reading.state === 'finished') expect(reading.reply.status).toBe(status)
      }),
    )
  })

  it('readResult, parseODataError and readProgress read it or say that they cannot', () => {
    fc.assert(
      fc.property(replies, (reply) => {
        expect(Object.keys(readResult(reply))).toHaveLength(1)
        const error = parseODataError(reply)
        if (error) expect([typeof error.code, typeof error.message]).toEqual(['string', 'string'])
        const progress = readProgress(reply)
        if (progress?.percent !== undefined) {
          expect(progress.percent).toBeGreaterThanOrEqual(0)
          expect(progress.percent).toBeLessThanOrEqual(100)
        }
        untouched()
      }),
    )
  })

  it('parseRetryAfter gives a delay of 0 or more, or nothing', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.date().map((date) => `${date}`),
          fc.integer().map(String),
        ),
        (value) => {
          const delay = parseRetryAfter(value, now)
          if (delay !== undefined) expect(delay).toBeGreaterThanOrEqual(0)
        },
      ),
    )
  })

  it('resolveLocation gives an absolute http URL without a fragment, or nothing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webUrl({ withFragments: true }), fc.webPath()), (location) => {
        const url = resolveLocation(location, URL_OF_MONITOR)
        if (url !== undefined) expect(url).toMatch(/^https?:\/\/[^#]*$/)
      }),
    )
  })

  it('isTrustedUrl trusts no other origin', () => {
    fc.assert(
      fc.property(fc.webUrl(), (url) => {
        expect(isTrustedUrl(url, SERVICE, [])).toBe(new URL(url).origin === 'https://host')
      }),
    )
  })
})

describe('there and back', () => {
  const token = fc.stringMatching(/^[a-z][a-z.-]{0,10}$/)
  const preference = fc.tuple(token, fc.option(fc.stringMatching(/^[a-z0-9]{1,8}$/), { nil: '' }))

  it('preferences that are written are read again, the first of each name', () => {
    fc.assert(
      fc.property(fc.array(preference, { maxLength: 8 }), (preferences) => {
        const header = formatPrefer(...preferences.map(([name, value]) => (value ? `${name}=${value}` : name)))
        const first = new Map<string, string>()
        for (const [name, value] of preferences) if (!first.has(name)) first.set(name, value)
        expect([...parsePreferences(header)]).toEqual([...first])
      }),
    )
  })

  it('seconds and dates of Retry-After', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000 }), (seconds) => {
        expect(parseRetryAfter(`${seconds}`, now)).toBe(seconds * 1000)
        expect(parseRetryAfter(new Date(now + seconds * 1000).toUTCString(), now)).toBe(seconds * 1000)
      }),
    )
  })

  it('an HTTP message with any body', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (body, hasLength) => {
        const head = encode(`HTTP/1.1 200 OK\r\n${hasLength ? `Content-Length: ${body.length}\r\n` : ''}X: 1\r\n\r\n`)
        const message = new Uint8Array(head.length + body.length)
        message.set(head)
        message.set(body, head.length)
        const read = parseHttpMessage(message, URL_OF_MONITOR)
        expect('reply' in read && [...read.reply.body]).toEqual([...body])
      }),
    )
  })

  it('parameters of an action', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true }), (parameters) => {
        const text = actionBody(parameters)
        if (Object.values(parameters).every((value) => !`${JSON.stringify(value)}`.includes('\\u0000'))) {
          expect(JSON.parse(text ?? '')).toEqual(JSON.parse(JSON.stringify(parameters)))
        }
      }),
    )
  })

  it('an action stays below the service, whatever it is called', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.webPath(), fc.webUrl(), fc.constantFrom('..', '%2e%2e/x', '\\..\\x')),
        (action) => {
          const url = actionUrl(SERVICE, action)
          if (url !== undefined) expect(new URL(url).href.startsWith(SERVICE)).toBe(true)
        },
      ),
    )
  })
})
