import { type QueryClient, QueryObserver, type QueryObserverOptions } from '@tanstack/react-query'
import type { AsyncOperation } from '../core/AsyncOperation.js'
import type { PauseReason } from '../core/operation.js'
import { ANSWER_TIME, type Tabs } from './openTabs.js'

/** Which reason is shown when there are several. */
const order: readonly PauseReason[] = ['user', 'unmounted', 'offline', 'hidden']

/** ms between two reminders to the tab that leads: it has to be asked, not pressed. */
const REMINDER_INTERVAL = 1_000

/**
 * When an unfinished operation is polled: the only observer with a `refetchInterval`, and the only tab. It also keeps the query
 * from being collected, paused or not.
 */
export class OperationSchedule {
  readonly #operation: AsyncOperation
  readonly #queryClient: QueryClient
  readonly #options: QueryObserverOptions
  readonly #pauses = new Set<PauseReason>()
  #observer: QueryObserver | undefined
  #tabs: Tabs | undefined
  #giveUp: (() => void) | undefined
  #unsubscribe = () => {}
  #isLeading = false
  #holdsLock = false

  constructor(operation: AsyncOperation, queryClient: QueryClient, options: QueryObserverOptions) {
    this.#operation = operation
    this.#queryClient = queryClient
    this.#options = options
  }

  /** Does this tab ask the service? */
  get isLeading(): boolean {
    return this.#isLeading
  }

  /** Does another tab ask the service? */
  get isFollowing(): boolean {
    return this.#tabs !== undefined && this.#pauses.size === 0 && !this.#isLeading && !this.#holdsLock
  }

  /** Is it time to poll? */
  get isDue(): boolean {
    return this.#pauses.size === 0 && this.#operation.isDue
  }

  /** Why nothing is polled now. */
  get pauseReason(): PauseReason | undefined {
    return order.find((reason) => this.#pauses.has(reason))
  }

  /** Begins. */
  start(tabs: Tabs): void {
    if (this.#tabs) return
    this.#tabs = tabs
    if (this.#canMove) tabs.send('asked', this.#operation.record)
    this.#observer = new QueryObserver(this.#queryClient, this.#observerOptions())
    this.#observer.subscribe(() => {})
    this.#unsubscribe = this.#operation.subscribe(() => this.#queue())
    this.#queue()
  }

  /** Ends; {@link start} begins again. */
  stop(): void {
    this.#observer?.destroy()
    this.#observer = undefined
    this.#unsubscribe()
    this.#tabs = undefined
    this.#leave()
  }

  /** Pauses for a reason, or takes one away. Returns whether that changed anything. */
  pause(reason: PauseReason, isPaused: boolean): boolean {
    if (this.#pauses.has(reason) === isPaused) return false
    if (isPaused) this.#pauses.add(reason)
    else this.#pauses.delete(reason)
    this.#queue()
    this.#observer?.setOptions(this.#observerOptions())
    return true
  }

  /** Could another tab go on with it? As long as there is no monitor, only the one that sends and waits for the first answer can. */
  get #canMove(): boolean {
    return this.#operation.monitorUrl !== undefined
  }

  /** A tab that is paused lets another one lead. */
  #queue(): void {
    if (this.#pauses.size > 0 && this.#canMove) return this.#leave()
    const tabs = this.#tabs
    if (this.#giveUp || !tabs) return
    let timer: ReturnType<typeof setTimeout> | undefined
    const begin = () => {
      this.#isLeading = true
      this.#observer?.setOptions(this.#observerOptions())
    }
    const giveUp = tabs.lead(this.#operation.record, () => {
      if (!tabs.areShared || !this.#canMove) return begin()
      // The one that led may have told the end, which comes later than the lock that it let go.
      this.#holdsLock = true
      tabs.send('asked', this.#operation.record)
      timer = setTimeout(begin, ANSWER_TIME)
    })
    this.#giveUp = () => {
      clearTimeout(timer)
      giveUp()
    }
  }

  #leave(): void {
    this.#giveUp?.()
    this.#giveUp = undefined
    this.#isLeading = false
    this.#holdsLock = false
  }

  #observerOptions(): QueryObserverOptions {
    const isPaused = this.#pauses.size > 0
    const whenDue = () => (this.isDue ? ('always' as const) : false)
    return {
      ...this.#options,
      enabled: !isPaused,
      refetchInterval: ({ state }) => {
        const { pollDelay } = this.#operation
        // During a poll it is overdue all the time.
        if (isPaused || state.fetchStatus !== 'idle' || pollDelay === false) return false
        return this.#isLeading ? pollDelay : Math.max(pollDelay, REMINDER_INTERVAL)
      },
      refetchIntervalInBackground: true,
      refetchOnWindowFocus: whenDue,
      refetchOnReconnect: whenDue,
    }
  }
}
