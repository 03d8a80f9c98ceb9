import { describe, expect, it } from 'vitest'
import type { BatchItemData, BatchOutcome } from '../../../src/core/batch/BatchItem.js'
import type { BatchEntry, BatchUrlForm } from '../../../src/core/batch/BatchRequest.js'
import { action, create, get, update } from '../../../src/core/batch/batchRequests.js'
import { changeSet } from '../../../src/core/batch/changeSet.js'
import { planBatch } from '../../../src/core/batch/planBatch.js'
import { planRetry } from '../../../src/core/batch/planRetry.js'
import { reference } from '../../../src/core/batch/reference.js'

const serviceUrl = 'https://host/odata/'

type Outcome = BatchOutcome | 'waiting'
/** What became of a request: its outcome, or more. */
type Ending = Outcome | Partial<BatchItemData>

function retry(entries: readonly BatchEntry[], endings: readonly Ending[], urlForm?: BatchUrlForm) {
  const plan = planBatch(entries, { serviceUrl, urlForm })
  expect(endings).toHaveLength(plan.requests.length)
  const items = plan.requests.map(({ item }, index): BatchItemData => {
    const ending = endings[index]
    return {
      ...item,
      ...(typeof ending === 'object' ? { outcome: 'succeeded', ...ending } : { outcome: ending as Outcome }),
    }
  })
  return planRetry(plan, items)
}
const ids = (...given: Parameters<typeof retry>) => retry(...given).map(({ wire }) => wire.id)
const row = (id: string, ...dependsOn: string[]) => create('Rows', { id }, { id, dependsOn })
const created = (location: string): Ending => ({ status: 201, headers: { location } })

describe('what is sent again', () => {
  it.each([
    ['failed', true],
    ['rolled-back', true],
    ['dependency-failed', true],
    ['not-executed', true],
    ['succeeded', false],
    ['lost', false],
    ['pending', false],
    ['waiting', false],
  ] as const)('a request that is %s: %s', (outcome, isSent) => {
    expect(ids([row('a'), row('b')], ['succeeded', outcome])).toEqual(isSent ? ['b'] : [])
  })

  it('is as it was planned', () => {
    const entries = [get('A'), update('B(1)', { Price: 2 }, { etag: '"1"', label: 'Save' })]
    const [again] = retry(entries, ['succeeded', 'failed'])
    expect(again).toEqual(planBatch(entries, { serviceUrl }).requests[1])
    expect(again?.item.outcome).toBe('waiting')
  })

  it('is a change set as a whole, in its order', () => {
    const set = changeSet([row('a'), row('b'), row('c')], { id: 'set' })
    expect(ids([row('x'), set, row('y')], ['succeeded', 'rolled-back', 'failed', 'rolled-back', 'succeeded'])).toEqual([
      'a',
      'b',
      'c',
    ])
  })

  it.each(['lost', 'waiting', 'pending', 'succeeded'] as const)(
    'is nothing of a change set of which one is %s',
    (outcome) => {
      const set = changeSet([row('a'), row('b')])
      expect(ids([set, row('c')], ['failed', outcome, 'failed'])).toEqual(['c'])
    },
  )

  it('is nothing of which nothing is known', () => {
    const plan = planBatch([row('a')], { serviceUrl })
    expect(planRetry(plan, [])).toEqual([])
  })
})

describe('what it depends on', () => {
  it('is no longer mentioned when it has succeeded, and stays when it is sent again', () => {
    const set = changeSet([row('s1'), row('s2')], { id: 'set' })
    const entries = [row('a'), row('b'), set, row('c', 'a', 'b', 'set')]
    const again = retry(entries, ['succeeded', 'failed', 'succeeded', 'succeeded', 'dependency-failed'])
    expect(again.map(({ wire }) => [wire.id, wire.dependsOn])).toEqual([
      ['b', undefined],
      ['c', ['b']],
    ])
    const all = retry(entries, ['failed', 'failed', 'rolled-back', 'failed', 'dependency-failed'])
    expect(all.at(-1)?.wire.dependsOn).toEqual(['a', 'b', 'set'])
  })

  it('keeps the request back while nobody knows whether it was done, and all that depends on that', () => {
    const entries = [row('a'), row('b', 'a'), row('c', 'b'), row('d')]
    expect(ids(entries, ['lost', 'dependency-failed', 'dependency-failed', 'failed'])).toEqual(['d'])
    const set = changeSet([row('s1'), row('s2', 'a')])
    expect(ids([row('a'), set], ['pending', 'not-executed', 'not-executed'])).toEqual([])
  })

  it('may be in the same change set', () => {
    const order = create('Orders', {}, { id: 'order' })
    const set = changeSet([order, action(reference(order, 'Ns.Approve'), {}, { id: 'approve' })])
    const again = retry([set], ['failed', 'rolled-back'])
    expect(again.map(({ wire }) => [wire.id, wire.dependsOn, wire.url])).toEqual([
      ['order', undefined, 'Orders'],
      ['approve', ['order'], '$order/Ns.Approve'],
    ])
  })
})

