import { deepStrictEqual } from 'node:assert'
import type { HttpReply } from '../../src/protocol/httpReply.js'
import { readBatchReply } from '../../src/protocol/readBatchReply.js'
import { readResult } from '../../src/protocol/resultValue.js'

/** One line of the table; times are in ms. */
export interface BatchReadingTime {
  readonly response: string
  readonly megabytes: number
  /** `TextDecoder` over the response, and `JSON.parse` of each body. */
  readonly baseline: number
  /** Everything, up to the result of each request. */
  readonly ours: number
  /** The median of the rounds. */
  readonly ratio: number
  readonly allowed: number
}

const PARTS = 10_000
const ROUNDS = 25
const ALLOWED_RATIO = 1.6
const encoder = new TextEncoder()

/** A row of about 450 bytes. @param extra stands in its texts */
const product = (id: number, extra: string) => ({
  '@odata.etag': `W/"${id}"`,
  ID: id,
  Name: `Product ${id}${extra}`,
  Description: `What this product is good for, and what it is made of, in a sentence or two that go on.${extra}`,
  Price: 12.5 + id,
  Stock: id % 100,
  IsActive: id % 2 === 0,
  CreatedAt: '2026-01-01T10:00:00Z',
  ModifiedAt: '2026-10-05T10:00:00Z',
  ModifiedBy: 'someone@example.com',
  Place: { Building: 'North', Floor: 3, Shelf: `N-3-${id % 50}` },
  Tags: ['new', 'red', 'heavy'],
  Category: { ID: id % 7, Name: `Category${extra}` },
})

const bodies = (extra: string) => Array.from({ length: PARTS }, (_, id) => JSON.stringify(product(id, extra)))

function multipart(all: readonly string[]): HttpReply {
  const parts = all.map((body, at) =>
    [
      '--rb_1',
      'Content-Type: application/http',
      `Content-ID: ${at + 1}`,
      '',
      'HTTP/1.1 200 OK',
      'Content-Type: application/json;odata.metadata=minimal',
      `Content-Length: ${encoder.encode(body).length}`,
      '',
      body,
      '',
    ].join('\r\n'),
  )
  const text = `${parts.join('')}--rb_1--\r\n`
  const type = 'multipart/mixed; boundary=rb_1'
  return {
    status: 200,
    headers: { 'content-type': type },
    body: encoder.encode(text),
    url: 'https://host/odata/$batch',
  }
}

function json(all: readonly string[]): HttpReply {
  const responses = all.map(
    (body, at) => `{"id":"${at + 1}","status":200,"headers":{"odata-version":"4.01"},"body":${body}}`,
  )
  const body = encoder.encode(`{"responses":[${responses}]}`)
  return { status: 200, headers: { 'content-type': 'application/json' }, body, url: 'https://host/odata/$batch' }
}

/** What the answers hold, read by ourselves. */
function read(reply: HttpReply): unknown[] {
  const reading = readBatchReply(reply)
  if ('problem' in reading) throw new Error(reading.problem)
  return reading.units.map((unit) => {
    if (!('reply' in unit) || !unit.reply) throw new Error('An answer cannot be read.')
    const result = readResult(unit.reply)
    return 'value' in result ? result.value : result.problem
  })
}

/** Measures both in turn, and compares what they read. */
export function measureBatchReading(): BatchReadingTime[] {
  const ascii = bodies('')
  const other = bodies(' Größe 5 €')
  const cases: [string, HttpReply, readonly string[]][] = [
    ['multipart, ASCII', multipart(ascii), ascii],
    ['multipart, other text', multipart(other), other],
    ['JSON, ASCII', json(ascii), ascii],
    ['JSON, other text', json(other), other],
  ]
  return cases.map(([response, reply, texts]) => {
    const baseline = () => {
      new TextDecoder().decode(reply.body)
      return texts.map((text): unknown => JSON.parse(text))
    }
    deepStrictEqual(read(reply), baseline())
    const times = Array.from({ length: ROUNDS }, () => [duration(baseline), duration(() => read(reply))] as const)
    const base = median(times.map(([time]) => time))
    const ours = median(times.map(([, time]) => time))
    return {
      response,
      megabytes: round(reply.body.length / 1e6),
      baseline: round(base),
      ours: round(ours),
      ratio: round(median(times.map(([a, b]) => b / a))),
      allowed: ALLOWED_RATIO,
    }
  })
}

function duration(action: () => unknown): number {
  const start = performance.now()
  action()
  return performance.now() - start
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] as number
}

const round = (value: number) => Math.round(value * 100) / 100
