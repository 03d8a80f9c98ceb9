import { describe, expect, it } from 'vitest'
import type { BatchEntry, BatchRequestOptions } from '../../../src/core/batch/BatchRequest.js'
import { action, create, get, remove, replace, request, update } from '../../../src/core/batch/batchRequests.js'
import { changeSet } from '../../../src/core/batch/changeSet.js'
import { planBatch } from '../../../src/core/batch/planBatch.js'
import { reference } from '../../../src/core/batch/reference.js'
import { isODataConfigurationError, type RequestMethod } from '../../../src/core/index.js'

const serviceUrl = 'https://host/odata/'
const plan = (...entries: BatchEntry[]) => planBatch(entries, { serviceUrl }).requests
const wires = (...entries: BatchEntry[]) => plan(...entries).map(({ wire }) => wire)
const ids = (...entries: BatchEntry[]) => wires(...entries).map(({ id, group }) => (group ? `${group}/${id}` : id))
const dependencies = (...entries: BatchEntry[]) => wires(...entries).map(({ dependsOn = [] }) => dependsOn.join())

/** What a batch is refused with; nothing is sent as long as there is no plan. */
function refusal(...entries: BatchEntry[]): string {
  try {
    plan(...entries)
  } catch (error) {
    expect(isODataConfigurationError(error)).toBe(true)
    const { message } = error as Error
    expect(message).toMatch(/^The batch is not sent\. /)
    return message.replace('The batch is not sent. ', '')
  }
  return 'It was not refused.'
}

describe('a plan', () => {
  it('has what goes over the wire, and what the record begins with', () => {
    const [first, second] = plan(
      get('Vehicles(17)?$select=ID,Mileage'),
      changeSet([
        update(
          'Vehicles(17)',
          { Mileage: 88412 },
          { etag: 'W/"a7"', returnPreference: 'minimal', label: 'Save mileage' },
        ),
      ]),
    )
    expect(first).toEqual({
      item: {
        id: '1',
        changeSet: undefined,
        method: 'GET',
        url: 'https://host/odata/Vehicles(17)?$select=ID,Mileage',
        label: undefined,
        outcome: 'waiting',
      },
      wire: {
        id: '1',
        group: undefined,
        dependsOn: undefined,
        method: 'GET',
        url: 'Vehicles(17)?$select=ID,Mileage',
        headers: {},
        body: undefined,
      },
      respondAsync: false,
      urlForm: 'relative',
    })
    expect(second?.item).toMatchObject({ id: '2', changeSet: 'g1', label: 'Save mileage', outcome: 'waiting' })
    expect(second?.wire).toMatchObject({
      group: 'g1',
      body: '{"Mileage":88412}',
      headers: { 'content-type': 'application/json', 'if-match': 'W/"a7"', prefer: 'return=minimal' },
    })
  })

  it('is refused without a request, and with an empty change set', () => {
    expect(refusal()).toBe('The batch has no requests. Give it at least one, or send none.')
    expect(refusal(get('A'), changeSet([], { id: 'import' }))).toContain('The change set "import" has no requests.')
  })

  it('is refused for a request that stands in it twice, as its identifier would', () => {
    const twice = get('A')
    expect(refusal(twice, twice)).toContain('The same request is in the batch twice. Make one for each place.')
    expect(refusal(twice, changeSet([create('B', {}), twice]))).toContain('The same request is in the batch twice.')
    const set = changeSet([create('B', {})], { id: 'import' })
    expect(refusal(set, set)).toContain('The same change set "import" is in the batch twice.')
  })

  it('is refused for what is no request', () => {
    const set = changeSet([create('A', {})])
    expect(refusal({} as BatchEntry)).toContain('Make each by `get`, `create`, `changeSet`')
    expect(refusal(undefined as unknown as BatchEntry)).toContain('Entry 1 of the batch is undefined, no request.')
    expect(refusal(get('A'), 'GET B' as unknown as BatchEntry)).toContain('Entry 2 of the batch is GET B, no request.')
    expect(() => planBatch(get('A') as never, { serviceUrl })).toThrow('must be a list: [get(...), create(...)]')
    expect(refusal(changeSet([set as never]))).toContain('A change set is in a change set.')
    expect(refusal(request('HEAD' as RequestMethod, 'A'))).toContain(
      'has the method "HEAD". It must be one of GET, POST',
    )
  })
})

