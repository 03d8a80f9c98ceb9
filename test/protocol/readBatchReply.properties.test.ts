import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { BatchResponse } from '../../src/protocol/batchMessage.js'
import type { HttpReply } from '../../src/protocol/httpReply.js'
import { parseJson } from '../../src/protocol/json.js'
import { readBatchReply } from '../../src/protocol/readBatchReply.js'
import { readResult } from '../../src/protocol/resultValue.js'
import { batchReply, readUnits } from './batchReply.js'
import { bytes } from './reply.js'

// The same cases each time, so that a failure is one of the code.
fc.configureGlobal({ seed: 11, numRuns: 500 })

/** What a multipart response is made of, in no order at all. */
const piece = fc.oneof(
  fc.constantFrom(
    '--b',
    '--b--',
    '--c',
    '--c--',
    '--',
    '\r\n',
    '\r\n\r\n',
    '\n',
    '\n\n',
    '\r',
    ' ',
    '\t',
    'HTTP/1.1 200 OK\r\n',
    'HTTP/1.1 204\r\n\r\n',
    'HTTP/1.1 100\r\n\r\n',
    'Content-Length: 3\r\n',
    'Content-Length: 99999\r\n',
    'Content-Type: multipart/mixed; boundary=c\r\n',
    'Content-Type: multipart/mixed\r\n',
    'Content-Type: application/http\r\n',
    'Content-ID: 1\r\n',
    '__proto__: x\r\n',
    '{"a":1}',
    '€',
  ),
  fc.string({ maxLength: 5 }),
)

const jsonPiece = fc
  .json({ maxDepth: 3 })
  .map(
    (json) =>
      `{"responses":[{"id":1,"status":200,"headers":${json},"body":${json},"__proto__":${json}},${json}],"@nextLink":${json}}`,
  )

const body = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.array(piece, { maxLength: 40 }).map((pieces) => bytes(pieces.join(''))),
  fc.array(piece, { maxLength: 40 }).map((pieces) => bytes(`--b\r\n${pieces.join('')}`)),
  fc.oneof(jsonPiece, fc.json()).map(bytes),
)

const type = fc.oneof(
  fc.constantFrom(
    '',
    'application/json',
    'multipart/mixed',
    'multipart/mixed; boundary=b',
    'multipart/mixed;boundary="b"',
  ),
  fc.string({ maxLength: 30 }),
  fc.string({ maxLength: 30 }).map((rest) => `multipart/mixed;${rest}`),
)

function checkReading(reply: HttpReply): void {
  const reading = readBatchReply(reply)
  const answers =
    'units' in reading ? reading.units.flatMap((unit) => ('members' in unit ? unit.members : [unit])) : [reading]
  // One expectation for all, as there may be many.
  expect(answers.filter((answer) => !isSound(answer))).toEqual([])
  expect(Object.keys(Object.prototype)).toEqual([])
}

/** Has it a final status and a body that can be read or not, or a problem that is told? */
function isSound({ reply, problem }: Partial<BatchResponse>): boolean {
  if (!reply) return typeof problem === 'string' && problem !== ''
  return reply.status >= 200 && reply.status < 600 && Object.keys(readResult(reply)).length === 1
}

describe('whatever the service sends', () => {
  it('is a batch response, or is none, and never more than that', () => {
    fc.assert(
      fc.property(body, type, (content, contentType) => checkReading(batchReply(content, contentType))),
      {
        numRuns: 3_000,
      },
    )
  })

  it('is none of its answers twice: the bodies follow each other in the bytes', () => {
    fc.assert(
      fc.property(body, (content) => {
        const reading = readBatchReply(batchReply(content, 'multipart/mixed; boundary=b'))
        const units = 'units' in reading && reading.format === 'multipart' ? reading.units : []
        let end = 0
        for (const { reply } of units.flatMap((unit): readonly BatchResponse[] =>
          'members' in unit ? unit.members : [unit],
        )) {
          if (!reply || reply.body.buffer !== content.buffer) continue
          expect(reply.body.byteOffset).toBeGreaterThanOrEqual(end)
          end = reply.body.byteOffset + reply.body.length
        }
        expect(end).toBeLessThanOrEqual(content.length)
      }),
    )
  })
})

