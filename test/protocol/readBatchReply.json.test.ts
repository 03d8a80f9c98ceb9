import { describe, expect, it } from 'vitest'
import { failed } from '../../src/core/transitions.js'
import { parseODataError } from '../../src/protocol/odataError.js'
import { readBatchReply } from '../../src/protocol/readBatchReply.js'
import { readResult } from '../../src/protocol/resultValue.js'
import { answersOf, BATCH_URL, batchReply, readUnits } from './batchReply.js'
import { message } from './reply.js'

const jsonReply = (json: unknown, type = 'application/json') =>
  batchReply(typeof json === 'string' ? json : JSON.stringify(json), type)
const one = (response: object) => jsonReply({ responses: [{ id: '1', status: 200, ...response }] })

function headersOf(response: object): unknown {
  const [unit] = readUnits(one(response)).units
  return unit && 'reply' in unit ? unit.reply?.headers : undefined
}

function problemOf(reply: ReturnType<typeof batchReply>): string {
  const reading = readBatchReply(reply)
  return 'problem' in reading ? reading.problem : ''
}

describe('a JSON batch response', () => {
  it('gives the answers in their order, each with identifier, group, status, headers, body and the URL of the batch', () => {
    const headers = { etag: 'W/"1"' }
    expect(
      readUnits(
        jsonReply({
          responses: [
            { id: 'b', atomicityGroup: 'g', status: 201, headers, body: { ID: 2 } },
            { id: 'a', status: 204 },
          ],
        }),
      ),
    ).toMatchObject({
      format: 'json',
      units: [
        { id: 'b', group: 'g', reply: { status: 201, headers, json: { ID: 2 }, url: BATCH_URL } },
        { id: 'a', group: undefined, reply: { status: 204, headers: {}, body: { length: 0 }, url: BATCH_URL } },
      ],
    })
  })

  it.each<[unknown, string | undefined]>([
    ['1', '1'],
    [1, '1'],
    [12.5, '12.5'],
    ['', ''],
    [null, undefined],
    [{}, undefined],
    [undefined, undefined],
  ])('row 108: takes the identifier %j for %j', (id, expected) => {
    expect(readUnits(one({ id })).units).toMatchObject([{ id: expected, reply: { status: 200 } }])
  })

  it.each([200, '200', ' 200 ', '200 OK'])('takes the status %j for 200', (status) => {
    expect(answersOf(one({ status }))).toEqual([{ id: '1', status: 200 }])
  })

  it.each<[unknown, string]>([
    [undefined, 'none is given'],
    [null, 'it is no number'],
    ['OK', 'OK'],
    [20, '20'],
    [100, '100'],
    [600, '600'],
    [200.5, '200.5'],
    [{}, 'it is no number'],
  ])('gives an answer with the status %j for what it is, in its place', (status, said) => {
    const responses = [
      { id: 1, status: 204 },
      { id: 2, status },
      { id: 3, status: 204 },
    ]
    expect(answersOf(jsonReply({ responses }))).toEqual([
      { id: '1', status: 204 },
      { id: '2', problem: `The answer in the batch has no HTTP status (${said}).` },
      { id: '3', status: 204 },
    ])
  })

  it('gives an answer that is no object for what it is, in its place', () => {
    const responses = [null, 1, 'x', [], { id: 5, status: 204 }]
    const problem = 'The answer in the batch has no HTTP status (none is given).'
    expect(answersOf(jsonReply({ responses }))).toEqual([
      { problem },
      { problem },
      { problem },
      { problem },
      { id: '5', status: 204 },
    ])
  })

  it.each<[string, object, unknown]>([
    ['text/plain as text', { headers: { 'content-type': 'text/plain' }, body: 'Größe 5 €' }, 'Größe 5 €'],
    [
      'text in another charset as text',
      { headers: { 'content-type': 'text/plain;charset=iso-8859-1' }, body: 'Größe' },
      'Größe',
    ],
    [
      'image/png from base64url',
      { headers: { 'content-type': 'image/png' }, body: '-_8' },
      'data:image/png;base64,+/8=',
    ],
    [
      'image/png with padding',
      { headers: { 'content-type': 'image/png' }, body: '-_8=' },
      'data:image/png;base64,+/8=',
    ],
    [
      'image/png from plain base64',
      { headers: { 'content-type': 'image/png' }, body: '+/8=' },
      'data:image/png;base64,+/8=',
    ],
    ['XML from base64url', { headers: { 'content-type': 'application/xml' }, body: 'PGEvPg' }, '<a/>'],
    ['XML that is not packed as text', { headers: { 'content-type': 'application/xml' }, body: '<a/>' }, '<a/>'],
    [
      'JSON with parameters as it is',
      { headers: { 'content-type': 'application/json;odata.metadata=minimal' }, body: { ID: 1 } },
      { ID: 1 },
    ],
    [
      'a JSON type of another name as it is',
      { headers: { 'content-type': 'application/problem+json' }, body: { ID: 1 } },
      { ID: 1 },
    ],
    ['JSON without a type as it is', { body: { ID: 1 } }, { ID: 1 }],
    ['a value in its envelope without it', { body: { '@context': 'x', value: [1, 2] } }, [1, 2]],
    ['a string of JSON as the string', { body: '{"ID":1}' }, '{"ID":1}'],
    ['a number', { body: 0 }, 0],
    ['false', { body: false }, false],
    ['an empty text', { body: '' }, ''],
    [
      'an object of another type as it is',
      { headers: { 'content-type': 'application/octet-stream' }, body: { ID: 1 } },
      { ID: 1 },
    ],
    ['no body', {}, undefined],
    ['null as no body', { body: null }, undefined],
  ])('row 113: reads %s', (_, response, value) => {
    const answer = value === undefined ? {} : { value }
    expect(answersOf(one(response))).toEqual([{ id: '1', status: 200, ...answer }])
  })

  it('row 114: a 204 with a body that is null has none', () => {
    expect(readUnits(one({ status: 204, body: null })).units).toMatchObject([
      { reply: { json: undefined, body: { length: 0 } } },
    ])
    expect(answersOf(one({ status: 204, body: null }))).toEqual([{ id: '1', status: 204 }])
  })

  it('refuses bytes that are no base64, and a web page', () => {
    expect(answersOf(one({ headers: { 'content-type': 'image/png' }, body: 'no base64!' }))).toMatchObject([
      {
        problem:
          'The result cannot be read (image/png, inside of JSON). In a JSON batch it must be a string of base64url.',
      },
    ])
    expect(answersOf(one({ headers: { 'content-type': 'text/html' }, body: '<html>' }))).toMatchObject([
      { problem: expect.stringContaining('It is a web page') },
    ])
  })

  it('row 115: names of headers count in any case', () => {
    expect(headersOf({ headers: { Location: 'x', 'Content-Type': 'text/plain', ETAG: '"1"' }, body: 'a' })).toEqual({
      location: 'x',
      'content-type': 'text/plain',
      etag: '"1"',
    })
    expect(answersOf(one({ headers: { 'Content-Type': 'text/plain' }, body: 'a' }))).toMatchObject([{ value: 'a' }])
  })

  it('takes numbers and lists as values of headers, and anything else for none', () => {
    const headers = { 'retry-after': 15, vary: ['a', 'b'], Vary: 'c', x: null, y: {}, z: true }
    expect(headersOf({ headers })).toEqual({ 'retry-after': '15', vary: 'a, b, c', x: '', y: '', z: '' })
    for (const none of [null, 1, 'a: b', undefined]) expect(headersOf({ headers: none })).toMatchObject({})
  })

  it('takes names of headers that are members of Object for plain headers', () => {
    const reply = jsonReply(
      '{"responses":[{"status":200,"headers":{"__proto__":"x","constructor":"y"},"__proto__":{"z":1}}]}',
    )
    const [unit] = readUnits(reply).units
    const headers = (unit && 'reply' in unit && unit.reply?.headers) || {}
    expect(Object.entries(headers)).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ])
    expect(Object.getPrototypeOf(headers)).toBe(Object.prototype)
  })

  it.each(['@nextLink', '@odata.nextLink'])('row 116: gives %s as it stands there', (name) => {
    expect(readUnits(jsonReply({ responses: [], [name]: '$batch?$skiptoken=1' }))).toEqual({
      units: [],
      format: 'json',
      nextLink: '$batch?$skiptoken=1',
    })
  })

  it.each([null, '', 1, {}])('takes a next link %j for none', (link) => {
    expect(readUnits(jsonReply({ responses: [], '@nextLink': link }))).toEqual({ units: [], format: 'json' })
  })

  it('ignores what it does not know', () => {
    const reply = jsonReply({
      '@context': 'x',
      '@Ns.Note': { a: 1 },
      responses: [{ '@Ns.Note': 1, id: '1', status: 204, more: 1 }],
      more: [],
    })
    expect(readUnits(reply)).toMatchObject({ units: [{ id: '1', reply: { status: 204 } }] })
    expect(readUnits(reply)).not.toHaveProperty('nextLink')
  })

  it.each([
    '',
    'application/json;odata.metadata=minimal;IEEE754Compatible=false',
    'text/plain',
    'multipart/mixed; boundary=b',
  ])('is read with the type "%s"', (type) => {
    expect(answersOf(jsonReply({ responses: [{ id: '1', status: 204 }] }, type))).toEqual([{ id: '1', status: 204 }])
    expect(answersOf(jsonReply('\uFEFF\r\n {"responses":[]}', type))).toEqual([])
  })

  it('is a problem in the words of the service when it is an error', () => {
    const error = { code: 'TooMany', message: 'At most 100 requests.' }
    expect(problemOf(jsonReply({ error }))).toBe('The service answered the batch with an error: At most 100 requests.')
    expect(problemOf(jsonReply({ error }, 'multipart/mixed; boundary=b'))).toContain('At most 100 requests.')
    expect(problemOf(jsonReply({ error: { code: 'TooMany' } }))).toContain('an error: TooMany')
    expect(problemOf(jsonReply({ error: {} }))).toContain('it says no more')
  })

  it.each<[string, string, string]>([
    ['no JSON', '{"responses":[{"id":"1"', 'complete JSON'],
    [
      'more than 500 levels',
      `{"responses":[{"status":200,"body":${'['.repeat(498)}${']'.repeat(498)}}]}`,
      '500 levels',
    ],
    ['no responses', '{"value":[]}', '`responses`, an array'],
    ['responses that are no list', '{"responses":{}}', '`responses`, an array'],
  ])('is a problem when it has %s', (_, text, said) => {
    expect(problemOf(jsonReply(text))).toContain(said)
    expect(problemOf(jsonReply(text))).toContain(`application/json, ${text.length} bytes`)
  })

  it('may have 500 levels', () => {
    const reply = jsonReply(`{"responses":[{"status":200,"body":${'['.repeat(497)}${']'.repeat(497)}}]}`)
    expect(answersOf(reply)).toMatchObject([{ status: 200 }])
  })

  it.each([
    ['nothing', '', 'application/json'],
    ['a web page', '<!doctype html><html></html>', 'text/html'],
    ['a list', '[]', 'application/json'],
    ['text', 'Hello', ''],
  ])('is none when it is %s', (_, text, type) => {
    expect(problemOf(batchReply(text, type))).toContain('The answer is no batch response')
    expect(problemOf(batchReply(text, type))).toContain(`${text.length} bytes`)
  })
})

