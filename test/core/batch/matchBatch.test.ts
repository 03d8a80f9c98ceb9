import { describe, expect, it } from 'vitest'
import type { BatchItemData } from '../../../src/core/batch/BatchItem.js'
import { matchBatch } from '../../../src/core/batch/matchBatch.js'
import type { OperationRecord } from '../../../src/core/operation.js'
import { checkPolling } from '../../../src/core/schedule.js'
import type { BatchResponse, BatchResponseUnit } from '../../../src/protocol/batchMessage.js'

const ROOT = 'https://api.example.com/v4/'
const NOW = Date.UTC(2026, 9, 5, 7)

const waiting = (id: string, changeSet?: string, more: Partial<BatchItemData> = {}): BatchItemData => ({
  ...{ id, changeSet, method: 'POST', url: `${ROOT}Products`, label: undefined, outcome: 'waiting' },
  ...more,
})

function answer(id: string | undefined, status: number, body?: unknown, headers: Record<string, string> = {}) {
  const text = body === undefined ? '' : JSON.stringify(body)
  const reply = { status, headers, body: new TextEncoder().encode(text), url: `${ROOT}$batch` }
  return { id, reply } satisfies BatchResponse
}

const failure = (message: string, more: object = {}) => ({ error: { code: 'BAD', message, ...more } })

interface Given {
  readonly format?: 'multipart' | 'json'
  readonly sent?: 'multipart' | 'json'
  readonly continueOnError?: boolean
  readonly truncation?: string
  readonly isInterim?: boolean
}

function match(items: readonly BatchItemData[], units: readonly BatchResponseUnit[], given: Given = {}) {
  const { format = 'multipart', sent = format, continueOnError, truncation, isInterim = false } = given
  const record: OperationRecord = {
    ...{ id: 'op', kind: 'batch', method: 'POST', url: `${ROOT}$batch`, monitor: 'odata', status: 'pending' },
    ...{ canCancel: true, progress: { percent: null }, submittedAt: NOW, pollCount: 0, pollFailures: 0 },
    batch: { items, format: sent, continueOnError },
  }
  const environment = { now: () => NOW, random: () => 0 } as never
  const step = { environment, polling: checkPolling({}), allowProgressDecrease: false }
  return matchBatch(items, { units, format, truncation }, { ...step, record, isInterim })
}

function outcomes(...given: Parameters<typeof match>): unknown[] {
  const items = match(...given)
  return 'problem' in items ? [items.problem] : items.map(({ outcome, result }) => result ?? outcome)
}

const three = [waiting('1'), waiting('2'), waiting('3')]
const withSet = [waiting('1'), waiting('2', 's'), waiting('3', 's'), waiting('4')]

