import { expectTypeOf, test } from 'vitest'
import type { BatchItemResult } from '../../../src/core/batch/BatchItem.js'
import type { BatchEntry, BatchRequest, ChangeSet, RequestReference } from '../../../src/core/batch/BatchRequest.js'
import type { BatchResult } from '../../../src/core/batch/BatchResult.js'
import { action, create, func, get, remove, replace, request, update } from '../../../src/core/batch/batchRequests.js'
import { changeSet } from '../../../src/core/batch/changeSet.js'
import { createBatch } from '../../../src/core/batch/createBatch.js'
import { reference } from '../../../src/core/batch/reference.js'
import type { AsyncOperation } from '../../../src/core/index.js'

interface Product {
  readonly ID: number
  readonly Name?: string | null
}
interface Customer {
  readonly ID: string
}
interface Order {
  readonly ID: number
  readonly Items: readonly Product[]
  readonly Lines?: Product[]
  readonly Customer?: Customer | null
}

declare const rows: readonly Product[]
declare const client: Parameters<typeof createBatch>[0]
/** What `executeBatch` gives for these entries. */
declare function results<const TEntries extends readonly BatchEntry[]>(
  entries: TEntries,
): BatchResult<TEntries>['results']

const order = create<Order>('Orders', { Customer: 7 })

test('requests have results of the type that is asked for, unknown without one', () => {
  expectTypeOf(get<Product>('Products(1)')).toEqualTypeOf<BatchRequest<Product>>()
  expectTypeOf(get('Products(1)')).toEqualTypeOf<BatchRequest<unknown>>()
  expectTypeOf(create('Products', { ID: 1 })).toEqualTypeOf<BatchRequest<unknown>>()
  expectTypeOf(create<Product>('Products', { ID: 1 })).toEqualTypeOf<BatchRequest<Product>>()
  expectTypeOf(update<Product>('Products(1)', { Name: 'Tea' })).toEqualTypeOf<BatchRequest<Product>>()
  expectTypeOf(replace<Product>('Products(1)', { ID: 1 })).toEqualTypeOf<BatchRequest<Product>>()
  expectTypeOf(remove('Products(1)')).toEqualTypeOf<BatchRequest<undefined>>()
  expectTypeOf(action<number>('Count')).toEqualTypeOf<BatchRequest<number>>()
  expectTypeOf(func<Product[]>('Top', { Count: 1 })).toEqualTypeOf<BatchRequest<Product[]>>()
  expectTypeOf(request<string>('PUT', 'Logo', Uint8Array.of(1))).toEqualTypeOf<BatchRequest<string>>()
})

test('results stand where the entries stand, those of a change set as a list in its place', () => {
  const [product, [created, removed], count] = results([
    get<Product>('Products(1)'),
    changeSet([create<Order>('Orders', {}), remove('Products(2)')]),
    action<number>('Count'),
  ])
  expectTypeOf(product).toEqualTypeOf<BatchItemResult<Product>>()
  expectTypeOf(created).toEqualTypeOf<BatchItemResult<Order>>()
  expectTypeOf(removed).toEqualTypeOf<BatchItemResult<undefined>>()
  expectTypeOf(count).toEqualTypeOf<BatchItemResult<number>>()
})

test('the outcome tells what else there is', () => {
  const [product] = results([get<Product>('Products(1)')])
  expectTypeOf(product.result).toEqualTypeOf<Product | undefined>()
  if (product.outcome === 'succeeded') expectTypeOf(product.result).toEqualTypeOf<Product>()
  if (product.outcome === 'failed') expectTypeOf(product.error.message).toEqualTypeOf<string>()
  if (product.outcome === 'pending') expectTypeOf(product.operation.result).toEqualTypeOf<Product | undefined>()
  if (product.error) expectTypeOf(product.result).toEqualTypeOf<undefined>()
})

test('lists of unknown length keep the type of their elements, alone, in a change set, and next to others', () => {
  const created = rows.map((row) => create<Product>('Products', row))
  expectTypeOf(results(created)).toEqualTypeOf<readonly BatchItemResult<Product>[]>()
  const [set, first, ...rest] = results([changeSet(created), get<Order>('Orders(1)'), ...created])
  expectTypeOf(set).toEqualTypeOf<readonly BatchItemResult<Product>[]>()
  expectTypeOf(first).toEqualTypeOf<BatchItemResult<Order>>()
  expectTypeOf(rest).toEqualTypeOf<BatchItemResult<Product>[]>()
})

test('a list of this and that gives results of this or that', () => {
  const mixed = [get<Product>('Products(1)'), get<Order>('Orders(1)')]
  expectTypeOf(results(mixed)).toEqualTypeOf<readonly (BatchItemResult<Product> | BatchItemResult<Order>)[]>()
})

test('a reference has the type of what it leads to', () => {
  expectTypeOf(reference(order)).toEqualTypeOf<RequestReference<Order>>()
  expectTypeOf(reference(order, 'Items')).toEqualTypeOf<RequestReference<readonly Product[]>>()
  expectTypeOf(reference(order, 'Customer')).toEqualTypeOf<RequestReference<Customer>>()
  expectTypeOf(reference(order, 'Sales.Approve')).toEqualTypeOf<RequestReference<unknown>>()
  expectTypeOf(reference(order, 'Items(7)')).toEqualTypeOf<RequestReference<unknown>>()
  expectTypeOf(reference(create('Orders', {}), 'Anything')).toEqualTypeOf<RequestReference<unknown>>()
})