describe('names', () => {
  it('are positions unless they are given', () => {
    expect(ids(get('A'), changeSet([create('B', {}), remove('C(1)')]), get('D'))).toEqual(['1', 'g1/2', 'g1/3', '4'])
    expect(ids(get('A'), create('B', {}, { id: 'order' }), get('C'))).toEqual(['1', 'order', '3'])
  })

  it('skip those that are taken', () => {
    expect(ids(get('A', { id: '2' }), get('B'), get('C'))).toEqual(['2', '3', '4'])
    expect(ids(get('A'), get('B', { id: '1' }), get('C'))).toEqual(['2', '1', '3'])
    const sets = [changeSet([create('A', {}, { id: 'g1' })]), changeSet([create('B', {})], { id: 'g3' })]
    expect(ids(...sets, changeSet([create('C', {})]))).toEqual(['g2/g1', 'g3/2', 'g4/3'])
  })

  it.each(['batch', 'root', 'it', 'ROOT', 'all', 'entity', 'metadata', 'crossjoin', 'id', 'this'])(
    'row 102: %s is refused, as it means something else behind a $',
    (id) => {
      expect(refusal(get('A', { id }))).toBe(
        `The identifier "${id}" is reserved, as $${id} means something else. Take another one.`,
      )
      expect(refusal(changeSet([create('A', {})], { id }))).toContain('is reserved')
    },
  )

  it.each(['with space', '', 'a/b', 'größe', '$1', 'a\r\nb', 'a:b'])(
    'row 102: %j is refused, as it cannot be sent',
    (id) => {
      expect(refusal(get('A', { id }))).toContain(
        `The identifier ${JSON.stringify(id)} cannot be sent. It may have letters, digits, and - . _ ~ only.`,
      )
      expect(refusal(changeSet([create('A', {})], { id }))).toContain('cannot be sent')
    },
  )

  it.each(['batch-1', 'its', '__proto__', 'a.b~c_d', '007'])('%s is taken', (id) => {
    expect(ids(get('A', { id }))).toEqual([id])
  })

  it('row 102: two of the same name are refused, of requests and of change sets', () => {
    const message = 'Two requests or change sets have the identifier "a".'
    expect(refusal(get('A', { id: 'a' }), get('B', { id: 'a' }))).toContain(message)
    expect(refusal(changeSet([create('A', {})], { id: 'a' }), get('B', { id: 'a' }))).toContain(message)
    expect(refusal(changeSet([create('A', {}, { id: 'a' })], { id: 'a' }))).toContain(message)
    expect(ids(get('A', { id: 'a' }), get('B', { id: 'A' }))).toEqual(['a', 'A'])
  })
})

describe('change sets', () => {
  it('row 101: a GET in a change set is refused', () => {
    const message = 'Request "read" (Read it) is a GET in a change set, which only changes data.'
    expect(refusal(changeSet([create('A', {}), get('B', { id: 'read', label: 'Read it' })]))).toContain(message)
  })

  it('take anything else', () => {
    const members = [create('A', {}), update('A(1)', {}), replace('A(1)', {}), remove('A(2)'), action('Rebuild')]
    expect(ids(changeSet(members))).toEqual(['g1/1', 'g1/2', 'g1/3', 'g1/4', 'g1/5'])
  })
})

