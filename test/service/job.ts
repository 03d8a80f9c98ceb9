import { type BackendReply, type Counts, type PartialResults, replyOf, type Work } from './backend.js'
import type { Behaviour } from './behaviour.js'

/**
 * - `running`: the work goes on.
 * - `finished`: the result is there, a good one or an error.
 * - `cancelling`: the work was stopped, the cancel is still under way for the client.
 * - `cancelled`: stopped for good.
 * - `expired`: the result was kept long enough and thrown away.
 */
export type JobState = 'running' | 'finished' | 'cancelling' | 'cancelled' | 'expired'

/** A job as tests and stories see it. */
export interface JobSnapshot {
  readonly id: string
  readonly method: string
  /** Path and query of the request that started it, below the service root. */
  readonly url: string
  readonly state: JobState
  /** 0-100. */
  readonly percent: number
  readonly message: string
  /** Of work on many things, such as a batch: how many are done. */
  readonly completed?: number
  /** How many there are. */
  readonly total?: number
  /** HTTP status of the result, once there is one. */
  readonly resultStatus: number | undefined
  /** True when the work was told to stop. */
  readonly aborted: boolean
  /** Epoch ms. */
  readonly startedAt: number
  /** Epoch ms at which the work itself came to its end, also after an abort. */
  readonly endedAt: number | undefined
  /** Requests to its monitor that asked for the state. */
  readonly polls: number
}

/** Work under way, with what its monitor has to know. */
export class Job {
  readonly id = crypto.randomUUID()
  readonly startedAt = Date.now()
  /** Resolves when the work has ended, in whatever way. */
  readonly settled: Promise<void>
  state: JobState = 'running'
  reply: BackendReply | undefined
  endedAt: number | undefined
  polls = 0
  readonly #abort = new AbortController()
  #results: PartialResults | undefined
  #counts: Counts | undefined
  #onPoll = new Set<() => void>()
  #percent = 0
  #message = ''

  constructor(
    readonly method: string,
    readonly url: string,
    readonly behaviour: Behaviour,
    work: Work,
  ) {
    this.settled = this.#run(work)
  }

  async #run(work: Work): Promise<void> {
    const { signal } = this.#abort
    const report = (percent: number, message: string, counts?: Counts) => {
      if (this.state !== 'running') return
      this.#counts = counts
      this.#percent = Math.max(this.#percent, Math.min(100, Math.floor(percent)))
      this.#message = message
    }
    const offer = (results: PartialResults) => {
      this.#results = results
    }
    const polled = (count: number) => this.#polled(count, signal)
    const reply = await replyOf(signal, async () => {
      const found = await work({ signal, report, offer, polled })
      await polled(this.behaviour.polls)
      return found
    }).catch(() => undefined)
    this.endedAt = Date.now()
    if (this.state !== 'running') return
    this.state = 'finished'
    this.reply = reply
    this.#percent = 100
  }

  /** Waits until the monitor was asked that often. Rejects when the work is stopped. */
  #polled(count: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted()
      const stop = () => reject(signal.reason)
      const look = () => {
        if (this.polls < count) return
        this.#onPoll.delete(look)
        signal.removeEventListener('abort', stop)
        resolve()
      }
      signal.addEventListener('abort', stop)
      this.#onPoll.add(look)
      look()
    })
  }

  /** Results that are there before the work is done. */
  get interimResults(): PartialResults | undefined {
    return this.state === 'running' && !this.#results?.isComplete ? this.#results : undefined
  }

  /** The result without the first `from` of its parts, which the client has already. `undefined` as long as there is none. */
  replyAfter(from: number): BackendReply | undefined {
    return from > 0 && this.reply?.status === 200 ? this.#results?.reply(from) : this.reply
  }

  /** Counts a request that asks for the state. */
  countPoll(): void {
    this.polls++
    for (const look of [...this.#onPoll]) look()
  }

  /** Stops the work; `state` says whether the client is told at once. Nothing happens to work that has ended. */
  stop(state: 'cancelling' | 'cancelled', reason: string): void {
    if (this.state === 'running' || this.state === 'cancelling') this.state = state
    if (this.endedAt === undefined) this.#abort.abort(new Error(reason))
  }

  /** Throws the result away, if there is one. */
  expire(): void {
    if (this.state !== 'finished') return
    this.state = 'expired'
    this.reply = undefined
    this.#results = undefined
  }

  get snapshot(): JobSnapshot {
    const { id, method, url, state, startedAt, endedAt, polls } = this
    const progress = { percent: this.#percent, message: this.#message, ...this.#counts }
    const end = { resultStatus: this.reply?.status, aborted: this.#abort.signal.aborted }
    return { id, method, url, state, ...progress, ...end, startedAt, endedAt, polls }
  }
}
