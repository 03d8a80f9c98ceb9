import type { CancelReading, MonitorProtocol } from '../monitors/MonitorProtocol.js'
import { bodyText, type HttpReply } from '../protocol/httpReply.js'
import type { MonitorReading } from '../protocol/monitorReply.js'
import { parseODataError } from '../protocol/odataError.js'
import { readResult } from '../protocol/resultValue.js'
import { type ODataErrorData, type ODataErrorKind, toError } from './errors.js'
import {
  type AsyncOperationProgress,
  type AsyncOperationStatus,
  isTerminal,
  type OperationRecord,
} from './operation.js'
import { delayUntilPoll, MAX_DELAY } from './schedule.js'
import {
  type Change,
  cancelling,
  running,
  type StepContext,
  transition,
  unanswered,
  unheard,
  withdrawCancel,
} from './transitions.js'

/**
 * What became of a cancel.
 *
 * - `cancelled`: the service confirmed it. Work already done may remain.
 * - `requested`: the service took it for later; the operation stays `cancelling` until it says more.
 * - `unsupported`: the service cannot cancel; the operation goes on.
 * - `too-late`: the operation had ended, or the service said so.
 * - `failed`: the service could not be asked; the operation goes on and `pollError` tells why.
 */
export type CancelOutcome = 'cancelled' | 'requested' | 'unsupported' | 'too-late' | 'failed'

/** How to wait for the end. */
export interface WaitOptions<TResult = unknown> {
  /** ms to wait at most; then the promise is rejected with an `OperationTimeoutError`, and the operation goes on. @default no limit */
  readonly timeout?: number | undefined
  /** Stops *our* waiting. To stop the service's work use {@link AsyncOperation.tryCancel}. */
  readonly signal?: AbortSignal | undefined
  /** Called each time the progress changed. */
  readonly onProgress?: ((progress: AsyncOperationProgress, record: OperationRecord<TResult>) => void) | undefined
}

/** What an operation needs from its client. */
export interface OperationContext extends StepContext {
  /** Sends the request that starts the operation; none when it was started elsewhere. */
  readonly submit: ((signal: AbortSignal | undefined) => Promise<HttpReply>) | undefined
  /** Sends a request to a status monitor, with the headers that it wants. */
  readonly ask: (method: string, url: string, signal?: AbortSignal) => Promise<HttpReply>
  readonly monitor: MonitorProtocol
  readonly isTrusted: (url: string) => boolean
}

/**
 * One long-running operation: it holds the record, asks the service, and makes the next record from the answer.
 * It has no timer of its own; whoever watches it calls {@link poll} when `record.nextPollAt` has come,
 * or {@link waitForCompletion}, which does.
 *
 * @example
 * const operation = await client.callAction('Reports/Sales.GenerateLargeReport', { StartDate: '2026-01-01' })
 * const report = await operation.waitForCompletion({ onProgress: ({ percent }) => console.log(percent) })
 */
export class AsyncOperation<TResult = unknown> {
  #record: OperationRecord
  readonly #context: OperationContext
  readonly #listeners = new Set<() => void>()
  #submitting: Promise<void> | undefined
  #polling: Promise<void> | undefined
  #cancelling: Promise<CancelOutcome> | undefined

  /** Made by a client: `callAction`, `prepareAction`, `resume`. */
  constructor(record: OperationRecord, context: OperationContext) {
    this.#record = record
    this.#context = context
  }

  /** The operation as plain JSON. A new object after each step, the same one in between. */
  get record(): OperationRecord<TResult> {
    return this.#record as OperationRecord<TResult>
  }

  get id(): string {
    return this.#record.id
  }

  get status(): AsyncOperationStatus {
    return this.#record.status
  }

  /** `false` when the service answered at once, `undefined` before the first answer. */
  get isAsync(): boolean | undefined {
    return this.#record.isAsync
  }

