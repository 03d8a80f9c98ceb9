import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCapabilities } from '../../src/protocol/capabilities.js'
import { functionUrl } from '../../src/protocol/functionUrl.js'
import { parseHttpMessage } from '../../src/protocol/httpMessage.js'
import type { HttpReply } from '../../src/protocol/httpReply.js'
import { literalText, toTypedLiteral } from '../../src/protocol/literal.js'
import { isTrustedUrl, resolveLocation } from '../../src/protocol/location.js'
import { readMonitorReply } from '../../src/protocol/monitorReply.js'
import { parseODataError } from '../../src/protocol/odataError.js'
import { formatPrefer, parsePreferences } from '../../src/protocol/prefer.js'
import { readProgress } from '../../src/protocol/progress.js'
import { requestUrl } from '../../src/protocol/requestUrl.js'
import { readResult } from '../../src/protocol/resultValue.js'
import { parseRetryAfter } from '../../src/protocol/retryAfter.js'
import { writeJson } from '../../src/protocol/writeJson.js'
import { parseXml } from '../../src/protocol/xml.js'

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

  it('readCapabilities and parseXml read it or give nothing', () => {
    const piece = fc.constantFrom(
      '<Edmx>',
      '</Edmx>',
      '<DataServices>',
      '</DataServices>',
      '<Schema Namespace="__proto__">',
      '</Schema>',
      '<EntityContainer Name="C">',
      '</EntityContainer>',
      '<Annotation Term="Org.OData.Core.V1.ODataVersions" String="4.0"/>',
      '<Annotation Term="Org.OData.Capabilities.V1.BatchSupport">',
      '<Record>',
      '</Record>',
      '</Annotation>',
      '<!--',
      '-->',
      '<![CDATA[',
      ']]>',
      '<!DOCTYPE [',
      '&lt;',
      '"',
      '/>',
      '<?xml',
      '?>',
    )
    const document = fc.array(fc.oneof(piece, piece, fc.string({ maxLength: 5 }))).map((pieces) => pieces.join(''))
    const json = fc.json().map((text) => `{"$Version":"4.01","__proto__":${text},"$Reference":${text},"A":${text}}`)
    fc.assert(
      fc.property(fc.oneof(document, json, fc.json()), (text) => {
        const read = readCapabilities({ status: 200, headers: {}, body: encode(text), url: URL_OF_MONITOR })
        if (read) expect(Array.isArray(read.odataVersions)).toBe(true)
        const root = parseXml(text)
        if (root) expect(root.name).not.toBe('')
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
        expect(JSON.parse(writeJson(parameters) ?? '')).toEqual(JSON.parse(JSON.stringify(parameters)))
      }),
    )
  })

  it('whatever an app has, as JSON or not at all', () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withDate: true, withTypedArray: true, withSparseArray: true }),
        (value) => {
          const text = writeJson(value)
          if (text !== undefined) expect(() => JSON.parse(text)).not.toThrow()
        },
      ),
    )
  })

  it('whole numbers of any size, in JSON and in a URL', () => {
    fc.assert(
      fc.property(fc.bigInt(), (value) => {
        expect(BigInt(writeJson(value) ?? '')).toBe(value)
        expect(BigInt(literalText(value) ?? '')).toBe(value)
        const isInt64 = BigInt.asIntN(64, value) === value
        expect(toTypedLiteral('Edm.Int64', `${value}`)?.text).toBe(isInt64 ? `${value}` : undefined)
      }),
    )
  })

  it('text in a literal', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(literalText(text)?.slice(1, -1).replaceAll("''", "'")).toBe(text)
      }),
    )
  })

  it('numbers, dates and bytes in a literal', () => {
    fc.assert(
      fc.property(fc.double(), fc.date({ noInvalidDate: true }), fc.uint8Array(), (number, date, content) => {
        const text = `${literalText(number)}`.replace('INF', 'Infinity')
        expect(Number(text)).toBe(number === 0 ? 0 : number)
        expect(new Date(`${literalText(date)}`)).toEqual(date)
        const base64url = `${literalText(content)}`.slice("binary'".length, -1)
        expect([...Buffer.from(base64url, 'base64url')]).toEqual([...content])
        expect(toTypedLiteral('Edm.Binary', base64url)?.literal).toBe(literalText(content))
      }),
    )
  })

  it('a typed literal is its text again, or none', () => {
    const types = [
      'Edm.Guid',
      'Edm.Int64',
      'Edm.Decimal',
      'Edm.Date',
      'Edm.TimeOfDay',
      'Edm.Duration',
      'Edm.Binary',
      'A.B',
    ]
    fc.assert(
      fc.property(
        fc.constantFrom(...types, '__proto__'),
        fc.oneof(fc.string(), fc.integer().map(String)),
        (type, text) => {
          const literal = toTypedLiteral(type, text)
          if (literal) expect(literal.literal).toMatch(/^([\w.]+')?[\w:.,=+-]*'?$/)
          expect(literal?.text ?? text).toBe(text)
        },
      ),
    )
  })

  it('values of a function, from the URL', () => {
    const name = fc.stringMatching(/^[a-zA-Z_]\w{0,8}$/)
    const value = fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.array(fc.jsonValue()), fc.boolean())
    fc.assert(
      fc.property(fc.dictionary(name, value, { noNullPrototype: true }), fc.boolean(), (parameters, aliases) => {
        const result = functionUrl(`${SERVICE}?sap-client=1`, 'Ns.Fn?$top=5', parameters, aliases)
        const url = new URL('url' in result ? result.url : '')
        const call = url.pathname.slice('/odata/'.length)
        const values = new Map<string, string>()
        for (const part of call.slice('Ns.Fn('.length, -1).split(',').filter(Boolean)) {
          const [key = '', text = ''] = part.split('=')
          values.set(key, text.startsWith('@') ? `${url.searchParams.get(text)}` : decodeURIComponent(text))
        }
        const written = Object.entries(parameters).map(([key, given]) => [key, literalText(given) ?? writeJson(given)])
        expect([...values]).toEqual(written)
        expect(call.split('/')).toHaveLength(1)
        expect(url.searchParams.get('$top')).toBe('5')
        expect(url.searchParams.get('sap-client')).toBe('1')
      }),
    )
  })

  it('bytes in a link', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), (body) => {
        const headers = { 'content-type': 'application/pdf' }
        const result = readResult({ status: 200, headers, body, url: URL_OF_MONITOR })
        const [, base64 = ''] = 'value' in result ? `${result.value}`.split('base64,') : []
        expect([...Buffer.from(base64, 'base64')]).toEqual([...body])
      }),
    )
  })

  it('a path stays below the service, unless it is a URL of its own', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.webPath(), fc.webUrl(), fc.constantFrom('..', '%2e%2e/x', '\\..\\x', 'x?y#z')),
        (path) => {
          for (const url of [requestUrl(SERVICE, path), ...Object.values(functionUrl(SERVICE, path, {}, false))]) {
            if (url?.startsWith('http') && !/^\s*https?:\/\//i.test(path)) expect(new URL(url).href).toBe(url)
            if (url?.startsWith('http') && !/^\s*https?:\/\//i.test(path)) expect(url.startsWith(SERVICE)).toBe(true)
          }
        },
      ),
    )
  })
})

