'use client'

import type { AsyncOperation } from '../core/AsyncOperation.js'
import type { ODataClient } from '../core/ODataClient.js'
import type { CallActionOptions } from '../core/OperationOptions.js'
import { type OperationStarter, type OperationStarterOptions, useOperationStarter } from './useOperationStarter.js'

/** Options of {@link useODataAction}. */
export interface UseODataActionOptions<TResult = unknown, TParameters = void>
  extends Omit<CallActionOptions, 'id' | 'signal'>,
    OperationStarterOptions<TResult> {
  /**
   * Path below the service root, or a function that makes it from the parameters, for an action bound to one of many:
   * `` ({ ID }) => `Products${formatKey(ID)}/Sales.Discontinue` ``.
   */
  readonly action: string | ((parameters: TParameters) => string)
  /**
   * What goes into the body, when that is not all of the parameters.
   * @default the parameters as they are
   */
  readonly body?: ((parameters: TParameters) => object) | undefined
}

/** What {@link useODataAction} returns. */
export type UseODataActionResult<TResult = unknown, TParameters = void> = OperationStarter<TResult, TParameters>

/**
 * Runs an OData action that may take longer than one HTTP request, and follows it to its end.
 *
 * @typeParam TResult what the action returns: an entity or a complex value as it is, a primitive value or a collection taken out of
 * its `value` (a page with a next link or a count comes whole); add `| undefined` when it may return nothing
 * @typeParam TParameters its parameters, one member each; `void` when it takes none
 * @throws {@link ODataConfigurationError} outside of an `ODataProvider`
 * @example
 * const report = useODataAction<Report, { StartDate: string; EndDate: string }>({
 *   action: 'Reports/Sales.GenerateLargeReport',
 * })
 * <button onClick={() => report.start({ StartDate: '2026-01-01', EndDate: '2026-12-31' })}>Generate</button>
 */
export function useODataAction<TResult = unknown, TParameters = void>(
  options: UseODataActionOptions<TResult, TParameters>,
): UseODataActionResult<TResult, TParameters> {
  return useOperationStarter('useODataAction', options, prepareAction<TResult, TParameters>)
}

function prepareAction<TResult, TParameters>(
  client: ODataClient,
  { action, body, ...call }: UseODataActionOptions<TResult, TParameters>,
  parameters: TParameters,
): AsyncOperation {
  const path = typeof action === 'function' ? action(parameters) : action
  return client.prepareAction(path, body ? body(parameters) : (parameters ?? {}), call)
}
