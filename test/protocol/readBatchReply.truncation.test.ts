import { describe, expect, it } from 'vitest'
import { readBatchReply } from '../../src/protocol/readBatchReply.js'
import { type Answer, answerOf, answersOf, batchReply, readUnits } from './batchReply.js'
import { bytes } from './reply.js'

type Piece = string | Uint8Array

const png = Uint8Array.from({ length: 40 }, (_, at) => 255 - at * 3)

function part(lineEnd: string, hasLength: boolean, boundary: string, id: number, head: string, body?: Piece): Piece[] {
  const lines = [`--${boundary}`, 'Content-Type: application/http', `Content-ID: ${id}`, '', ...head.split('\n')]
  const length = body !== undefined && hasLength ? [`Content-Length: ${bytesOf(body).length}`] : []
  return [[...lines, ...length, '', ''].join(lineEnd), body ?? '', lineEnd]
}

function bytesOf(piece: Piece): Uint8Array {
  return typeof piece === 'string' ? bytes(piece) : piece
}

/** Five answers: JSON, none, a change set, bytes, text; `looksLike` stands in the text. */
function fiveParts(lineEnd: string, hasLength: boolean, looksLike = ''): Uint8Array {
  const one = (boundary: string, id: number, head: string, body?: Piece) =>
    part(lineEnd, hasLength, boundary, id, head, body)
  const pieces = [
    ...one('b', 1, 'HTTP/1.1 200 OK\nContent-Type: application/json', '{"ID":1,"Name":"Größe"}'),
    ...one('b', 2, 'HTTP/1.1 204 No Content\nETag: "2"'),
    ['--b', 'Content-Type: multipart/mixed; boundary=c', '', ''].join(lineEnd),
    ...one('c', 3, 'HTTP/1.1 201 Created\nContent-Type: application/json', '{"ID":3}'),
    ...one('c', 4, 'HTTP/1.1 204 No Content'),
    ...one('c', 5, 'HTTP/1.1 201 Created\nContent-Type: text/plain', `five${lineEnd}--bc${lineEnd}5`),
    `--c--${lineEnd}`,
    ...one('b', 6, 'HTTP/1.1 200 OK\nContent-Type: image/png', png),
    ...one(
      'b',
      7,
      'HTTP/1.1 404 Not Found\nContent-Type: text/plain',
      `No depot 'X'.${lineEnd}--b1${looksLike}${lineEnd}€`,
    ),
    `--b--${lineEnd}`,
  ].map(bytesOf)
  return Uint8Array.from(pieces.flatMap((piece) => [...piece]))
}