describe('which answer belongs to which request', () => {
  it('by position when the service gives no identifiers', () => {
    expect(
      outcomes(three, [answer(undefined, 200, 'a'), answer(undefined, 200, 'b'), answer(undefined, 200, 'c')]),
    ).toEqual(['a', 'b', 'c'])
  })

  it.each(['json', 'multipart'] as const)('row 107: by identifier, in any order, in %s', (format) => {
    const units = [answer('3', 200, 'c'), answer('1', 200, 'a'), answer('2', 200, 'b')]
    expect(outcomes(three, units, { format })).toEqual(['a', 'b', 'c'])
  })

  it('by position where an identifier is missing, as long as those that are there agree with theirs', () => {
    const units = [answer('1', 200, 'a'), answer(undefined, 200, 'b'), answer('3', 200, 'c')]
    expect(outcomes(three, units)).toEqual(['a', 'b', 'c'])
  })

  it('nobody knows where an identifier is missing and the others are in another order', () => {
    const units = [answer('3', 200, 'c'), answer(undefined, 200, '?'), answer('1', 200, 'a')]
    expect(outcomes(three, units)).toEqual(['a', 'waiting', 'c'])
  })

  it('an unknown identifier takes nobody’s place', () => {
    const units = [answer('1', 200, 'a'), answer('x', 200, '?'), answer('3', 200, 'c')]
    expect(outcomes(three, units)).toEqual(['a', 'waiting', 'c'])
  })

  it('of two answers with one identifier the first counts, and the second takes nobody’s place', () => {
    const units = [answer('1', 200, 'a'), answer('1', 200, '?'), answer('3', 200, 'c')]
    expect(outcomes(three, units)).toEqual(['a', 'waiting', 'c'])
  })

  it('identifiers that are names of every object are identifiers like others', () => {
    const items = [waiting('__proto__'), waiting('constructor')]
    const units = [answer('constructor', 200, 'b'), answer('__proto__', 200, 'a')]
    expect(outcomes(items, units)).toEqual(['a', 'b'])
  })

  it.each(['json', 'multipart'] as const)(
    'row 106: more answers than requests in %s make none of them right',
    (format) => {
      const units = three.concat(waiting('4')).map(() => answer(undefined, 200, '?'))
      expect(outcomes(three, units, { format })).toEqual([
        'The service gave 4 answers to 3 requests, so that it is not known which belongs to which. It must answer each request once.',
      ])
    },
  )

  it('row 106: more parts than requests and change sets in multipart', () => {
    const units = [1, 2, 3, 4].map(() => answer(undefined, 200, '?'))
    expect(outcomes(withSet, units)[0]).toMatch(/^The service gave 4 answers to 4 requests/)
  })

  it('what was answered before is not answered again, and shifts nothing', () => {
    const items = [{ ...waiting('1'), outcome: 'succeeded', result: 'a' } as const, waiting('2')]
    expect(outcomes(items, [answer('1', 500), answer(undefined, 200, 'b')])).toEqual(['a', 'b'])
  })

  it('row 104: a multipart answer to a JSON batch gives the members of a change set one by one', () => {
    const units = ['4', '3', '2', '1'].map((id) => answer(id, 200, `r${id}`))
    expect(outcomes(withSet, units, { sent: 'json' })).toEqual(['r1', 'r2', 'r3', 'r4'])
  })

  it('row 104: a JSON answer to a multipart batch is in its order when it has no identifiers', () => {
    const units = [1, 2, 3, 4].map((place) => answer(undefined, 200, `r${place}`))
    expect(outcomes(withSet, units, { format: 'json', sent: 'multipart' })).toEqual(['r1', 'r2', 'r3', 'r4'])
  })

  it('nobody knows what fewer JSON answers without identifiers are about when there are change sets', () => {
    const units = [answer(undefined, 200, 'a'), answer(undefined, 400, failure('no')), answer(undefined, 200, '?')]
    const given = { format: 'json', sent: 'multipart', isInterim: true } as const
    expect(outcomes(withSet, units, given)).toEqual(['waiting', 'waiting', 'waiting', 'waiting'])
  })
})

