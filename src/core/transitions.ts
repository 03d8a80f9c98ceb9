import { bodyText, type HttpReply } from '../protocol/httpReply.js'
import type { MonitorReading } from '../protocol/monitorReply.js'
import { parseODataError } from '../protocol/odataError.js'
import type { ProgressReading } from '../protocol/progress.js'
import { readResult } from '../protocol/resultValue.js'
import { endBatch } from './batch/endBatch.js'
import { UnauthorizedError } from './createAuthorized.js'
import type { Environment } from './environment.js'
import { causeOf, isODataError, type ODataErrorData, type ODataErrorKind, withCause } from './errors.js'
import { type AsyncOperationProgress, isTerminal, type OperationRecord } from './operation.js'
import { nextDelay, type Polling } from './schedule.js'

/** What a step changes. */
export type Change = Partial<OperationRecord>

/** What a step depends on besides the record and the answer. */
export interface StepContext {
  readonly polling: Polling
  readonly environment: Environment
  /** May the percentage go backwards? */
  readonly allowProgressDecrease: boolean
}

type Running = Extract<MonitorReading, { state: 'running' }>

const heard: Change = { pollFailures: 0, pollError: undefined, pauseReason: undefined }

/** Makes the next record. The end is the end: nothing changes after it, and nothing is due. */
export function transition(record: OperationRecord, change: Change, now: number): OperationRecord {
  if (isTerminal(record.status)) return record
  const next = { ...record, ...change, revision: (record.revision ?? 0) + 1 }
  if (!isTerminal(next.status)) return next
  const batch = next.batch && { batch: endBatch(next.batch, next) }
  return { ...next, ...heard, ...batch, nextPollAt: undefined, settledAt: now }
}

/** The operation cannot go on. */
export function failed(kind: ODataErrorKind, message: string, reply?: HttpReply): Change {
  return { status: 'failed', error: { kind, message, ...(reply && evidence(reply)) } }
}

/** The operation's own answer is here, good or bad. */
export function settled({ isAsync = false, progress }: OperationRecord, reply: HttpReply): Change {
  const { status, headers } = reply
  const end = { isAsync, response: { status, headers } }
  if (status >= 400) {
    const said = parseODataError(reply)
    const message = said?.message || `The service answered ${status}.`
    return { ...end, status: 'failed', error: { ...said, kind: 'service', message, ...evidence(reply) } }
  }
  if (status >= 300 && status !== 304) {
    const where = headers.location ? 'its `Location` is not followed' : 'there is no `Location` to follow'
    return failed('protocol', `The service answered ${status}, which is no result, and ${where}.`, reply)
  }
  const read = readResult(reply)
  if ('problem' in read) return failed('protocol', read.problem, reply)
  return { ...end, status: 'completed', result: read.value, progress: { ...progress, percent: 100 } }
}

/** The request that starts the operation got no answer, or one that must not be taken. */
export function unanswered(record: OperationRecord, reason: unknown): Change {
  if (isODataError(reason)) return refused(reason)
  if (reason instanceof UnauthorizedError) {
    const { error, ...change } = settled(record, reason.reply)
    return { ...change, error: error && explained(error, reason) }
  }
  const { method, url } = record
  const message = `No answer to ${method} ${url} (${reason}): outcome unknown. It may or may not have started, so do not send it again unasked. In a browser, a service on another origin must allow this page by CORS.`
  return { status: 'failed', error: withCause({ kind: 'network', message }, reason) }
}

/** The service works on it: the first `202`, and each one after. */
export function running(record: OperationRecord, reading: Running, context: StepContext): Change {
  const { status, isAsync, cancelUrl } = record
  const { monitorUrl, retryAfter } = reading
  const pollCount = isAsync ? record.pollCount + 1 : 0
  return {
    ...heard,
    status: status === 'pending' ? 'running' : status,
    isAsync: true,
    pollCount,
    progress: nextProgress(record.progress, reading.progress, context.allowProgressDecrease),
    ...(monitorUrl && (cancelUrl ? { cancelUrl: monitorUrl } : { monitorUrl })),
    // However late the first answer is, the operation that it names is not given up unasked.
    ...(isAsync ? waitOn : nextPoll)({ ...record, ...heard, pollCount }, retryAfter, context),
  }
}

/** An answer of the monitor is missing: it is asked again. One that must not be taken ends the operation. */
export function unread(record: OperationRecord, reason: unknown, context: StepContext): Change {
  return isODataError(reason) ? refused(reason) : unheard(record, noAnswer(reason), undefined, context)
}

