'use client'

import type { AsyncOperation } from '../core/AsyncOperation.js'
import type { ODataClient, RequestMethod } from '../core/ODataClient.js'
import type { RequestOptions } from '../core/OperationOptions.js'
import { type OperationStarter, type OperationStarterOptions, useOperationStarter } from './useOperationStarter.js'

/** Options of {@link useODataRequest}. */
export interface UseODataRequestOptions<TResult = unknown, TInput = void>
  extends Omit<RequestOptions, 'id' | 'signal'>,
    OperationStarterOptions<TResult> {
  /** HTTP method. */
  readonly method: RequestMethod
  /** Path below the service root with its query, or a function that makes it from what `start` is given. */
  readonly path: string | ((input: TInput) => string)
  /**
   * Makes the body from what `start` is given: an object is sent as JSON; text, bytes and blobs as they are.
   * @default for `POST`, `PATCH` and `PUT` the input as it is, else none
   */
  readonly body?: ((input: TInput) => object | string | undefined) | undefined
}

/** What {@link useODataRequest} returns. */
export type UseODataRequestResult<TResult = unknown, TInput = void> = OperationStarter<TResult, TInput>

/**
 * Sends any request that may take longer than one HTTP request, when it is told to, and follows it to its end: a large query, an
 * update that sets off a workflow, the upload of a file.
 *
 * @typeParam TResult what comes back, as for `useODataAction`; text for a text, a `data:` URL for anything else that is not JSON
 * @typeParam TInput what `start` is given; `void` for nothing
 * @throws {@link ODataConfigurationError} outside of an `ODataProvider`
 * @example
 * const upload = useODataRequest<undefined, File>({ method: 'PUT', path: (file) => `Files${formatKey(file.name)}/$value` })
 * <input type="file" onChange={({ target }) => target.files?.[0] && upload.start(target.files[0])} />
 */
export function useODataRequest<TResult = unknown, TInput = void>(
  options: UseODataRequestOptions<TResult, TInput>,
): UseODataRequestResult<TResult, TInput> {
  return useOperationStarter('useODataRequest', options, prepareRequest<TResult, TInput>)
}

function prepareRequest<TResult, TInput>(
  client: ODataClient,
  { method, path, body = defaultBody(method), ...call }: UseODataRequestOptions<TResult, TInput>,
  input: TInput,
): AsyncOperation {
  return client.prepareRequest(method, typeof path === 'function' ? path(input) : path, body(input), call)
}

function defaultBody(method: RequestMethod) {
  return (input: unknown) => (/^P/.test(method) ? (input as object | string | undefined) : undefined)
}
