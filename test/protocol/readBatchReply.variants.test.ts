import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readBatchReply } from '../../src/protocol/readBatchReply.js'
import {
  isSet,
  type MeantAnswer,
  type MeantUnit,
  type MultipartStyle,
  writeMultipartResponse,
} from '../support/writeMultipartResponse.js'
import { type Answer, answerOf, batchReply, readUnits } from './batchReply.js'

/** A response before it is written. */
interface Response {
  readonly units: readonly MeantUnit[]
  readonly style: MultipartStyle
}

const JSON_TYPE = { 'Content-Type': 'application/json;odata.metadata=minimal' }
const TEXT_TYPE = { 'Content-Type': 'text/plain' }

const five: readonly MeantUnit[] = [
  { id: '1', status: 200, headers: JSON_TYPE, body: '{"ID":12345,"Name":"Größe 5 €"}' },
  { id: '2', status: 204, headers: { ETag: 'W/"22"' } },
  [
    { id: '4', status: 201, headers: { ...JSON_TYPE, Location: 'Orders(4)' }, body: '{"ID":4}' },
    { id: '3', status: 204 },
  ],
  { id: '5', status: 200, headers: TEXT_TYPE, body: '12' },
  { id: '6', status: 404, headers: JSON_TYPE, body: '{"error":{"code":"NONE","message":"No depot."}}' },
]

const inStyle =
  (change: MultipartStyle) =>
  ({ units, style }: Response): Response => ({ units, style: { ...style, ...change } })

const withAnswers =
  (change: (answer: MeantAnswer) => MeantAnswer) =>
  ({ units, style }: Response): Response => ({
    units: units.map((unit) => (isSet(unit) ? unit.map(change) : change(unit))),
    style,
  })

const withJson = (change: (json: object) => string) =>
  withAnswers(({ body, ...answer }) => ({
    ...answer,
    body: answer.headers?.['Content-Type'] === JSON_TYPE['Content-Type'] ? change(JSON.parse(`${body}`)) : body,
  }))

const variants: readonly (readonly [string, (response: Response) => Response])[] = [
  ['names of headers in lower case', inStyle({ toName: (name) => name.toLowerCase() })],
  ['names of headers in upper case', inStyle({ toName: (name) => name.toUpperCase() })],
  ['LF', inStyle({ lineEnd: '\n' })],
  ['lengths', inStyle({ hasLengths: true })],
  ['quoted boundaries', inStyle({ toType: (boundary) => `multipart/mixed; boundary="${boundary}"` })],
  [
    'a parameter behind the boundary',
    inStyle({ toType: (boundary) => `multipart/mixed;Boundary=${boundary}; charset=utf-8` }),
  ],
  ['no boundary in the types', inStyle({ toType: () => 'multipart/mixed' })],
  ['padding behind delimiters', inStyle({ padding: ' \t' })],
  ['preamble and epilogue', inStyle({ preamble: 'Hello\r\n', epilogue: '\r\n\r\nBye\r\n' })],
  ['no line end behind the last delimiter', inStyle({ epilogue: '' })],
  ['no empty line behind a 204', inStyle({ emptyLines: 0 })],
  ['one empty line behind a 204', inStyle({ emptyLines: 1 })],
  ['three empty lines behind a 204', inStyle({ emptyLines: 3 })],
  ['other MIME headers', inStyle({ moreMime: ['Content-Transfer-Encoding: binary', 'X-Folded: a', '\tb'] })],
  ['identifiers in angle brackets', inStyle({ idPlace: 'brackets' })],
  ['identifiers among the HTTP headers', inStyle({ idPlace: 'http' })],
  ['no identifiers', withAnswers(({ id: _, ...answer }) => answer)],
  ['a 204 first and last', ({ units, style }) => ({ units: [{ status: 204 }, ...units, { status: 204 }], style })],
  ['a change set first and last', ({ units, style }) => ({ units: [...units.slice(2), ...units.slice(0, 3)], style })],
  ['pretty-printed bodies', withJson((json) => JSON.stringify(json, null, 2))],
  ['pretty-printed bodies in CRLF', withJson((json) => JSON.stringify(json, null, '\t').replaceAll('\n', '\r\n'))],
  ['delimiters in a JSON string', withJson((json) => JSON.stringify({ ...json, Note: '\r\n--b\r\n--b--\r\n--c--' }))],
  ['lines that begin with dashes', withAnswers((answer) => (answer.body === '12' ? dashes(answer) : answer))],
]

function dashes(answer: MeantAnswer): MeantAnswer {
  return { ...answer, body: '-- a\r\n--\r\n--bc\r\n--b-\r\n--cb--\r\n --b\r\n--b --' }
}

