import { isTerminal, type OperationRecord } from '../core/operation.js'

/** What a tray tells of its operations. */
export interface TrayCounts {
  /** Under way. */
  readonly active: number
  /** Completed since the reader last looked. */
  readonly results: number
  /** Failed since the reader last looked. */
  readonly failures: number
  /** Under way, and the service can be asked to cancel them. */
  readonly cancellable: number
  /** At their end. */
  readonly finished: number
}

/** Is it at its end, with all that the service does of it by itself? */
export function isFinished({ status, batch }: OperationRecord): boolean {
  return isTerminal(status) && !batch?.items.some(({ outcome }) => outcome === 'pending')
}

/** Can it be cancelled, and was that not asked for yet? */
export function isCancellable({ status, canCancel }: OperationRecord): boolean {
  return canCancel && (status === 'pending' || status === 'running')
}

/** Counts the operations of a tray. What has ended after `seenAt` (epoch ms) is new. */
export function trayCounts(operations: readonly OperationRecord[], seenAt: number): TrayCounts {
  const counts = { active: 0, results: 0, failures: 0, cancellable: 0, finished: 0 }
  for (const operation of operations) {
    const { status, settledAt = 0 } = operation
    const isNew = settledAt > seenAt
    if (isFinished(operation)) counts.finished++
    else counts.active++
    if (isCancellable(operation)) counts.cancellable++
    if (isNew && status === 'completed') counts.results++
    if (isNew && status === 'failed') counts.failures++
  }
  return counts
}