describe('what depends on what', () => {
  it('is said by requests, change sets, and identifiers, each once', () => {
    const first = get('A')
    const set = changeSet([create('B', {}), create('C', {}, { id: 'c' })])
    const last = get('D', { dependsOn: [first, '1', set, 'g1', 'c'] })
    expect(dependencies(first, set, last)).toEqual(['', '', '', '1,g1'])
  })

  it('names the change set and the member for one of another change set, and a member within its own', () => {
    const order = create<{ Items: object[] }>('Orders', {}, { id: 'order' })
    const line = create(reference(order, 'Items'), {}, { id: 'line' })
    const outside = get(reference(order, 'Items'), { id: 'outside' })
    expect(dependencies(changeSet([order, line], { id: 'set' }), outside)).toEqual(['', 'order', 'set,order'])
  })

  it('counts for each request of a change set when it was given to it', () => {
    const set = changeSet([create('B', {}), create('C', {}, { dependsOn: ['2'] })], { dependsOn: ['a'] })
    expect(dependencies(get('A', { id: 'a' }), set)).toEqual(['', 'a', 'a,2'])
  })

  it('takes in what a path refers to, without being told', () => {
    const order = create('Orders', {})
    expect(dependencies(order, action(reference(order, 'Ns.Approve')))).toEqual(['', '1'])
    expect(wires(order, action(reference(order, 'Ns.Approve')))[1]?.url).toBe('$1/Ns.Approve')
    expect(wires(order, get(reference(order)))[1]?.url).toBe('$1')
  })

  it('row 117: a dependency on what comes later, itself, or its own change set is refused', () => {
    const later = get('B', { id: 'later' })
    expect(refusal(get('A', { dependsOn: [later] }), later)).toContain(
      'Request "1" depends on "later", which does not come before it. Put it before.',
    )
    expect(refusal(get('A', { dependsOn: ['later'] }), later)).toContain('does not come before it')
    expect(refusal(get('A', { id: 'a', dependsOn: ['a'] }))).toContain('does not come before it')
    const set = (dependsOn: string[]) => changeSet([create('B', {}), create('C', {}, { dependsOn })], { id: 'set' })
    expect(refusal(set(['set']))).toContain('Request "2" depends on "set", which does not come before it')
    expect(refusal(set(['2']))).toContain('depends on "2", which does not come before it')
    const order = create('Orders', {})
    expect(refusal(get(reference(order)), order)).toContain('Request "1" depends on "2", which does not come before it')
  })

  it('row 117: a dependency on what is not there is refused', () => {
    expect(refusal(get('A', { dependsOn: ['x'] }))).toContain('Request "1" depends on "x", which is not in this batch.')
    expect(refusal(get('A', { dependsOn: [get('B')] }))).toContain(
      'depends on the request GET B, which is not in this batch',
    )
    expect(refusal(get(reference(create('Orders', {}))))).toContain('which is not in this batch')
    expect(refusal(create('Orders', {}), get('$x/Items'))).toContain('depends on "x", which is not in this batch')
  })

  it('row 117: $1 in a path without dependsOn is refused', () => {
    const order = create('Orders', {})
    expect(refusal(order, create('$1/Items', {}))).toContain(
      'Request "2" has the path "$1/Items", but does not depend on what it refers to. Give `dependsOn: ["1"]`, or use `reference`.',
    )
    expect(dependencies(order, create('$1/Items', {}, { dependsOn: ['1'] }))).toEqual(['', '1'])
    expect(dependencies(order, create('$1/Items', {}, { dependsOn: [order] }))).toEqual(['', '1'])
  })

  it('row 117: $1 of another change set needs that change set', () => {
    const set = () => changeSet([create('Orders', {}, { id: 'order' })], { id: 'set' })
    expect(refusal(set(), get('$order/Items'))).toContain('Give `dependsOn: ["order"]`')
    expect(dependencies(set(), get('$order/Items', { dependsOn: ['set'] }))).toEqual(['', 'set,order'])
    expect(dependencies(set(), get('$order/Items', { dependsOn: ['order'] }))).toEqual(['', 'set,order'])
  })

  it('row 117: members of a change set stand next to each other whatever is given', () => {
    const groups = wires(changeSet([create('A', {}), create('B', {})]), get('C'), changeSet([create('D', {})]))
    expect(groups.map(({ group }) => group)).toEqual(['g1', 'g1', undefined, 'g2'])
  })
})

describe('a request that the service works on by itself', () => {
  it('asks for it by a preference', () => {
    const [first] = plan(action('RebuildIndex', {}, { respondAsync: true, returnPreference: 'minimal' }))
    expect(first).toMatchObject({ respondAsync: true, wire: { headers: { prefer: 'return=minimal, respond-async' } } })
    expect(plan(get('A', { headers: { Prefer: 'respond-async' } }))[0]?.respondAsync).toBe(true)
  })

  it.each([{ respondAsync: true }, { headers: { PREFER: 'respond-async' } }] satisfies BatchRequestOptions[])(
    'row 130: %j is refused in a change set, and when others depend on it',
    (options) => {
      const slow = () => action('Rebuild', {}, { id: 'slow', ...options })
      expect(refusal(changeSet([slow()]))).toContain('Request "slow" has `respondAsync`, but it is in a change set.')
      const message = 'Request "slow" has `respondAsync`, but others depend on it.'
      expect(refusal(slow(), get('A', { dependsOn: ['slow'] }))).toContain(message)
      const first = slow()
      expect(refusal(first, get(reference(first)))).toContain(message)
      expect(ids(slow(), get('A'))).toEqual(['slow', '2'])
    },
  )
})

describe('size', () => {
  it('10,000 requests, each of which depends on the one before, are planned', () => {
    const chain: BatchEntry[] = [create('Rows', {}, { id: 'r0' })]
    for (let index = 1; index < 10_000; index++) {
      chain.push(create('Rows', {}, { id: `r${index}`, dependsOn: [`r${index - 1}`] }))
    }
    expect(plan(...chain).at(-1)?.wire.dependsOn).toEqual(['r9998'])
  })
})
