import type { RequestMethod } from '../ODataClient.js'
import type { BatchRequest, BatchRequestOptions, RequestReference } from './BatchRequest.js'

/** What a function in a batch may be given. */
export interface BatchFunctionOptions extends BatchRequestOptions {
  /** Puts the values of all parameters into the query, as for `callFunction` of the client. @default false */
  readonly aliases?: boolean | undefined
}

/**
 * A `GET` of a batch. As all that make a request it only notes what is given; what is wrong with it is said before the batch is sent.
 *
 * @typeParam TResult an entity as it is, a primitive value or a collection taken out of its `value` (a page with a next link or a count
 * comes whole); that of the reference when `path` is one
 * @param path below the service root, with its query: `Products(1)?$select=Name`; an absolute URL on the origin of the service; or a
 * {@link reference}
 * @example
 * get<Product>('Products(1)')
 */
export function get<TResult = unknown>(
  path: string | RequestReference<TResult> | RequestReference,
  options?: BatchRequestOptions,
): BatchRequest<TResult> {
  return request('GET', path, undefined, options)
}

/**
 * A `POST` of a batch, which creates something in a collection.
 *
 * @typeParam TResult what the service sends back: as a rule the new entity with its key, nothing with `returnPreference: 'minimal'`;
 * one of the collection when `path` is a reference to one
 * @param body an object is sent as JSON; text and bytes as they are, with `Content-Type` of your own or `text/plain` and
 * `application/octet-stream`. A `Blob` is none: give `new Uint8Array(await blob.arrayBuffer())`
 * @example
 * const order = create<Order>('Orders', { Customer: 7 })
 * const item = create(reference(order, 'Items'), { Product: 1 })
 */
export function create<TResult>(
  path: RequestReference<readonly TResult[]>,
  body: object | string,
  options?: BatchRequestOptions,
): BatchRequest<TResult>
export function create<TResult = unknown>(
  path: string | RequestReference,
  body: object | string,
  options?: BatchRequestOptions,
): BatchRequest<TResult>
export function create(path: string | RequestReference, body: object | string, options?: BatchRequestOptions) {
  return request('POST', path, body, options)
}

/**
 * A `PATCH` of a batch: changes what is given and leaves the rest.
 *
 * @typeParam TResult what the service sends back, `undefined` for nothing: `returnPreference` asks for one of the two
 * @param patch as the body of {@link create}
 * @example
 * update('Products(1)', { Price: 12 }, { etag: product['@odata.etag'] })
 */
export function update<TResult = unknown>(
  path: string | RequestReference,
  patch: object | string,
  options?: BatchRequestOptions,
): BatchRequest<TResult> {
  return request('PATCH', path, patch, options)
}

/** A `PUT` of a batch: replaces the whole. Otherwise as {@link update}. */
export function replace<TResult = unknown>(
  path: string | RequestReference,
  body: object | string,
  options?: BatchRequestOptions,
): BatchRequest<TResult> {
  return request('PUT', path, body, options)
}

/** A `DELETE` of a batch. */
export function remove(path: string | RequestReference, options?: BatchRequestOptions): BatchRequest<undefined> {
  return request('DELETE', path, undefined, options)
}

/**
 * An action of a batch.
 *
 * @typeParam TResult as for {@link get}; `undefined` for an action that returns nothing
 * @param path `Products(1)/Sales.Discount`, `Rebuild`, or a reference to what it is bound to: `reference(order, 'Sales.Approve')`
 * @param parameters one member for each parameter
 * @example
 * action<Product>('Products(1)/Sales.Discount', { Percent: 10 })
 */
export function action<TResult = unknown>(
  path: string | RequestReference,
  parameters: object = {},
  options?: BatchRequestOptions,
): BatchRequest<TResult> {
  return request('POST', path, parameters, options)
}

/**
 * A function of a batch.
 *
 * @typeParam TResult as for {@link get}
 * @param path as for `callFunction` of the client: without parentheses, or with aliases; or a reference to what it is bound to
 * @param parameters one member for each parameter
 * @example
 * func<Product[]>('TopProducts', { Count: 10 })
 */
export function func<TResult = unknown>(
  path: string | RequestReference,
  parameters: object = {},
  { aliases = false, ...options }: BatchFunctionOptions = {},
): BatchRequest<TResult> {
  return { ...request('GET', path, undefined, options), functionCall: { parameters, aliases } }
}

/**
 * Any other request of a batch.
 *
 * @typeParam TResult as for {@link get}
 * @param body as for {@link create}
 * @example
 * request('PUT', 'Products(1)/Photo', bytes, { headers: { 'Content-Type': 'image/png' } })
 */
export function request<TResult = unknown>(
  method: RequestMethod,
  path: string | RequestReference,
  body?: object | string,
  options: BatchRequestOptions = {},
): BatchRequest<TResult> {
  return { kind: 'request', method, path, body, options }
}
