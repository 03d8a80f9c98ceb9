import type { MonitorProtocol } from '../monitors/MonitorProtocol.js'
import { EXPOSED_HEADERS } from '../protocol/exposedHeaders.js'
import type { HttpReply } from '../protocol/httpReply.js'
import { parseHttpUrl, resolveLocation } from '../protocol/location.js'
import type { MonitorReading } from '../protocol/monitorReply.js'
import type { AsyncOperation, CancelOutcome } from './AsyncOperation.js'
import { isAtNextLink } from './batch/isAtNextLink.js'
import { type CancelAnswer, cancelAnswered } from './cancelAnswered.js'
import { createListeners } from './createListeners.js'
import { toError } from './errors.js'
import { monitorAnswered } from './monitorAnswered.js'
import { newerRecord } from './newerRecord.js'
import { isTerminal, type OperationRecord } from './operation.js'
import { resultOf } from './resultOf.js'
import { delayUntilPoll } from './schedule.js'
import { shareTask } from './shareTask.js'
import {
  type Change,
  failed,
  monitorError,
  noAnswer,
  running,
  type StepContext,
  timedOut,
  transition,
  unanswered,
  unread,
  withdrawCancel,
} from './transitions.js'
import { waitForCompletion } from './waitForCompletion.js'

/** What the client does for a request to a status monitor. */
export interface AskOptions {
  readonly signal?: AbortSignal | undefined
  /** Epoch ms up to which to wait for fresh credentials. */
  readonly deadlineAt?: number | undefined
  /** Is it the rest of a batch's answer that is asked for? */
  readonly isNextLink: boolean
  /** Called when fresh credentials are waited for. */
  readonly onUnauthorized: () => void
}

type Unreadable = Extract<MonitorReading, { state: 'unreadable' }>

/** @param note keeps what turned out when the request was made */
type Submit = (
  record: OperationRecord,
  signal: AbortSignal | undefined,
  note: (change: Change) => void,
) => Promise<HttpReply>