describe('change sets in multipart', () => {
  const set = (...members: BatchResponse[]) => ({ members })

  it('row 87: members in another order are found by their Content-ID', () => {
    const units = [answer('1', 200, 'a'), set(answer('3', 200, 'c'), answer('2', 200, 'b')), answer('4', 200, 'd')]
    expect(outcomes(withSet, units)).toEqual(['a', 'b', 'c', 'd'])
  })

  it('row 88: members without Content-ID are found by position, and say so', () => {
    const members = set(answer(undefined, 200, 'b'), answer('3', 200, 'c'))
    const items = match(withSet, [answer(undefined, 200, 'a'), members, answer(undefined, 200, 'd')])
    expect(items).toMatchObject([{ result: 'a' }, { result: 'b' }, { result: 'c' }, { result: 'd' }])
    expect(items).toMatchObject([{}, { isMatchedByPosition: true }, {}, {}])
    expect(JSON.stringify(items).match(/isMatchedByPosition/g)).toHaveLength(1)
  })

  it('row 88: but not when there are fewer of them than requests', () => {
    const units = [answer('1', 200, 'a'), set(answer(undefined, 200, '?')), answer('4', 200, 'd')]
    expect(outcomes(withSet, units)).toEqual(['a', 'waiting', 'waiting', 'd'])
  })

  it('an error without Content-ID among fewer members is the error of every member', () => {
    expect(
      outcomes(withSet, [answer('1', 200, 'a'), set(answer(undefined, 400, failure('no'))), answer('4', 204)]),
    ).toEqual(['a', 'failed', 'failed', 'succeeded'])
  })

  it('one without an answer keeps its place', () => {
    const items = [waiting('1', 's'), waiting('2')]
    expect(outcomes(items, [set(), answer(undefined, 200, 'b')])).toEqual(['waiting', 'b'])
  })

  it('nobody knows what comes after answers that stand in place of a change set one by one, or as one in place of another request', () => {
    const flat = [answer(undefined, 201, 'b'), answer(undefined, 201, 'c'), answer(undefined, 400, failure('no'))]
    const items = [waiting('1', 's'), waiting('2', 's'), waiting('3'), waiting('4')]
    expect(outcomes(items, flat)).toEqual(['lost', 'lost', 'waiting', 'waiting'])
    expect(outcomes(three, [set(answer(undefined, 201, 'a')), answer(undefined, 200, 'b')])).toEqual([
      ...['waiting', 'waiting', 'waiting'],
    ])
  })

  it('row 86: one error in place of a change set is the error of every member', () => {
    const units = [
      answer('1', 200, 'a'),
      answer(undefined, 412, failure('Changed by someone else.')),
      answer('4', 200, 'd'),
    ]
    const items = match(withSet, units)
    expect(items).toMatchObject([
      { outcome: 'succeeded' },
      { outcome: 'failed', status: 412, error: { kind: 'service', status: 412, message: 'Changed by someone else.' } },
      { outcome: 'failed', status: 412, error: { kind: 'service', status: 412, message: 'Changed by someone else.' } },
      { outcome: 'succeeded' },
    ])
  })

  it.each([
    { by: 'its Content-ID', unit: answer('3', 400, failure('no')) },
    { by: 'its target', unit: answer(undefined, 400, failure('no', { target: '$3/Name' })) },
    { by: 'the target of a detail', unit: answer(undefined, 400, failure('no', { details: [{ target: '$3' }] })) },
    { by: 'an annotation', unit: answer(undefined, 400, failure('no', { '@Org.OData.Core.V1.ContentID': '3' })) },
  ])('an error that names the member that failed by $by has the others rolled back', ({ unit }) => {
    const items = match(withSet, [answer('1', 200, 'a'), unit, answer('4', 200, 'd')])
    expect(items).toMatchObject([
      { outcome: 'succeeded' },
      { outcome: 'rolled-back', error: { message: 'no' } },
      { outcome: 'failed', error: { message: 'no' } },
      { outcome: 'succeeded' },
    ])
  })

  it('one success in place of a change set tells nothing of its members', () => {
    const items = match(withSet, [answer('1', 200, 'a'), answer(undefined, 204), answer('4', 200, 'd')])
    expect(items).toMatchObject([
      { outcome: 'succeeded' },
      { outcome: 'lost', error: { kind: 'protocol', message: expect.stringContaining('as a whole with 204') } },
      { outcome: 'lost' },
      { outcome: 'succeeded' },
    ])
  })

  it.each([
    { as: 'a member', unit: set(answer('2', 202, undefined, { location: '/jobs/1' }), answer('3', 204)) },
    { as: 'one answer for all', unit: answer(undefined, 202, undefined, { location: '/jobs/1' }) },
  ])('row 124: a 202 in a change set, as $as, breaks the protocol', ({ unit }) => {
    const items = match(withSet, [answer('1', 200, 'a'), unit, answer('4', 200, 'd')])
    expect(items).toMatchObject([
      { outcome: 'succeeded' },
      { outcome: 'lost', error: { kind: 'protocol', message: expect.stringContaining('202') } },
      { outcome: 'lost', error: { kind: 'protocol' } },
      { outcome: 'succeeded' },
    ])
    expect((items as BatchItemData[])[1]).not.toHaveProperty('operation')
  })
})