test('a request to a reference has its type, unless another one is asked for', () => {
  expectTypeOf(get(reference(order))).toEqualTypeOf<BatchRequest<Order>>()
  expectTypeOf(get(reference(order, 'Customer'))).toEqualTypeOf<BatchRequest<Customer>>()
  expectTypeOf(get(reference(order, 'Items'))).toEqualTypeOf<BatchRequest<readonly Product[]>>()
  expectTypeOf(get<number>(reference(order, 'Items/$count'))).toEqualTypeOf<BatchRequest<number>>()
  expectTypeOf(action<boolean>(reference(order, 'Sales.Approve'))).toEqualTypeOf<BatchRequest<boolean>>()
  expectTypeOf(action(reference(order, 'Sales.Approve'))).toEqualTypeOf<BatchRequest<unknown>>()
})

test('what is created in a collection is one of it', () => {
  expectTypeOf(create(reference(order, 'Items'), { ID: 1 })).toEqualTypeOf<BatchRequest<Product>>()
  expectTypeOf(create(reference(order, 'Lines'), { ID: 1 })).toEqualTypeOf<BatchRequest<Product>>()
  expectTypeOf(create(reference(order, 'Sales.Notes'), {})).toEqualTypeOf<BatchRequest<unknown>>()
  expectTypeOf(create<Product>(reference(order, 'Items'), {})).toEqualTypeOf<BatchRequest<Product>>()
  const anything = create('Orders', {})
  expectTypeOf(create(reference(anything, 'Items'), {})).toEqualTypeOf<BatchRequest<unknown>>()
  expectTypeOf(create<Product>(reference(anything, 'Items'), {})).toEqualTypeOf<BatchRequest<Product>>()
})

test('a chain of the builder has a typed result for each step', () => {
  const batch = createBatch(client)
    .get<Product>('Products(1)')
    .changeSet([update<Order>('Orders(1)', {}), remove('Products(2)')])
    .add(order, get<number>('Products/$count'))
    .create(reference(order, 'Items'), {})
  type Entries = readonly [
    BatchRequest<Product>,
    ChangeSet<readonly [BatchRequest<Order>, BatchRequest<undefined>]>,
    BatchRequest<Order>,
    BatchRequest<number>,
    BatchRequest<Product>,
  ]
  expectTypeOf(batch.requests).toEqualTypeOf<Entries>()
  expectTypeOf(batch.execute()).toEqualTypeOf<Promise<AsyncOperation<BatchResult<Entries>>>>()
})

test('a builder that was filled in a loop has results of any type, or of the one that is named', () => {
  const batch = createBatch(client)
  for (const row of rows) batch.create<Product>('Products', row)
  expectTypeOf(batch.execute()).toEqualTypeOf<Promise<AsyncOperation<BatchResult<readonly BatchEntry[]>>>>()
  const named = createBatch<readonly BatchRequest<Product>[]>(client)
  type Named = BatchResult<readonly BatchRequest<Product>[]>['results']
  expectTypeOf(named.execute()).resolves.toHaveProperty('result')
  expectTypeOf<Named>().toEqualTypeOf<readonly BatchItemResult<Product>[]>()
})

test('any batch result passes for one whose entries are not known', () => {
  expectTypeOf<BatchResult<readonly [BatchRequest<Product>]>>().toExtend<BatchResult>()
  expectTypeOf<BatchRequest<Product>>().toExtend<BatchEntry>()
  expectTypeOf<ChangeSet<readonly [BatchRequest<Product>]>>().toExtend<BatchEntry>()
})

test('what does not compile', () => {
  // @ts-expect-error a request has a path
  get()
  // @ts-expect-error what is created has a body
  create('Products')
  // @ts-expect-error a body is an object or text
  create('Products', 7)
  // @ts-expect-error a body is never null
  update('Products(1)', null)
  // @ts-expect-error nothing is sent back
  remove<Product>('Products(1)')
  // @ts-expect-error parameters are an object
  func('Top', 10)
  // @ts-expect-error there is no such method
  request('HEAD', 'Products')
  // @ts-expect-error representation or minimal
  create('Products', {}, { returnPreference: 'none' })
  // @ts-expect-error an identifier is text
  get('Products', { id: 7 })
  // @ts-expect-error aliases are for functions
  get('Products', { aliases: true })
  // @ts-expect-error there is no such form
  get('Products', { urlForm: 'short' })
})

test('what does not compile, of change sets and references', () => {
  // @ts-expect-error a change set holds requests, not change sets
  changeSet([changeSet([order])])
  // @ts-expect-error a change set holds requests
  changeSet(['Products(1)'])
  // @ts-expect-error there is no such property
  reference(order, 'Itms')
  // @ts-expect-error a reference is to a request, not to a change set
  reference(changeSet([order]))
  // @ts-expect-error a reference is to a request, not to its identifier
  reference('1', 'Items')
  // @ts-expect-error it depends on requests, change sets, or their identifiers
  get('Products', { dependsOn: [reference(order)] })
  // @ts-expect-error a change set is no batch
  results(changeSet([order]))
})

test('what does not compile, of results', () => {
  const given = results([get<Product>('Products(1)'), changeSet([order])])
  // @ts-expect-error it is not known to have succeeded
  given[0].result.ID
  // @ts-expect-error there are two
  given[2]
  // @ts-expect-error a change set has a list
  given[1].outcome
  // @ts-expect-error results are not written to
  given[0] = results([get<Product>('Products(2)')])[0]
  // @ts-expect-error entries of a builder are requests
  createBatch(client).add('Products(1)')
})
