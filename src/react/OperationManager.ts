import {
  focusManager,
  notifyManager,
  onlineManager,
  type Query,
  type QueryClient,
  QueryObserver,
  type QueryObserverOptions,
} from '@tanstack/react-query'
import type { AsyncOperation, CancelOutcome } from '../core/AsyncOperation.js'
import { toError } from '../core/errors.js'
import { newerRecord } from '../core/newerRecord.js'
import type { ODataClient } from '../core/ODataClient.js'
import { isOperationRecord, isTerminal, type OperationRecord, type PauseReason } from '../core/operation.js'
import { isVisibleChange } from './isVisibleChange.js'
import { type CallbacksRef, callAtEnd } from './OperationCallbacks.js'
import { OperationSchedule } from './OperationSchedule.js'
import { odataOperationKey } from './odataOperationKey.js'
import { openTabs, type TabMessage, type Tabs } from './openTabs.js'

/** An operation that has not ended, and what watches it. */
interface Live {
  readonly operation: AsyncOperation
  readonly starter: CallbacksRef | undefined
  readonly promise: Promise<unknown>
  readonly settle: (record: OperationRecord) => void
  readonly unsubscribe: () => void
  readonly schedule: OperationSchedule
}

/** How a provider wants its operations watched. */
export interface WatchOptions {
  readonly pauseWhenHidden: boolean
  readonly pauseWhenOffline: boolean
}

/** ms that other tabs have to say what they know, before one that comes back from a storage is polled. */
const ANSWER_TIME = 300

/** Those who look at one operation. */
interface Audience {
  readonly listeners: Set<() => void>
  readonly callbacks: Set<CallbacksRef>
  /** Keeps the query from being collected while anyone looks. */
  observer?: QueryObserver | undefined
}

/** Which manager asks for an operation, in each cache: another one on the same service must not ask too. */
const owners = new WeakMap<QueryClient, Map<string, OperationManager>>()

/**
 * Owns the schedule of all operations of one client in one query cache. The records live in the cache; for each unfinished
 * one this holds the only observer with a `refetchInterval`. Hooks only look.
 */
export class OperationManager {
  readonly client: ODataClient
  readonly #queryClient: QueryClient
  readonly #live = new Map<string, Live>()
  readonly #audiences = new Map<string, Audience>()
  readonly #listListeners = new Set<() => void>()
  /** What the hooks show: replaced by visible changes only. */
  readonly #shown = new Map<string, OperationRecord>()
  #list: readonly OperationRecord[] | undefined
  #watching: WatchOptions = { pauseWhenHidden: false, pauseWhenOffline: true }
  #tabs: Tabs | undefined
  /** Operations without an answer that were left by their page, or are under way in another tab: what ends the wait to be told. */
  readonly #orphans = new Map<string, () => void>()
  /** The record that another tab tells of at the moment: that tab need not be told. */
  #followed: OperationRecord | undefined
  readonly #owners: Map<string, OperationManager>
  #mounts = 0
  #unsubscribe = () => {}
  #pageEvents: (() => void)[] = []