/** The monitor could not be asked; the operation may be fine. It is asked again, later and later, a bounded number of times. */
export function unheard(
  record: OperationRecord,
  error: ODataErrorData,
  retryAfter: number | undefined,
  context: StepContext,
): Change {
  const pollFailures = record.pollFailures + 1
  if (pollFailures >= context.polling.maxFailures) {
    const message = `${pollFailures} polls failed: ${error.message} The operation may go on; \`client.resume(error.record)\` asks again.`
    return { status: 'failed', error: withCause({ ...error, kind: 'monitor', message }, causeOf(error)) }
  }
  return {
    pollFailures,
    pollError: error,
    pauseReason: undefined,
    ...waitOn({ ...record, pollFailures }, retryAfter, context),
  }
}

/** When to poll next: at the deadline at the latest, at once when it is over. */
export function nextPoll(record: OperationRecord, retryAfter: number | undefined, context: StepContext): Change {
  const now = context.environment.now()
  const { deadlineAt = Infinity } = record
  return { nextPollAt: Math.min(now + nextDelay(record, retryAfter, context), deadlineAt), scheduledAt: now }
}

/** Waits for the next poll; at the deadline there is one last, and after it the operation times out. */
function waitOn(record: OperationRecord, retryAfter: number | undefined, context: StepContext): Change {
  const { deadlineAt = Infinity, pollCount } = record
  const now = context.environment.now()
  if (now >= deadlineAt || pollCount >= context.polling.maxPolls) return timedOut(record, now)
  return nextPoll(record, retryAfter, context)
}

/** Our waiting is over. */
export function timedOut(
  { deadlineAt = Infinity, submittedAt, pollCount }: OperationRecord,
  now: number,
  outcome = 'The service may still work on it; `client.resume(error.record)` waits on.',
): Change {
  const spent = now < deadlineAt ? `${pollCount} poll${pollCount === 1 ? '' : 's'}` : `${now - submittedAt} ms`
  return failed('timeout', `Not finished after ${spent}. ${outcome}`)
}

/** The cancel came to nothing: the operation goes on, and is asked at once what has become of it. */
export function withdrawCancel(now: number, change?: Change): Change {
  return { status: 'running', cancelUrl: undefined, nextPollAt: now, scheduledAt: now, pollFailures: 0, ...change }
}

/** Why there is no answer that can be taken, as data. */
export function noAnswer(reason: unknown): ODataErrorData {
  if (isODataError(reason)) return plain(reason)
  if (!(reason instanceof UnauthorizedError)) return withCause({ kind: 'network', message: `${reason}` }, reason)
  return explained(monitorError(reason.reply), reason)
}

/** What the monitor said of itself, as data. */
export function monitorError(reply: HttpReply): ODataErrorData {
  const message = `The status monitor answered ${reply.status}. ${parseODataError(reply)?.message ?? ''}`.trim()
  return { kind: 'monitor', message, ...evidence(reply) }
}

/** An answer that must not be taken ends the operation. */
function refused(error: ODataErrorData): Change {
  return { status: 'failed', error: plain(error) }
}

/** An error that was thrown, as data. */
function plain({ kind, message, status }: ODataErrorData): ODataErrorData {
  return { kind, message, ...(status && { status }) }
}

function explained(error: ODataErrorData, { message, cause }: UnauthorizedError): ODataErrorData {
  return withCause({ ...error, message: `${error.message} ${message}` }, cause)
}

/** What the service said, as far as it is worth keeping. */
function evidence({ status, body, json }: HttpReply): Pick<ODataErrorData, 'status' | 'body'> {
  // A character takes at most four bytes.
  const text =
    json === undefined
      ? bodyText({ body: body.subarray(0, 65_536) })
      : typeof json === 'string'
        ? json
        : JSON.stringify(json)
  return { status, body: text.slice(0, 16_384) }
}

/** Never 100 before the end, as whoever looks at a full bar believes that it is done; and forwards only, unless told otherwise. */
function nextProgress(
  known: AsyncOperationProgress,
  reading: ProgressReading | undefined,
  mayDecrease: boolean,
): AsyncOperationProgress {
  // What the app's own reader gives may be anything; a record is JSON.
  const said: ProgressReading = Object.fromEntries(
    Object.entries(reading ?? {}).filter(([name, value]) =>
      name === 'message' ? typeof value === 'string' : Number.isFinite(value),
    ),
  )
  const { percent = known.percent } = said
  const low = mayDecrease ? 0 : (known.percent ?? 0)
  const next = { ...known, ...said, percent: percent === null ? null : Math.max(low, Math.min(percent, 99)) }
  return (Object.keys(next) as (keyof typeof next)[]).every((name) => next[name] === known[name]) ? known : next
}
