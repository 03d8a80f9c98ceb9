import { expectTypeOf, test } from 'vitest'
import {
  type AsyncOperation,
  type CancelOutcome,
  createODataClient,
  formatKey,
  isODataServiceError,
  type ODataErrorDetail,
  type RequestMethod,
  type ServiceCapabilities,
  typedLiteral,
} from '../../src/core/index.js'

interface Order {
  readonly ID: number
  readonly Status?: 'Open' | 'Closed'
}

const client = createODataClient({ serviceUrl: 'https://host/odata/' })

test('results have the type that is asked for', () => {
  expectTypeOf(client.callAction<number>('Count')).toEqualTypeOf<Promise<AsyncOperation<number>>>()
  expectTypeOf(client.callActionAndWait<number>('Count', {})).toEqualTypeOf<Promise<number>>()
  expectTypeOf(client.callActionAndWait('Count')).toEqualTypeOf<Promise<unknown>>()
})

test('functions and requests have results of the type that is asked for, unknown without one', () => {
  expectTypeOf(client.callFunction<Order[]>('Top', { Count: 10 })).toEqualTypeOf<Promise<AsyncOperation<Order[]>>>()
  expectTypeOf(client.callFunction('Top')).toEqualTypeOf<Promise<AsyncOperation<unknown>>>()
  expectTypeOf(client.prepareFunction<number>('Count')).toEqualTypeOf<AsyncOperation<number>>()
  expectTypeOf(client.request<Order>('GET', 'Orders(7)')).toEqualTypeOf<Promise<AsyncOperation<Order>>>()
  expectTypeOf(client.request('DELETE', 'Orders(7)')).toEqualTypeOf<Promise<AsyncOperation<unknown>>>()
  expectTypeOf(client.prepareRequest<Order>('GET', 'Orders(7)')).toEqualTypeOf<AsyncOperation<Order>>()
  expectTypeOf<AsyncOperation<Order>['result']>().toEqualTypeOf<Order | undefined>()
})

test('a request has one of five methods, and a body of the type that is named', () => {
  expectTypeOf<RequestMethod>().toEqualTypeOf<'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'>()
  expectTypeOf(client.request<Order, Order>).toBeCallableWith('PATCH', 'Orders(7)', { ID: 7, Status: 'Closed' })
  expectTypeOf(client.request).toBeCallableWith('PUT', 'Logo', new Blob())
  expectTypeOf(client.request).toBeCallableWith('PUT', 'Logo', Uint8Array.of(1), { etag: '"1"' })
  expectTypeOf(client.request).toBeCallableWith('PUT', 'Note/$value', 'text')
  // An interface is an object too, though it has no index signature.
  expectTypeOf(client.callFunction).toBeCallableWith('Fn', { ID: 7 } as Order)
})

test('the capabilities are those of the service', () => {
  expectTypeOf(client.getCapabilities()).toEqualTypeOf<Promise<ServiceCapabilities>>()
})

test('the outcome of a cancel is one of five', () => {
  expectTypeOf<CancelOutcome>().toEqualTypeOf<'cancelled' | 'requested' | 'unsupported' | 'too-late' | 'failed'>()
})

test('guards narrow', () => {
  const error: unknown = undefined
  if (isODataServiceError(error)) {
    expectTypeOf(error.status).toEqualTypeOf<number>()
    expectTypeOf(error.details).toEqualTypeOf<readonly ODataErrorDetail[] | undefined>()
    expectTypeOf(error.kind).toEqualTypeOf<'service'>()
  }
})

test('what does not compile', () => {
  // @ts-expect-error a client needs its service
  createODataClient({})
  // @ts-expect-error there is no such version
  createODataClient({ serviceUrl: 'https://host/', maxVersion: '4.2' })
  // @ts-expect-error parameters are an object
  client.callAction('Count', 7)
  // @ts-expect-error seconds, not text
  client.callAction('Count', {}, { wait: '5' })
  // @ts-expect-error a record, or the URL of a monitor
  client.resume('https://host/jobs/7')
})

test('what does not compile, of functions and requests', () => {
  // @ts-expect-error parameters are an object
  client.callFunction('Top', 10)
  // @ts-expect-error there is no such method
  client.request('HEAD', 'Orders')
  // @ts-expect-error methods are in upper case
  client.request('get', 'Orders')
  // @ts-expect-error a request has a path
  client.request('GET')
  // @ts-expect-error a body is an object, text, bytes or a blob
  client.request('POST', 'Orders', 7)
  // @ts-expect-error a body is never null
  client.request('POST', 'Orders', null)
  // @ts-expect-error a member is missing
  client.request<Order, Order>('PUT', 'Orders(7)', { Status: 'Closed' })
  // @ts-expect-error a member has the wrong type
  client.request<Order, Order>('PATCH', 'Orders(7)', { ID: '7' })
  // @ts-expect-error there is no such member
  client.request<Order, Order>('PATCH', 'Orders(7)', { ID: 7, State: 'Closed' })
  // @ts-expect-error aliases are for functions
  client.callAction('Rebuild', {}, { aliases: true })
  // @ts-expect-error aliases are for functions
  client.request('GET', 'Orders', undefined, { aliases: true })
  // @ts-expect-error a result is not written to
  client.prepareFunction<number>('Count').record.result = 7
})

test('what does not compile, of options', () => {
  // @ts-expect-error true, false or 'detect'
  client.callAction('Rebuild', {}, { repeatability: 'always' })
  // @ts-expect-error there is no other isolation
  client.callAction('Rebuild', {}, { isolation: 'serializable' })
  // @ts-expect-error representation or minimal
  client.callAction('Rebuild', {}, { returnPreference: 'all' })
  // @ts-expect-error an etag is text
  client.callAction('Rebuild', {}, { etag: 7 })
  // @ts-expect-error a URL as text
  client.callAction('Rebuild', {}, { callbackUrl: new URL('https://app.example/') })
  // @ts-expect-error keep or cancel
  client.callAction('Rebuild', {}, { onTimeout: 'abort' })
  // @ts-expect-error a header has one value
  client.callAction('Rebuild', {}, { headers: { Prefer: ['a', 'b'] } })
  // @ts-expect-error an option of the client alone
  client.callAction('Rebuild', {}, { maxVersion: '4.0' })
  // @ts-expect-error origins are a list
  createODataClient({ serviceUrl: 'https://host/', trustedOrigins: 'https://other' })
})

test('what does not compile, of keys and literals', () => {
  // @ts-expect-error a key is never null
  formatKey(null)
  // @ts-expect-error a list is no key
  formatKey([1, 2])
  // @ts-expect-error a literal is made from text, so that no digit is lost
  typedLiteral('Edm.Int64', 7)
})
