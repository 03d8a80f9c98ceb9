import { describe, expect, it } from 'vitest'
import type { BatchEntry } from '../../../src/core/batch/BatchRequest.js'
import { action, create, func, get, remove, replace, request, update } from '../../../src/core/batch/batchRequests.js'
import { changeSet } from '../../../src/core/batch/changeSet.js'
import { createBatch } from '../../../src/core/batch/createBatch.js'
import { reference } from '../../../src/core/batch/reference.js'

/** A client that notes what it is told to send. */
function recorder() {
  const sent: { entries: readonly BatchEntry[]; options: unknown }[] = []
  const client = {
    executeBatch: async (entries: readonly BatchEntry[], options?: unknown) => {
      sent.push({ entries, options })
      return undefined as never
    },
  }
  return { client, sent }
}

describe('requests as data', () => {
  it.each([
    [get('Products(1)'), 'GET', 'Products(1)', undefined],
    [create('Products', { Name: 'Tea' }), 'POST', 'Products', { Name: 'Tea' }],
    [update('Products(1)', { Price: 2 }), 'PATCH', 'Products(1)', { Price: 2 }],
    [replace('Products(1)', { ID: 1 }), 'PUT', 'Products(1)', { ID: 1 }],
    [remove('Products(1)'), 'DELETE', 'Products(1)', undefined],
    [action('Products(1)/Ns.Discount', { Percent: 10 }), 'POST', 'Products(1)/Ns.Discount', { Percent: 10 }],
    [action('Rebuild'), 'POST', 'Rebuild', {}],
    [func('Top', { Count: 1 }), 'GET', 'Top', undefined],
    [request('PUT', 'Logo', 'text'), 'PUT', 'Logo', 'text'],
  ])('note what was given: %j', (made, method, path, body) => {
    expect(made).toMatchObject({ kind: 'request', method, path, options: {} })
    expect(made.body).toEqual(body)
  })

  it('keep their options, and a function its parameters', () => {
    expect(update('Products(1)', {}, { etag: '"1"' }).options).toEqual({ etag: '"1"' })
    const made = func('Top', { Count: 1 }, { label: 'Top', aliases: true })
    expect(made.functionCall).toEqual({ parameters: { Count: 1 }, aliases: true })
    expect(made.options).toEqual({ label: 'Top' })
  })

  it('stand together in a change set', () => {
    const members = [create('A', {}), remove('B(1)')] as const
    expect(changeSet(members, { id: 'import', dependsOn: ['1'] })).toEqual({
      kind: 'change-set',
      requests: members,
      id: 'import',
      dependsOn: ['1'],
    })
  })
})

describe('the builder', () => {
  it('sends what a chain has added, in its order', async () => {
    const { client, sent } = recorder()
    const order = create<{ Items: object[] }>('Orders', {})
    const batch = createBatch(client)
      .get('Products(1)')
      .create('Products', { ID: 2 })
      .update('Products(1)', { Price: 2 })
      .replace('Products(1)', { ID: 1 })
      .remove('Products(3)')
      .action('Rebuild')
      .func('Top', { Count: 1 })
      .request('PUT', 'Logo', 'text')
      .add(order)
      .changeSet([create(reference(order, 'Items'), {})])
    await batch.execute({ format: 'json' })
    expect(sent).toHaveLength(1)
    expect(sent[0]?.options).toEqual({ format: 'json' })
    expect(sent[0]?.entries).toEqual(batch.requests)
    expect(sent[0]?.entries.map((entry) => (entry.kind === 'request' ? entry.method : entry.kind))).toEqual(
      'GET POST PATCH PUT DELETE POST GET PUT POST change-set'.split(' '),
    )
  })

  it('is filled by a loop too, without a look at what its steps return', async () => {
    const { client, sent } = recorder()
    const batch = createBatch(client)
    for (let id = 0; id < 3; id++) batch.create('Rows', { id })
    await batch.execute()
    expect(sent[0]?.entries.map((entry) => entry.kind === 'request' && entry.body)).toEqual([
      { id: 0 },
      { id: 1 },
      { id: 2 },
    ])
  })

  it('does not change what was sent when it is filled on', async () => {
    const { client, sent } = recorder()
    const batch = createBatch(client).get('A')
    await batch.execute()
    await batch.get('B').execute()
    expect(sent.map(({ entries }) => entries.length)).toEqual([1, 2])
  })
})
