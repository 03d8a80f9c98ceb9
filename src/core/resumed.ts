import { reopenBatch } from './batch/reopenBatch.js'
import { isTerminal, type OperationRecord } from './operation.js'
import { transition, unanswered } from './transitions.js'

/** The next poll is due. */
export function dueAt(now: number): Pick<OperationRecord, 'nextPollAt' | 'scheduledAt'> {
  return { nextPollAt: now, scheduledAt: now }
}

/** A record as it goes on when it is taken up again. */
export function resumed(known: OperationRecord, now: number, timeout: number | undefined): OperationRecord {
  const { error, monitorUrl, status, cancelUrl, nextPollAt } = known
  if (!monitorUrl && !known.pieces) return transition(known, unanswered(known, 'left too early'), now)
  if (/^(timeout|monitor)$/.test(`${error?.kind}`)) {
    const deadlineAt = timeout && now + timeout
    const next = cancelUrl ? 'cancelling' : 'running'
    // Pieces open their own requests.
    const batch = known.batch && !known.pieces && { batch: reopenBatch(known.batch) }
    return {
      ...known,
      ...batch,
      status: next,
      error: undefined,
      settledAt: undefined,
      pollCount: 0,
      ...dueAt(now),
      deadlineAt,
    }
  }
  if (isTerminal(status)) return known
  // Whether a cancel without a monitor of its own was heard is not known: the operation's own monitor tells.
  const next = cancelUrl ? status : 'running'
  return { ...known, ...(!nextPollAt && dueAt(now)), pauseReason: undefined, status: next }
}
