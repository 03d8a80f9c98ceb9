import type { MonitorProtocol } from '../monitors/MonitorProtocol.js'
import { EXPOSED_HEADERS } from '../protocol/exposedHeaders.js'
import type { HttpReply } from '../protocol/httpReply.js'
import { parseHttpUrl } from '../protocol/location.js'
import type { MonitorReading } from '../protocol/monitorReply.js'
import type { AsyncOperation, CancelOutcome } from './AsyncOperation.js'
import { type CancelAnswer, cancelAnswered } from './cancelAnswered.js'
import { toError } from './errors.js'
import { newerRecord } from './newerRecord.js'
import { isTerminal, type OperationRecord } from './operation.js'
import { delayUntilPoll } from './schedule.js'
import { shareTask } from './shareTask.js'
import {
  type Change,
  failed,
  monitorError,
  noAnswer,
  running,
  type StepContext,
  settled,
  transition,
  unanswered,
  unheard,
  withdrawCancel,
} from './transitions.js'
import { waitForCompletion } from './waitForCompletion.js'

/** What the client does for a request to a status monitor. */
export interface AskOptions {
  readonly signal?: AbortSignal | undefined
  /** Epoch ms up to which to wait for fresh credentials. */
  readonly deadlineAt?: number | undefined
  /** Called when fresh credentials are waited for. */
  readonly onUnauthorized: () => void
}

/** What an operation needs from its client. */
export interface OperationContext extends StepContext {
  /** Sends the request that starts the operation; none when it was started elsewhere. */
  readonly submit: ((signal: AbortSignal | undefined) => Promise<HttpReply>) | undefined
  /** Is this answer to it "accepted", not the result? */
  readonly accepts: (reply: HttpReply) => boolean
  /** Sends a request to a status monitor, with the headers that it wants. */
  readonly ask: (method: string, url: string, options: AskOptions) => Promise<HttpReply>
  /** Makes the body of an operation's own answer readable. */
  readonly decode: (reply: HttpReply) => Promise<HttpReply>
  readonly monitor: MonitorProtocol
  readonly isTrusted: (url: string) => boolean
  /** Is the service asked to cancel when the time is over? */
  readonly cancelsAtTimeout: boolean
}