/** An answer as it is written, and must be read again. */
interface Written {
  readonly id: string | undefined
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** In which of many ways a service writes. */
interface Style {
  readonly lineEnd: string
  readonly hasLengths: boolean
  readonly nameCase: (name: string) => string
  readonly padding: string
  readonly preamble: string
  readonly epilogue: string
  readonly isQuoted: boolean
  readonly beforeDelimiter: number
  readonly boundary: string
}

const written: fc.Arbitrary<Written> = fc
  .record({
    id: fc.option(fc.stringMatching(/^[A-Za-z0-9._~-]{1,8}$/), { nil: undefined }),
    status: fc.constantFrom(200, 201, 202, 204, 404, 500),
    headers: fc.dictionary(
      fc.constantFrom('etag', 'location', 'x-note', '__proto__'),
      fc.stringMatching(/^[!-~]([ -~]{0,10}[!-~])?$/),
      {
        noNullPrototype: true,
      },
    ),
    body: fc.oneof(
      fc.json({ maxDepth: 2 }).map(bytes),
      fc.string({ unit: 'grapheme', maxLength: 40 }).map(bytes),
      fc.uint8Array({ maxLength: 40 }),
      fc
        .array(fc.constantFrom('--', 'b', '\r\n', '\n', '\r', '--bx', ' ', '€'), { maxLength: 12 })
        .map((all) => bytes(all.join(''))),
    ),
  })
  .map((answer) => (answer.status === 204 ? { ...answer, body: new Uint8Array() } : answer))

const style: fc.Arbitrary<Style> = fc.record({
  lineEnd: fc.constantFrom('\r\n', '\n'),
  hasLengths: fc.boolean(),
  nameCase: fc.constantFrom(
    (name: string) => name,
    (name: string) => name.toUpperCase(),
    (name: string) => name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase()),
  ),
  padding: fc.constantFrom('', ' ', ' \t '),
  preamble: fc.constantFrom('', 'preamble', '--', 'a --b'),
  epilogue: fc.constantFrom('', 'epilogue', '--b', '--b--'),
  isQuoted: fc.boolean(),
  beforeDelimiter: fc.integer({ min: 1, max: 3 }),
  boundary: fc.constantFrom('batch_7', "x'()+_,-./:=?", '=_=', 'ab--'),
})

function write(units: readonly (Written | readonly Written[])[], how: Style): HttpReply {
  const { lineEnd, hasLengths, nameCase, padding, preamble, epilogue, isQuoted, boundary } = how
  // Only a length tells where a body ends that more than one line end follows.
  const before = lineEnd.repeat(hasLengths ? how.beforeDelimiter : 1)
  const chunks: Uint8Array[] = []
  const add = (...lines: string[]) => chunks.push(bytes(lines.join(lineEnd)))
  const quoted = (name: string) => `multipart/mixed; ${nameCase('boundary')}=${isQuoted ? `"${name}"` : name}`
  const field = ([name, value]: readonly [string, string]) => `${nameCase(name)}: ${value}`
  const addAnswer = ({ id, status, headers, body }: Written, name: string) => {
    const mime = ['Content-Type: application/http', ...(id === undefined ? [] : [`Content-ID: ${id}`])]
    add(`--${name}${padding}`, ...mime, '', `HTTP/1.1 ${status} Whatever`, '')
    add(...Object.entries(headers).map(field), ...(hasLengths ? [field(['content-length', `${body.length}`])] : []), '')
    if (!hasLengths && !Object.keys(headers).length) chunks.pop()
    add('', '')
    chunks.push(body, bytes(before))
  }
  if (preamble) add(preamble, '')
  for (const unit of units) {
    if ('status' in unit) addAnswer(unit, boundary)
    else {
      add(`--${boundary}${padding}`, field(['content-type', quoted('c')]), '', '')
      for (const member of unit) addAnswer(member, 'c')
      add(`--c--${padding}`, '')
    }
  }
  add(`--${boundary}--${padding}`, epilogue)
  return batchReply(Uint8Array.from(chunks.flatMap((chunk) => [...chunk])), quoted(boundary))
}