describe('change sets in JSON', () => {
  const json = { format: 'json' } as const

  it('row 109: a 201 in a set in which another failed was not done', () => {
    const units = [
      answer('2', 201, { ID: 1 }),
      answer('3', 500, failure('Deadlock.')),
      answer('1', 200, 'a'),
      answer('4', 204),
    ]
    const items = match(withSet, units, json)
    expect(items).toMatchObject([
      { outcome: 'succeeded' },
      { outcome: 'rolled-back', status: 201, error: { message: 'Deadlock.', status: 500 } },
      { outcome: 'failed', status: 500, error: { message: 'Deadlock.' } },
      { outcome: 'succeeded' },
    ])
    expect((items as BatchItemData[])[1]).not.toHaveProperty('result')
  })

  it('row 109: a 424 in such a set was rolled back, too, and so was one without an answer', () => {
    const items = [...withSet.slice(0, 3), waiting('5', 's')]
    const units = [answer('1', 200, 'a'), answer('2', 400, failure('no')), answer('3', 424)]
    expect(outcomes(items, units, json)).toEqual(['a', 'failed', 'rolled-back', 'rolled-back'])
  })

  it('a set that depends on what failed was not done because of that', () => {
    const units = [answer('1', 400, failure('no')), answer('2', 424), answer('3', 424), answer('4', 200, 'd')]
    expect(outcomes(withSet, units, json)).toEqual(['failed', 'dependency-failed', 'dependency-failed', 'd'])
  })

  it.each([
    { by: 'as the identifier', unit: answer('s', 400, failure('no')) },
    { by: 'as the group', unit: { ...answer(undefined, 400, failure('no')), group: 's' } },
  ])('one error for a set that is named $by is the error of every member', ({ unit }) => {
    const units = [answer('4', 200, 'd'), unit, answer('1', 200, 'a')]
    expect(outcomes(withSet, units, json)).toEqual(['a', 'failed', 'failed', 'd'])
  })

  it('a member that fails in a later response takes back what was told of the others before', () => {
    const first = match(withSet, [answer('1', 200, 'a'), answer('2', 201, { ID: 1 })], { ...json, isInterim: true })
    const items = match(first as BatchItemData[], [answer('3', 409, failure('no')), answer('4', 200, 'd')], json)
    expect(items).toMatchObject([{}, { outcome: 'rolled-back' }, { outcome: 'failed' }, { outcome: 'succeeded' }])
  })
})

