import type { AsyncOperation } from '../AsyncOperation.js'
import type { ODataClient, RequestMethod } from '../ODataClient.js'
import type { BatchOptions } from './BatchOptions.js'
import type { BatchEntry, BatchRequest, BatchRequestOptions, ChangeSet, RequestReference } from './BatchRequest.js'
import type { BatchResult } from './BatchResult.js'
import * as make from './batchRequests.js'
import { changeSet } from './changeSet.js'

/** What the compiler knows of the entries: nothing of a builder that was only filled in a loop. */
export type KnownEntries<TEntries extends readonly BatchEntry[]> = TEntries extends readonly []
  ? readonly BatchEntry[]
  : TEntries

type With<TEntries extends readonly BatchEntry[], TEntry extends BatchEntry> = BatchBuilder<
  readonly [...TEntries, TEntry]
>

/**
 * A batch that is put together step by step. Each step adds to this very builder and returns it, so that a chain and a loop both work.
 *
 * A chain has a typed result for each step. A loop throws away what its steps return, so the compiler knows nothing of them: their
 * results are `unknown`, in `results` and in `items`. Say it yourself then (`client.createBatch<BatchRequest<Product>[]>()`), or give
 * `client.executeBatch` a list (`rows.map((row) => create<Product>('Products', row))`), which keeps the type.
 *
 * @example
 * const operation = await client
 *   .createBatch()
 *   .get<Product>('Products(1)')
 *   .changeSet([create<Order>('Orders', order), update('Products(1)', { Stock: 6 })])
 *   .execute()
 * const { results: [product, [created, updated]] } = await operation.waitForCompletion()
 */
export interface BatchBuilder<TEntries extends readonly BatchEntry[] = readonly []> {
  /** The entries so far; a list that grows. */
  readonly requests: KnownEntries<TEntries>
  /** Adds entries that were made before, such as one that a {@link reference} needs. */
  add<const TAdded extends readonly BatchEntry[]>(...entries: TAdded): BatchBuilder<readonly [...TEntries, ...TAdded]>
  /** Adds what {@link get} makes. */
  get<TResult = unknown>(
    path: string | RequestReference<TResult> | RequestReference,
    options?: BatchRequestOptions,
  ): With<TEntries, BatchRequest<TResult>>
  /** Adds what {@link create} makes. */
  create<TResult>(
    path: RequestReference<readonly TResult[]>,
    body: object | string,
    options?: BatchRequestOptions,
  ): With<TEntries, BatchRequest<TResult>>
  create<TResult = unknown>(
    path: string | RequestReference,
    body: object | string,
    options?: BatchRequestOptions,
  ): With<TEntries, BatchRequest<TResult>>
  /** Adds what {@link update} makes. */
  update<TResult = unknown>(
    path: string | RequestReference,
    patch: object | string,
    options?: BatchRequestOptions,
  ): With<TEntries, BatchRequest<TResult>>
  /** Adds what {@link replace} makes. */
  replace<TResult = unknown>(
    path: string | RequestReference,
    body: object | string,
    options?: BatchRequestOptions,
  ): With<TEntries, BatchRequest<TResult>>
  /** Adds what {@link remove} makes. */
  remove(path: string | RequestReference, options?: BatchRequestOptions): With<TEntries, BatchRequest<undefined>>
  /** Adds what {@link action} makes. */
  action<TResult = unknown>(
    path: string | RequestReference,
    parameters?: object,
    options?: BatchRequestOptions,
  ): With<TEntries, BatchRequest<TResult>>
  /** Adds what {@link func} makes. */
  func<TResult = unknown>(
    path: string | RequestReference,
    parameters?: object,
    options?: make.BatchFunctionOptions,
  ): With<TEntries, BatchRequest<TResult>>
  /** Adds what {@link request} makes. */
  request<TResult = unknown>(
    method: RequestMethod,
    path: string | RequestReference,
    body?: object | string,
    options?: BatchRequestOptions,
  ): With<TEntries, BatchRequest<TResult>>
  /** Adds what {@link changeSet} makes. */
  changeSet<const TRequests extends readonly BatchRequest[]>(
    requests: TRequests,
    options?: Pick<ChangeSet, 'id' | 'dependsOn'>,
  ): With<TEntries, ChangeSet<TRequests>>
  /** Sends what there is now, by `executeBatch` of the client; the builder may be filled on and sent again. */
  execute(options?: BatchOptions): Promise<AsyncOperation<BatchResult<KnownEntries<TEntries>>>>
}

/** A builder without entries. Nothing is sent before `execute`. */
export function createBatch<TEntries extends readonly BatchEntry[] = readonly []>(
  client: Pick<ODataClient, 'executeBatch'>,
): BatchBuilder<TEntries> {
  const requests: BatchEntry[] = []
  const adding =
    <TGiven extends unknown[]>(maker: (...given: TGiven) => BatchEntry) =>
    (...given: TGiven) =>
      add(maker(...given))
  const builder = {
    requests,
    add,
    get: adding(make.get),
    create: adding(make.create),
    update: adding(make.update),
    replace: adding(make.replace),
    remove: adding(make.remove),
    action: adding(make.action),
    func: adding(make.func),
    request: adding(make.request),
    changeSet: adding(changeSet),
    execute: (options?: BatchOptions) => client.executeBatch([...requests], options),
  }
  function add(...entries: BatchEntry[]) {
    for (const entry of entries) requests.push(entry)
    return builder
  }
  return builder as unknown as BatchBuilder<TEntries>
}
