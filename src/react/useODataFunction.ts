'use client'

import type { AsyncOperation } from '../core/AsyncOperation.js'
import type { ODataClient } from '../core/ODataClient.js'
import type { CallFunctionOptions } from '../core/OperationOptions.js'
import { type OperationStarter, type OperationStarterOptions, useOperationStarter } from './useOperationStarter.js'

/** Options of {@link useODataFunction}. */
export interface UseODataFunctionOptions<TResult = unknown, TParameters = void>
  extends Omit<CallFunctionOptions, 'id' | 'signal'>,
    OperationStarterOptions<TResult> {
  /**
   * Path below the service root, without parentheses, or with those that you want (see {@link ODataClient.callFunction}); or a
   * function that makes it from the parameters, for a function bound to one of many.
   */
  readonly function: string | ((parameters: TParameters) => string)
  /**
   * What goes into the call, when that is not all of the parameters.
   * @default the parameters as they are
   */
  readonly parameters?: ((parameters: TParameters) => object) | undefined
}

/** What {@link useODataFunction} returns. */
export type UseODataFunctionResult<TResult = unknown, TParameters = void> = OperationStarter<TResult, TParameters>

/**
 * Calls an OData function that may take longer than one HTTP request, when it is told to, and follows it to its end.
 *
 * @typeParam TResult what the function returns, as for `useODataAction`; a `data:` URL when it is a stream
 * @typeParam TParameters its parameters, one member each; `void` when it takes none
 * @throws {@link ODataConfigurationError} outside of an `ODataProvider`
 * @example
 * const forecast = useODataFunction<number[], { Year: number; Depots: string[] }>({ function: 'Sales.ForecastCosts' })
 * <button onClick={() => forecast.start({ Year: 2027, Depots: ['North'] })}>Forecast</button>
 */
export function useODataFunction<TResult = unknown, TParameters = void>(
  options: UseODataFunctionOptions<TResult, TParameters>,
): UseODataFunctionResult<TResult, TParameters> {
  return useOperationStarter('useODataFunction', options, prepareFunction<TResult, TParameters>)
}

function prepareFunction<TResult, TParameters>(
  client: ODataClient,
  { function: target, parameters: map, ...call }: UseODataFunctionOptions<TResult, TParameters>,
  parameters: TParameters,
): AsyncOperation {
  const path = typeof target === 'function' ? target(parameters) : target
  return client.prepareFunction(path, map ? map(parameters) : (parameters ?? {}), call)
}
