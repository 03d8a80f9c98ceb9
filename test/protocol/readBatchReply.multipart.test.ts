import { describe, expect, it } from 'vitest'
import { bodyText } from '../../src/protocol/httpReply.js'
import { readBatchReply } from '../../src/protocol/readBatchReply.js'
import { wireTrace } from '../support/wireTrace.js'
import { answersOf, BATCH_URL, batchReply, readUnits } from './batchReply.js'
import { bytes, message } from './reply.js'

const OK = (id: number | string, json: string, fields = '') =>
  `--b\nContent-Type: application/http\nContent-ID: ${id}\n\nHTTP/1.1 200 OK\nContent-Type: application/json\n${fields}\n${json}\n`
const END = '--b--\n'

/** The one that all variants of it must be read as. */
const TWO = [
  { id: '1', status: 200, value: { ID: 1 } },
  { id: '2', status: 200, value: { ID: 2 } },
]
const two = `${OK(1, '{"ID":1}')}${OK(2, '{"ID":2}')}${END}`

function textPart(body: string, fields = '', id = 1): string {
  return `--b\r\nContent-Type: application/http\r\nContent-ID: ${id}\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n${fields}\r\n${body}\r\n`
}

describe('a multipart batch response', () => {
  it('gives the answers in their order, each with status, headers, body, identifier and the URL of the batch', () => {
    expect(readUnits(batchReply(message(two)))).toMatchObject({
      format: 'multipart',
      units: [
        { id: '1', reply: { status: 200, headers: { 'content-type': 'application/json' }, url: BATCH_URL } },
        { id: '2', reply: { status: 200, json: { ID: 2 } } },
      ],
    })
    expect(readUnits(batchReply(message(two)))).not.toHaveProperty('truncation')
  })

  it.each<[string, string]>([
    [
      'row 89: text before and after',
      `This is a preamble.\n--bogus\n--\n\n${two}epilogue\n--b\n\nHTTP/1.1 200\n\nno\n--b--\n`,
    ],
    ['row 89: an empty line before', `\n${two}`],
    ['row 89: spaces and tabs behind the delimiters', two.replaceAll('--b\n', '--b \t \n').replace(END, '--b--\t \n')],
    ['row 94: no Content-Length', two],
    [
      'row 94: Content-Length',
      `${OK(1, '{"ID":1}', 'Content-Length: 8\n')}${OK(2, '{"ID":2}', 'Content-Length: 8\n')}${END}`,
    ],
    ['no line end behind the last delimiter', two.trimEnd()],
    ['a line end too many in front of the delimiters', two.replaceAll('}\n', '}\n\n')],
    ['names of headers in lower case', two.replaceAll(/^[\w-]+:/gm, (name) => name.toLowerCase())],
    ['names of headers in upper case', two.replaceAll(/^[\w-]+:/gm, (name) => name.toUpperCase())],
    ['no space behind the colons', two.replaceAll(': ', ':')],
    ['Content-Transfer-Encoding', two.replaceAll('Content-ID', 'Content-Transfer-Encoding: binary\nContent-ID')],
    [
      'msgtype, and Content-ID first',
      two.replaceAll(/(Content-Type: application\/http)\n(.*)/g, '$2\n$1; msgtype=response'),
    ],
    ['Content-ID in angle brackets', two.replaceAll(/Content-ID: (\d)/g, 'Content-ID: <$1>')],
    ['Content-ID among the HTTP headers', two.replaceAll(/Content-ID: (\d)\n\n(HTTP.*\n)/g, '\n$2Content-ID: $1\n')],
    ['a folded MIME header', two.replaceAll('Content-Type: application/http', 'Content-Type:\n application/http')],
    ['pretty-printed bodies', two.replaceAll(/\{"ID":(\d)\}/g, '{\n  "ID": $1\n}')],
    ['no reason phrase', two.replaceAll('200 OK', '200')],
    ['HTTP/2', two.replaceAll('HTTP/1.1 200 OK', 'HTTP/2 200')],
    ['an interim answer in a part', two.replaceAll('HTTP/1.1 200', 'HTTP/1.1 100 Continue\n\nHTTP/1.1 200')],
    ['no type of the answers', two.replaceAll('Content-Type: application/json\n', '')],
    ['a dash too many at the end, as in an example of the standard', two.replace(END, '--b---\n')],
    ['a first part whose boundary only begins like the real one', `--bb\n\nHTTP/1.1 200\n\nno\n${two}`],
  ])('is read with %s, with CRLF and (row 92) with LF', (_, text) => {
    expect(answersOf(batchReply(message(text)))).toEqual(TWO)
    expect(answersOf(batchReply(text))).toEqual(TWO)
    expect(readUnits(batchReply(text))).not.toHaveProperty('truncation')
  })

  it('row 92: is read with line ends of both kinds', () => {
    let count = 0
    expect(answersOf(batchReply(two.replaceAll('\n', () => (count++ % 3 ? '\r\n' : '\n'))))).toEqual(TWO)
  })

  it.each([
    'multipart/mixed; boundary=b',
    'multipart/mixed;boundary=b',
    'multipart/mixed; boundary="b"',
    'multipart/mixed; Boundary=b',
    'Multipart/Mixed; BOUNDARY="b"',
    'multipart/mixed; charset=utf-8; boundary=b',
    'multipart/mixed; boundary=b; charset=utf-8',
    'multipart/mixed; boundary="b"; msgtype=response',
    'multipart/mixed; x="a; boundary=no; \\" ;"; boundary = b ; y=z',
    'multipart/mixed ;\tboundary=b;',
    'multipart/related; boundary=b',
  ])('row 90: takes the boundary from %s', (type) => {
    expect(answersOf(batchReply(message(two), type))).toEqual(TWO)
  })

  it.each(['a b', "0aZ'()+_,-./:=?", 'b--', '-', '$&', 'x'.repeat(70)])(
    'row 90: takes any boundary: %s',
    (boundary) => {
      const text = two.replaceAll('--b', () => `--${boundary}`)
      expect(answersOf(batchReply(message(text), `multipart/mixed; boundary="${boundary}"`))).toEqual(TWO)
    },
  )

  it.each([
    '',
    'text/plain',
    'application/octet-stream',
    'application/json',
    'multipart/mixed',
    'multipart/mixed; boundary=""',
  ])('takes the boundary from the first delimiter when the type is "%s"', (type) => {
    expect(answersOf(batchReply(message(two), type))).toEqual(TWO)
    expect(answersOf(batchReply(bytes(`\uFEFF\n${two}`), type))).toEqual(TWO)
  })

  it('row 91: takes the boundary within a line of a body for text', () => {
    const body = '{"Note":"a --b and --b-- and\\r\\n--b\\r\\n"}'
    expect(answersOf(batchReply(`${OK(1, body)}${END}`))).toEqual([
      { id: '1', status: 200, value: { Note: 'a --b and --b-- and\r\n--b\r\n' } },
    ])
  })

  it('row 91: takes lines for text that begin with dashes, or with more than the boundary', () => {
    const body = '--\r\n--a\r\n-- b\r\n--bc\r\n--b-\r\n--b--c\r\n --b'
    expect(answersOf(batchReply(`${textPart(body)}${END}`))).toEqual([{ id: '1', status: 200, value: body }])
  })

  it('row 91: trusts a right Content-Length over a line of the body that looks like a delimiter', () => {
    const body = 'a\r\n--b\r\n\r\nHTTP/1.1 200 OK\r\n\r\nno\r\n--b--\r\nz'
    const text = `${textPart(body, `Content-Length: ${body.length}\r\n`)}${textPart('2', '', 2)}${END}`
    expect(answersOf(batchReply(text))).toEqual([
      { id: '1', status: 200, value: body },
      { id: '2', status: 200, value: '2' },
    ])
  })

  it('trusts a right Content-Length among the MIME headers as well', () => {
    const inner = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\na\r\n--b\r\nz'
    const text = `--b\r\nContent-Type: application/http\r\nContent-Length: ${inner.length}\r\n\r\n${inner}\r\n${END}`
    expect(answersOf(batchReply(text))).toEqual([{ status: 200, value: 'a\r\n--b\r\nz' }])
  })

  it('ends a body where its Content-Length says when only line ends follow', () => {
    expect(answersOf(batchReply(`${textPart('a\r\n', 'Content-Length: 1\r\n')}${END}`))).toMatchObject([{ value: 'a' }])
    expect(answersOf(batchReply(`${textPart('a\r\n', 'Content-Length: 3\r\n')}${END}`))).toMatchObject([
      { value: 'a\r\n' },
    ])
  })

  it('row 94: ends a body without Content-Length at the line end before the delimiter', () => {
    expect(answersOf(batchReply(`${textPart('a\r\n\r\n')}${END}`))).toMatchObject([{ value: 'a\r\n\r\n' }])
    expect(answersOf(batchReply(`${textPart('')}${END}`))).toMatchObject([{ value: undefined }])
  })

  it('counts Content-Length in bytes', () => {
    const body = 'Größe 5 €'
    expect(answersOf(batchReply(`${textPart(body, 'Content-Length: 13\r\n')}${END}`))).toMatchObject([{ value: body }])
  })

  it.each([
    ['characters are counted in place of bytes', 9],
    ['the line end of the delimiter is counted', 15],
    ['it is 0', 0],
  ])('ends a body at the delimiter when %s', (_, length) => {
    const text = `${textPart('Größe 5 €', `Content-Length: ${length}\r\n`)}${textPart('2', '', 2)}${END}`
    expect(answersOf(batchReply(text))).toMatchObject([{ value: 'Größe 5 €' }, { value: '2' }])
  })

  it('gives a body that is shorter than its Content-Length for what it is, and keeps the places of the others', () => {
    const text = `${textPart('half', 'Content-Length: 20\r\n')}${textPart('2', '', 2)}${textPart('3'.repeat(90), '', 3)}${END}`
    expect(answersOf(batchReply(text))).toMatchObject([
      { id: '1', problem: expect.stringContaining('4 of 20 bytes') },
      { id: '2', value: '2' },
      { id: '3' },
    ])
  })

  it('gives an answer with two lengths that differ for what it is', () => {
    const text = `${textPart('a', 'Content-Length: 1\r\nContent-Length: 2\r\n')}${textPart('2', '', 2)}${END}`
    expect(answersOf(batchReply(text))).toMatchObject([{ problem: expect.stringContaining('differ') }, { value: '2' }])
  })

  it.each([
    ['zero empty lines', '', ''],
    ['zero empty lines, and headers', 'ETag: "1"\n', ''],
    ['one empty line', '', '\n'],
    ['one empty line, and headers', 'ETag: "1"\n', '\n'],
    ['two empty lines', '', '\n\n'],
    ['two empty lines, and headers', 'ETag: "1"\nContent-Length: 0\n', '\n\n'],
    ['three empty lines', '', '\n\n\n'],
  ])('row 95: a 204 part with %s is read, wherever it stands', (_, fields, empty) => {
    const part = (id: number) =>
      `--b\nContent-Type: application/http\nContent-ID: ${id}\n\nHTTP/1.1 204 No Content\n${fields}${empty}`
    const text = `${part(1)}${OK(2, '{"ID":2}')}${part(3)}${part(4)}${END}`
    const expected = [
      { id: '1', status: 204 },
      { id: '2', status: 200, value: { ID: 2 } },
      { id: '3', status: 204 },
      { id: '4', status: 204 },
    ]
    expect(answersOf(batchReply(text))).toEqual(expected)
    expect(answersOf(batchReply(message(text)))).toEqual(expected)
    expect(readUnits(batchReply(text)).units[0]).toMatchObject({ reply: { body: { length: 0 } } })
  })

  it('reads answers without identifier, MIME headers, or both', () => {
    const text =
      '--b\n\nHTTP/1.1 200 OK\n\n1\n--b\nHTTP/1.1 200 OK\n\n2\n--b\nContent-Type: application/http\n\nHTTP/1.1 204\n\n--b--'
    expect(answersOf(batchReply(text))).toEqual([{ status: 200, value: 1 }, { status: 200, value: 2 }, { status: 204 }])
  })

  it.each([
    ['nothing', ''],
    ['only MIME headers', 'Content-Type: application/http\n'],
    ['no message', 'Content-Type: application/http\nContent-ID: 2\n\n'],
    ['a message that is none', 'Content-Type: application/http\n\n{"ID":1}\n'],
    ['a change set that is none', 'Content-Type: multipart/mixed; boundary=c\n\nHello\n'],
  ])('a part with %s is an answer that cannot be read, in its place', (_, part) => {
    const text = `${OK(1, '1')}--b\n${part}${OK(3, '3')}${END}`
    expect(answersOf(batchReply(message(text)))).toMatchObject([
      { id: '1', value: 1 },
      { problem: 'The answer in the batch cannot be read: it is a message with no complete headers.' },
      { id: '3', value: 3 },
    ])
    expect(readUnits(batchReply(text)).units[1]).not.toHaveProperty('reply')
  })

  it('keeps binary bodies byte by byte, with delimiters, line ends and all, when they have a length', () => {
    const png = new Uint8Array([...Array.from({ length: 256 }, (_, at) => 255 - at), ...bytes('\r\n--b\r\n--b--\r\n')])
    const head = `--b\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: ${png.length}\r\n\r\n`
    const body = new Uint8Array([...bytes(head), ...png, ...bytes(`\r\n${message(OK(2, '"Größe"'))}${END}`)])
    const { units } = readUnits(batchReply(body))
    expect([...('reply' in (units[0] ?? {}) ? (units[0] as { reply: { body: Uint8Array } }).reply.body : [])]).toEqual([
      ...png,
    ])
    expect(answersOf(batchReply(body))[1]).toEqual({ id: '2', status: 200, value: 'Größe' })
  })

  it('reads text in any alphabet, in bodies of all kinds and in headers', () => {
    const json = '{"Name":"Größe 5 € 鳥 🐦"}'
    const text = `${textPart('Größe 5 € 鳥 🐦', 'X-Note: Grün\r\n')}${OK(2, json)}${END}`
    expect(answersOf(batchReply(text))).toMatchObject([
      { value: 'Größe 5 € 鳥 🐦' },
      { value: { Name: 'Größe 5 € 鳥 🐦' } },
    ])
    expect(readUnits(batchReply(text)).units[0]).toMatchObject({ reply: { headers: { 'x-note': 'GrÃ¼n' } } })
  })

  it('keeps the bytes of JSON that is broken or an error, for whoever shows them', () => {
    const error = '{"error":{"code":"X","message":"No"}}'
    const text = `${OK(1, '{"ID":')}${OK(2, error).replace('200 OK', '404 Not Found')}${END}`
    const [broken, failed] = readUnits(batchReply(text)).units
    expect(broken && 'reply' in broken && broken.reply && bodyText(broken.reply)).toBe('{"ID":')
    expect(failed && 'reply' in failed && failed.reply && bodyText(failed.reply)).toBe(error)
    expect(answersOf(batchReply(text))[0]).toMatchObject({
      id: '1',
      problem: expect.stringContaining('cannot be read'),
    })
  })

  it('takes names of headers that are members of Object for plain headers', () => {
    const [unit] = readUnits(batchReply(`${textPart('a', '__proto__: x\r\nconstructor: y\r\n')}${END}`)).units
    const headers = unit && 'reply' in unit ? unit.reply?.headers : {}
    expect(Object.keys(headers ?? {})).toEqual(['content-type', '__proto__', 'constructor'])
    expect(({} as Record<string, unknown>).x).toBeUndefined()
  })

  it('is empty when there is only the closing delimiter', () => {
    expect(readBatchReply(batchReply('--b--\r\n'))).toEqual({ units: [], format: 'multipart' })
  })
})