describe('a reference to what has succeeded', () => {
  const order = create<{ Items: object[]; Customer: object }>('Orders?$expand=Items', {}, { id: 'order' })
  const line = create(reference(order, 'Items'), {}, { id: 'line' })
  const urlOf = (ending: Ending, urlForm?: BatchUrlForm) =>
    retry([order, line], [ending, 'failed'], urlForm).map(({ wire }) => wire.url)[0]

  it.each([
    ['relative', 'Orders(7)/Items'],
    ['path', '/odata/Orders(7)/Items'],
    ['absolute', 'https://host/odata/Orders(7)/Items'],
  ] as const)('becomes its URL in the form of the request, %s', (form, expected) => {
    expect(urlOf(created('https://host/odata/Orders(7)'), form)).toBe(expected)
    const [again] = retry([order, line], [created('https://host/odata/Orders(7)'), 'failed'], form)
    expect(again?.item).toMatchObject({ id: 'line', url: 'https://host/odata/Orders(7)/Items', outcome: 'waiting' })
    expect(again?.wire.dependsOn).toBeUndefined()
  })

  it.each<[string, Ending]>([
    ['a relative Location', created('Orders(7)')],
    ['a Location with a query and a slash', created('/odata/Orders(7)/?sap-client=1')],
    ['the id in the result of 4.0', { result: { '@odata.id': 'Orders(7)' } }],
    ['the id in the result of 4.01', { result: { '@id': 'https://host/odata/Orders(7)' } }],
    [
      'the id in the result against its context',
      {
        url: 'https://host/odata/Customers(1)/Orders',
        result: { '@context': '../$metadata#Orders', '@id': 'Orders(7)' },
      },
    ],
    ['OData-EntityId', { headers: { 'odata-entityid': 'https://host/odata/Orders(7)' } }],
  ])('is found by %s', (_, ending) => {
    expect(urlOf(ending)).toBe('Orders(7)/Items')
  })

  it('is where it was for a request that is about a URL of its own', () => {
    const entries = [get('Orders(10:00)?$select=ID', { id: 'o' }), create('$o/Items', {}, { dependsOn: ['o'] })]
    expect(retry(entries, ['succeeded', 'failed'])[0]?.wire.url).toBe('Orders(10%3A00)/Items')
  })

  it('is followed over several steps', () => {
    const customer = get(reference(order, 'Customer'), { id: 'customer' })
    const call = action(reference(customer, 'Ns.Call'), {}, { id: 'call' })
    const endings = [created('https://host/odata/Orders(7)'), 'succeeded', 'failed'] as const
    expect(retry([order, customer, call], endings)[0]?.wire.url).toBe('Orders(7)/Customer/Ns.Call')
  })

  it.each<[string, Ending]>([
    ['nobody says where it is', { status: 204 }],
    ['what is said is no URL', { headers: { location: 'mailto:a@b' }, result: { '@odata.id': 7 } }],
    ['it is on another origin', created('https://other/odata/Orders(7)')],
  ])('leaves the request out when %s', (_, ending) => {
    expect(urlOf(ending)).toBeUndefined()
  })

  it('leaves out the whole change set when one of its requests has to be', () => {
    const set = changeSet([row('a'), create(reference(order, 'Items'), {}, { id: 'line' })])
    expect(ids([order, set], [{ status: 204 }, 'rolled-back', 'failed'])).toEqual([])
  })
})

describe('size', () => {
  it('10,000 requests, each about what the one before has created, are sent again from the last on', () => {
    const entries: BatchEntry[] = [create('Rows', {}, { id: 'r0' })]
    for (let index = 1; index < 10_000; index++) {
      entries.push(create(`$r${index - 1}/Next`, {}, { id: `r${index}`, dependsOn: [`r${index - 1}`] }))
    }
    const endings = entries.map((_, index): Ending => (index < 9999 ? created(`/odata/Rows(${index})`) : 'failed'))
    expect(retry(entries, endings).map(({ wire }) => wire.url)).toEqual(['Rows(9998)/Next'])
  })
})
