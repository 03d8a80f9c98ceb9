import type { MonitorProtocol } from '../monitors/MonitorProtocol.js'
import { bodyText, type HttpReply } from '../protocol/httpReply.js'
import { parseHttpUrl } from '../protocol/location.js'
import type { MonitorReading } from '../protocol/monitorReply.js'
import { parseODataError } from '../protocol/odataError.js'
import { readResult } from '../protocol/resultValue.js'
import type { AsyncOperation, CancelOutcome } from './AsyncOperation.js'
import { type ODataErrorData, type ODataErrorKind, toError } from './errors.js'
import { isTerminal, type OperationRecord } from './operation.js'
import { delayUntilPoll } from './schedule.js'
import {
  type Change,
  running,
  type StepContext,
  transition,
  unanswered,
  unheard,
  waitOn,
  withdrawCancel,
} from './transitions.js'
import { waitForCompletion } from './waitForCompletion.js'

/** What an operation needs from its client. */
export interface OperationContext extends StepContext {
  /** Sends the request that starts the operation; none when it was started elsewhere. */
  readonly submit: ((signal: AbortSignal | undefined) => Promise<HttpReply>) | undefined
  /** Sends a request to a status monitor, with the headers that it wants. */
  readonly ask: (method: string, url: string) => Promise<HttpReply>
  readonly monitor: MonitorProtocol
  readonly isTrusted: (url: string) => boolean
}