describe('a change set in a multipart batch response', () => {
  const member = (id: number, part: string) => `--c\nContent-Type: application/http\nContent-ID: ${id}\n\n${part}\n`
  const members = `${member(3, 'HTTP/1.1 201 Created\nLocation: x\n\n{"ID":3}')}${member(2, 'HTTP/1.1 204 No Content\n\n')}--c--\n`
  const set = (type: string, content = members) =>
    `${OK(1, '1')}--b\nContent-Type: ${type}\n\n${content}${OK(4, '4')}${END}`
  const expected = [
    { id: '1', status: 200, value: 1 },
    [
      { id: '3', status: 201, value: { ID: 3 } },
      { id: '2', status: 204 },
    ],
    { id: '4', status: 200, value: 4 },
  ]

  it.each([
    ['its own boundary', set('multipart/mixed; boundary=c')],
    ['a quoted boundary among parameters', set('Multipart/Mixed; charset=utf-8; Boundary="c"; x=y')],
    ['no boundary', set('multipart/mixed')],
    ['text before and after its parts', set('multipart/mixed; boundary=c', `\nHello\n${members}\nBye\n`)],
    ['a length', set(`multipart/mixed; boundary=c\nContent-Length: ${members.length}`)],
    [
      'a boundary that begins with that of the batch',
      set('multipart/mixed; boundary=bc', members.replaceAll('--c', '--bc')),
    ],
  ])('is read with %s', (_, text) => {
    expect(answersOf(batchReply(text))).toEqual(expected)
    expect(readUnits(batchReply(text))).not.toHaveProperty('truncation')
  })

  it('is read with a boundary that the one of the batch begins with', () => {
    const text = set('multipart/mixed; boundary=b').replaceAll('--b', '--B').replaceAll('--c', '--b')
    expect(answersOf(batchReply(text.replaceAll('--B', '--bc'), 'multipart/mixed; boundary=bc'))).toEqual(expected)
  })

  it('is read with CRLF', () => {
    expect(answersOf(batchReply(message(set('multipart/mixed; boundary=c'))))).toEqual(expected)
  })

  it('is empty when it has no parts', () => {
    expect(readUnits(batchReply(set('multipart/mixed; boundary=c', '--c--\n'))).units[1]).toEqual({ members: [] })
  })

  it('holds an answer that cannot be read for a change set in it', () => {
    const nested = `--c\nContent-Type: multipart/mixed; boundary=d\n\n--d\n\nHTTP/1.1 200\n\n1\n--d--\n--c--\n`
    expect(answersOf(batchReply(set('multipart/mixed; boundary=c', nested)))[1]).toMatchObject([
      { problem: expect.stringContaining('no complete headers') },
    ])
  })
})