/** What an operation needs from its client. */
export interface OperationContext extends StepContext {
  /** Sends the request that starts the operation; none when it was started elsewhere. */
  readonly submit: Submit | undefined
  /** ms for the whole operation, from when it is sent. */
  readonly timeout: number | undefined
  /** Is this answer to it "accepted", not the result? */
  readonly accepts: (reply: HttpReply) => boolean
  /** Sends a request to a status monitor, with the headers that it wants. */
  readonly ask: (method: string, url: string, options: AskOptions) => Promise<HttpReply>
  /** Makes the body of an operation's own answer readable. */
  readonly decode: (reply: HttpReply) => Promise<HttpReply>
  /** What its own answer makes of the operation. */
  readonly read: (record: OperationRecord, reply: HttpReply) => Change
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
  const { subscribe, notify } = createListeners(environment)
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
    notify()
  }

  /** Ends the operation when a URL may not be asked. */
  function trusts(url: string): boolean {
    if (isTrusted(url)) return true
    apply(untrusted(url))
    return false
  }

  async function ask(method: string, url: string, signal?: AbortSignal): Promise<HttpReply> {
    const onUnauthorized = () => apply({ pauseReason: 'auth' })
    try {
      const isNextLink = isAtNextLink(record)
      return await context.ask(method, url, { signal, deadlineAt: record.deadlineAt, isNextLink, onUnauthorized })
    } finally {
      if (record.pauseReason) apply({ pauseReason: undefined })
    }
  }

  /** A fault in a protocol of the app's own is no fault of the network, and asking again does not mend it. */
  function guarded<T>({ status }: HttpReply, read: () => T): T | Unreadable {
    try {
      return read()
    } catch (error) {
      const problem = `The monitor protocol \`${monitor.name}\` cannot read an answer ${status} (${error}).`
      return { state: 'unreadable', problem }
    }
  }

  const readMonitor = (reply: HttpReply) => guarded<MonitorReading>(reply, () => monitor.read(reply, now()))

  async function settle(reply: HttpReply): Promise<void> {
    const change = await context.decode(reply).then(
      (decoded) => context.read(record, decoded),
      (error) => unread(record, error, context),
    )
    apply(change)
  }

  /** Keeps what turned out right before the request is sent. It is not, when it was cancelled meanwhile, or the time is over. */
  function note(change: Change): void {
    const isLate = now() >= (record.deadlineAt ?? Infinity)
    if (record.status === 'cancelling') apply({ ...change, status: 'cancelled' })
    else apply({ ...change, ...(isLate && timedOut(record, now(), 'It was not sent.')) })
    if (isCompleted()) throw new Error('not sent')
  }

  async function submit(signal: AbortSignal | undefined): Promise<void> {
    if (record.status !== 'pending' || !context.submit) return
    // No step that anyone could see: a listener that asks to submit would send it twice.
    if (context.timeout) record = { ...record, deadlineAt: now() + context.timeout }
    try {
      await answered(await context.submit(record, signal, note))
    } catch (error) {
      apply(unanswered(record, error))
    }
  }

  async function answered(reply: HttpReply): Promise<void> {
    const isAccepted = guarded(reply, () => context.accepts(reply))
    if (!isAccepted) return settle(reply)
    const reading = isAccepted === true ? readMonitor(reply) : isAccepted
    if (reading.state !== 'running' || !reading.monitorUrl) {
      const lost = `Accepted without a readable \`Location\`, so it cannot be followed. The work may go on: do not send it again. On another origin the service must send \`Access-Control-Expose-Headers: ${EXPOSED_HEADERS}\`.`
      const problem = reading.state === 'unreadable' ? reading.problem : lost
      const monitorUrl = resolveLocation(reply.headers.location, reply.url)
      apply({ ...failed('protocol', problem, reply), monitorUrl })
    } else if (trusts(reading.monitorUrl)) apply(running(record, reading, context))
  }

  const poll = shareTask(async (signal) => {
    const { cancelUrl, monitorUrl } = record
    const url = cancelUrl ?? monitorUrl
    if (isCompleted() || !url || !trusts(url)) return
    try {
      await look(url, cancelUrl, signal)
    } catch (error) {
      if (!signal.aborted) await goOn(unread(record, error, context), cancelUrl)
    }
  })

  async function look(url: string, cancelUrl: string | undefined, signal?: AbortSignal): Promise<void> {
    const isRest = isAtNextLink(record)
    const reply = await ask('GET', url, signal)
    if (!trusts(reply.url)) return
    const reading = isRest && reply.status === 200 ? { state: 'finished' as const, reply } : readMonitor(reply)
    if (reading.state === 'finished' && !cancelUrl) return settle(reading.reply)
    const change = monitorAnswered(record, { reading, reply, cancelUrl }, context)
    if (change) await goOn(change, cancelUrl)
  }

  /** The operation goes on, if nothing speaks against it. */
  async function goOn(change: Change, cancelUrl: string | undefined): Promise<void> {
    const isTimeout = change.error?.kind === 'timeout'
    // A monitor that cannot be asked ends the operation; the one of a cancel ends the cancel.
    if (cancelUrl && change.status === 'failed' && !isTimeout) {
      return apply(withdrawCancel(now(), { pollError: change.error }))
    }
    const mayCancel = context.cancelsAtTimeout && record.status === 'running' && !isAtNextLink(record)
    if (!isTimeout || !mayCancel) return apply(change)
    apply({ ...change, error: undefined, ...cancelRequested() })
    const { monitorUrl = '' } = record
    if (!trusts(monitorUrl)) return
    const answer = await requestCancel(monitorUrl)
    const { outcome, change: cancel } = cancelAnswered(record, answer, { ...context, isTrusted })
    apply({ ...cancel, status: 'cancelling', error: undefined })
    // One result may be ready at the very end: it is delivered.
    if (outcome === 'too-late') await look(monitorUrl, undefined)
    apply(timedOut(record, now(), outcome === 'cancelled' ? 'The service has cancelled it.' : undefined))
  }

  function cancelRequested(): Change {
    return { status: 'cancelling', cancelRequestedAt: now(), isCancelRefused: undefined }
  }

  /** Asks the service to cancel. An answer that is the result is taken as such. Never rejects. */
  async function requestCancel(url: string): Promise<CancelAnswer> {
    try {
      const reply = await ask('DELETE', url)
      if (!isTrusted(reply.url)) return { state: 'failed', error: untrusted(reply.url).error }
      const reading = monitor.readCancel(reply, now())
      if (reading.state === 'finished') await settle(reading.reply)
      return { ...reading, ...(reading.state === 'failed' && { error: monitorError(reply) }) }
    } catch (error) {
      return { state: 'failed', error: noAnswer(error) }
    }
  }

  /** A next link cannot be cancelled: what it leads to can, and may be under way already. */
  async function leaveNextLinks(): Promise<void> {
    for (let asked: string | undefined; isAtNextLink(record) && record.monitorUrl !== asked; ) {
      asked = record.monitorUrl
      await poll()
    }
  }

  async function tryCancel(): Promise<CancelOutcome> {
    if (record.status === 'cancelling') return 'requested'
    apply(cancelRequested())
    await submitting
    await leaveNextLinks()
    const { monitorUrl } = record
    let outcome: CancelOutcome = 'too-late'
    // Without a monitor after all answers are in, it was never sent.
    if (!monitorUrl) apply({ status: 'cancelled' })
    else if (isAtNextLink(record)) {
      outcome = 'failed'
      apply({ status: 'running' })
    } else if (!isCompleted() && trusts(monitorUrl)) {
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
      return resultOf(getSnapshot())
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
    subscribe,
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

function untrusted(url: string): Change {
  const origin = parseHttpUrl(url)?.origin ?? 'no server'
  const message = `The status monitor is not trusted. It is on ${origin}, not on the origin of the service, so it gets no credentials. If you trust it, add that to \`trustedOrigins\`.`
  return failed('protocol', message)
}
