import {
  notifyManager,
  type QueryClient,
  type QueryKey,
  QueryObserver,
  type QueryObserverOptions,
} from '@tanstack/react-query'
import type { CallbacksRef } from './OperationCallbacks.js'

/** Those who look at one operation, and what they want of it. */
export class OperationAudience {
  readonly callbacks = new Set<CallbacksRef>()
  /** Those of components that would have started it themselves. */
  readonly starters = new Set<CallbacksRef>()
  readonly #listeners = new Set<() => void>()
  /** The components that have not unmounted, hidden or not. */
  readonly #members = new Set<CallbacksRef>()
  readonly #queryClient: QueryClient
  readonly #options: QueryObserverOptions
  /** Keeps the query from being collected while anyone looks. */
  #observer: QueryObserver | undefined

  /** @param options of the operation's query */
  constructor(queryClient: QueryClient, options: QueryObserverOptions) {
    this.#queryClient = queryClient
    this.#options = { ...options, enabled: false }
  }

  /** Is there nobody? */
  get isEmpty(): boolean {
    return this.#listeners.size + this.callbacks.size + this.#members.size === 0
  }

  /** Calls `listener` after visible changes. */
  listen(listener: () => void): () => void {
    const batched = notifyManager.batchCalls(listener)
    this.#listeners.add(batched)
    return () => void this.#listeners.delete(batched)
  }

  /** Tells of a visible change. */
  notify(): void {
    for (const listener of this.#listeners) listener()
  }

  /** Adds callbacks, of a component that starts operations or only watches; `onGone` is called when the last ones have gone and would have it so. */
  addCallbacks(ref: CallbacksRef, isStarter: boolean, onGone: () => void): () => void {
    this.callbacks.add(ref)
    if (isStarter) this.starters.add(ref)
    return () => {
      this.starters.delete(ref)
      this.callbacks.delete(ref)
      // StrictMode unmounts and mounts again at once: nobody has left then.
      if (ref.current.onUnmount === 'stop') queueMicrotask(() => this.callbacks.size === 0 && onGone())
    }
  }

  /** Counts a component in for as long as it has not unmounted; `onGone` as for {@link addCallbacks}. */
  join(ref: CallbacksRef, onGone: () => void): () => void {
    this.#members.add(ref)
    return () => {
      this.#members.delete(ref)
      // In its place another one may come in the same render.
      if (ref.current.onUnmount === 'cancel') queueMicrotask(() => this.#members.size === 0 && onGone())
    }
  }

  /** Keeps the query, if it is there. */
  retain(): void {
    if (this.#observer || !this.#queryClient.getQueryState(this.#options.queryKey as QueryKey)) return
    this.#observer = new QueryObserver(this.#queryClient, this.#options)
    this.#observer.subscribe(() => {})
  }

  /** Lets it go. */
  release(): void {
    this.#observer?.destroy()
    this.#observer = undefined
  }
}
