import type { HttpReply } from '../protocol/httpReply.js'
import type { MonitorReading } from '../protocol/monitorReply.js'
import type { OperationRecord } from './operation.js'
import { type Change, failed, monitorError, running, type StepContext, unheard, withdrawCancel } from './transitions.js'

/** An answer to a poll. */
export interface MonitorAnswer {
  readonly reading: MonitorReading
  readonly reply: HttpReply
  /** What was asked, when it was the monitor of a cancel; else it was the operation's own. */
  readonly cancelUrl: string | undefined
}

/** What an answer to a poll makes of the operation; `undefined` when it says nothing any more. The operation's own end is not for here. */
export function monitorAnswered(
  record: OperationRecord,
  { reading, reply, cancelUrl }: MonitorAnswer,
  context: StepContext,
): Change | undefined {
  const { cancelRequestedAt, canCancel, isCancelRefused } = record
  const now = context.environment.now()
  // After a cancel that was not refused the monitor is expected to be gone (Protocol 11.6), or to have nothing to say.
  const isCancelled = cancelRequestedAt !== undefined && canCancel && !isCancelRefused
  switch (reading.state) {
    case 'running':
      // An answer of the old monitor that crossed with an asynchronous cancel says nothing about the cancel.
      return cancelUrl === record.cancelUrl ? running(record, reading, context) : undefined
    case 'finished':
      return reading.reply.status < 400 ? { status: 'cancelled' } : withdrawCancel(now, { isCancelRefused: true })
    case 'gone': {
      if (cancelUrl) return withdrawCancel(now)
      if (isCancelled) return { status: 'cancelled' }
      if (mayComeYet(record, reading.status, now)) return unheard(record, monitorError(reply), undefined, context)
      const message = `The status monitor is gone (${reading.status}). The result went with it; whether the operation finished is unknown.`
      return failed('expired', message, reply)
    }
    case 'unavailable': {
      const error = monitorError(reply)
      // 403, and 401 after fresh credentials were asked for, will not get better by asking again.
      const isRefused = reading.status === 401 || reading.status === 403
      return isRefused ? { status: 'failed', error } : unheard(record, error, reading.retryAfter, context)
    }
    case 'unreadable': {
      // How a cancel went is in its status. When that may be hidden, the operation's own monitor knows.
      const isDone = reply.status < 300 && !reply.hidesHeaders && !reply.headers.asyncresult
      if (cancelUrl) return isDone ? { status: 'cancelled' } : withdrawCancel(now)
      return isCancelled && reply.status === 204 ? { status: 'cancelled' } : failed('protocol', reading.problem, reply)
    }
  }
}

/** ms from the start in which a monitor may not be everywhere yet, where several servers answer for one. */
const SPREADING_TIME = 30_000

/** A monitor that was never there is asked for once more: services tell of it before all of their servers know it. */
function mayComeYet(record: OperationRecord, status: number, now: number): boolean {
  const { pollCount, pollFailures, submittedAt, foundAt, cancelRequestedAt } = record
  const isFresh = pollCount + pollFailures === 0 && now - submittedAt < SPREADING_TIME
  return status === 404 && isFresh && foundAt === undefined && cancelRequestedAt === undefined
}
