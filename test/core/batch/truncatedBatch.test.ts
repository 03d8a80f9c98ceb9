import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  type BatchItemResult,
  type BatchOptions,
  type BatchResult,
  changeSet,
  create,
  get,
  isODataError,
  remove,
  update,
} from '../../../src/core/index.js'
import { accepted, SERVICE, scriptedClient } from '../../support/scriptedClient.js'
import { type MeantUnit, type MultipartStyle, writeMultipartResponse } from '../../support/writeMultipartResponse.js'

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 9, 5, 7) }))
afterEach(() => void vi.useRealTimers())

/** A batch for each byte takes a while on a busy machine. */
const MANY_BATCHES = 30_000

const entries = () => [
  get('Products(1)'),
  remove('Products(2)'),
  changeSet([create('Orders', { Note: 'x' }), update('Products(1)', { Stock: 3 })]),
  get("Depots('X')"),
  get('Products/$count'),
]

const JSON_TYPE = { 'Content-Type': 'application/json' }
const product = { id: '1', status: 200, headers: JSON_TYPE, body: '{"ID":1,"Name":"Größe 5 €"}' }
const removed = { id: '2', status: 204 }
const orders = [
  { id: '4', status: 204, headers: { ETag: 'W/"8"' } },
  { id: '3', status: 201, headers: { ...JSON_TYPE, Location: 'Orders(7)' }, body: '{"ID":7}' },
]
const noDepot = { id: '5', status: 404, headers: JSON_TYPE, body: '{"error":{"code":"NONE","message":"No depot."}}' }
const count = { id: '6', status: 200, headers: { 'Content-Type': 'text/plain' }, body: '12345' }
const five: readonly MeantUnit[] = [product, removed, orders, noDepot, count]

/** Those of whole responses, without the identifiers that they need not have. */
const withoutIds = five.map((unit) => ('status' in unit ? { ...unit, id: undefined } : unit))

const jsonFive = JSON.stringify({
  responses: five.flat().map(({ body, headers, ...answer }) => ({
    ...answer,
    headers,
    body: body === undefined ? null : headers === JSON_TYPE ? JSON.parse(`${body}`) : body,
  })),
})

/** What a user sees of a request. */
const seen = ({ id, outcome, status, result, error, headers }: BatchItemResult) =>
  JSON.stringify({ id, outcome, status, result, error: error?.message, location: headers.location })

type Ending = Pick<BatchResult, 'items' | 'failed' | 'isTruncated'>

/** The result of a batch; `undefined` when it ended with a protocol error and its requests are lost. */
async function endOf(answers: readonly (string | Response)[], options: BatchOptions): Promise<Ending | undefined> {
  const { client, sent, surplus } = scriptedClient(answers)
  const ending = client
    .executeBatch(entries(), options)
    .then((operation) => operation.waitForCompletion())
    .catch((error: unknown) => {
      if (!isODataError(error) || error.kind !== 'protocol') throw error
      expect(error.record?.batch?.items.map(({ outcome }) => outcome)).toEqual(Array(6).fill('lost'))
      return undefined
    })
  if (answers.length > 1) await vi.advanceTimersByTimeAsync(10_000)
  expect([sent.length <= answers.length, surplus]).toEqual([true, []])
  return ending
}

function answer(body: Uint8Array<ArrayBuffer>, type: string, headers: Record<string, string> = {}): Response {
  return new Response(body, { headers: { 'Content-Type': type, ...headers } })
}

/** What is wrong with the ending of a batch whose answer was cut: an outcome that is not that of the whole, or a cut that is not told. */
function faultsOf(ending: Ending, whole: readonly string[], isWhole: boolean): string[] {
  const faults = ending.items.flatMap((item, place) =>
    seen(item) === whole[place] || (item.outcome === 'lost' && ending.isTruncated)
      ? []
      : [`${seen(item)} in place of ${whole[place]}`],
  )
  return isWhole || ending.isTruncated ? faults : [...faults, 'The cut is not told.']
}

describe('row 93: the answer to a batch that is cut at any byte', () => {
  it.each<[string, readonly MeantUnit[], MultipartStyle, BatchOptions]>([
    ['without lengths', five, {}, { continueOnError: true }],
    ['with lengths', five, { hasLengths: true }, { continueOnError: true }],
    ['with LF', five, { lineEnd: '\n' }, { continueOnError: true }],
    ['without identifiers', withoutIds, { emptyLines: 1 }, { continueOnError: true }],
    ['where the service stopped at an error', five.slice(0, 4), { hasLengths: true }, {}],
  ])(
    '%s, gives each request its own outcome, or loses it and says so',
    async (_, units, style, options) => {
      const { body, type, certainFrom } = writeMultipartResponse(units, style)
      const complete = await endOf([answer(body, type)], { format: 'multipart', ...options })
      const last = units.length === 5 ? 'succeeded' : 'not-executed'
      expect(complete?.items.map(({ outcome }) => outcome)).toEqual([...Array(4).fill('succeeded'), 'failed', last])
      const whole = complete?.items.map(seen) ?? []
      const faults: string[] = []
      // All but the line end behind the last delimiter.
      const end = body.lastIndexOf('-'.charCodeAt(0)) + 1
      for (let size = 0; size <= end; size++) {
        const ending = await endOf([answer(body.slice(0, size), type)], { format: 'multipart', ...options })
        const certain = certainFrom.filter((from) => from <= size).length
        const known = ending?.items.filter(({ outcome }) => outcome !== 'lost').length ?? 0
        if (known < certain) faults.push(`${size}: ${known} outcomes of ${certain}`)
        if (ending) faults.push(...faultsOf(ending, whole, size === end).map((fault) => `${size}: ${fault}`))
      }
      expect(faults).toEqual([])
    },
    MANY_BATCHES,
  )

  it(
    'as JSON, is a protocol error, and every request is lost',
    async () => {
      const body = new TextEncoder().encode(jsonFive)
      const whole = await endOf([answer(body, 'application/json')], { format: 'json' })
      expect(whole?.items.map(({ outcome }) => outcome)).toEqual([...Array(4).fill('succeeded'), 'failed', 'succeeded'])
      for (let size = 0; size < body.length; size++) {
        expect(await endOf([answer(body.slice(0, size), 'application/json')], { format: 'json' })).toBeUndefined()
      }
    },
    MANY_BATCHES,
  )

  it(
    'and is only the first part of it, keeps what is there, and loses the rest',
    async () => {
      const more = { status: 202, headers: { Location: `${SERVICE}jobs/8`, 'Retry-After': '2' } }
      const first = writeMultipartResponse([product, removed, more])
      const rest = writeMultipartResponse([orders, noDepot, count])
      const script = (size: number) => [
        accepted,
        answer(first.body.slice(0, size), first.type, { AsyncResult: '200' }),
        answer(rest.body, rest.type, { AsyncResult: '200' }),
      ]
      const options = { format: 'multipart', continueOnError: true } as const
      const complete = await endOf(script(first.body.length), options)
      const whole = complete?.items.map(seen) ?? []
      expect([whole.length, complete?.failed.length]).toEqual([6, 1])
      const faults: string[] = []
      for (let size = 0; size < first.body.length - 2; size++) {
        const ending = await endOf(script(size), options)
        if (ending) faults.push(...faultsOf(ending, whole, false).map((fault) => `${size}: ${fault}`))
      }
      expect(faults).toEqual([])
    },
    MANY_BATCHES,
  )
})
