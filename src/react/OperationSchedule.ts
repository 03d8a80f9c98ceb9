import { type QueryClient, QueryObserver, type QueryObserverOptions } from '@tanstack/react-query'
import type { AsyncOperation } from '../core/AsyncOperation.js'
import type { PauseReason } from '../core/operation.js'
import type { Tabs } from './openTabs.js'

/** Besides the reasons to show: other tabs are asked what they know. */
type Pause = PauseReason | 'asking'

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
  readonly #pauses = new Set<Pause>()
  #observer: QueryObserver | undefined
  #tabs: Tabs | undefined
  #giveUp = () => {}
  #isLeading = false

  constructor(operation: AsyncOperation, queryClient: QueryClient, options: QueryObserverOptions) {
    this.#operation = operation
    this.#queryClient = queryClient
    this.#options = options
  }

  /** Does this tab ask the service? */
  get isLeading(): boolean {
    return this.#isLeading
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
    this.#observer = new QueryObserver(this.#queryClient, this.#observerOptions())
    this.#observer.subscribe(() => {})
    this.#queue()
  }

  /** Ends; {@link start} begins again. */
  stop(): void {
    this.#observer?.destroy()
    this.#observer = undefined
    this.#tabs = undefined
    this.#leave()
  }

  /** Pauses for a reason, or takes one away. Returns whether that changed anything. */
  pause(reason: Pause, isPaused: boolean): boolean {
    if (this.#pauses.has(reason) === isPaused) return false
    if (isPaused) this.#pauses.add(reason)
    else this.#pauses.delete(reason)
    if (this.#tabs) this.#queue()
    this.#observer?.setOptions(this.#observerOptions())
    return true
  }

  /** A tab that is paused lets another one lead. */
  #queue(): void {
    this.#leave()
    if (this.#pauses.size > 0) return
    this.#giveUp =
      this.#tabs?.lead(this.#operation.record, () => {
        this.#isLeading = true
        this.#observer?.setOptions(this.#observerOptions())
      }) ?? this.#giveUp
  }

  #leave(): void {
    this.#giveUp()
    this.#giveUp = () => {}
    this.#isLeading = false
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