describe('what one answer says', () => {
  it('row 110: a 424 without a body is a failed dependency', () => {
    expect(match([waiting('1')], [answer('1', 424)], { format: 'json' })).toMatchObject([
      {
        outcome: 'dependency-failed',
        error: { kind: 'service', status: 424, message: 'Not done, as a request that it depends on failed (424).' },
      },
    ])
  })

  it('row 110: the words of the service on a 424 stay', () => {
    const items = match([waiting('1')], [answer('1', 424, failure('Order 7 was not created.'))])
    expect(items).toMatchObject([{ outcome: 'dependency-failed', error: { message: 'Order 7 was not created.' } }])
  })

  it('row 114: a 204 without a body has succeeded, with nothing to show', () => {
    const [item] = match([waiting('1')], [answer('1', 204, undefined, { etag: 'W/"2"' })], {
      format: 'json',
    }) as BatchItemData[]
    expect(item).toMatchObject({ outcome: 'succeeded', status: 204, headers: { etag: 'W/"2"' } })
    expect(item?.result).toBeUndefined()
  })

  it('an answer that cannot be read loses its request, of which the service did something', () => {
    const reply = { status: 200, headers: {}, body: new TextEncoder().encode('{"ID":'), url: `${ROOT}$batch` }
    expect(match([waiting('1')], [{ id: '1', reply }])).toMatchObject([
      { outcome: 'lost', status: 200, error: { kind: 'protocol', message: expect.stringContaining('cannot be read') } },
    ])
  })

  it('a part that cannot be read keeps its place, and loses its request', () => {
    const problem = 'The answer in the batch cannot be read: it is a message with no complete headers.'
    const units = [answer(undefined, 200, 'a'), { id: undefined, problem }, answer(undefined, 200, 'c')]
    expect(match(three, units)).toMatchObject([
      { result: 'a' },
      { outcome: 'lost', error: { kind: 'protocol', message: problem } },
      { result: 'c' },
    ])
  })

  it('row 103: a relative Location is resolved through the Location that the reference stands for', () => {
    const items = [
      waiting('1', undefined, { url: `${ROOT}Customers` }),
      waiting('2', undefined, { url: '$1/Orders' }),
      waiting('3', undefined, { url: '$2/Items' }),
    ]
    const units = [
      answer('1', 201, {}, { location: 'Customers(7)' }),
      answer('2', 201, {}, { location: 'Orders(1)' }),
      answer('3', 201, {}, { location: 'Items(9)' }),
    ]
    expect(match(items, units)).toMatchObject([
      { headers: { location: `${ROOT}Customers(7)` }, url: `${ROOT}Customers` },
      { headers: { location: `${ROOT}Customers(7)/Orders(1)` }, url: '$1/Orders' },
      { headers: { location: `${ROOT}Customers(7)/Orders(1)/Items(9)` } },
    ])
  })

  it('row 128: a 202 in JSON makes the request an operation of its own', () => {
    const items = [waiting('a', undefined, { url: `${ROOT}Reports/Build` }), waiting('b')]
    const units = [answer('a', 202, undefined, { location: 'jobs/5', 'retry-after': '15' }), answer('b', 200, 'b')]
    expect(match(items, units, { format: 'json' })).toEqual([
      expect.objectContaining({
        outcome: 'pending',
        status: 202,
        operation: {
          ...{ id: 'op/a', kind: 'request', method: 'POST', url: `${ROOT}Reports/Build`, monitor: 'odata' },
          ...{ status: 'running', isAsync: true, monitorUrl: `${ROOT}Reports/jobs/5`, canCancel: true },
          ...{ progress: { percent: null }, submittedAt: NOW, pollCount: 0, pollFailures: 0 },
          ...{ nextPollAt: NOW + 15_000, scheduledAt: NOW },
        },
      }),
      expect.objectContaining({ outcome: 'succeeded' }),
    ])
  })

  it('row 129: a 202 without a Location loses that request alone', () => {
    const items = match([waiting('a'), waiting('b')], [answer('a', 202), answer('b', 200, 'b')], { format: 'json' })
    expect(items).toMatchObject([
      { outcome: 'lost', status: 202, error: { kind: 'protocol', message: expect.stringContaining('`Location`') } },
      { outcome: 'succeeded' },
    ])
  })

  it('row 125: a 202 as a part before the last in multipart is that of its request', () => {
    const units = [answer('1', 200, 'a'), answer('2', 202, undefined, { location: '/jobs/5' }), answer('3', 200, 'c')]
    expect(outcomes(three, units)).toEqual(['a', 'pending', 'c'])
  })
})