describe('the traces of the standard', () => {
  const answer = (name: string, at: number) => {
    const found = wireTrace(name).filter(({ isRequest }) => !isRequest)[at]
    const { headers = {}, body = new Uint8Array() } = found ?? {}
    return { status: 200, headers, body, url: BATCH_URL }
  }

  it('T12: one error in place of a failed change set is the last answer', () => {
    expect(answersOf(answer('T12', 0))).toMatchObject([{ id: '1', status: 200, value: { ID: 17 } }, { status: 412 }])
  })

  it('T7: an interim JSON result leads on by its next link', () => {
    expect(readUnits(answer('T7', 1))).toMatchObject({ nextLink: expect.stringContaining('$skiptoken=b6-1') })
    expect(answersOf(answer('T7', 3))).toMatchObject([
      { id: '4', status: 200, value: 'data:image/png;base64,iVBORw0KGgo=' },
      { id: '3', group: 'g1', status: 204 },
      { id: '2', group: 'g1', status: 201, value: { ID: 9053 } },
    ])
  })

  it('T8: a request that the service works on by itself is an answer like others', () => {
    expect(answersOf(answer('T8', 0))).toMatchObject([
      { id: 'a', status: 202 },
      { id: 'b', status: 200, value: '12' },
    ])
  })
})
