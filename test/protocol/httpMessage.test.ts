import { describe, expect, it } from 'vitest'
import { parseHttpMessage } from '../../src/protocol/httpMessage.js'
import { bodyText } from '../../src/protocol/httpReply.js'
import { bytes, MONITOR, message, seededIntegers } from './reply.js'

function parsed(source: string | Uint8Array) {
  const result = parseHttpMessage(typeof source === 'string' ? bytes(source) : source, MONITOR)
  if ('problem' in result) throw new Error(result.problem)
  return { ...result.reply, text: bodyText(result.reply) }
}

function problem(source: string): string | undefined {
  const result = parseHttpMessage(bytes(source), MONITOR)
  return 'problem' in result ? result.problem : undefined
}

const OK = message('HTTP/1.1 200 OK\nContent-Type: application/json\nETag: W/"1"\n\n{"ID":1}')

describe('parseHttpMessage', () => {
  it('row 50: gives status, headers by lower-case name, and body', () => {
    expect(parsed(OK)).toMatchObject({
      status: 200,
      headers: { 'content-type': 'application/json', etag: 'W/"1"' },
      text: '{"ID":1}',
      url: MONITOR,
    })
  })

  it.each<[string, string, object]>([
    ['row 57: a status line and one empty line', 'HTTP/1.1 204 No Content\n\n', { status: 204, headers: {}, text: '' }],
    ['row 59: 304', 'HTTP/1.1 304 Not Modified\nETag: "1"\n\n', { status: 304, headers: { etag: '"1"' }, text: '' }],
    ['row 60: an empty reason', 'HTTP/1.1 200 \n\nx', { status: 200, text: 'x' }],
    ['row 60: no reason', 'HTTP/1.1 200\n\nx', { status: 200, text: 'x' }],
    ['HTTP/1.0', 'HTTP/1.0 200 OK\n\nx', { status: 200, text: 'x' }],
    ['HTTP/2', 'HTTP/2 200\n\nx', { status: 200, text: 'x' }],
    ['a lower-case name of the protocol', 'http/1.1 200 OK\n\nx', { status: 200, text: 'x' }],
    ['row 61: empty lines first', '\n\n\nHTTP/1.1 200 OK\n\nx', { status: 200, text: 'x' }],
    [
      'row 61: a folded line',
      'HTTP/1.1 200 OK\nX-Long: a\n \tb\n  c\nETag: "1"\n\nx',
      { headers: { 'x-long': 'a b c', etag: '"1"' }, text: 'x' },
    ],
    [
      'row 61: repeated headers',
      'HTTP/1.1 200 OK\nVary: a\nSet-Cookie: a=1\nVARY: b\nset-cookie: b=2\n\nx',
      { headers: { vary: 'a, b', 'set-cookie': 'a=1, b=2' } },
    ],
    ['a header without a value', 'HTTP/1.1 200 OK\nX-None:\n\nx', { headers: { 'x-none': '' } }],
    ['spaces around the colon', 'HTTP/1.1 200 OK\nX-Some \t:  a:b  \n\nx', { headers: { 'x-some': 'a:b' } }],
    [
      'row 62: Content-Length shorter than what there is',
      'HTTP/1.1 200 OK\nContent-Length: 3\n\nabcdef',
      { text: 'abc' },
    ],
    ['row 62: Content-Length 0', 'HTTP/1.1 200 OK\nContent-Length: 0\n\nabc', { text: '' }],
    ...['-1', 'abc', '', '1.5', '1e1', '0x1', '3, 3'].map((value): [string, string, object] => [
      `Content-Length ${JSON.stringify(value)}, which is no number`,
      `HTTP/1.1 200 OK\nContent-Length: ${value}\n\nabc`,
      { text: 'abc' },
    ]),
    [
      'a line without a colon among the headers',
      'HTTP/1.1 200 OK\nHello\nETag: "1"\n\nx',
      { headers: { etag: '"1"' }, text: 'x' },
    ],
    ['a header without a name', 'HTTP/1.1 200 OK\n: 1\n\nx', { headers: {}, text: 'x' }],
    [
      'an interim answer first',
      'HTTP/1.1 103 Early Hints\nLink: x\n\nHTTP/1.1 100\n\n\nHTTP/1.1 201 Created\nETag: "1"\n\nx',
      { status: 201, headers: { etag: '"1"' }, text: 'x' },
    ],
  ])('reads %s', (_, text, expected) => {
    expect(parsed(message(text))).toMatchObject(expected)
    // Row 61: the same with bare LF.
    expect(parsed(text)).toMatchObject(expected)
  })

  it('takes no header of an interim answer', () => {
    expect(parsed('HTTP/1.1 103\nLink: x\n\nHTTP/1.1 200\n\n').headers).toEqual({})
  })

  it('row 62: counts Content-Length in bytes, not in characters', () => {
    expect(parsed(message('HTTP/1.1 200 OK\nContent-Length: 4\n\nÖlÖl')).text).toBe('Öl\uFFFD')
    expect(parsed(message('HTTP/1.1 200 OK\nContent-Length: 3\n\nÖl')).text).toBe('Öl')
  })

  it('row 63: a body shorter than Content-Length is truncated', () => {
    expect(problem(message('HTTP/1.1 200 OK\nContent-Length: 50\n\n{"ID":1'))).toBe('7 of 50 bytes')
    expect(problem(message(`HTTP/1.1 200 OK\nContent-Length: ${'9'.repeat(400)}\n\n{"ID":1`))).toMatch(/^7 of /)
  })

  it('counts a Content-Length once that is repeated, and cannot choose between different ones', () => {
    expect(parsed('HTTP/1.1 200 OK\nContent-Length: 3\nContent-Length: 3\n\nabcdef').text).toBe('abc')
    expect(problem('HTTP/1.1 200 OK\nContent-Length: 50\nContent-Length: 50\n\nabcdef')).toBe('6 of 50 bytes')
    expect(problem('HTTP/1.1 200 OK\nContent-Length: 3\nContent-Length: 4\n\nabcdef')).toBe(
      'more than one `Content-Length`, which differ',
    )
  })

  it('row 64: keeps a binary body byte by byte', () => {
    const png = Uint8Array.from({ length: 256 }, (_, index) => 255 - index)
    const { body } = parsed(new Uint8Array([...bytes(message('HTTP/1.1 200 OK\nContent-Type: image/png\n\n')), ...png]))
    expect([...body]).toEqual([...png])
  })

  it('row 66: finds the body behind headers that are not ASCII', () => {
    expect(parsed(message('HTTP/1.1 200 Schön €\nX-Note: Öl\n\n"Öl €"')).text).toBe('"Öl €"')
  })

  it('keeps headers named like members of Object as plain headers', () => {
    const { headers } = parsed(message('HTTP/1.1 200 OK\n__proto__: x\nconstructor: y\n\n'))
    expect(Object.keys(headers)).toEqual(['__proto__', 'constructor'])
    expect(Object.getPrototypeOf(headers)).toBe(Object.prototype)
    expect(({} as Record<string, unknown>).x).toBeUndefined()
  })

  it.each([
    ['nothing', ''],
    ['no HTTP', '{"ID":1}\r\n\r\n'],
    ['a request', 'GET / HTTP/1.1\r\n\r\n'],
    ['a status of two digits', 'HTTP/1.1 20 OK\r\n\r\n'],
    ['a status of four digits', 'HTTP/1.1 2000 OK\r\n\r\n'],
    ['a status out of range', 'HTTP/1.1 600 OK\r\n\r\n'],
    ['only an interim answer', 'HTTP/1.1 100 Continue\r\n\r\n'],
    ['a status line alone', 'HTTP/1.1 200 OK\r\n'],
    ['headers without an end', 'HTTP/1.1 200 OK\r\nContent-Type: appl'],
  ])('%s has no complete headers', (_, text) => {
    expect(problem(text)).toBe('no complete headers')
  })

  it('allows 64 KiB of headers, with the interim ones, and no more', () => {
    const head = (size: number) => `HTTP/1.1 200 OK\nX: ${'x'.repeat(size - 21)}\n\n`
    expect(parsed(head(65_536)).status).toBe(200)
    expect(problem(head(65_537))).toBe('no complete headers in its first 64 kB')
    expect(problem(`${'HTTP/1.1 100\n\n'.repeat(5_000)}HTTP/1.1 200\n\n`)).toBe(
      'no complete headers in its first 64 kB',
    )
  })

  it('does not let the size of the body matter to the headers', () => {
    expect(parsed(`HTTP/1.1 200 OK\n\n${'x'.repeat(1_000_000)}`).body).toHaveLength(1_000_000)
  })

  it.each([
    ['line feeds', '\n'],
    ['carriage returns', '\r'],
    ['short lines', 'x\n'],
    ['folded lines', ' \n'],
    ['interim answers', 'HTTP/1.1 100\n\n'],
    ['interim answers that never end', 'HTTP/1.1 100\n'],
    ['digits', '1'],
    ['spaces', ' '],
    ['colons', ':'],
    ['repeated headers', 'X:x\n'],
    ['carriage returns between lines', 'X\r\r\n'],
    ['words', 'HTTP/1.1 '],
  ])('gives up on endless %s', (_, piece) => {
    const flood = piece.repeat(200_000)
    for (const start of ['', 'HTTP/1.1 200 OK\r\n', 'HTTP/1.1 200 OK\r\nX:', 'HTTP/', 'HTTP/1.1 ']) {
      expect(parseHttpMessage(bytes(start + flood), MONITOR)).toSatisfy(
        (result) => 'problem' in result || result.reply.status === 200,
      )
    }
  })

  it('gives a problem, never an exception or half a message, wherever the message is cut', () => {
    const whole = bytes(message('\nHTTP/1.1 103\nLink: x\n\nHTTP/1.1 200 OK\nX: a\n b\nContent-Length: 8\n\n{"ID":1}'))
    for (let end = 0; end < whole.length; end++) {
      expect(parseHttpMessage(whole.subarray(0, end), MONITOR)).toHaveProperty('problem')
    }
    expect(parseHttpMessage(whole, MONITOR)).toHaveProperty('reply.status', 200)
  })

  it('never throws for random bytes', () => {
    const integer = seededIntegers(1)
    const pieces = [
      'HTTP/',
      '1.1 ',
      '200',
      '100',
      ' OK',
      '\r\n',
      '\n',
      '\n\n',
      'X: ',
      ':',
      ' ',
      '\t',
      'Content-Length: 5',
    ]
    for (let run = 0; run < 5_000; run++) {
      const noise = Array.from({ length: integer(30) }, () =>
        integer(3) > 0 ? (pieces[integer(pieces.length)] ?? '') : String.fromCharCode(integer(256)),
      ).join('')
      const source = Uint8Array.from(noise, (character) => character.charCodeAt(0))
      const result = parseHttpMessage(source, MONITOR)
      if ('problem' in result) expect(result.problem).not.toBe('')
      else expect(result.reply.status).toBeGreaterThanOrEqual(200)
    }
  })
})