describe('a megabyte of hostile text', () => {
  const pieces = [
    ' ',
    '\r\n',
    '"',
    "'",
    ',',
    ';=',
    ':',
    '\\"',
    '(@',
    '[{',
    '<a ',
    '<a>',
    '<!--',
    '&amp;',
    '%2',
    '../',
    '9.',
    'X: y\r\n',
  ]

  it.each(pieces)('%j, again and again, is answered', (piece) => {
    const text = piece.repeat(1_000_000 / piece.length)
    const reply = (type: string, start: string): HttpReply => {
      const headers = { 'content-type': type, 'retry-after': text, 'x-progress': text, location: text }
      return { status: 200, headers, body: encode(start + text), url: URL_OF_MONITOR }
    }
    expect(readMonitorReply(reply('application/http', 'HTTP/1.1 200 OK\r\nX: y'), now)).toHaveProperty('state')
    expect(readMonitorReply({ ...reply('application/json', '"'), status: 202 }, now)).toHaveProperty('state', 'running')
    expect(Object.keys(readResult(reply(`text/plain;${text}`, 'x')))).toEqual(['value'])
    for (const start of ['', '<Edmx>', '<Edmx '])
      expect(readCapabilities(reply('application/xml', start))).toBeUndefined()
    parsePreferences(text)
    formatPrefer(text)
    for (const type of ['Edm.Decimal', 'Edm.Duration', 'Edm.Binary', 'A.B', text]) {
      expect(toTypedLiteral(type, `1${text}x`)).toBeUndefined()
    }
    requestUrl(`${SERVICE}?${text}`, text)
    functionUrl(SERVICE, `Fn(${text}`, { a: 1, [text]: 1 }, false)
    expect(functionUrl(SERVICE, 'Fn(a=@a)', { a: text }, false)).toHaveProperty('url')
    untouched()
  })
})
