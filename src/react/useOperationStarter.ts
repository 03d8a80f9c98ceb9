'use client'

import { useIsRestoring } from '@tanstack/react-query'
import { useMemo, useRef, useState } from 'react'
import type { AsyncOperation } from '../core/AsyncOperation.js'
import type { ODataClient } from '../core/ODataClient.js'
import type { OperationRecord } from '../core/operation.js'
import { operationIdentity } from '../core/operationIdentity.js'
import type { OperationCallbacks } from './OperationCallbacks.js'
import { type OperationState, operationState } from './operationState.js'
import { type ThrowOption, throwIfAsked } from './throwIfAsked.js'
import { useLatest } from './useLatest.js'
import type { OperationVerbs } from './useODataOperation.js'
import { useOperationCallbacks } from './useOperationCallbacks.js'
import { useOperationManager } from './useOperationManager.js'
import { useOperationRecord } from './useOperationRecord.js'

/** Options of every hook that starts operations. */
export interface OperationStarterOptions<TResult = unknown> extends OperationCallbacks<TResult>, ThrowOption {
  /**
   * Name of the operation: components with the same one share it, one that comes back finds it again, and so does a page that
   * was reloaded when React Query persists its cache.
   * @default a new one for each start
   */
  readonly id?: string | undefined
}

/** Input is asked for only when there is any. */
// biome-ignore lint/suspicious/noConfusingVoidType: `void` is React Query's sign for no variables, kept here.
type StartArguments<TInput> = void extends TInput ? [input?: TInput] : [input: TInput]

/** What every hook that starts operations returns. The functions are stable. */
export type OperationStarter<TResult = unknown, TInput = void> = OperationState<TResult> &
  OperationVerbs & {
    /**
     * Starts the operation; the outcome is in what the hook returns. While one is active nothing is sent.
     * @throws {@link ODataConfigurationError} when it cannot be sent
     */
    readonly start: (...input: StartArguments<TInput>) => void
    /** Like {@link start}; the promise is resolved with the result, or rejected with an {@link ODataError}. It settles also when the component is gone. */
    readonly startAsync: (...input: StartArguments<TInput>) => Promise<TResult>
    /** Starts again with the input of the last start of this component. Does nothing while one is active, or when there was none. */
    readonly retry: () => void
    /**
     * True when {@link retry} would start something: after a failure or a cancel of what this component started. After a
     * failure other than `service` the first run may still go on at the service.
     */
    readonly canRetry: boolean
  }

/** Makes an operation from the newest options and the input. */
type Prepare<TInput, TOptions> = (client: ODataClient, options: TOptions, input: TInput) => AsyncOperation

/** For a hook that starts again in more than one way. */
export interface Restarter<TResult, TInput> {
  /** What the hook returns. */
  readonly starter: OperationStarter<TResult, TInput>
  /** Input of the last start, if it was this component that started what is shown. */
  readonly lastInput: TInput | undefined
  /** As `retry`, with another input. Stable. */
  readonly startAgain: (input: TInput) => void
}

/**
 * What the hooks that start operations have in common.
 *
 * @param hook name of the hook, for errors
 * @param prepare makes the operation; must be the same function at each render
 */
export function useOperationStarter<TResult, TInput, TOptions extends OperationStarterOptions<TResult>>(
  hook: string,
  options: TOptions,
  prepare: Prepare<TInput, TOptions>,
): OperationStarter<TResult, TInput> {
  return useRestarter<TResult, TInput, TOptions>(hook, options, prepare).starter
}

/** As {@link useOperationStarter}. */
export function useRestarter<TResult, TInput, TOptions extends OperationStarterOptions<TResult>>(
  hook: string,
  options: TOptions,
  prepare: Prepare<TInput, TOptions>,
): Restarter<TResult, TInput> {
  const manager = useOperationManager(hook)
  const latest = useLatest(options)
  const isRestoring = useLatest(useIsRestoring())
  const [lastStart, setLastStart] = useState<Run<TInput>>()
  // The same, for a second click that comes before the next render.
  const newest = useRef(lastStart)
  const id = options.id ?? lastStart?.id
  const record = useOperationRecord<TResult>(manager, id)

  useOperationCallbacks(manager, id, latest, true)

  const { startAgain, verbs } = useMemo(() => {
    const currentId = () => latest.current.id ?? newest.current?.id
    const begin = (input: TInput): Promise<TResult> => {
      const running = manager.promiseOf(currentId())
      if (running) return running as Promise<TResult>
      // The operation may be in the storage that is being read.
      if (isRestoring.current && latest.current.id !== undefined) return manager.afterRestore().then(() => begin(input))
      const operation = prepare(manager.client, latest.current, input)
      newest.current = { id: operation.id, identity: operationIdentity(operation.record), input }
      setLastStart(newest.current)
      return manager.start(operation, latest) as Promise<TResult>
    }
    const startAgain = (input: TInput) => {
      const id = currentId()
      if (id !== undefined && isRun(newest.current, id, manager.getRecord(id))) void begin(input)
    }
    const verbs = {
      start: (input: TInput) => void begin(input),
      startAsync: async (input: TInput) => begin(input),
      retry: () => newest.current && startAgain(newest.current.input),
      cancel: () => manager.cancel(currentId()),
      checkNow: () => manager.checkNow(currentId()),
      pause: () => manager.pause(currentId(), 'user', true),
      resume: () => manager.pause(currentId(), 'user', false),
      reset: () => {
        const ended = currentId()
        if (ended === undefined || manager.promiseOf(ended)) return
        newest.current = undefined
        setLastStart(undefined)
        manager.remove(ended)
      },
    }
    return { startAgain, verbs }
  }, [manager, latest, isRestoring, prepare])

  const state = useMemo(() => operationState(record), [record])
  throwIfAsked(options, state)
  const isOwn = isRun(lastStart, id, record)
  const canRetry = isOwn && (state.status === 'failed' || state.status === 'cancelled')
  const starter = useMemo(
    () => ({ ...state, ...verbs, canRetry }) as OperationStarter<TResult, TInput>,
    [state, verbs, canRetry],
  )
  return { starter, lastInput: isOwn ? lastStart?.input : undefined, startAgain }
}

/** One start. */
interface Run<TInput> {
  readonly id: string
  readonly identity: string
  readonly input: TInput
}

/** Is it this run that is known by the `id`? Another component with the same one may have started it anew. */
function isRun(run: Run<unknown> | undefined, id: string | undefined, record: OperationRecord | undefined): boolean {
  return run !== undefined && run.id === id && (!record || operationIdentity(record) === run.identity)
}
