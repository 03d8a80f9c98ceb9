import type { ServiceCapabilities } from '../protocol/capabilities.js'
import type { AsyncOperation, WaitOptions } from './AsyncOperation.js'
import type { BatchOptions } from './batch/BatchOptions.js'
import type { BatchEntry } from './batch/BatchRequest.js'
import type { BatchResult } from './batch/BatchResult.js'
import type { BatchBuilder } from './batch/createBatch.js'
import type { CallActionOptions, CallFunctionOptions, RequestOptions } from './OperationOptions.js'
import type { OperationRecord } from './operation.js'
import type { RequestBody } from './send.js'

/** A method that {@link ODataClient.request} sends. */
export type RequestMethod = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'

/** A monitor known by its URL alone. */
export interface MonitorReference {
  /** Absolute, or relative to the service root. */
  readonly monitorUrl: string
  /** @default a new one */
  readonly id?: string | undefined
}

/** A client of one service. It holds no state but its options and what it learned of the service. */
export interface ODataClient {
  /** Absolute URL of the service root. */
  readonly serviceUrl: string
  /**
   * Calls an action; resolves as soon as the service has answered or accepted it.
   *
   * @typeParam TResult what the action returns: an entity or a complex value as it is, a primitive value or a collection taken out
   * of its `value` (a page with a next link or a count comes whole), `undefined` for nothing
   * @param action path below the service root: `Reports/Sales.GenerateLargeReport`, `Products(1)/Sales.Discontinue`, `Rebuild`;
   * or an absolute URL that the service gave, on its own origin or a trusted one
   * @param parameters one member for each parameter; none is sent as `{}`
   * @throws {@link ODataServiceError} answered with an error at once; {@link ODataNetworkError} no answer;
   * {@link ODataProtocolError} unusable answer; {@link ODataConfigurationError} nothing was sent
   * @example
   * const operation = await client.callAction<Report>('Reports/Sales.GenerateLargeReport', { StartDate: '2026-01-01' })
   */
  callAction<TResult = unknown>(
    action: string,
    parameters?: object,
    options?: CallActionOptions,
  ): Promise<AsyncOperation<TResult>>
  /** {@link callAction} and {@link AsyncOperation.waitForCompletion} in one. Here `signal` and `timeout` are for the whole. */
  callActionAndWait<TResult = unknown>(
    action: string,
    parameters?: object,
    options?: CallActionOptions & WaitOptions<TResult>,
  ): Promise<TResult>
  /**
   * Calls a function (`GET`); resolves as soon as the service has answered or accepted it (Protocol 11.5.4.1).
   *
   * @typeParam TResult as for {@link callAction}
   * @param path below the service root, without parentheses (`Products/Sales.Top`): primitive values are written into them, objects and
   * arrays into the query by aliases. Or with the parentheses and aliases that you want, or that the service advertised
   * (`Sales.Forecast(year=@year)`): then all values go into the query. A query of its own is kept.
   * @param parameters one member for each parameter; `undefined` is left out, `null` is sent
   * @throws as {@link callAction}
   * @example
   * const operation = await client.callFunction<Product[]>('TopProducts', { Count: 10, Categories: ['Food', 'Toys'] })
   */
  callFunction<TResult = unknown>(
    path: string,
    parameters?: object,
    options?: CallFunctionOptions,
  ): Promise<AsyncOperation<TResult>>
  /**
   * Sends any other request that may take long; resolves as soon as the service has answered or accepted it.
   *
   * @typeParam TResult as for {@link callAction}; text for a text, and a `data:` URL for anything else that is not JSON
   * @param path below the service root, with its query: `Orders?$filter=Open`, `Orders(7)`; or an absolute URL as for {@link callAction}
   * @param body an object or an array is sent as JSON; text, bytes and blobs as they are, with their type or your `Content-Type`
   * @throws as {@link callAction}
   * @example
   * const operation = await client.request('PATCH', `Orders${formatKey(7)}`, { Status: 'Closed' }, { etag: order['@odata.etag'] })
   */
  request<TResult = unknown, TBody extends object | string | undefined = object | string | undefined>(
    method: RequestMethod,
    path: string,
    body?: TBody | RequestBody,
    options?: RequestOptions,
  ): Promise<AsyncOperation<TResult>>
  /**
   * Sends several requests as one (`$batch`, Protocol 11.7); resolves as soon as the service has answered or accepted it. What became
   * of each request is in the result: a batch that was answered is `completed`, also when all of its requests failed.
   *
   * @param entries requests and change sets, made by `get`, `create`, `changeSet` and the like
   * @throws {@link ODataServiceError} the batch as a whole was answered with an error at once; {@link ODataNetworkError} no answer;
   * {@link ODataProtocolError} unusable answer; {@link ODataConfigurationError} nothing was sent
   * @example
   * const operation = await client.executeBatch([get<Product>('Products(1)'), changeSet([create('Orders', order), remove('Drafts(7)')])])
   * const { results: [product, [created]], hasErrors } = await operation.waitForCompletion()
   */
  executeBatch<const TEntries extends readonly BatchEntry[]>(
    entries: TEntries,
    options?: BatchOptions,
  ): Promise<AsyncOperation<BatchResult<TEntries>>>
  /**
   * A batch that is put together step by step; nothing is sent before `execute`.
   *
   * @example
   * const operation = await client.createBatch().get<Product>('Products(1)').create('Orders', order).execute()
   */
  createBatch<TEntries extends readonly BatchEntry[] = readonly []>(): BatchBuilder<TEntries>
  /** Makes the operation of {@link callAction} without sending anything; {@link AsyncOperation.submit} sends it. */
  prepareAction<TResult = unknown>(
    action: string,
    parameters?: object,
    options?: CallActionOptions,
  ): AsyncOperation<TResult>
  /** Makes the operation of {@link callFunction} without sending anything. */
  prepareFunction<TResult = unknown>(
    path: string,
    parameters?: object,
    options?: CallFunctionOptions,
  ): AsyncOperation<TResult>
  /** Makes the operation of {@link request} without sending anything. */
  prepareRequest<TResult = unknown>(
    method: RequestMethod,
    path: string,
    body?: object | string | RequestBody,
    options?: RequestOptions,
  ): AsyncOperation<TResult>
  /**
   * Takes an operation up again: from its record (in this process or another one), or from the URL of its monitor.
   * Waiting that was given up (`timeout`, `monitor`) goes on, and its polls and its time are counted anew. A record that never got
   * an answer fails with kind `network`. One whose monitor is not trusted is taken, and the first poll ends it with kind `protocol`
   * without sending anything.
   *
   * @throws {@link ODataConfigurationError} for neither, and for a `monitorUrl` that is not trusted
   */
  resume<TResult = unknown>(operation: OperationRecord<TResult> | MonitorReference): AsyncOperation<TResult>
  /**
   * What the service says of itself in `$metadata` (Capabilities and Core vocabularies). It is fetched once; a failure is not kept.
   *
   * @throws {@link ODataServiceError} answered with an error; {@link ODataProtocolError} no metadata; {@link ODataNetworkError} no answer
   * @example
   * const { asynchronousRequestsSupported } = await client.getCapabilities()
   */
  getCapabilities(): Promise<ServiceCapabilities>
}