describe('a multipart batch response that is cut', () => {
  it.each<[string, Uint8Array]>([
    ['with lengths', fiveParts('\r\n', true)],
    ['without lengths', fiveParts('\r\n', false)],
    ['with LF and lengths', fiveParts('\n', true)],
    ['with LF and without lengths', fiveParts('\n', false)],
    [
      'with delimiters in a body',
      fiveParts('\r\n', true, '\r\n--b\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"wrong"\r\n--b--\r\n--c--'),
    ],
  ])('%s, at any of its bytes, is complete or says so, and never tells what is wrong', (_, whole) => {
    const expected = answersOf(batchReply(whole))
    expect(expected).toMatchObject([
      { id: '1', value: { ID: 1, Name: 'Größe' } },
      { id: '2', status: 204 },
      [
        { id: '3', value: { ID: 3 } },
        { id: '4', status: 204 },
        { id: '5', status: 201 },
      ],
      { id: '6', value: `data:image/png;base64,${Buffer.from(png).toString('base64')}` },
      { id: '7', status: 404 },
    ])
    // What a cut leaves of the line end behind the closing delimiter.
    const complete = whole.lastIndexOf('-'.charCodeAt(0)) + 1
    let most = 0
    for (let end = 0; end <= whole.length; end++) {
      const reading = readUnits(batchReply(whole.subarray(0, end)))
      const answers = reading.units.map(answerOf)
      expect([end, reading.truncation !== undefined]).toEqual([end, end < complete])
      expect([end, answers]).toEqual([end, startOf(expected, answers)])
      // What has been complete stays so.
      expect(answers.flat().length).toBeGreaterThanOrEqual(most)
      most = answers.flat().length
    }
    expect(most).toBe(7)
  })

  it('counts a last answer that no delimiter ends when its length says that it is whole, or it has no body', () => {
    const first = '--b\r\n\r\nHTTP/1.1 200 OK\r\n\r\n1\r\n'
    const last = (text: string) => answersOf(batchReply(`${first}--b\r\n\r\n${text}`)).length
    expect(last('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n12')).toBe(2)
    expect(last('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n12\r\n--')).toBe(2)
    expect(last('HTTP/1.1 304 Not Modified\r\n\r\n')).toBe(2)
    expect(last('HTTP/1.1 204 No Content\r\nETag: "1"\r\n\r\n')).toBe(2)
    expect(last('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n12')).toBe(1)
    expect(last('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n123')).toBe(1)
    expect(last('HTTP/1.1 200 OK\r\n\r\n12')).toBe(1)
    expect(last('HTTP/1.1 204 No Content\r\nETag: "1"\r\n')).toBe(1)
  })

  it('row 93: without its closing delimiter keeps what a delimiter has ended', () => {
    const text = '--b\r\n\r\nHTTP/1.1 200 OK\r\n\r\n1\r\n--b\r\n\r\nHTTP/1.1 200 OK\r\n\r\n2\r\n'
    expect(readUnits(batchReply(text))).toMatchObject({
      units: [{ reply: { json: 1 } }],
      truncation: 'The closing delimiter --b-- is missing.',
    })
  })

  it('stops at an answer whose length leads beyond its end, as nothing behind it can be trusted', () => {
    const text =
      '--b\r\n\r\nHTTP/1.1 200\r\nContent-Length: 999\r\n\r\n1\r\n--b\r\n\r\nHTTP/1.1 200\r\n\r\n"no"\r\n--b--'
    expect(readUnits(batchReply(text))).toMatchObject({ units: [], truncation: expect.any(String) })
  })

  it('says so of a change set that is not closed, and keeps the places of the answers behind it', () => {
    const set =
      '--b\n\nHTTP/1.1 200\n\n1\n--b\nContent-Type: multipart/mixed; boundary=c\n\n--c\n\nHTTP/1.1 204\n\n--c\n\nHTTP/1.1 200\n\n"?"\n'
    expect(readUnits(batchReply(`${set}--b\n\nHTTP/1.1 200\n\n3\n--b--\n`))).toMatchObject({
      units: [{ reply: { json: 1 } }, { members: [{ reply: { status: 204 } }] }, { reply: { json: 3 } }],
      truncation: 'The closing delimiter --c-- is missing.',
    })
  })

  it.each(['', 'Hello', '--', '--b', '--b\r', '--bc\r\n\r\n'])('is cut when it is only %j', (text) => {
    const { units, truncation } = readUnits(batchReply(text))
    expect(units).toEqual([])
    expect(truncation).not.toBe('')
    expect(truncation).toEqual(expect.any(String))
  })
})

describe('a JSON batch response that is cut', () => {
  it('is a problem at any of its bytes', () => {
    const whole = bytes(
      ' {"responses":[{"id":"1","status":200,"body":{"ID":1}},{"id":"2","status":204}],"@nextLink":"x"}',
    )
    for (let end = 0; end < whole.length; end++) {
      expect(readBatchReply(batchReply(whole.subarray(0, end), 'application/json'))).toHaveProperty('problem')
    }
    expect(answersOf(batchReply(whole, 'application/json'))).toHaveLength(2)
  })
})

/** As much of the answers as there is of those that were read; of a change set maybe some members. */
function startOf(
  expected: readonly (Answer | Answer[])[],
  read: readonly (Answer | Answer[])[],
): (Answer | Answer[])[] {
  return expected.slice(0, read.length).map((answer, at) => {
    const found = read[at]
    return Array.isArray(answer) && Array.isArray(found) ? answer.slice(0, found.length) : answer
  })
}