/** Makes an operation that goes on from a record. Nothing is sent. */
export function createAsyncOperation<TResult>(
  initial: OperationRecord,
  context: OperationContext,
): AsyncOperation<TResult> {
  const { environment, monitor, isTrusted } = context
  const { now } = environment
  const listeners = new Set<() => void>()
  let record = initial
  let submitting: Promise<void> | undefined
  let cancelling: Promise<CancelOutcome> | undefined

  const getSnapshot = () => record as OperationRecord<TResult>
  const isCompleted = () => isTerminal(record.status)

  /** Makes the next record from the newest one, whatever happened since the request went out. */
  function apply(change: Change): void {
    replace(transition(record, change, now()))
  }

  function replace(next: OperationRecord): void {
    if (next === record) return
    record = next
    for (const listener of [...listeners]) listener()
  }

  /** Ends the operation when a URL may not be asked. */
  function trusts(url: string): boolean {
    if (isTrusted(url)) return true
    const origin = parseHttpUrl(url)?.origin ?? 'no server'
    apply(
      failed(
        'protocol',
        `The status monitor is not trusted. It is on ${origin}, not on the origin of the service, so it gets no credentials. If you trust it, add that to \`trustedOrigins\`.`,
      ),
    )
    return false
  }

  function ask(method: string, url: string, signal?: AbortSignal): Promise<HttpReply> {
    const onUnauthorized = () => apply({ pauseReason: 'auth' })
    return context.ask(method, url, { signal, deadlineAt: record.deadlineAt, onUnauthorized })
  }

  async function settle(reply: HttpReply): Promise<void> {
    const change = await context.decode(reply).then(
      (decoded) => settled(record, decoded),
      (error) => unheard(record, noAnswer(error), undefined, context),
    )
    apply(change)
  }

  async function submit(signal: AbortSignal | undefined): Promise<void> {
    if (record.status !== 'pending' || !context.submit) return
    await context.submit(signal).then(answered, (error) => apply(unanswered(record, error)))
  }

  async function answered(reply: HttpReply): Promise<void> {
    if (!context.accepts(reply)) return settle(reply)
    const reading = monitor.read(reply, now())
    if (reading.state !== 'running' || !reading.monitorUrl) {
      const message = `Accepted without a readable \`Location\`, so it cannot be followed. The work may go on: do not send it again. On another origin the service must send \`Access-Control-Expose-Headers: ${EXPOSED_HEADERS}\`.`
      apply(failed('protocol', message, reply))
    } else if (trusts(reading.monitorUrl)) apply(running(record, reading, context))
  }

  const poll = shareTask(async (signal) => {
    const { cancelUrl, monitorUrl } = record
    const url = cancelUrl ?? monitorUrl
    if (isCompleted() || !url || !trusts(url)) return
    try {
      const reply = await ask('GET', url, signal)
      if (trusts(reply.url)) await read(monitor.read(reply, now()), reply, cancelUrl)
    } catch (error) {
      if (!signal.aborted) await goOn(unheard(record, noAnswer(error), undefined, context), cancelUrl)
    }
  })

  async function read(reading: MonitorReading, reply: HttpReply, cancelUrl: string | undefined): Promise<void> {
    const { cancelRequestedAt, canCancel, isCancelRefused } = record
    // After a cancel that was not refused the monitor is expected to be gone (Protocol 11.6), or to have nothing to say.
    const isCancelled = cancelRequestedAt !== undefined && canCancel && !isCancelRefused
    switch (reading.state) {
      case 'running':
        // An answer of the old monitor that crossed with an asynchronous cancel says nothing about the cancel.
        return cancelUrl === record.cancelUrl ? goOn(running(record, reading, context), cancelUrl) : undefined
      case 'finished':
        if (!cancelUrl) return settle(reading.reply)
        return apply(reading.reply.status < 400 ? { status: 'cancelled' } : withdrawCancel(now()))
      case 'gone': {
        if (cancelUrl) return apply(withdrawCancel(now()))
        if (isCancelled) return apply({ status: 'cancelled' })
        const message = `The status monitor is gone (${reading.status}). The result went with it; whether the operation finished is unknown.`
        return apply(failed('expired', message, reply))
      }
      case 'unavailable': {
        const error = monitorError(reply)
        // 403, and 401 after fresh credentials were asked for, will not get better by asking again.
        const isRefused = reading.status === 401 || reading.status === 403
        return goOn(
          isRefused ? { status: 'failed', error } : unheard(record, error, reading.retryAfter, context),
          cancelUrl,
        )
      }
      case 'unreadable':
        // How a cancel went is in its status.
        if (cancelUrl || (isCancelled && reply.status === 204)) return apply({ status: 'cancelled' })
        return apply(failed('protocol', reading.problem, reply))
    }
  }

  /** The operation goes on, if nothing speaks against it. */
  async function goOn(change: Change, cancelUrl: string | undefined): Promise<void> {
    const isTimeout = change.error?.kind === 'timeout'
    // A monitor that cannot be asked ends the operation; the one of a cancel ends the cancel.
    if (cancelUrl && change.status === 'failed' && !isTimeout) {
      return apply(withdrawCancel(now(), { pollError: change.error }))
    }
    if (isTimeout && context.cancelsAtTimeout && record.status === 'running') await cancelAtTimeout()
    apply(change)
  }

  /** One result may be ready at the very end: it is delivered. */
  async function cancelAtTimeout(): Promise<void> {
    const { monitorUrl = '' } = record
    apply({ status: 'cancelling', cancelRequestedAt: now() })
    const { state } = await requestCancel(monitorUrl)
    if (state !== 'too-late' && state !== 'refused') return
    const reading = await ask('GET', monitorUrl).then(
      (reply) => (isTrusted(reply.url) ? monitor.read(reply, now()) : undefined),
      () => undefined,
    )
    if (reading?.state === 'finished') await settle(reading.reply)
  }

  /** Asks the service to cancel. An answer that is the result is taken as such. Never rejects. */
  async function requestCancel(url: string): Promise<CancelAnswer> {
    try {
      const reply = await ask('DELETE', url)
      if (!isTrusted(reply.url)) return { state: 'failed' }
      const reading = monitor.readCancel(reply, now())
      if (reading.state === 'finished') await settle(reading.reply)
      return { ...reading, ...(reading.state === 'failed' && { error: monitorError(reply) }) }
    } catch (error) {
      return { state: 'failed', error: noAnswer(error) }
    }
  }

  async function tryCancel(): Promise<CancelOutcome> {
    if (record.status === 'cancelling') return 'requested'
    apply({ status: 'cancelling', cancelRequestedAt: now() })
    await submitting
    const { monitorUrl } = record
    let outcome: CancelOutcome = 'too-late'
    // Without a monitor after all answers are in, it was never sent.
    if (!monitorUrl) apply({ status: 'cancelled' })
    else if (!isCompleted() && trusts(monitorUrl)) {
      const answer = cancelAnswered(record, await requestCancel(monitorUrl), { ...context, isTrusted })
      outcome = answer.outcome
      apply(answer.change)
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
    follow: (other) => replace(newerRecord(record, other)),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    submit({ signal } = {}) {
      submitting ??= submit(signal)
      return submitting
    },
    async poll({ signal } = {}) {
      await poll(signal)
      return !isCompleted()
    },
    tryCancel() {
      cancelling ??= tryCancel().finally(() => {
        cancelling = undefined
      })
      return cancelling
    },
    waitForCompletion: (options) => waitForCompletion(operation, environment, options),
  }
  return operation
}
