import { expectTypeOf, test } from 'vitest'
import {
  type BatchItem,
  type BatchItemResult,
  type BatchResult,
  changeSet,
  create,
  get,
  type OperationRecord,
  update,
} from '../../src/core/index.js'
import { useODataBatch } from '../../src/react/useODataBatch.js'

interface Product {
  readonly ID: number
  readonly Name: string
}
interface Order {
  readonly Total: number
}

test('each request has its result in its place, a change set a tuple of its own', () => {
  const batch = useODataBatch({
    requests: [get<Product>('Products(1)'), changeSet([create<Order>('Orders', {}), create<Product>('Products', {})])],
  })
  batch.start()
  // @ts-expect-error nothing is asked for
  batch.start({ ID: 1 })
  if (batch.status !== 'completed') return
  const [product, [order, another]] = batch.result.results
  expectTypeOf(product).toEqualTypeOf<BatchItemResult<Product>>()
  expectTypeOf(order).toEqualTypeOf<BatchItemResult<Order>>()
  expectTypeOf(another).toEqualTypeOf<BatchItemResult<Product>>()
  // @ts-expect-error there are two
  batch.result.results[2]
  if (product.outcome === 'succeeded') expectTypeOf(product.result).toEqualTypeOf<Product>()
  // @ts-expect-error it may have failed
  product.result.Name
})

test('requests that are made from what start is given keep their types', () => {
  const batch = useODataBatch({
    requests: (order: Order) => [create<Order>('Orders', order), get<Product>('Products(1)')],
  })
  batch.start({ Total: 1 })
  // @ts-expect-error the order is missing
  batch.start()
  // @ts-expect-error another type
  batch.start({ Total: '1' })
  void batch.startAsync({ Total: 1 }).then(({ results: [order, product] }) => {
    expectTypeOf(order).toEqualTypeOf<BatchItemResult<Order>>()
    expectTypeOf(product).toEqualTypeOf<BatchItemResult<Product>>()
  })
})

test('as many requests as there are rows have one type', () => {
  const batch = useODataBatch({
    requests: (rows: readonly Product[]) => rows.map((row) => update<Product>(`Products(${row.ID})`, row)),
    onItemSettled: (item, operation) => {
      expectTypeOf(item).toEqualTypeOf<BatchItemResult>()
      expectTypeOf(operation).toExtend<OperationRecord>()
    },
    onCompleted: (result) => expectTypeOf(result.results[0]).toEqualTypeOf<BatchItemResult<Product> | undefined>(),
  })
  batch.start([])
  batch.retryFailed()
  batch.retryFailed([{ ID: 1, Name: 'Corrected' }])
  // @ts-expect-error what is corrected has the same type
  batch.retryFailed([{ ID: '1' }])
  for (const item of batch.result?.results ?? []) expectTypeOf(item).toEqualTypeOf<BatchItemResult<Product>>()
  expectTypeOf(batch.items).toEqualTypeOf<readonly BatchItem[]>()
})

test('the status narrows the result', () => {
  const batch = useODataBatch({ requests: [get<Product>('Products(1)')] })
  // @ts-expect-error there may be no result yet
  batch.result.items
  if (batch.isIdle) expectTypeOf(batch.operation).toEqualTypeOf<undefined>()
  if (batch.status === 'completed') expectTypeOf(batch.result).toExtend<BatchResult>()
})

test('what a batch cannot have is refused', () => {
  // @ts-expect-error requests are required
  useODataBatch({})
  // @ts-expect-error a path is no request
  useODataBatch({ requests: ['Products(1)'] })
  // @ts-expect-error an ETag is of one request
  useODataBatch({ requests: [get('Products(1)')], etag: 'W/"1"' })
  // @ts-expect-error there is no such format
  useODataBatch({ requests: [get('Products(1)')], format: 'xml' })
})
