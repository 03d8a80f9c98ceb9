import type { AsyncOperation } from '../AsyncOperation.js'
import { isTerminal, type OperationRecord } from '../operation.js'
import type { BatchResult } from './BatchResult.js'
import { createPiecesOperation, type PiecesContext } from './createPiecesOperation.js'

/**
 * Goes on from the record of a batch that was split, such as one of a storage or of another page. As long as that page is there, it
 * tells what becomes of the pieces. The first poll here takes them up: what was not sent by then never is, and the outcome of what was
 * sent without an answer is unknown.
 */
export function resumePiecesOperation(
  known: OperationRecord,
  context: Pick<PiecesContext, 'environment' | 'resume'>,
): AsyncOperation<BatchResult> {
  return createPiecesOperation(goingOn(known, context.environment.now()), [], context)
}

/** An end of ours is none when it is taken up again: the pieces that came to it go on. */
function goingOn(known: OperationRecord, now: number): OperationRecord {
  const { nextPollAt = now } = known
  const next = { ...known, status: 'running', nextPollAt, pauseReason: undefined } as const
  if (!isTerminal(known.status)) return next
  const isOurs = /^(timeout|monitor)$/.test(`${known.error?.kind}`)
  return isOurs ? { ...next, error: undefined, settledAt: undefined, deadlineAt: undefined } : known
}