  /** Use {@link managerOf}: one cache and one client have one manager. */
  constructor(client: ODataClient, queryClient: QueryClient) {
    this.client = client
    this.#queryClient = queryClient
    this.#owners = owners.get(queryClient) ?? new Map()
    owners.set(queryClient, this.#owners)
    for (const query of this.#queries()) this.#show(query.queryKey[2] as string, query)
  }

  /** Begins to watch: what is in the cache, and what comes into it. Returns the function that ends it. */
  mount(options: WatchOptions): () => void {
    this.#watching = options
    if (this.#mounts++ === 0) {
      this.#unsubscribe()
      this.#unsubscribe = this.#queryClient.getQueryCache().subscribe(({ type, query }) => {
        if (!isOperationQuery(query)) return
        if (type === 'removed') this.#forget(query.queryKey[2] as string)
        else if (this.#mounts > 0 && (type === 'added' || type === 'updated')) this.#notice(query)
      })
      const onChange = () => this.#pauseAll()
      this.#pageEvents = [focusManager.subscribe(onChange), onlineManager.subscribe(onChange)]
      for (const id of this.#shown.keys()) if (!this.#find(id)) this.#forget(id)
      for (const live of this.#live.values()) this.#begin(live)
      for (const query of this.#queries()) this.#notice(query)
    }
    this.#pauseAll()
    return () => {
      if (--this.#mounts > 0) return
      // What is taken out of the cache from now on, as at a logout, must not come back with the next mount: that is still heard.
      for (const { schedule } of this.#live.values()) schedule.stop()
      for (const end of this.#pageEvents) end()
      this.#closeTabs()
    }
  }

  /**
   * Sends a prepared operation and watches it; without a network not before there is one. The promise settles with the
   * operation; ignoring it is fine.
   */
  start(operation: AsyncOperation, callbacks?: CallbacksRef): Promise<unknown> {
    const { promise, schedule } = notifyManager.batch(() => {
      // A query of its own: a fetch that is still under way for the last run of this id must not end in this one.
      this.remove(operation.id)
      return this.#watch(operation, callbacks)
    })
    if (schedule.pauseReason !== 'offline') void operation.submit()
    return promise
  }

  /** Takes up an operation that was started elsewhere, unless it is known already. */
  adopt(operation: AsyncOperation): void {
    if (!this.#shown.has(operation.id)) this.#watch(operation)
  }

  /** The promise of an operation that is under way. */
  promiseOf(id: string | undefined): Promise<unknown> | undefined {
    return this.#liveOf(id)?.promise
  }

  /** The newest record, polled before if that is due; `undefined` for an operation that is not known. */
  async fetch(id: string): Promise<OperationRecord | undefined> {
    const record = this.#liveOf(id) ? await this.#poll(id) : this.#find(id)?.state.data
    return isOperationRecord(record) ? record : undefined
  }

  /** Asks the service to cancel. Never rejects. */
  async cancel(id: string | undefined): Promise<CancelOutcome> {
    return this.#liveOf(id)?.operation.tryCancel() ?? 'too-late'
  }

  /** Polls at once, whatever the schedule says; when another tab leads, that one does. */
  async checkNow(id: string | undefined): Promise<void> {
    const live = this.#liveOf(id)
    if (live?.schedule.isLeading === false && this.#tabs?.areShared && !live.schedule.pauseReason) {
      this.#tabs.send('urgent', live.operation.record)
    } else await live?.operation.poll()
  }

  /** Polls no more until that is taken back. The service's work goes on. */
  pause(id: string | undefined, reason: PauseReason, isPaused: boolean): void {
    const live = this.#liveOf(id)
    if (live) this.#pause(live, reason, isPaused)
  }

  /** Forgets an operation that has ended. */
  remove(id: string): void {
    if (!this.#live.has(id)) this.#queryClient.removeQueries({ queryKey: odataOperationKey(id), exact: true })
  }

  /** The newest record that differs visibly from the one before. */
  getRecord(id: string): OperationRecord | undefined {
    return this.#shown.get(id)
  }

  /** All records, the newest operation first. The same array until something visible changes. */
  getRecords(): readonly OperationRecord[] {
    this.#list ??= [...this.#shown.values()].reverse()
    return this.#list
  }

  /** Calls `listener` after visible changes of one operation, which is kept in the cache for as long. */
  subscribe(id: string, listener: () => void): () => void {
    const batched = notifyManager.batchCalls(listener)
    const audience = this.#audience(id)
    audience.listeners.add(batched)
    return () => {
      audience.listeners.delete(batched)
      this.#dismiss(id, audience)
    }
  }

  /** Calls `listener` after visible changes of any operation. */
  subscribeAll(listener: () => void): () => void {
    const batched = notifyManager.batchCalls(listener)
    this.#listListeners.add(batched)
    return () => this.#listListeners.delete(batched)
  }

  /** Has the callbacks called at the end of the operation, whoever started it. */
  addCallbacks(id: string, callbacks: CallbacksRef): () => void {
    const audience = this.#audience(id)
    audience.callbacks.add(callbacks)
    this.pause(id, 'unmounted', false)
    return () => {
      const { onUnmount } = callbacks.current
      audience.callbacks.delete(callbacks)
      this.#dismiss(id, audience)
      if (onUnmount !== 'stop' && onUnmount !== 'cancel') return
      // StrictMode unmounts and mounts again at once: nobody has left then.
      queueMicrotask(() => {
        if (this.#audiences.get(id)?.callbacks.size) return
        if (onUnmount === 'stop') this.pause(id, 'unmounted', true)
        else void this.cancel(id)
      })
    }
  }

  #find(id: string): Query | undefined {
    return this.#queryClient.getQueryCache().find({ queryKey: odataOperationKey(id), exact: true })
  }

  #liveOf(id = ''): Live | undefined {
    // An effect of a child runs before the provider's, when what came with the cache is not watched yet.
    const query = this.#find(id)
    if (query) this.#notice(query)
    return this.#live.get(id)
  }

  #watch(operation: AsyncOperation, starter?: CallbacksRef): Live {
    let settle: Live['settle'] = () => {}
    const promise = new Promise<unknown>((resolve, reject) => {
      settle = (record) => {
        if (record.status === 'completed') return resolve(record.result)
        const message = !isTerminal(record.status)
          ? 'The operation is not watched any more: its query was removed from the cache. It may go on at the service.'
          : 'The operation was cancelled.'
        reject(toError(record.error ?? { kind: 'cancelled', message }, { record }))
      }
    })
    promise.catch(() => {})
    const unsubscribe = operation.subscribe(() => this.#write(live))
    const schedule = new OperationSchedule(operation, this.#queryClient, this.#options(operation.id))
    const live: Live = { operation, starter, promise, settle, unsubscribe, schedule }
    for (const [reason, isPaused] of this.#pauses()) schedule.pause(reason, isPaused)
    this.#owners.set(operation.id, this)
    this.#live.set(operation.id, live)
    this.#write(live)
    if (this.#mounts > 0 && this.#live.get(operation.id) === live) this.#begin(live)
    return live
  }

  #write(live: Live): void {
    const { record, id } = live.operation
    notifyManager.batch(() => {
      this.#queryClient.setQueryData(odataOperationKey(id), record)
      this.#show(id, undefined)
      if (record !== this.#followed) this.#tabs?.send('told', record)
      if (isTerminal(record.status)) this.#finish(live)
    })
  }

  #finish(live: Live): void {
    const { record, id } = live.operation
    this.#release(live)
    live.settle(record)
    if (process.env.NODE_ENV === 'development' && /protocol|monitor/.test(`${record.error?.kind}`)) {
      // biome-ignore lint/suspicious/noConsole: users are told in plain words, so only this tells the developer what to do.
      console.error(`${record.method} ${record.url}: ${record.error?.message}`)
    }
    const refs = [live.starter, ...(this.#audiences.get(id)?.callbacks ?? [])]
    callAtEnd(refs, record, (queryKey) => this.#queryClient.invalidateQueries({ queryKey }))
  }

  #release(live: Live): void {
    live.unsubscribe()
    live.schedule.stop()
    this.#live.delete(live.operation.id)
    if (this.#owners.get(live.operation.id) === this) this.#owners.delete(live.operation.id)
  }

  #begin({ schedule }: Live): void {
    schedule.start(this.#openTabs())
  }

  /** What keeps all operations from being polled. */
  #pauses(): readonly (readonly [PauseReason, boolean])[] {
    const { pauseWhenHidden, pauseWhenOffline } = this.#watching
    return [
      ['hidden', pauseWhenHidden && !focusManager.isFocused()],
      ['offline', pauseWhenOffline && !onlineManager.isOnline()],
    ]
  }

  #pauseAll(): void {
    notifyManager.batch(() => {
      for (const [reason, isPaused] of this.#pauses()) {
        for (const live of [...this.#live.values()]) this.#pause(live, reason, isPaused)
      }
    })
  }

  #pause(live: Live, reason: PauseReason, isPaused: boolean): void {
    const { operation, schedule } = live
    if (!schedule.pause(reason, isPaused)) return
    this.#show(operation.id, undefined)
    // What was started without a network is sent as soon as there is one.
    if (reason === 'offline' && !isPaused) void operation.submit()
  }

  #hear({ type, record }: TabMessage): void {
    const live = this.#live.get(record.id)
    const known = live?.operation.record ?? this.#shown.get(record.id)
    if (known?.submittedAt !== record.submittedAt) return
    if (type === 'told') {
      this.#followed = record
      if (live) live.operation.follow(record)
      else this.#queryClient.setQueryData(odataOperationKey(record.id), newerRecord(known, record))
      this.#followed = undefined
    } else if (type === 'asked') {
      if ((known.revision ?? 0) > (record.revision ?? 0)) this.#tabs?.send('told', known)
    } else if (live?.schedule.isLeading && (type === 'urgent' || live.schedule.isDue)) void live.operation.poll()
  }

  #openTabs(): Tabs {
    this.#tabs ??= openTabs(this.client.serviceUrl, (message) => this.#hear(message))
    return this.#tabs
  }

  #closeTabs(): void {
    for (const giveUp of this.#orphans.values()) giveUp()
    this.#orphans.clear()
    this.#tabs?.close()
    this.#tabs = undefined
  }

  /** What any fetch of an operation's query does, whoever asks for it: poll if that is due, else answer from memory. */
  async #poll(id: string): Promise<unknown> {
    const { operation, schedule } = this.#live.get(id) ?? {}
    if (operation && schedule?.isDue) {
      // No signal: a result that is delivered once must not be lost to an unmount.
      if (schedule.isLeading || !this.#tabs?.areShared) await operation.poll()
      else this.#tabs.send('due', operation.record)
    }
    return operation?.record ?? this.#queryClient.getQueryData(odataOperationKey(id))
  }

  #options(id: string): QueryObserverOptions {
    const queryKey = odataOperationKey(id)
    return {
      queryKey,
      queryFn: () => this.#poll(id),
      retry: false,
      networkMode: 'always',
      // Records share what did not change already, and are told apart by identity.
      structuralSharing: false,
    }
  }

  /** Was it started on this manager's service? The cache may hold those of others. */
  #owns({ url }: OperationRecord): boolean {
    const [root = ''] = this.client.serviceUrl.split('?', 1)
    return `${url.split('?', 1)}/`.startsWith(root.replace(/\/*$/, '/'))
  }

  #queries(): Query[] {
    return this.#queryClient.getQueryCache().findAll({ predicate: isOperationQuery })
  }

  #notice(query: Query): void {
    const id = query.queryKey[2] as string
    const record: unknown = query.state.data
    if (!this.#live.has(id) && isOperationRecord(record) && !isTerminal(record.status) && this.#owns(record)) {
      const owner = this.#owners.get(id)
      // Only who sent a request can tell what becomes of it.
      if (!owner || (owner.#mounts === 0 && record.monitorUrl)) this.#takeUp(record)
    }
    this.#show(id, query)
    const audience = this.#audiences.get(id)
    if (audience) this.#retain(id, audience)
  }

  /**
   * A record of a storage, or of a manager that is gone. Another tab may know more of it, and has a moment to say so; one without
   * a monitor is lost only when no other tab has it.
   */
  #takeUp(record: OperationRecord): void {
    const { id, monitorUrl } = record
    const tabs = this.#mounts > 0 ? this.#openTabs() : this.#tabs
    if (!tabs?.areShared) return void this.#watch(this.client.resume(record))
    if (monitorUrl) {
      this.#orphans.get(id)?.()
      this.#orphans.delete(id)
      const { schedule } = this.#watch(this.client.resume(record))
      schedule.pause('asking', true)
      tabs.send('asked', record)
      setTimeout(() => schedule.pause('asking', false), ANSWER_TIME)
    } else if (!this.#orphans.has(id)) {
      const giveUp = tabs.lead(record, () => {
        tabs.send('asked', record)
        setTimeout(() => {
          if (this.#orphans.get(id) !== giveUp) return
          this.#orphans.delete(id)
          giveUp()
          this.#watch(this.client.resume(record))
        }, ANSWER_TIME)
      })
      this.#orphans.set(id, giveUp)
    }
  }

  #forget(id: string): void {
    const live = this.#live.get(id)
    if (live) {
      this.#release(live)
      live.settle(live.operation.record)
    }
    const audience = this.#audiences.get(id)
    audience?.observer?.destroy()
    if (audience) audience.observer = undefined
    this.#show(id, undefined)
  }

  /** Lets the hooks see the newest record, if there is anything new to see. */
  #show(id: string, query: Query | undefined): void {
    const live = this.#live.get(id)
    const known: unknown = live?.operation.record ?? query?.state.data
    const pauseReason = live?.schedule.pauseReason
    const newest = isOperationRecord(known) && this.#owns(known) ? known : undefined
    const record = newest && pauseReason ? { ...newest, pauseReason } : newest
    if (!isVisibleChange(this.#shown.get(id), record)) return
    if (record) this.#shown.set(id, record)
    else this.#shown.delete(id)
    if (this.#shown.size === 0) this.#closeTabs()
    else if (this.#mounts > 0) this.#openTabs()
    this.#list = undefined
    for (const listener of this.#audiences.get(id)?.listeners ?? []) listener()
    for (const listener of this.#listListeners) listener()
  }

  #audience(id: string): Audience {
    let audience = this.#audiences.get(id)
    if (audience === undefined) {
      audience = { listeners: new Set(), callbacks: new Set() }
      this.#audiences.set(id, audience)
      this.#retain(id, audience)
    }
    return audience
  }

  #retain(id: string, audience: Audience): void {
    const options = { ...this.#options(id), enabled: false }
    if (audience.observer || !this.#find(id)) return
    audience.observer = new QueryObserver(this.#queryClient, options)
    audience.observer.subscribe(() => {})
  }

  #dismiss(id: string, audience: Audience): void {
    if (audience.listeners.size > 0 || audience.callbacks.size > 0) return
    audience.observer?.destroy()
    if (this.#audiences.get(id) === audience) this.#audiences.delete(id)
  }
}

function isOperationQuery({ queryKey }: Query): boolean {
  const [scope, kind] = odataOperationKey()
  return queryKey[0] === scope && queryKey[1] === kind && queryKey.length === 3 && typeof queryKey[2] === 'string'
}