describe('there and back', () => {
  const seen = ({ id, reply }: BatchResponse) => {
    const { 'content-length': _, ...headers } = reply?.headers ?? {}
    const json = reply && parseJson(reply)
    return {
      id,
      status: reply?.status,
      headers: Object.entries(headers),
      ...(json === undefined ? { body: [...(reply?.body ?? [])] } : { json }),
    }
  }
  const expected = ({ id, status, headers, body: content }: Written) => {
    const json = parseJson({ body: content })
    return { id, status, headers: Object.entries(headers), ...(json === undefined ? { body: [...content] } : { json }) }
  }
  const units = fc.array(fc.oneof(written, written, fc.array(written, { minLength: 1, maxLength: 3 })), {
    maxLength: 5,
  })

  it('answers of a multipart response, however they are written', () => {
    fc.assert(
      fc.property(units, style, (all, how) => {
        // A CR at the end of a body would be one of the delimiter.
        const endsWithCr = (answer: Written) => answer.body.at(-1) === 13
        fc.pre(how.hasLengths || how.lineEnd === '\r\n' || !all.flat().some(endsWithCr))
        const read = readUnits(write(all, how))
        expect(read.truncation).toBeUndefined()
        expect(read.units.map((unit) => ('members' in unit ? unit.members.map(seen) : seen(unit)))).toEqual(
          all.map((unit) => ('status' in unit ? expected(unit) : unit.map(expected))),
        )
      }),
      { numRuns: 1_000 },
    )
  })

  it('answers of a JSON response', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), fc.jsonValue(), fc.uint8Array())), (all) => {
        const responses = all.flatMap(([id, json, content]) => [
          { id, status: 200, body: json },
          { id, status: 200, headers: { 'Content-Type': 'a/b' }, body: Buffer.from(content).toString('base64url') },
        ])
        const read = readUnits(batchReply(JSON.stringify({ responses }), 'application/json'))
        const results = read.units.map((unit) =>
          'reply' in unit && unit.reply ? [unit.id, unit.reply.json, ...unit.reply.body] : unit,
        )
        // JSON has no -0.
        const sent = JSON.parse(JSON.stringify(all.map(([, json]) => json)))
        expect(results).toEqual(
          all.flatMap(([id, , content], at) => [
            [id, sent[at] ?? undefined],
            [id, undefined, ...content],
          ]),
        )
      }),
    )
  })
})

describe('a megabyte of hostile bytes', () => {
  const answer = 'HTTP/1.1 200 OK\r\n'
  it.each([
    '--b\r\n',
    '--b \t',
    '--b--',
    '--b\r',
    '--',
    '-',
    '\r\n',
    '\n',
    ' ',
    '--b\r\n\r\n',
    '--b\r\nx\r\n\r\n',
    `--b\r\n\r\n${answer}\r\n\r\n`,
    `--b\r\n\r\n${answer}Content-Length: 400000\r\n\r\n\r\n`,
    `--b\r\n\r\n${answer}Content-Length: 2\r\n\r\n12\r\n\r\n\r\n`,
    '--b\r\nContent-Type: multipart/mixed\r\n\r\n\r\n',
    '--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--d\r\n',
    '--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n',
    `--b\r\nContent-Type: multipart/mixed${';x="'.repeat(20)}\r\n\r\n`,
    `--b\r\n${answer}100 `,
    '--b\r\n\r\nHTTP/',
    '--b\r\n\r\nHTTP/1.1 100\r\n\r\n',
    'X: y\r\n',
    ' folded\r\n',
    '--b\r\nX:\r\n y\r\n',
    '€',
    '{"responses":[',
    '[{',
    '"\\"',
  ])('%j, again and again, is answered', (again) => {
    const flood = again.repeat(1_000_000 / again.length)
    for (const start of ['', '--b\r\n', `--b\r\n\r\n${answer}`, `${' '.repeat(100_000)}--b\r\n`, '{"responses":[']) {
      checkReading(batchReply(start + flood))
    }
    for (const contentType of [
      '',
      `multipart/mixed${';x="\\"'.repeat(10_000)}`,
      `multipart/mixed;${' '.repeat(10_000)}`,
    ]) {
      checkReading(batchReply(flood, contentType))
    }
  })
})
