'use client'

import { useEffect, useMemo, useRef, useState } from 'react'
import type { CallActionOptions } from '../core/ODataClient.js'
import type { OperationCallbacks } from './OperationCallbacks.js'
import { type OperationState, operationState } from './operationState.js'
import { useLatest } from './useLatest.js'
import type { OperationVerbs } from './useODataOperation.js'
import { useOperationManager } from './useOperationManager.js'
import { useOperationRecord } from './useOperationRecord.js'

/** Options of {@link useODataAction}. */
export interface UseODataActionOptions<TResult = unknown, TParameters = void>
  extends Omit<CallActionOptions, 'signal'>,
    OperationCallbacks<TResult> {
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
  /**
   * Name of the operation: components with the same one share it, one that comes back finds it again, and so does a page that
   * was reloaded when React Query persists its cache.
   * @default a new one for each start
   */
  readonly id?: string | undefined
}

/** Parameters are asked for only when there are any. */
// biome-ignore lint/suspicious/noConfusingVoidType: `void` is React Query's sign for no variables, kept here.
type StartArguments<TParameters> = void extends TParameters ? [parameters?: TParameters] : [parameters: TParameters]

/** What {@link useODataAction} returns. */
export type UseODataActionResult<TResult = unknown, TParameters = void> = OperationState<TResult> &
  OperationVerbs & {
    /**
     * Starts the operation; the outcome is in what the hook returns. While one is active nothing is sent.
     * @throws {@link ODataConfigurationError} when the action or the parameters cannot be sent
     */
    readonly start: (...parameters: StartArguments<TParameters>) => void
    /** Like {@link start}; the promise is resolved with the result, or rejected with an {@link ODataError}. It settles also when the component is gone. */
    readonly startAsync: (...parameters: StartArguments<TParameters>) => Promise<TResult>
    /** Starts again with the parameters of the last start of this component. Does nothing while one is active, or when there was none. */
    readonly retry: () => void
    /**
     * True when {@link retry} would start something: after a failure or a cancel of what this component started. After a
     * failure other than `service` the first run may still go on at the service.
     */
    readonly canRetry: boolean
  }

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
  const manager = useOperationManager('useODataAction')
  const latest = useLatest(options)
  const [lastStart, setLastStart] = useState<{ id: string; parameters: TParameters }>()
  // The same, for a second click that comes before the next render.
  const newest = useRef(lastStart)
  const id = options.id ?? lastStart?.id
  const record = useOperationRecord<TResult>(manager, id)

  useEffect(() => (id === undefined ? undefined : manager.addCallbacks(id, latest)), [manager, id, latest])

  const verbs = useMemo(() => {
    const currentId = () => latest.current.id ?? newest.current?.id
    const begin = (parameters: TParameters): Promise<TResult> => {
      const running = manager.promiseOf(currentId())
      if (running) return running as Promise<TResult>
      const { action, body, ...call } = latest.current
      const path = typeof action === 'function' ? action(parameters) : action
      const operation = manager.client.prepareAction(path, body ? body(parameters) : (parameters ?? {}), call)
      newest.current = { id: operation.id, parameters }
      setLastStart(newest.current)
      return manager.start(operation, latest) as Promise<TResult>
    }
    return {
      start: (parameters: TParameters) => void begin(parameters),
      startAsync: async (parameters: TParameters) => begin(parameters),
      retry: () => {
        const { current } = newest
        if (current && current.id === currentId()) void begin(current.parameters)
      },
      cancel: () => manager.cancel(currentId()),
      checkNow: () => manager.checkNow(currentId()),
      reset: () => {
        const ended = currentId()
        if (ended === undefined || manager.promiseOf(ended)) return
        newest.current = undefined
        setLastStart(undefined)
        manager.remove(ended)
      },
    }
  }, [manager, latest])

  return useMemo(() => {
    const state = operationState(record)
    const canRetry = lastStart?.id === id && (state.status === 'failed' || state.status === 'cancelled')
    return { ...state, ...verbs, canRetry } as UseODataActionResult<TResult, TParameters>
  }, [record, verbs, lastStart, id])
}
