import type { MonitorReading } from '../protocol/monitorReply.js'
import type { ProgressReading } from '../protocol/progress.js'
import type { ODataErrorData } from './errors.js'
import { type AsyncOperationProgress, isTerminal, type OperationRecord } from './operation.js'
import { nextPollTime, nextRetryTime, type Polling } from './schedule.js'

/** What a step changes. */
export type Change = Partial<OperationRecord>

/** What a step depends on besides the record and the answer. */
export interface Step {
  /** Epoch ms. */
  readonly now: number
  readonly polling: Polling
  readonly random: () => number
}

type Running = Extract<MonitorReading, { state: 'running' }>

const heard: Change = { pollFailures: 0, pollError: undefined }

/** Makes the next record. The end is the end: nothing changes after it, and nothing is due. */
export function transition(record: OperationRecord, change: Change, now: number): OperationRecord {
  if (isTerminal(record.status)) return record
  const next = { ...record, ...change }
  return isTerminal(next.status) ? { ...next, ...heard, nextPollAt: undefined, settledAt: now } : next
}

/** The request that starts the operation got no answer. */
export function unanswered({ method, url }: OperationRecord, reason: string): Change {
  const message = `No answer to ${method} ${url} (${reason}): it may or may not have started, so it is not sent again.`
  return { status: 'failed', error: { kind: 'network', message } }
}

/** The service works on it: the first `202`, and each one after. */
export function running(record: OperationRecord, reading: Running, step: Step): Change {
  const { status, isAsync, pollCount, cancelUrl, progress } = record
  const { monitorUrl, retryAfter } = reading
  return {
    ...heard,
    status: status === 'pending' ? 'running' : status,
    isAsync: true,
    pollCount: isAsync ? pollCount + 1 : 0,
    progress: nextProgress(progress, reading.progress),
    ...(monitorUrl && (cancelUrl ? { cancelUrl: monitorUrl } : { monitorUrl })),
    ...waitUntil(record, nextPollTime(record, retryAfter, step.polling, step.now), step.now),
  }
}

/** The monitor could not be asked; the operation may be fine. It is asked again, later and later, a bounded number of times. */
export function unheard(
  record: OperationRecord,
  error: ODataErrorData,
  retryAfter: number | undefined,
  { now, polling, random }: Step,
): Change {
  const pollFailures = record.pollFailures + 1
  if (pollFailures >= polling.maxFailures) {
    const message = `${pollFailures} polls in a row got no usable answer; the operation may still run. ${error.message}`
    return { status: 'failed', error: { ...error, kind: 'monitor', message } }
  }
  return {
    pollFailures,
    pollError: record.pollError?.message === error.message ? record.pollError : error,
    ...waitUntil(record, nextRetryTime(pollFailures, retryAfter, polling, now, random), now),
  }
}

/** Waits for the next poll; at the deadline there is one last, and after it the operation times out. */
export function waitUntil({ deadlineAt, submittedAt }: OperationRecord, nextPollAt: number, now: number): Change {
  if (deadlineAt === undefined) return { nextPollAt }
  if (now < deadlineAt) return { nextPollAt: Math.min(nextPollAt, deadlineAt) }
  const message = `Not finished after ${now - submittedAt} ms; the service may still work on it. \`client.resume(error.record)\` waits on.`
  return { status: 'failed', error: { kind: 'timeout', message } }
}

/** The cancel came to nothing: the operation goes on, and is asked at once what has become of it. */
export function withdrawCancel(now: number, change?: Change): Change {
  return { status: 'running', cancelUrl: undefined, nextPollAt: now, ...change }
}

/** Forwards only, and never 100 before the end: whoever looks at a full bar believes that it is done. */
function nextProgress(known: AsyncOperationProgress, reading: ProgressReading | undefined): AsyncOperationProgress {
  const percent = Math.max(known.percent ?? 0, Math.min(reading?.percent ?? 0, 99))
  const next = { ...known, ...reading, percent: reading?.percent === undefined ? known.percent : percent }
  const keys = Object.keys(next) as (keyof AsyncOperationProgress)[]
  return keys.every((key) => known[key] === next[key]) ? known : next
}
