import type { MonitorReading } from '../protocol/monitorReply.js'
import type { ProgressReading } from '../protocol/progress.js'
import type { Environment } from './environment.js'
import type { ODataErrorData } from './errors.js'
import { type AsyncOperationProgress, isTerminal, type OperationRecord } from './operation.js'
import { nextDelay, type Polling } from './schedule.js'

/** What a step changes. */
export type Change = Partial<OperationRecord>

/** What a step depends on besides the record and the answer. */
export interface StepContext {
  readonly polling: Polling
  readonly environment: Environment
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
  const message = `No answer to ${method} ${url} (${reason}).`
  const advice =
    process.env.NODE_ENV === 'production'
      ? ''
      : ' It may or may not have started, so it is not sent again. In a browser, a service on another origin must allow this page by CORS.'
  return { status: 'failed', error: { kind: 'network', message: message + advice } }
}

/** The service works on it: the first `202`, and each one after. */
export function running(record: OperationRecord, reading: Running, context: StepContext): Change {
  const { status, isAsync, pollCount, cancelUrl, progress } = record
  const { monitorUrl, retryAfter } = reading
  return {
    ...heard,
    status: status === 'pending' ? 'running' : status,
    isAsync: true,
    pollCount: isAsync ? pollCount + 1 : 0,
    progress: nextProgress(progress, reading.progress),
    ...(monitorUrl && (cancelUrl ? { cancelUrl: monitorUrl } : { monitorUrl })),
    ...waitOn({ ...record, ...heard }, retryAfter, context),
  }
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
    const message = `${pollFailures} polls failed: ${error.message}`
    return { status: 'failed', error: { ...error, kind: 'monitor', message } }
  }
  return {
    pollFailures,
    pollError: error,
    ...waitOn({ ...record, pollFailures }, retryAfter, context),
  }
}

/** Waits for the next poll; at the deadline there is one last, and after it the operation times out. */
export function waitOn(record: OperationRecord, retryAfter: number | undefined, context: StepContext): Change {
  const { deadlineAt = Infinity, submittedAt } = record
  const now = context.environment.now()
  if (now < deadlineAt) return { nextPollAt: Math.min(now + nextDelay(record, retryAfter, context), deadlineAt) }
  const message = `Not finished after ${now - submittedAt} ms.`
  const advice =
    process.env.NODE_ENV === 'production'
      ? ''
      : ' The service may still work on it; `client.resume(error.record)` waits on.'
  return { status: 'failed', error: { kind: 'timeout', message: message + advice } }
}

/** The cancel came to nothing: the operation goes on, and is asked at once what has become of it. */
export function withdrawCancel(now: number, change?: Change): Change {
  return { status: 'running', cancelUrl: undefined, nextPollAt: now, ...change }
}

/** Forwards only, and never 100 before the end: whoever looks at a full bar believes that it is done. */
function nextProgress(known: AsyncOperationProgress, reading?: ProgressReading): AsyncOperationProgress {
  const { percent } = { ...reading }
  const next = {
    ...known,
    ...reading,
    percent: percent === undefined ? known.percent : Math.max(known.percent ?? 0, Math.min(percent, 99)),
  }
  return JSON.stringify(next) === JSON.stringify(known) ? known : next
}