  /** True in every status that is the end: `completed`, `failed` and `cancelled`. */
  get isCompleted(): boolean {
    return isTerminal(this.#record.status)
  }

  get progress(): AsyncOperationProgress {
    return this.#record.progress
  }

  /** The result once `completed`; `undefined` before, and when the operation returns nothing. */
  get result(): TResult | undefined {
    return this.record.result
  }

  /** The error once `failed`. */
  get error(): Error | undefined {
    const { error } = this.#record
    return error && toError(error, { record: this.#record })
  }

  /** Absolute URL of the status monitor, the newest one. */
  get monitorUrl(): string | undefined {
    return this.#record.monitorUrl
  }

  /** ms until the next poll is due, 1 when it is overdue; `false` when none is. Made for React Query's `refetchInterval`. */
  get pollDelay(): number | false {
    return delayUntilPoll(this.#record, this.#now)
  }

  /** True when a poll is due. */
  get isDue(): boolean {
    return (this.#record.nextPollAt ?? Infinity) <= this.#now
  }

  /** Calls `listener` after each step. Returns the function that ends it. */
  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** {@link record}, bound, as `useSyncExternalStore` wants it. */
  getSnapshot = (): OperationRecord<TResult> => this.record

  /** The record, so that `JSON.stringify(operation)` gives what `client.resume` takes. */
  toJSON(): OperationRecord<TResult> {
    return this.record
  }

  /**
   * Sends the request that starts the operation, once, however often it is called. Never rejects for what the service
   * or the network did: the record tells. Aborting `signal` leaves the outcome unknown.
   */
  submit({ signal }: { signal?: AbortSignal | undefined } = {}): Promise<void> {
    this.#submitting ??= this.#submit(signal)
    return this.#submitting
  }

  async #submit(signal: AbortSignal | undefined): Promise<void> {
    const { submit, monitor } = this.#context
    if (!submit || this.isCompleted) return
    let reply: HttpReply
    try {
      reply = await submit(signal)
    } catch (error) {
      this.#apply(unanswered(this.#record, reason(error)))
      return
    }
    if (!monitor.accepts(reply)) return this.#settle(reply)
    const reading = monitor.read(reply, this.#now)
    if (reading.state === 'running' && reading.monitorUrl) return this.#run(reading)
    const advice =
      process.env.NODE_ENV === 'production'
        ? ''
        : ' The work may go on, so do not send it again. On another origin the service must send `Access-Control-Expose-Headers: Location, Retry-After, AsyncResult, Preference-Applied, OData-Version`.'
    this.#fail('protocol', `Accepted without a readable \`Location\`.${advice}`, reply)
  }

  /**
   * Asks the status monitor once, also before `nextPollAt`. Calls while one is under way share it.
   *
   * @returns true while the operation goes on.
   * @throws the reason of `signal` when that was aborted. What the service or the network did is in the record.
   */
  async poll({ signal }: { signal?: AbortSignal | undefined } = {}): Promise<boolean> {
    signal?.throwIfAborted()
    this.#polling ??= this.#poll(signal).finally(() => {
      this.#polling = undefined
    })
    await this.#polling
    signal?.throwIfAborted()
    return !this.isCompleted
  }

  async #poll(signal: AbortSignal | undefined): Promise<void> {
    const { cancelUrl, monitorUrl } = this.#record
    const url = cancelUrl ?? monitorUrl
    if (this.isCompleted || !url) return
    try {
      const reply = await this.#context.ask('GET', url, signal)
      if (this.#trusts(reply.url)) this.#read(this.#context.monitor.read(reply, this.#now), reply, cancelUrl)
    } catch (error) {
      if (!signal?.aborted) this.#apply(unheard(this.#record, networkError(error), undefined, this.#context))
    }
  }

  #read(reading: MonitorReading, reply: HttpReply, cancelUrl: string | undefined): void {
    const record = this.#record
    switch (reading.state) {
      case 'running':
        // An answer of the old monitor that crossed with an asynchronous cancel says nothing about the cancel.
        if (cancelUrl === record.cancelUrl) this.#run(reading)
        return
      case 'finished':
        if (!cancelUrl) return this.#settle(reading.reply)
        return this.#apply(reading.reply.status < 400 ? { status: 'cancelled' } : withdrawCancel(this.#now))
      case 'gone':
        if (cancelUrl) return this.#apply({ cancelUrl: undefined, nextPollAt: this.#now })
        // After a cancel that was not refused the monitor is expected to be gone (Protocol 11.6).
        if (record.cancelRequestedAt && record.canCancel) return this.#apply({ status: 'cancelled' })
        return this.#fail('expired', `The status monitor is gone (${reading.status}), and the result with it.`, reply)
      case 'unavailable': {
        const error = monitorError(reply)
        // 403, and 401 after fresh credentials were asked for, will not get better by asking again.
        const isRefused = reply.status === 401 || reply.status === 403
        return this.#apply(
          isRefused ? { status: 'failed', error } : unheard(record, error, reading.retryAfter, this.#context),
        )
      }
      case 'unreadable':
        return this.#fail('protocol', reading.problem, reply)
    }
  }

  /**
   * Asks the service to cancel (`DELETE` on the status monitor); a click before the service has answered at all is kept
   * until it has. Calls while one is under way share it. Never rejects. A result that is faster is delivered.
   */
  tryCancel(): Promise<CancelOutcome> {
    this.#cancelling ??= this.#cancel().finally(() => {
      this.#cancelling = undefined
    })
    return this.#cancelling
  }