function toAnswer({ id, status, headers, body }: MeantAnswer): Answer {
  const value = headers?.['Content-Type']?.includes('json') ? JSON.parse(`${body}`) : body
  return { ...(id !== undefined && { id }), status, value }
}

const meant = (units: readonly MeantUnit[]) => units.map((unit) => (isSet(unit) ? unit.map(toAnswer) : toAnswer(unit)))

describe('a multipart batch response of five parts', () => {
  it.each(variants)('is read with %s, alone and together with each other variant', (_, change) => {
    for (const [, other] of [['', (response: Response) => response] as const, ...variants]) {
      const { units, style } = other(change({ units: five, style: {} }))
      const { body, type } = writeMultipartResponse(units, style)
      const reading = readUnits(batchReply(body, type))
      expect(reading.units.map(answerOf)).toEqual(meant(units))
      expect(reading).not.toHaveProperty('truncation')
    }
  })

  it.each(variants)('row 93: with %s, cut at any byte, is all there or says that it is cut', (_, change) => {
    expect(faultsOfCuts(change({ units: five, style: {} }))).toEqual([])
  })
})

const text = (value: unknown) => JSON.stringify(value)

/**
 * Cuts a response at each byte.
 *
 * @returns what is wrong: an answer that is not that of the whole, one left out that was all there, or a cut that is not told
 */
function faultsOfCuts({ units, style }: Response): string[] {
  const { body, type, certainFrom } = writeMultipartResponse(units, style)
  const whole = readUnits(batchReply(body, type)).units.map(answerOf)
  const faults: string[] = []
  for (let size = 0; size < body.length; size++) {
    const where = `cut at ${size} of ${body.length}`
    const reading = readBatchReply(batchReply(body.slice(0, size), type))
    const { units: read, truncation } = 'units' in reading ? reading : { units: [], truncation: reading.problem }
    const answers = read.map(answerOf)
    for (const [place, answer] of answers.entries()) {
      // Of a change set the last ones may be missing.
      const other = whole[place]
      const same = Array.isArray(answer) && Array.isArray(other) ? other.slice(0, answer.length) : other
      if (text(answer) !== text(same)) faults.push(`${where}: ${text(answer)} in place of ${text(same)}`)
    }
    const count = answers.flat().length
    const certain = certainFrom.filter((from) => from <= size).length
    if (count < certain) faults.push(`${where}: ${count} answers of ${certain} that are there`)
    if (truncation === undefined && text(answers) !== text(whole)) faults.push(`${where}: not told`)
  }
  return faults
}

describe('any multipart batch response', () => {
  const status = fc.constantFrom(200, 202, 204, 304, 400)
  const content = fc.oneof(fc.json({ maxDepth: 1 }), fc.stringMatching(/^[ab1é€\r\n-]{0,12}$/))
  const answer = fc
    .record({
      status,
      body: fc.option(content, { nil: undefined }),
      headers: fc.constantFrom(JSON_TYPE, TEXT_TYPE, {}),
    })
    .map((given) => (given.status === 204 || given.status === 304 ? { ...given, body: undefined } : given))
  const units = fc.array(fc.oneof(answer, fc.array(answer, { minLength: 1, maxLength: 2 })), { maxLength: 3 })

  it('in any mix of the variants, cut at any byte, is all there or says that it is cut', () => {
    fc.assert(
      fc.property(units, fc.subarray([...variants], { maxLength: 6 }), (all, changes) => {
        const style = changes.reduce<MultipartStyle>(
          (before, [, change]) => change({ units: [], style: before }).style,
          {},
        )
        expect(faultsOfCuts({ units: all, style })).toEqual([])
      }),
      { seed: 7, numRuns: 60 },
    )
  })
})

describe('what no service should send', () => {
  it.each(['', '--b\r\n\r\nHTTP/1.1 200\r\n\r\n1\r\n'])(
    'a byte order mark before the first delimiter is no text',
    (more) => {
      const first = '--b\r\n\r\nHTTP/1.1 200\r\n\r\n"first"\r\n'
      for (const type of ['multipart/mixed; boundary=b', 'multipart/mixed', '']) {
        const { units } = readUnits(batchReply(`\uFEFF${first}${more}--b--`, type))
        expect(units[0]).toMatchObject({ reply: { json: 'first' } })
        expect(units).toHaveLength(more ? 2 : 1)
      }
    },
  )

  it.each(['a', '\\a'])('a type of twenty megabytes of %j has no boundary, and is no reason to fall', (piece) => {
    const type = `multipart/mixed; x="${piece.repeat(20_000_000 / piece.length)}`
    const set = `--b\r\nContent-Type: ${type}\r\n\r\n--c\r\n\r\nHTTP/1.1 204\r\n\r\n--c--\r\n--b--`
    expect(readUnits(batchReply(set)).units.map(answerOf)).toEqual([[{ status: 204 }]])
  })
})
