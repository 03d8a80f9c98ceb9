import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readBatchReply } from '../../src/protocol/readBatchReply.js'
import { type Answer, answerOf, answersOf, batchReply } from './batchReply.js'
import { bytes } from './reply.js'
import { type MeantUnit, type MultipartStyle, writeMultipartResponse } from './writeMultipartResponse.js'

const JSON_TYPE = { 'Content-Type': 'application/json' }
const LINES = '-- a\r\n--\r\n--bc\r\nthe boundary is --b'

const units: readonly MeantUnit[] = [
  { id: '1', status: 200, headers: JSON_TYPE, body: '{"ID":12345,"Name":"Größe 5 €","Note":"--b--"}' },
  { id: '2', status: 204, headers: { ETag: 'W/"22"' } },
  [
    { id: '4', status: 201, headers: { ...JSON_TYPE, Location: 'Orders(4)' }, body: '{"ID":4}' },
    { id: '3', status: 204 },
  ],
  { id: '5', status: 200, headers: { 'Content-Type': 'text/plain' }, body: LINES },
  { id: '6', status: 404, headers: JSON_TYPE, body: '{"error":{"code":"NONE","message":"No depot."}}' },
]

const whole = [
  { id: '1', status: 200, value: { ID: 12345, Name: 'Größe 5 €', Note: '--b--' } },
  { id: '2', status: 204 },
  [
    { id: '4', status: 201, value: { ID: 4 } },
    { id: '3', status: 204 },
  ],
  { id: '5', status: 200, value: LINES },
  { id: '6', status: 404, value: { error: { code: 'NONE', message: 'No depot.' } } },
]

const text = (value: unknown) => JSON.stringify(value)

/** Lists the answers that are not the same, or not in the same place. */
function differences(read: readonly (Answer | Answer[])[], expected: readonly (Answer | Answer[])[]): string[] {
  return read.flatMap((answer, place) => {
    const other = expected[place]
    // Of a change set the last ones may be missing.
    const same = Array.isArray(answer) && Array.isArray(other) ? other.slice(0, answer.length) : other
    return text(answer) === text(same) ? [] : [`${text(answer)} in place of ${text(same)}`]
  })
}

/**
 * Cuts a response at each byte.
 *
 * @returns what is wrong: an answer that is not that of the whole, one left out that was all there, or a cut that is not told
 */
function faultsOfCuts(body: Uint8Array, type: string, certainFrom: readonly number[]): string[] {
  const expected = answersOf(batchReply(body, type))
  const faults: string[] = []
  for (let size = 0; size < body.length; size++) {
    const where = `cut at ${size} of ${body.length}`
    const reading = readBatchReply(batchReply(body.slice(0, size), type))
    if ('problem' in reading) {
      if (certainFrom.some((from) => from <= size)) faults.push(`${where}: ${reading.problem}`)
      continue
    }
    const read = reading.units.map(answerOf)
    faults.push(...differences(read, expected).map((difference) => `${where}: ${difference}`))
    const count = read.flat().length
    const certain = certainFrom.filter((from) => from <= size).length
    if (count < certain) faults.push(`${where}: ${count} answers of ${certain} that are there`)
    if (reading.truncation === undefined && text(read) !== text(expected)) faults.push(`${where}: not told`)
  }
  return faults
}

const styles: readonly (readonly [string, MultipartStyle])[] = [
  ['without lengths', {}],
  ['with lengths', { hasLengths: true }],
  ['with LF', { lineEnd: '\n' }],
  ['with LF and lengths', { lineEnd: '\n', hasLengths: true }],
  ['with padding, preamble and epilogue', { padding: ' \t', preamble: 'Hello\r\n', epilogue: '\r\n\r\nBye\r\n' }],
  ['without an empty line behind a 204', { emptyLines: 0 }],
  ['with one empty line behind a 204, and lengths', { emptyLines: 1, hasLengths: true }],
  ['with identifiers among the HTTP headers', { idPlace: 'http', hasLengths: true }],
  ['with quoted boundaries', { toType: (boundary) => `multipart/mixed; boundary="${boundary}"; charset=utf-8` }],
  ['without boundaries in the types', { toType: () => 'multipart/mixed' }],
]

