import type { BatchItemData } from '../core/batch/BatchItem.js'
import type { OperationRecord } from '../core/operation.js'

/** How many requests of a batch stand where; each is counted once. All 0 for an operation that is no batch. */
export interface BatchCounts {
  readonly total: number
  /** Done. */
  readonly succeeded: number
  /** Answered with an error. */
  readonly failed: number
  /** Not done for another reason: `rolled-back`, `dependency-failed`, `not-executed`. */
  readonly notDone: number
  /** Done or not, nobody knows: `lost`. */
  readonly unknown: number
  /** The service works on them by themselves. */
  readonly pending: number
  /** Without an answer so far. */
  readonly waiting: number
}

/** What a reader has to tell apart. */
export type BatchStanding = Exclude<keyof BatchCounts, 'total'>

const standings: { readonly [outcome in BatchItemData['outcome']]?: BatchStanding } = {
  'rolled-back': 'notDone',
  'dependency-failed': 'notDone',
  'not-executed': 'notDone',
  lost: 'unknown',
}

/** Where one request of a batch stands. */
export function standingOf({ outcome }: BatchItemData): BatchStanding {
  return standings[outcome] ?? (outcome as BatchStanding)
}

/** Does the request need a look? */
export function hasProblem(item: BatchItemData): boolean {
  return /^(failed|notDone|unknown)$/.test(standingOf(item))
}

/** Counts the requests of a batch. */
export function batchCounts(operation: OperationRecord | undefined): BatchCounts {
  const items = operation?.batch?.items ?? []
  const counts = { total: items.length, succeeded: 0, failed: 0, notDone: 0, unknown: 0, pending: 0, waiting: 0 }
  for (const item of items) counts[standingOf(item)]++
  return counts
}

/** What a summary tells of besides what was done. */
export type BatchRemainder = 'failed' | 'notDone' | 'unknown' | 'pending'

/** The remainders that there are. */
export function batchRemainders(counts: BatchCounts): BatchRemainder[] {
  return (['failed', 'notDone', 'unknown', 'pending'] as const).filter((remainder) => counts[remainder])
}

/** Does the batch only read? */
export function isReadOnly({ batch }: OperationRecord): boolean {
  return batch?.items.every(({ method }) => method === 'GET') ?? false
}
