import {
  focusManager,
  notifyManager,
  onlineManager,
  type Query,
  type QueryClient,
  type QueryObserverOptions,
} from '@tanstack/react-query'
import type { AsyncOperation, CancelOutcome } from '../core/AsyncOperation.js'
import { settledSince } from '../core/batch/settledSince.js'
import { toError } from '../core/errors.js'
import { newerRecord } from '../core/newerRecord.js'
import type { ODataClient } from '../core/ODataClient.js'
import { isOperationRecord, isTerminal, type OperationRecord, type PauseReason } from '../core/operation.js'
import { operationIdentity } from '../core/operationIdentity.js'
import { resultOf } from '../core/resultOf.js'
import { isVisibleChange } from './isVisibleChange.js'
import { OperationAudience } from './OperationAudience.js'
import { type CallbacksRef, callAtEnd, callForItems } from './OperationCallbacks.js'
import { OperationSchedule } from './OperationSchedule.js'
import { NOT_WATCHED, OperationTabs } from './OperationTabs.js'
import { odataOperationKey } from './odataOperationKey.js'
import { PendingItems } from './PendingItems.js'

/** An operation that has not ended, and what watches it. */
interface Live {
  readonly operation: AsyncOperation
  /** The component that started it, and those that came after it was gone and would have: the last one is in its place. */
  readonly starters: CallbacksRef[]
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
  readonly #audiences = new Map<string, OperationAudience>()
  readonly #listListeners = new Set<() => void>()
  /** What the hooks show: replaced by visible changes only. */
  readonly #shown = new Map<string, OperationRecord>()
  #list: readonly OperationRecord[] | undefined
  #watching: WatchOptions = { pauseWhenHidden: false, pauseWhenOffline: true }
  readonly #tabs: OperationTabs
  readonly #pending: PendingItems
  readonly #owners: Map<string, OperationManager>
  #mounts = 0
  #unsubscribe = () => {}
  #pageEvents: (() => void)[] = []
  #restoring: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined

  /** Use {@link managerOf}: one cache and one client have one manager. */
  constructor(client: ODataClient, queryClient: QueryClient) {
    this.client = client
    this.#queryClient = queryClient
    this.#owners = owners.get(queryClient) ?? new Map()
    owners.set(queryClient, this.#owners)
    this.#tabs = new OperationTabs(client.serviceUrl, {
      find: (id) => this.#live.get(id),
      getRecord: (id) => this.#shown.get(id),
      resume: (record) => this.#watch(client.resume(record)),
    })
    this.#pending = new PendingItems({
      getRecord: (id) => this.getRecord(id),
      takeUp: (record) => this.#takeUp(record),
      retain: (id) => this.subscribe(id, () => {}),
    })
  }

  /** Begins to watch: what is in the cache, and what comes into it. Returns the function that ends it. */
  mount(options: WatchOptions): () => void {
    this.#watching = options
    if (this.#mounts++ === 0) {
      this.#unsubscribe()
      this.#unsubscribe = this.#queryClient.getQueryCache().subscribe((event) => {
        const { type, query } = event
        if (!isOperationQuery(query)) return
        if (type === 'removed') return this.#forget(query.queryKey[2] as string)
        if (this.#mounts === 0 || (type !== 'added' && type !== 'updated')) return
        if (type !== 'updated' || !this.#correct(query)) this.#notice(query)
      })
      const onChange = () => this.#pauseAll()
      this.#pageEvents = [focusManager.subscribe(onChange), onlineManager.subscribe(onChange)]
      for (const id of this.#shown.keys()) if (!this.#find(id)) this.#forget(id)
      for (const live of this.#live.values()) this.#begin(live)
      for (const query of this.#queries()) this.#notice(query)
      if (this.#shown.size > 0) this.#tabs.open()
      this.#watchPending()
    }
    this.#pauseAll()
    return () => {
      if (--this.#mounts > 0) return
      // What is taken out of the cache from now on, as at a logout, must not come back with the next mount: that is still heard,
      // as long as there is anything.
      for (const { schedule } of this.#live.values()) schedule.stop()
      for (const end of this.#pageEvents) end()
      this.#tabs.close()
      if (this.#shown.size === 0) this.#unsubscribe()
    }
  }

  /**
   * Sends a prepared operation and watches it; without a network not before there is one. The promise settles with the
   * operation; ignoring it is fine.
   */
  start(operation: AsyncOperation, callbacks?: CallbacksRef): Promise<unknown> {
    const { promise, schedule } = this.#renew(operation.id, () => this.#watch(operation, callbacks))
    if (schedule.pauseReason !== 'offline') void operation.submit()
    return promise
  }

  /** Settles when the cache is no longer being filled from a storage; whoever asks has seen that it is. */
  afterRestore(): Promise<void> {
    if (!this.#restoring) {
      let resolve = () => {}
      const promise = new Promise<void>((settle) => {
        resolve = settle
      })
      this.#restoring = { promise, resolve }
    }
    return this.#restoring.promise
  }

  /** The cache has been filled. */
  endRestore(): void {
    this.#restoring?.resolve()
    this.#restoring = undefined
  }

  /** Takes up an operation that was started elsewhere, unless it is known already. */
  adopt({ id, record }: AsyncOperation): void {
    if (!isOperationRecord(this.#find(id)?.state.data)) this.#tabs.takeUp(record)
  }

  /** The promise of an operation that is under way. */
  promiseOf(id: string | undefined): Promise<unknown> | undefined {
    return this.#liveOf(id)?.promise ?? this.#tabs.promiseOf(id ?? '')
  }

  /** The newest record, polled before if that is due; `undefined` for an operation that is not known. */
  async fetch(id: string): Promise<OperationRecord | undefined> {
    const record = this.#liveOf(id) ? await this.#poll(id) : this.#find(id)?.state.data
    return isOperationRecord(record) ? record : undefined
  }

  /** Asks the service to cancel. Never rejects. */
  async cancel(id: string | undefined): Promise<CancelOutcome> {
    const live = this.#liveOf(id)
    if (live) return live.operation.tryCancel()
    // Its monitor is not known before the tab that sent the request has an answer.
    return this.promiseOf(id) ? 'failed' : 'too-late'
  }

  /** Polls at once, whatever the schedule says; when another tab leads, that one does. */
  async checkNow(id: string | undefined): Promise<void> {
    const live = this.#liveOf(id)
    if (live && !this.#tabs.remind('urgent', live)) await live.operation.poll()
  }

  /** Polls no more until that is taken back. The service's work goes on. */
  pause(id: string | undefined, reason: PauseReason, isPaused: boolean): void {
    const live = this.#liveOf(id)
    if (live) this.#pause(live, reason, isPaused)
  }

  /** Forgets an operation that has ended. */
  remove(id: string): void {
    const query = this.#find(id)
    if (query && !this.promiseOf(id)) this.#queryClient.getQueryCache().remove(query)
  }

  /** The newest record that differs visibly from the one before. */
  getRecord(id: string): OperationRecord | undefined {
    const query = this.#mounts === 0 ? this.#find(id) : undefined
    // On a server, and in the first render of a page, nobody tells of what a `HydrationBoundary` below the provider brings.
    if (query) this.#show(id, query)
    const record = this.#shown.get(id)
    return record && this.#pending.show(record)
  }

  /** All records, the newest operation first. The same array until something visible changes. */
  getRecords(): readonly OperationRecord[] {
    if (this.#mounts === 0) for (const query of this.#queries()) this.#show(query.queryKey[2] as string, query)
    this.#list ??= Array.from(this.#shown.values(), (record) => this.#pending.show(record))
      .reverse()
      .sort((one, other) => other.submittedAt - one.submittedAt)
    return this.#list
  }

  /** Is it what the service does for one request of a batch? */
  isItem(id: string): boolean {
    return this.#pending.isItem(id)
  }

  /** Calls `listener` after visible changes of one operation, which is kept in the cache for as long. */
  subscribe(id: string, listener: () => void): () => void {
    return this.#attend(id, (audience) => audience.listen(listener))
  }

  /** Calls `listener` after visible changes of any operation. */
  subscribeAll(listener: () => void): () => void {
    const batched = notifyManager.batchCalls(listener)
    this.#listListeners.add(batched)
    return () => this.#listListeners.delete(batched)
  }

  /** Has the callbacks called at the end of the operation, whoever started it. */
  addCallbacks(id: string, callbacks: CallbacksRef, isStarter: boolean): () => void {
    return this.#attend(id, (audience) => {
      const { starters = [] } = this.#liveOf(id) ?? {}
      const isThere = starters.some((ref) => audience.callbacks.has(ref) || ref === callbacks)
      // A page that comes back replaces the one that was left, so that nobody is told twice.
      if (isStarter && !isThere) starters.push(callbacks)
      this.pause(id, 'unmounted', false)
      return audience.addCallbacks(callbacks, isStarter, () => this.pause(id, 'unmounted', true))
    })
  }

  /** Counts a component among those that have not unmounted: the last one may cancel the operation as it goes. */
  join(id: string, callbacks: CallbacksRef): () => void {
    return this.#attend(id, (audience) => audience.join(callbacks, () => void this.cancel(id)))
  }

  /** Begins another run of an operation in a query of its own: a fetch that is still under way for the last one must not end in it. */
  #renew<T>(id: string, begin: () => T): T {
    return notifyManager.batch(() => {
      const last = this.#find(id)
      if (last) this.#queryClient.getQueryCache().remove(last)
      const begun = begin()
      // Whoever observes the old one turns to the new one.
      for (const observer of [...(last?.observers ?? [])]) observer.setOptions(observer.options)
      return begun
    })
  }

  /** Takes up what the service works on for one request of a batch, unless it is known already. */
  #takeUp(record: OperationRecord): void {
    const known: unknown = this.#find(record.id)?.state.data
    if (isOperationRecord(known) && operationIdentity(known) === operationIdentity(record)) return
    this.#renew(record.id, () => this.#tabs.takeUp(record))
  }

  /** Later, as what is taken from a storage comes one by one. */
  #watchPending(): void {
    queueMicrotask(() => this.#mounts > 0 && notifyManager.batch(() => this.#pending.watch()))
  }

  #find(id: string): Query | undefined {
    // By its hash: to search for the key takes a time that grows with the cache.
    const { queryHash } = this.#queryClient.defaultQueryOptions({ queryKey: odataOperationKey(id) })
    return this.#queryClient.getQueryCache().get(queryHash)
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
        if (record.status === 'completed') return resolve(resultOf(record))
        const message = isTerminal(record.status) ? 'The operation was cancelled.' : NOT_WATCHED
        reject(toError(record.error ?? { kind: 'cancelled', message }, { record }))
      }
    })
    promise.catch(() => {})
    const unsubscribe = operation.subscribe(() => this.#write(live))
    const schedule = new OperationSchedule(operation, this.#queryClient, this.#options(operation.id))
    // What comes from a storage or another tab may come after the component that it is for.
    const waiting = [...(this.#audiences.get(operation.id)?.starters ?? [])].slice(-1)
    const starters = starter ? [starter] : waiting
    const live: Live = { operation, starters, promise, settle, unsubscribe, schedule }
    for (const [reason, isPaused] of this.#pauses()) schedule.pause(reason, isPaused)
    this.#owners.set(operation.id, this)
    this.#live.set(operation.id, live)
    this.#write(live)
    if (this.#mounts > 0 && this.#live.get(operation.id) === live) this.#begin(live)
    return live
  }

  #write(live: Live): void {
    const { record, id } = live.operation
    const before = this.#shown.get(id)?.batch
    notifyManager.batch(() => {
      this.#queryClient.setQueryData(odataOperationKey(id), record)
      this.#show(id, undefined)
      this.#tabs.tell(record)
      this.#tellItems(id, settledSince(before, record.batch))
      if (isTerminal(record.status)) this.#finish(live)
    })
  }

  #finish(live: Live): void {
    const { id } = live.operation
    const record = this.#pending.show(live.operation.record)
    this.#release(live)
    live.settle(record)
    if (process.env.NODE_ENV === 'development' && /protocol|monitor/.test(`${record.error?.kind}`)) {
      // biome-ignore lint/suspicious/noConsole: users are told in plain words, so only this tells the developer what to do.
      console.error(`${record.method} ${record.url}: ${record.error?.message}`)
    }
    const watchers = this.#audiences.get(id)?.callbacks ?? []
    callAtEnd(live.starters, watchers, record, (queryKey) => this.#queryClient.invalidateQueries({ queryKey }))
    this.#pending.keepStarters(id, live.starters)
    const place = this.#pending.placeOf(id)
    if (place) this.#tellItems(place.batch, [place.index])
  }

  /** Tells of requests of a batch that have got an outcome. */
  #tellItems(id: string, places: readonly number[]): void {
    const record = places.length > 0 && this.getRecord(id)
    if (!record) return
    const { callbacks = [], starters } = this.#audiences.get(id) ?? {}
    // Of those who started it and have gone the last one is told, unless someone is in its place.
    const gone = starters?.size ? [] : this.#pending.startersOf(id)
    callForItems(this.#live.get(id)?.starters ?? gone, callbacks, places, record)
  }

  #release(live: Live): void {
    live.unsubscribe()
    live.schedule.stop()
    this.#live.delete(live.operation.id)
    if (this.#owners.get(live.operation.id) === this) this.#owners.delete(live.operation.id)
  }

  #begin({ schedule }: Live): void {
    schedule.start(this.#tabs.open())
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

  /** What any fetch of an operation's query does, whoever asks for it: poll if that is due, else answer from memory. */
  async #poll(id: string): Promise<unknown> {
    const live = this.#live.get(id)
    // No signal: a result that is delivered once must not be lost to an unmount.
    if (live?.schedule.isDue && !this.#tabs.remind('due', live)) await live.operation.poll()
    return live?.operation.record ?? this.#queryClient.getQueryData(odataOperationKey(id))
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
  #owns({ id, url, submittedAt }: OperationRecord): boolean {
    // A request may go to another address that the client trusts.
    if (this.#live.has(id) || this.#shown.get(id)?.submittedAt === submittedAt) return true
    const [root = ''] = this.client.serviceUrl.split('?', 1)
    return `${url.split('?', 1)}/`.startsWith(root.replace(/\/*$/, '/'))
  }

  #queries(): Query[] {
    return this.#queryClient.getQueryCache().findAll({ predicate: isOperationQuery })
  }

  /** What a fetch brings was known when it began: when more is known by now, that stays. True when it was so. */
  #correct({ queryKey, state }: Query): boolean {
    const id = queryKey[2] as string
    const known = this.#live.get(id)?.operation.record ?? this.#shown.get(id)
    const isOutdated = known && isOperationRecord(state.data) && newerRecord(state.data, known) !== state.data
    if (isOutdated) this.#queryClient.setQueryData(queryKey, known)
    return isOutdated === true
  }

  #notice(query: Query): void {
    const id = query.queryKey[2] as string
    const record: unknown = query.state.data
    if (!this.#live.has(id) && isOperationRecord(record) && !isTerminal(record.status) && this.#owns(record)) {
      const owner = this.#owners.get(id)
      // Only who sent a request can tell what becomes of it.
      if (!owner || (owner.#mounts === 0 && record.monitorUrl)) this.#tabs.takeUp(record)
    }
    this.#show(id, query)
    this.#audiences.get(id)?.retain()
  }

  #forget(id: string): void {
    this.#tabs.forget(id)
    this.#pending.forget(id)
    const live = this.#live.get(id)
    if (live) {
      this.#release(live)
      live.settle(live.operation.record)
    }
    this.#audiences.get(id)?.release()
    this.#show(id, undefined)
  }

  /** Lets the hooks see the newest record, if there is anything new to see. */
  #show(id: string, query: Query | undefined): void {
    const live = this.#live.get(id)
    const known: unknown = live?.operation.record ?? query?.state.data
    const pauseReason = live?.schedule.pauseReason
    const newest = isOperationRecord(known) && this.#owns(known) ? known : undefined
    const record = newest && pauseReason && !isTerminal(newest.status) ? { ...newest, pauseReason } : newest
    if (!isVisibleChange(this.#shown.get(id), record)) return
    if (record) this.#shown.set(id, record)
    else this.#shown.delete(id)
    if (record && this.#pending.notice(record)) this.#watchPending()
    if (this.#shown.size === 0) this.#tabs.close()
    else if (this.#mounts > 0) this.#tabs.open()
    if (this.#shown.size === 0 && this.#mounts === 0) this.#unsubscribe()
    this.#list = undefined
    this.#audiences.get(id)?.notify()
    const batch = this.#pending.change(id)
    if (batch !== undefined) this.#audiences.get(batch)?.notify()
    for (const listener of this.#listListeners) listener()
  }

  /** Lets someone look at an operation, for as long as they do. */
  #attend(id: string, enter: (audience: OperationAudience) => () => void): () => void {
    const audience = this.#audiences.get(id) ?? new OperationAudience(this.#queryClient, this.#options(id))
    this.#audiences.set(id, audience)
    audience.retain()
    const leave = enter(audience)
    return () => {
      leave()
      // Someone else may come in the same render.
      queueMicrotask(() => {
        if (!audience.isEmpty || this.#audiences.get(id) !== audience) return
        audience.release()
        this.#audiences.delete(id)
      })
    }
  }
}

function isOperationQuery({ queryKey }: Query): boolean {
  const [scope, kind] = odataOperationKey()
  return queryKey[0] === scope && queryKey[1] === kind && queryKey.length === 3 && typeof queryKey[2] === 'string'
}