describe('row 93: a response of five parts that is cut at any byte', () => {
  it.each(styles)('%s, is all there or says that it is cut, and no answer is another one', (_, style) => {
    const { body, type, certainFrom } = writeMultipartResponse(units, style)
    expect(answersOf(batchReply(body, type))).toEqual(whole)
    expect(faultsOfCuts(body, type, certainFrom)).toEqual([])
  })

  it('with bytes and lines in it that look like delimiters, where lengths tell that they are none', () => {
    const lookalike = new Uint8Array([
      0xff,
      13,
      10,
      0,
      ...bytes('\r\n--b\r\n\r\nHTTP/1.1 204\r\n\r\n--b--\r\n--c--\r\n'),
    ])
    const image = { status: 200, headers: { 'Content-Type': 'image/png' }, body: lookalike }
    const page = { status: 200, headers: { 'Content-Type': 'text/plain' }, body: 'a\r\n--b--\r\nb' }
    const response = writeMultipartResponse([image, page, page, { status: 204 }, image], { hasLengths: true })
    expect(answersOf(batchReply(response.body))).toMatchObject([{}, { value: page.body }, {}, {}, {}])
    expect(faultsOfCuts(response.body, response.type, response.certainFrom)).toEqual([])
  })

  it('that ends in a 202, which leads to the rest only when it is all there', () => {
    const more = { status: 202, headers: { Location: 'https://host/jobs/12345', 'Retry-After': '30' } }
    for (const style of [{}, { hasLengths: true }, { emptyLines: 0 }, { emptyLines: 1 }]) {
      const { body, type, certainFrom } = writeMultipartResponse([...units.slice(0, 4), more], style)
      expect(faultsOfCuts(body, type, certainFrom)).toEqual([])
    }
  })

  it.each(['', 'multipart/mixed; boundary=b', 'application/json'])(
    'is read as JSON or not at all, when it is JSON in the type "%s"',
    (type) => {
      const responses = whole.flat().map(({ id, status, value }) => ({ id, status, body: value ?? null }))
      const body = bytes(text({ responses }))
      expect(answersOf(batchReply(body, type))).toMatchObject(responses.map(({ id }) => ({ id })))
      for (let size = 0; size < body.length; size++) {
        const reading = readBatchReply(batchReply(body.slice(0, size), type))
        expect(reading).toMatchObject(
          size === 0 && type.startsWith('multipart')
            ? { units: [], truncation: expect.stringContaining('0 bytes') }
            : { problem: expect.stringMatching(/complete JSON|no batch response/) },
        )
      }
    },
  )

  it('says how much there is, or which delimiter is missing', () => {
    const { body } = writeMultipartResponse(units)
    expect(readBatchReply(batchReply(body.slice(0, 2)))).toEqual({
      units: [],
      format: 'multipart',
      truncation: 'The response ends after 2 bytes without any delimiter.',
    })
    expect(readBatchReply(batchReply(body.slice(0, -10)))).toMatchObject({
      truncation: 'The closing delimiter --b-- is missing.',
    })
  })
})

describe('a change set that was cut, although the batch goes on', () => {
  it('says so, and the answers after it stay in their places', () => {
    const { body } = writeMultipartResponse(units)
    const cut = new TextDecoder().decode(body).replace(/--c--\r\n/, '')
    const reading = readBatchReply(batchReply(cut))
    expect(reading).toMatchObject({ truncation: 'The closing delimiter --c-- is missing.' })
    expect(answersOf(batchReply(cut))).toEqual(whole)
  })
})

describe('any response that is cut', () => {
  const status = fc.constantFrom(200, 201, 202, 204, 304, 400, 500)
  const body = fc.option(fc.oneof(fc.json({ maxDepth: 1 }), fc.stringMatching(/^[ -~é€\r\n-]{0,20}$/)), {
    nil: undefined,
  })
  const answer = fc
    .record({ status, body, headers: fc.constantFrom(JSON_TYPE, { 'Content-Type': 'text/plain' }, {}) })
    .map((given) => (given.status === 204 || given.status === 304 ? { ...given, body: undefined } : given))
  const style: fc.Arbitrary<MultipartStyle> = fc.record(
    {
      lineEnd: fc.constant('\n' as const),
      hasLengths: fc.boolean(),
      padding: fc.constantFrom(' ', '\t '),
      emptyLines: fc.integer({ min: 0, max: 3 }),
      epilogue: fc.constantFrom('', '\r\n\r\n', '\n--b\n'),
    },
    { requiredKeys: [] },
  )

  it('is all there or says that it is cut, and no answer is another one', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(answer, fc.array(answer, { minLength: 1, maxLength: 3 })), { maxLength: 4 }),
        style,
        (given, how) => {
          const response = writeMultipartResponse(given, how)
          expect(faultsOfCuts(response.body, response.type, response.certainFrom)).toEqual([])
        },
      ),
      { seed: 7, numRuns: 200 },
    )
  })
})
