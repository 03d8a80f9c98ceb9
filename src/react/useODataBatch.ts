'use client'

import { useMemo } from 'react'
import type { AsyncOperation } from '../core/AsyncOperation.js'
import type { BatchItem, BatchItemData } from '../core/batch/BatchItem.js'
import type { BatchOptions } from '../core/batch/BatchOptions.js'
import type { BatchEntry } from '../core/batch/BatchRequest.js'
import type { BatchResult } from '../core/batch/BatchResult.js'
import { batchItems } from '../core/batch/createBatchResult.js'
import { planBatch } from '../core/batch/planBatch.js'
import { planRetry } from '../core/batch/planRetry.js'
import { prepareBatch } from '../core/batch/prepareBatch.js'
import { toError } from '../core/errors.js'
import type { ODataClient } from '../core/ODataClient.js'
import type { OperationRecord } from '../core/operation.js'
import type { BatchCallbacks } from './OperationCallbacks.js'
import { useLatest } from './useLatest.js'
import { useOperationManager } from './useOperationManager.js'
import { type OperationStarter, type OperationStarterOptions, useRestarter } from './useOperationStarter.js'

/** Options of {@link useODataBatch}. */
export interface UseODataBatchOptions<TEntries extends readonly BatchEntry[] = readonly BatchEntry[], TInput = void>
  extends Omit<BatchOptions, 'id' | 'signal'>,
    OperationStarterOptions<BatchResult<TEntries>>,
    BatchCallbacks<BatchResult<TEntries>> {
  /** What to send, or a function that makes it from what `start` is given. */
  readonly requests: TEntries | ((input: TInput) => TEntries)
}

/** What {@link useODataBatch} returns. */
export type UseODataBatchResult<
  TEntries extends readonly BatchEntry[] = readonly BatchEntry[],
  TInput = void,
> = OperationStarter<BatchResult<TEntries>, TInput> & {
  /**
   * All requests, those of change sets too, in the order in which they were given, and what has become of each so far; an item that
   * did not change is the same object as before. A `pending` one is followed to its end, also when the batch has ended before. Empty
   * while nothing was started.
   */
  readonly items: readonly BatchItem[]
  /**
   * Sends again what failed, was rolled back or not executed, change sets as a whole, and puts the answers in their places: the
   * result is that of all requests. What is lost may have been done, and is not sent again. Does nothing while the batch is active,
   * or when this component did not start it.
   *
   * @param input what `requests` is to make them from, when something was corrected: all of them, in the same places
   * @default the requests as they were sent
   * @throws {@link ODataConfigurationError} when they are others than before
   */
  readonly retryFailed: (input?: TInput) => void
  /**
   * True when {@link retryFailed} would send something. `retry` is for a batch that failed or was cancelled before anything of it was
   * done: it sends again all that the last start sent.
   */
  readonly canRetryFailed: boolean
}

const NO_ITEMS: readonly BatchItem[] = []

/**
 * Sends many requests in one, and follows them to their end. A batch that was answered is `completed`, whatever became of its
 * requests: `result` and `items` tell of each. How many are done is in `progress.completed` and `progress.total`.
 *
 * @typeParam TEntries the requests; the result has the type of each in its place
 * @typeParam TInput what `start` is given; `void` for nothing
 * @throws {@link ODataConfigurationError} outside of an `ODataProvider`
 * @example
 * const save = useODataBatch({ requests: (rows: Row[]) => rows.map((row) => update<Row>(`Rows${formatKey(row.ID)}`, row)) })
 * <button onClick={() => save.start(rows)}>Save</button>
 * {save.canRetryFailed && <button onClick={() => save.retryFailed()}>Try {save.result?.failed.length} again</button>}
 */
export function useODataBatch<const TEntries extends readonly BatchEntry[], TInput = void>(
  options: UseODataBatchOptions<TEntries, TInput>,
): UseODataBatchResult<TEntries, TInput> {
  const { serviceUrl } = useOperationManager('useODataBatch').client
  const { starter, lastInput, startAgain } = useRestarter<BatchResult, Input, Options>(
    'useODataBatch',
    options as unknown as Options,
    prepare,
  )
  const { operation, start, startAsync, retry } = starter
  const items = operation?.batch ? batchItems(operation.batch) : NO_ITEMS
  const hasFailed = starter.isSettled && items.some(({ error }) => error)
  const plan = useMemo(
    () => (lastInput && hasFailed ? planBatch(lastInput.entries, { serviceUrl }) : undefined),
    [lastInput, hasFailed, serviceUrl],
  )
  const canRetryFailed = useMemo(
    () => plan !== undefined && planRetry(plan, operation?.batch?.items ?? []).length > 0,
    [plan, operation],
  )

  // What was done would be done twice.
  const canRetry = starter.canRetry && !isPartlyDone(operation, lastInput?.previous)

  const latest = useLatest({ requests: options.requests, lastInput, operation, canRetry, canRetryFailed })
  const verbs = useMemo(() => {
    const entries = (input: TInput): Entries => {
      const { requests } = latest.current
      return typeof requests === 'function' ? requests(input) : requests
    }
    return {
      start: (input: TInput) => start({ entries: entries(input) }),
      startAsync: async (input: TInput) => startAsync({ entries: entries(input) }),
      retry: () => latest.current.canRetry && retry(),
      retryFailed(input?: TInput) {
        const { requests, lastInput: last, operation: previous, canRetryFailed: isPossible } = latest.current
        if (!last || !isPossible) return
        const isCorrected = typeof requests === 'function' && input !== undefined
        startAgain({ entries: isCorrected ? requests(input) : last.entries, previous })
      },
    }
  }, [latest, start, startAsync, retry, startAgain])
  return useMemo(
    () =>
      ({ ...starter, ...verbs, items, canRetry, canRetryFailed }) as unknown as UseODataBatchResult<TEntries, TInput>,
    [starter, verbs, items, canRetry, canRetryFailed],
  )
}

/** Was something done by this run, that was not before it? */
function isPartlyDone(operation: OperationRecord | undefined, previous: OperationRecord | undefined): boolean {
  const isDone = (item: BatchItemData | undefined) => item?.outcome === 'succeeded' || item?.outcome === 'pending'
  return operation?.batch?.items.some((item, at) => isDone(item) && !isDone(previous?.batch?.items[at])) ?? false
}

type Entries = readonly BatchEntry[]
type Options = UseODataBatchOptions<Entries>

/** What one run is about. */
interface Input {
  readonly entries: Entries
  /** What was done before, and is not done again. */
  readonly previous?: OperationRecord | undefined
}

function prepare(client: ODataClient, { requests: _, ...call }: Options, { entries, previous }: Input): AsyncOperation {
  if (!previous) return prepareBatch(client, entries, call) as AsyncOperation
  const operation = prepareBatch(client, entries, { ...call, id: previous.id }, previous.batch) as AsyncOperation
  if (outlineOf(operation.record) === outlineOf(previous)) return operation
  const message =
    '`retryFailed` was given other requests than the batch was started with. Give all of them, in the same places; only their paths and contents may differ.'
  throw toError({ kind: 'configuration', message })
}

/** The same text for the same requests, whatever is in them. */
function outlineOf({ batch }: OperationRecord): string {
  return JSON.stringify(batch?.items.map(({ id, method, changeSet }) => [id, method, changeSet]))
}