  async #cancel(): Promise<CancelOutcome> {
    this.#apply({ status: 'cancelling', cancelRequestedAt: this.#now })
    await this.#submitting
    const { monitorUrl } = this.#record
    // Without a monitor after all answers are in, it was never sent.
    if (!monitorUrl) this.#apply({ status: 'cancelled' })
    if (this.isCompleted || !monitorUrl) return this.#ended()
    let reply: HttpReply
    try {
      reply = await this.#context.ask('DELETE', monitorUrl)
    } catch (error) {
      this.#apply(withdrawCancel(this.#now, { pollError: networkError(error) }))
      return 'failed'
    }
    if (this.isCompleted) return this.#ended()
    const reading = this.#context.monitor.readCancel(reply, this.#now)
    this.#apply(this.#cancelChange(reading, reply))
    return reading.state
  }

  #cancelChange(reading: CancelReading, reply: HttpReply): Change {
    const record = this.#record
    switch (reading.state) {
      case 'cancelled':
        return { status: 'cancelled' }
      case 'requested': {
        const { monitorUrl: url, retryAfter } = reading
        // The same URL again breaks the standard, but then its own answer tells how the cancel went.
        const isOther = url && url !== record.monitorUrl && this.#context.isTrusted(url)
        return cancelling(record, isOther ? url : undefined, retryAfter, this.#context)
      }
      case 'unsupported':
        return withdrawCancel(this.#now, { canCancel: false })
      case 'too-late':
        return withdrawCancel(this.#now)
      case 'failed':
        return withdrawCancel(this.#now, { pollError: monitorError(reply) })
    }
  }

  #ended(): CancelOutcome {
    return this.status === 'cancelled' ? 'cancelled' : 'too-late'
  }

  /**
   * Polls when it is due until the operation ends.
   *
   * @returns the result.
   * @throws the {@link ODataError} of the end, an `OperationTimeoutError` after `timeout` (the operation goes on and can be
   * waited for again), or the reason of `signal`.
   */
  async waitForCompletion({ timeout = Infinity, signal, onProgress }: WaitOptions<TResult> = {}): Promise<TResult> {
    const { environment } = this.#context
    const deadline = this.#now + timeout
    let { progress } = this
    let wake = () => {}
    const onAbort = () => wake()
    const unsubscribe = this.subscribe(() => {
      wake()
      if (this.progress !== progress) {
        progress = this.progress
        onProgress?.(progress, this.record)
      }
    })
    signal?.addEventListener('abort', onAbort)
    try {
      while (!this.isCompleted) {
        signal?.throwIfAborted()
        const isLast = this.#now >= deadline
        if (isLast || this.isDue) {
          await this.poll({ signal })
          if (isLast && !this.isCompleted) {
            throw this.#error('timeout', `Not finished within ${timeout} ms; the operation goes on.`)
          }
        } else {
          let timer: unknown
          await new Promise<void>((resolve) => {
            wake = resolve
            timer = environment.setTimeout(resolve, Math.min(this.pollDelay || MAX_DELAY, deadline - this.#now))
          })
          environment.clearTimeout(timer)
        }
      }
    } finally {
      unsubscribe()
      signal?.removeEventListener('abort', onAbort)
    }
    if (this.status === 'completed') return this.result as TResult
    throw this.error ?? this.#error('cancelled', 'The operation was cancelled.')
  }

  #error(kind: ODataErrorKind, message: string): Error {
    return toError({ kind, message }, { record: this.#record })
  }

  /** A `202` that can be followed. */
  #run(reading: Extract<MonitorReading, { state: 'running' }>): void {
    if (!reading.monitorUrl || this.#trusts(reading.monitorUrl)) {
      this.#apply(running(this.#record, reading, this.#context))
    }
  }

  /** The operation's own answer. */
  #settle(reply: HttpReply): void {
    const { status, headers } = reply
    const { isAsync = false, progress } = this.#record
    const end = { isAsync, response: { status, headers } }
    if (status >= 400) {
      const said = parseODataError(reply)
      const message = said?.message || `The service answered ${status}.`
      this.#apply({ ...end, status: 'failed', error: { ...said, kind: 'service', message, ...evidence(reply) } })
      return
    }
    const read = readResult(reply)
    if ('problem' in read) return this.#fail('protocol', read.problem, reply)
    this.#apply({ ...end, status: 'completed', result: read.value, progress: { ...progress, percent: 100 } })
  }

  #fail(kind: ODataErrorKind, message: string, reply?: HttpReply): void {
    this.#apply({ status: 'failed', error: { kind, message, ...(reply && evidence(reply)) } })
  }

  /** Ends the operation when a URL may not be asked. */
  #trusts(url: string): boolean {
    const isTrusted = this.#context.isTrusted(url)
    if (!isTrusted) {
      const { origin } = new URL(url)
      const advice = process.env.NODE_ENV === 'production' ? '' : ` If you trust it, add it to \`trustedOrigins\`.`
      this.#fail('protocol', `${origin} is not the origin of the service, so it gets no credentials.${advice}`)
    }
    return isTrusted
  }

  get #now(): number {
    return this.#context.environment.now()
  }

  /** Makes the next record from the newest one, whatever happened since the request went out. */
  #apply(change: Change): void {
    const record = transition(this.#record, change, this.#now)
    if (record === this.#record) return
    this.#record = record
    for (const listener of [...this.#listeners]) listener()
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function networkError(error: unknown): ODataErrorData {
  return { kind: 'network', message: reason(error) }
}

function monitorError(reply: HttpReply): ODataErrorData {
  const message = `The status monitor answered ${reply.status}. ${parseODataError(reply)?.message ?? ''}`.trim()
  return { kind: 'monitor', message, ...evidence(reply) }
}

/** What the service said, as far as it is worth keeping. */
function evidence(reply: HttpReply): Pick<ODataErrorData, 'status' | 'body'> {
  return { status: reply.status, body: bodyText(reply).slice(0, 16_384) }
}