describe('what has no answer', () => {
  it('row 85: after the error that is the last part of a multipart response, nothing was executed', () => {
    const items = match(three, [answer('1', 200, 'a'), answer('2', 409, failure('Slot taken.'))])
    expect(items).toMatchObject([
      { outcome: 'succeeded' },
      { outcome: 'failed' },
      {
        outcome: 'not-executed',
        error: { kind: 'service', message: 'Not executed: the service stopped at request "2": Slot taken.' },
      },
    ])
    expect((items as BatchItemData[])[2]).not.toHaveProperty('status')
  })

  it('row 85: also after the error of a whole change set', () => {
    const units = [answer('1', 200, 'a'), answer(undefined, 412, failure('no'))]
    expect(outcomes(withSet, units)).toEqual(['a', 'failed', 'failed', 'not-executed'])
  })

  it('row 85: after a last part that is no error, it is lost', () => {
    expect(outcomes(three, [answer('1', 409, failure('no')), answer('2', 200, 'b')])).toEqual([
      'failed',
      'b',
      'waiting',
    ])
  })

  it('row 85: what stands before the error without an answer is lost', () => {
    const units = [answer('1', 200, 'a'), answer('3', 409, failure('no'))]
    const items = [...three, waiting('4')]
    expect(outcomes(items, units)).toEqual(['a', 'waiting', 'failed', 'not-executed'])
  })

  it('row 134: an error in the middle of an interim response ends nothing; after the last response the rest was not executed', () => {
    const first = match(three, [answer('1', 200, 'a'), answer('2', 409, failure('no'))], { isInterim: true })
    expect(first).toMatchObject([{}, { outcome: 'failed' }, { outcome: 'waiting' }])
    expect(outcomes(first as BatchItemData[], [])).toEqual(['a', 'failed', 'not-executed'])
  })

  it('row 111: with `continueOnError: false` in JSON it was not executed', () => {
    const units = [answer('2', 409, failure('no')), answer('1', 200, 'a')]
    const given = { format: 'json', continueOnError: false } as const
    expect(outcomes(three, units, given)).toEqual(['a', 'failed', 'not-executed'])
  })

  it('row 111: but not in a change set of which another request was done', () => {
    const items = [waiting('1'), waiting('2', 's'), waiting('3', 's'), waiting('4')]
    const units = [answer('2', 201, 'b'), answer('1', 400, failure('no'))]
    expect(outcomes(items, units, { format: 'json', continueOnError: false })).toEqual([
      ...['failed', 'b', 'waiting', 'not-executed'],
    ])
  })

  it('row 112: by default in JSON all others have answers after a failure, and one that has none is lost', () => {
    const units = [answer('1', 409, failure('no')), answer('2', 200, 'b'), answer('3', 200, 'c')]
    expect(outcomes(three, units, { format: 'json' })).toEqual(['failed', 'b', 'c'])
    expect(outcomes(three, units.slice(0, 2), { format: 'json' })).toEqual(['failed', 'b', 'waiting'])
  })

  it('without a failure, it is lost in JSON, too', () => {
    const given = { format: 'json', continueOnError: false } as const
    expect(outcomes(three, [answer('1', 200, 'a')], given)).toEqual(['a', 'waiting', 'waiting'])
  })

  it.each([
    { format: 'multipart', units: [answer('x', 200, '?'), answer('1', 409, failure('no'))] },
    { format: 'json', continueOnError: false, units: [answer('1', 409, failure('no')), answer('x', 200, '?')] },
  ] as const)(
    'when the service answered with an unknown identifier in $format, that may be its answer, and it is lost',
    (given) => {
      expect(outcomes(three, given.units, given)).toEqual(['failed', 'waiting', 'waiting'])
    },
  )

  it('in a response that is cut it is lost, and what was complete stays', () => {
    const truncation = 'The closing delimiter --x-- is missing.'
    const items = match(three, [answer('1', 200, 'a'), answer('2', 409, failure('no'))], { truncation })
    expect(items).toMatchObject([
      { outcome: 'succeeded' },
      { outcome: 'failed' },
      { outcome: 'lost', error: { kind: 'protocol', message: expect.stringContaining(truncation) } },
    ])
  })
})

it('10,000 requests with 1,000 change sets are matched in a moment', () => {
  const items = Array.from({ length: 10_000 }, (_, place) => waiting(`${place}`, `s${Math.floor(place / 10)}`))
  const units = items.map(({ id }) => answer(id, id.endsWith('9') ? 500 : 201, { ID: 1 })).reverse()
  const matched = match(items, units, { format: 'json' }) as BatchItemData[]
  expect(matched.filter(({ outcome }) => outcome === 'rolled-back')).toHaveLength(9_000)
})
