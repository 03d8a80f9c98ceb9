import type { BatchResponse } from '../../protocol/batchMessage.js'
import type { HttpReply } from '../../protocol/httpReply.js'
import { resolveLocation } from '../../protocol/location.js'
import { parseRetryAfter } from '../../protocol/retryAfter.js'
import type { ODataErrorData } from '../errors.js'
import type { OperationRecord } from '../operation.js'
import { failed, nextPoll, type StepContext, settled } from '../transitions.js'
import type { BatchItemData } from './BatchItem.js'

/** What an answer makes of its request. */
export interface ItemContext extends StepContext {
  /** The batch. */
  readonly record: OperationRecord
}

/**
 * What becomes of one request of a batch by its own answer, as if it had been sent alone (Protocol 11.7). A `202` makes it an operation
 * of its own (JSON Format 19.6).
 *
 * @param url absolute, of the request: the base for a relative `Location`, which becomes absolute
 */
export function itemAnswered(
  item: BatchItemData,
  answer: BatchResponse,
  url: string,
  context: ItemContext,
): BatchItemData {
  if (answer.problem !== undefined) return lostItem(item, answer.problem)
  const { headers: given } = answer.reply
  const location = resolveLocation(given.location, url)
  const headers = location ? { ...given, location } : given
  const reply = { ...answer.reply, headers, url }
  const { status } = reply
  const answered = { ...item, status, headers }
  if (status === 202) {
    if (location) return { ...answered, outcome: 'pending', operation: ownOperation(item, reply, location, context) }
    const message =
      'Accepted without a readable `Location`, so it cannot be followed. The work may go on: do not send it again.'
    return lostItem(answered, message, reply)
  }
  const { error, result } = settled(context.record, reply)
  if (!error) return { ...answered, outcome: 'succeeded', result }
  if (error.kind !== 'service') return { ...answered, outcome: 'lost', error }
  return { ...answered, outcome: status === 424 ? 'dependency-failed' : 'failed', error: explained(error) }
}

/** What became of it is not known, and this is why. */
export function lostItem(item: BatchItemData, message: string, reply?: HttpReply): BatchItemData {
  return { ...item, outcome: 'lost', error: failed('protocol', message, reply).error }
}

/** Services give a failed dependency no body (JSON Format 19.1). */
function explained(error: ODataErrorData): ODataErrorData {
  if (error.status !== 424 || error.code !== undefined) return error
  return { ...error, message: 'Not done, as a request that it depends on failed (424).' }
}

function ownOperation(
  { id, method }: BatchItemData,
  { headers, url }: HttpReply,
  monitorUrl: string,
  context: ItemContext,
): OperationRecord {
  const { record: batch, environment } = context
  const now = environment.now()
  const record: OperationRecord = {
    ...{ id: `${batch.id}/${id}`, kind: 'request', method, url, monitor: batch.monitor },
    ...{ status: 'running', isAsync: true, monitorUrl, canCancel: true, progress: { percent: null } },
    ...{ submittedAt: now, pollCount: 0, pollFailures: 0 },
  }
  return { ...record, ...nextPoll(record, parseRetryAfter(headers['retry-after'], now), context) }
}
