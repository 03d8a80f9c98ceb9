import type { BatchRequest, RequestReference } from './BatchRequest.js'

/** What may follow a reference: a property, with a key or more behind it, or the qualified name of an operation. Anything when nothing is known. */
export type ReferenceSegment<TResult> = unknown extends TResult
  ? string
  : (keyof TResult & string) | `${keyof TResult & string}${'(' | '/' | '?'}${string}` | `${string}.${string}`

/** What a reference with this segment leads to: `unknown` unless it is a property. */
export type ReferenceTarget<TResult, TSegment> = TSegment extends undefined
  ? TResult
  : unknown extends TResult
    ? unknown
    : TSegment extends keyof TResult
      ? NonNullable<TResult[TSegment]>
      : unknown

/**
 * Names what a request before creates or returns (`$id`, Protocol 11.7.4), as the path of another request, which then depends on it.
 *
 * @param request stands before in the same batch
 * @param segment what follows: a property of the entity (`Items`), or an action or function by its qualified name (`Sales.Approve`)
 * @example
 * const order = create<Order>('Orders', { Customer: 7 })
 * const item = create(reference(order, 'Items'), { Product: 1 })
 * const approval = action<Approval>(reference(order, 'Sales.Approve'))
 * const customer = get(reference(order, 'Customer')) // BatchRequest<Customer>
 */
export function reference<TResult, const TSegment extends ReferenceSegment<TResult> | undefined = undefined>(
  request: BatchRequest<TResult>,
  segment?: TSegment,
): RequestReference<ReferenceTarget<TResult, TSegment>> {
  return { kind: 'reference', request, segment }
}