/** Makes an operation that goes on from a record. Nothing is sent. */
export function createAsyncOperation<TResult>(
  initial: OperationRecord,
  context: OperationContext,
): AsyncOperation<TResult> {
  const { ask, environment, monitor, isTrusted } = context
  const { now } = environment
  const listeners = new Set<() => void>()
  let record = initial
  let submitting: Promise<void> | undefined
  let polling: Promise<void> | undefined
  let cancel: Promise<CancelOutcome> | undefined

  const getSnapshot = () => record as OperationRecord<TResult>
  const isCompleted = () => isTerminal(record.status)

  /** Makes the next record from the newest one, whatever happened since the request went out. */
  function apply(change: Change): void {
    const next = transition(record, change, now())
    if (next === record) return
    record = next
    for (const listener of [...listeners]) listener()
  }

  function fail(kind: ODataErrorKind, message: string, reply?: HttpReply): void {
    apply({ status: 'failed', error: { kind, message, ...(reply && evidence(reply)) } })
  }

  /** Ends the operation when a URL may not be asked. */
  function trusts(url: string): boolean {
    if (isTrusted(url)) return true
    const advice =
      process.env.NODE_ENV === 'production'
        ? ''
        : ` It is on ${parseHttpUrl(url)?.origin}, not on the origin of the service, so it gets no credentials. If you trust it, add that to \`trustedOrigins\`.`
    fail('protocol', `The status monitor is not trusted.${advice}`)
    return false
  }

  /** The operation's own answer. */
  function settle(reply: HttpReply): void {
    const { status, headers } = reply
    const { isAsync = false, progress } = record
    const end = { isAsync, response: { status, headers } }
    const read = readResult(reply)
    if (status >= 400) {
      const said = parseODataError(reply)
      const message = said?.message || `The service answered ${status}.`
      apply({ ...end, status: 'failed', error: { ...said, kind: 'service', message, ...evidence(reply) } })
    } else if ('problem' in read) fail('protocol', read.problem, reply)
    else apply({ ...end, status: 'completed', result: read.value, progress: { ...progress, percent: 100 } })
  }

  async function submit(signal: AbortSignal | undefined): Promise<void> {
    if (record.status === 'pending') {
      await context.submit?.(signal).then(answered, (error) => apply(unanswered(record, `${error}`)))
    }
  }

  function answered(reply: HttpReply): void {
    if (!monitor.accepts(reply)) return settle(reply)
    const reading = monitor.read(reply, now())
    const advice =
      process.env.NODE_ENV === 'production'
        ? ''
        : ' The work may go on, so do not send it again. On another origin the service must send `Access-Control-Expose-Headers: Location, Retry-After, AsyncResult, Preference-Applied, OData-Version`.'
    if (reading.state !== 'running' || !reading.monitorUrl) {
      fail('protocol', `Accepted without a readable \`Location\`.${advice}`, reply)
    } else if (trusts(reading.monitorUrl)) apply(running(record, reading, context))
  }

  async function poll(): Promise<void> {
    const { cancelUrl, monitorUrl } = record
    const url = cancelUrl ?? monitorUrl
    if (isCompleted() || !url || !trusts(url)) return
    await ask('GET', url)
      .then((reply) => trusts(reply.url) && read(monitor.read(reply, now()), reply, cancelUrl))
      .catch((error) => apply(unheard(record, networkError(error), undefined, context)))
  }

  function read(reading: MonitorReading, reply: HttpReply, cancelUrl: string | undefined): void {
    switch (reading.state) {
      case 'running':
        // An answer of the old monitor that crossed with an asynchronous cancel says nothing about the cancel.
        return cancelUrl === record.cancelUrl ? apply(running(record, reading, context)) : undefined
      case 'finished':
        if (!cancelUrl) return settle(reading.reply)
        return apply(reading.reply.status < 400 ? { status: 'cancelled' } : withdrawCancel(now()))
      case 'gone': {
        if (cancelUrl) return apply(withdrawCancel(now()))
        // After a cancel that was not refused the monitor is expected to be gone (Protocol 11.6).
        if (record.cancelRequestedAt && record.canCancel) return apply({ status: 'cancelled' })
        const advice =
          process.env.NODE_ENV === 'production'
            ? ''
            : ' The result went with it; whether the operation finished is unknown.'
        return fail('expired', `The status monitor is gone (${reading.status}).${advice}`, reply)
      }
      case 'unavailable':
        // 403, and 401 after fresh credentials were asked for, will not get better by asking again.
        return apply(
          /^40[13]$/.test(`${reading.status}`)
            ? { status: 'failed', error: monitorError(reply) }
            : unheard(record, monitorError(reply), reading.retryAfter, context),
        )
      case 'unreadable':
        return fail('protocol', reading.problem, reply)
    }
  }

  async function askToCancel(): Promise<CancelOutcome> {
    let outcome: CancelOutcome = 'too-late'
    apply({ status: 'cancelling', cancelRequestedAt: now() })
    await submitting
    const { monitorUrl } = record
    // Without a monitor after all answers are in, it was never sent.
    if (!monitorUrl) apply({ status: 'cancelled' })
    else if (!isCompleted() && trusts(monitorUrl)) {
      let pollError: ODataErrorData | undefined
      try {
        const reply = await ask('DELETE', monitorUrl)
        const reading = monitor.readCancel(reply, now())
        outcome = reading.state
        if (outcome === 'failed') pollError = monitorError(reply)
        if (reading.state === 'requested') {
          const { monitorUrl: url, retryAfter } = reading
          // The same URL again breaks the standard, but then its own answer tells how the cancel went.
          const isOther = url && url !== record.monitorUrl && isTrusted(url)
          apply({ cancelUrl: isOther ? url : undefined, ...waitOn(record, retryAfter, context) })
        }
      } catch (error) {
        outcome = 'failed'
        pollError = networkError(error)
      }
      if (outcome === 'cancelled') apply({ status: outcome })
      else if (outcome !== 'requested') {
        apply(withdrawCancel(now(), { canCancel: outcome !== 'unsupported', pollError }))
      }
    }
    if (!isCompleted()) return outcome
    return record.status === 'cancelled' ? 'cancelled' : 'too-late'
  }

  const operation: AsyncOperation<TResult> = {
    get record() {
      return getSnapshot()
    },
    get id() {
      return record.id
    },
    get status() {
      return record.status
    },
    get isAsync() {
      return record.isAsync
    },
    get isCompleted() {
      return isCompleted()
    },
    get progress() {
      return record.progress
    },
    get result() {
      return getSnapshot().result
    },
    get error() {
      return record.error && toError(record.error, { record })
    },
    get monitorUrl() {
      return record.monitorUrl
    },
    get pollDelay() {
      return delayUntilPoll(record, now())
    },
    get isDue() {
      return delayUntilPoll(record, now()) === 1
    },
    getSnapshot,
    toJSON: getSnapshot,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    submit({ signal } = {}) {
      submitting ??= submit(signal)
      return submitting
    },
    async poll({ signal } = {}) {
      polling ??= poll().finally(() => {
        polling = undefined
      })
      await polling
      signal?.throwIfAborted()
      return !isCompleted()
    },
    tryCancel() {
      cancel ??= askToCancel().finally(() => {
        cancel = undefined
      })
      return cancel
    },
    waitForCompletion: (options) => waitForCompletion(operation, environment, options),
  }
  return operation
}

function networkError(error: unknown): ODataErrorData {
  return { kind: 'network', message: `${error}` }
}

function monitorError(reply: HttpReply): ODataErrorData {
  const message = `The status monitor answered ${reply.status}. ${parseODataError(reply)?.message ?? ''}`
  return { kind: 'monitor', message, ...evidence(reply) }
}

/** What the service said, as far as it is worth keeping. */
function evidence(reply: HttpReply): Pick<ODataErrorData, 'status' | 'body'> {
  return { status: reply.status, body: bodyText(reply).slice(0, 16_384) }
}
