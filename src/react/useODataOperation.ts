'use client'

import { useEffect, useMemo } from 'react'
import type { CancelOutcome } from '../core/AsyncOperation.js'
import type { OperationCallbacks } from './OperationCallbacks.js'
import { type OperationState, operationState } from './operationState.js'
import { type ThrowOption, throwIfAsked } from './throwIfAsked.js'
import { useLatest } from './useLatest.js'
import { useOperationCallbacks } from './useOperationCallbacks.js'
import { useOperationManager } from './useOperationManager.js'
import { useOperationRecord } from './useOperationRecord.js'

/** Which operation to watch: by `id`, or by the URL of its status monitor. */
export type UseODataOperationOptions<TResult = unknown> = OperationCallbacks<TResult> &
  ThrowOption &
  (
    | { readonly id: string | undefined; readonly monitorUrl?: undefined }
    | {
        /** Absolute, or relative to the service root; on the origin of the service or one of `trustedOrigins`. */
        readonly monitorUrl: string
        /** @default the `monitorUrl` */
        readonly id?: string | undefined
      }
  )

/** What can be done with an operation that was started. All stable. */
export interface OperationVerbs {
  /** Asks the service to cancel. Never rejects; the promise tells what became of it. */
  readonly cancel: () => Promise<CancelOutcome>
  /** Polls at once. Never rejects. */
  readonly checkNow: () => Promise<void>
  /** Polls no more until {@link resume}; the service's work goes on, and so does the time of `timeout`. Ends with the page. */
  readonly pause: () => void
  /** Polls again, at once when that is due. */
  readonly resume: () => void
  /** Forgets the operation after its end: back to `idle`. Does nothing while it is active. */
  readonly reset: () => void
}

/** What {@link useODataOperation} returns. */
export type UseODataOperationResult<TResult = unknown> = OperationState<TResult> & OperationVerbs

/**
 * Watches an operation that was started elsewhere: in another component, or by something that knows the URL of its monitor.
 * However many components watch it, the service is asked once.
 *
 * @throws {@link ODataConfigurationError} outside of an `ODataProvider`
 * @example
 * const report = useODataOperation<Report>({ id: 'annual-report' })
 * if (report.status === 'completed') return <a href={report.result.Url}>Open</a>
 */
export function useODataOperation<TResult = unknown>(
  options: UseODataOperationOptions<TResult>,
): UseODataOperationResult<TResult> {
  const manager = useOperationManager('useODataOperation')
  const { monitorUrl, id = monitorUrl } = options
  const record = useOperationRecord<TResult>(manager, id)
  const callbacks = useLatest(options)

  useOperationCallbacks(manager, id, callbacks, false)
  useEffect(() => {
    if (monitorUrl !== undefined) manager.adopt(manager.client.resume({ monitorUrl, id }))
  }, [manager, id, monitorUrl])

  const verbs = useMemo<OperationVerbs>(
    () => ({
      cancel: () => manager.cancel(id),
      checkNow: () => manager.checkNow(id),
      pause: () => manager.pause(id, 'user', true),
      resume: () => manager.pause(id, 'user', false),
      reset: () => id !== undefined && manager.remove(id),
    }),
    [manager, id],
  )
  const state = useMemo(() => operationState(record), [record])
  throwIfAsked(options, state)
  return useMemo(() => ({ ...state, ...verbs }), [state, verbs])
}