describe('row 104: the form of the response counts, not that of the request', () => {
  it('JSON and multipart that say the same are read as the same answers', () => {
    const answers = [
      { id: '1', status: 200, value: { ID: 1 } },
      { id: '2', status: 404, value: { error: { code: 'X', message: 'No' } } },
    ]
    const responses = answers.map(({ id, status, value }) => ({ id, status, body: value }))
    const parts = answers.map(
      ({ id, status, value }) =>
        `--b\nContent-Type: application/http\nContent-ID: ${id}\n\nHTTP/1.1 ${status}\n\n${JSON.stringify(value)}\n`,
    )
    expect(answersOf(jsonReply({ responses }))).toEqual(answers)
    expect(answersOf(batchReply(message(`${parts.join('')}--b--\n`)))).toEqual(answers)
  })
})

describe('an answer whose body came as a value', () => {
  const reply = (json: unknown, type = 'application/json') => ({
    status: 404,
    headers: { 'content-type': type },
    body: new Uint8Array(),
    url: BATCH_URL,
    json,
  })

  it('is read like one with bytes', () => {
    expect(readResult(reply({ value: 1 }))).toEqual({ value: 1 })
    expect(readResult(reply(null))).toEqual({ value: null })
    expect(parseODataError(reply({ error: { code: 'X', message: 'No' } }))).toMatchObject({ code: 'X', message: 'No' })
  })

  it('is evidence of what went wrong, as text and cut like any other', () => {
    expect(failed('protocol', 'x', reply({ a: 1 })).error).toMatchObject({ status: 404, body: '{"a":1}' })
    expect(failed('protocol', 'x', reply('Größe', 'text/plain')).error).toMatchObject({ body: 'Größe' })
    expect(failed('protocol', 'x', reply({ a: 'x'.repeat(20_000) })).error?.body).toHaveLength(16_384)
  })
})
