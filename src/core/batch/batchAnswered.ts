import type { BatchResponse } from '../../protocol/batchMessage.js'
import type { HttpReply } from '../../protocol/httpReply.js'
import { resolveLocation } from '../../protocol/location.js'
import { readBatchReply } from '../../protocol/readBatchReply.js'
import { parseRetryAfter } from '../../protocol/retryAfter.js'
import type { OperationRecord } from '../operation.js'
import { type Change, failed, running, type StepContext, settled } from '../transitions.js'
import { isWaiting, type ReadBatch } from './assignAnswers.js'
import type { BatchItemData } from './BatchItem.js'
import { batchProgress } from './batchProgress.js'
import { isAtNextLink } from './isAtNextLink.js'
import { matchBatch } from './matchBatch.js'

/** What one response makes of the requests, and where the rest of the answer is. */
interface Delivery {
  /** `undefined` when nobody can tell which answer belongs to which. */
  readonly items?: readonly BatchItemData[]
  readonly problem?: string
  /** ms */
  readonly retryAfter?: number | undefined
  /** Absolute; `undefined` when this was all. */
  readonly monitorUrl?: string | undefined
  readonly nextLink?: string | undefined
}

/**
 * What the answer to a batch makes of it. An error for the whole ends it as any operation; else each request gets its own outcome, and
 * the batch is completed, whatever became of them. An answer that is only the first part (Protocol 11.7.7.6, JSON Format 19.6) leads on
 * to the rest.
 */
export function batchAnswered(record: OperationRecord, reply: HttpReply, context: StepContext): Change {
  const reading = readBatchReply(reply)
  // With answers in it, it is no refusal: what they say was done was done, whatever the status of the whole.
  if (reply.status >= 300 && ('problem' in reading || reading.units.length === 0)) return settled(record, reply)
  if ('problem' in reading) return failed('protocol', reading.problem, reply)
  const { truncation, units } = reading
  if (truncation !== undefined && units.length === 0) return failed('protocol', truncation, reply)
  const known = record.batch?.items ?? []
  const { items = known, problem, nextLink, monitorUrl, retryAfter } = deliver(record, reading, reply, context)
  const isTruncated = record.batch?.isTruncated || truncation !== undefined || undefined
  const batch = { ...record.batch, items, isTruncated, nextLink }
  if (problem) return { ...failed('protocol', problem, reply), batch }

  if (!monitorUrl || !items.some(isWaiting)) {
    const { status, headers } = reply
    const progress = { ...batchProgress(record.progress, items), percent: 100, completed: items.length }
    return { status: 'completed', isAsync: record.isAsync ?? false, response: { status, headers }, batch, progress }
  }
  const lastLink = record.batch?.nextLink
  // The same link again, or one link that leads straight to the next.
  const isRepeated = nextLink !== undefined && (nextLink === lastLink || isAtNextLink(record))
  if (isRepeated && items.every((item, place) => item === known[place])) {
    const message = 'The next link of the batch leads on without an answer to any request, so it is not followed.'
    return failed('protocol', message, reply)
  }
  const change = running(record, { state: 'running', monitorUrl, retryAfter }, context)
  return {
    ...change,
    batch,
    progress: batchProgress(change.progress ?? record.progress, items),
    // What it leads to may be there already.
    ...(nextLink && change.status !== 'failed' && { nextPollAt: context.environment.now() }),
  }
}

function deliver(record: OperationRecord, reading: ReadBatch, reply: HttpReply, context: StepContext): Delivery {
  const { units, nextLink, format } = reading
  const match = (some: ReadBatch['units'], isInterim: boolean) =>
    matchBatch(record.batch?.items ?? [], { ...reading, units: some }, { ...context, record, isInterim })

  // In multipart a 202 at the end leads to the rest.
  const last = units.at(-1)
  const more = format === 'multipart' && last && 'reply' in last && last.reply?.status === 202 ? last : undefined
  // Relative to the monitor, as it answers no single request.
  const monitorUrl = resolveLocation(more?.reply?.headers.location, reply.url)
  if (more && monitorUrl) {
    const items = match(units.slice(0, -1), true)
    if ('problem' in items) return items
    if (!isOwnAnswer(more, items, record)) {
      const retryAfter = parseRetryAfter(more.reply?.headers['retry-after'], context.environment.now())
      return { items, monitorUrl, retryAfter }
    }
  }

  const link = resolveLocation(nextLink, record.url)
  const items = match(units, nextLink !== undefined)
  if ('problem' in items) return items
  if (link || nextLink === undefined) return { items, monitorUrl: link, nextLink: link }
  const problem = `The next link of the batch is ${JSON.stringify(nextLink.slice(0, 200))}, which is no URL of http or https.`
  return { items, problem }
}

/** True for the answer to the last request, which a service should not have given in multipart (Protocol 11.7.7.5). */
function isOwnAnswer({ id }: BatchResponse, items: readonly BatchItemData[], { isAsync }: OperationRecord): boolean {
  const [item, ...others] = items.filter(isWaiting)
  if (!item || others.length > 0) return false
  return id === undefined ? !isAsync && item.changeSet === undefined : id === item.id
}
