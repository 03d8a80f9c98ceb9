import {
  notifyManager,
  type Query,
  type QueryClient,
  QueryObserver,
  type QueryObserverOptions,
} from '@tanstack/react-query'
import type { AsyncOperation, CancelOutcome } from '../core/AsyncOperation.js'
import { toError } from '../core/errors.js'
import type { ODataClient } from '../core/ODataClient.js'
import { isOperationRecord, isTerminal, type OperationRecord } from '../core/operation.js'
import { isVisibleChange } from './isVisibleChange.js'
import type { CallbacksRef, OperationCallbacks } from './OperationCallbacks.js'
import { odataOperationKey } from './odataOperationKey.js'

/** An operation that has not ended, and what watches it. */
interface Live {
  readonly operation: AsyncOperation
  readonly starter: CallbacksRef | undefined
  readonly promise: Promise<unknown>
  readonly settle: (record: OperationRecord) => void
  readonly unsubscribe: () => void
  /** The only observer with an interval, while a provider is mounted. */
  observer?: QueryObserver | undefined
}

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
  readonly #owners: Map<string, OperationManager>
  #mounts = 0
  #unsubscribe = () => {}

  /** Use {@link managerOf}: one cache and one client have one manager. */
  constructor(client: ODataClient, queryClient: QueryClient) {
    this.client = client
    this.#queryClient = queryClient
    this.#owners = owners.get(queryClient) ?? new Map()
    owners.set(queryClient, this.#owners)
    for (const query of this.#queries()) this.#show(query.queryKey[2] as string, query)
  }

  /** Begins to watch: what is in the cache, and what comes into it. Returns the function that ends it. */
  mount(): () => void {
    if (this.#mounts++ === 0) {
      this.#unsubscribe()
      this.#unsubscribe = this.#queryClient.getQueryCache().subscribe(({ type, query }) => {
        if (!isOperationQuery(query)) return
        if (type === 'removed') this.#forget(query.queryKey[2] as string)
        else if (this.#mounts > 0 && (type === 'added' || type === 'updated')) this.#notice(query)
      })
      for (const id of this.#shown.keys()) if (!this.#find(id)) this.#forget(id)
      for (const live of this.#live.values()) this.#schedule(live)
      for (const query of this.#queries()) this.#notice(query)
    }
    return () => {
      if (--this.#mounts > 0) return
      // What is taken out of the cache from now on, as at a logout, must not come back with the next mount: that is still heard.
      for (const live of this.#live.values()) this.#unschedule(live)
    }
  }

  /** Sends a prepared operation and watches it. The promise settles with the operation; ignoring it is fine. */
  start(operation: AsyncOperation, callbacks?: CallbacksRef): Promise<unknown> {
    const { promise } = notifyManager.batch(() => {
      // A query of its own: a fetch that is still under way for the last run of this id must not end in this one.
      this.remove(operation.id)
      return this.#watch(operation, callbacks)
    })
    void operation.submit()
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

  /** Asks the service to cancel. Never rejects. */
  async cancel(id: string | undefined): Promise<CancelOutcome> {
    return this.#liveOf(id)?.operation.tryCancel() ?? 'too-late'
  }

  /** Polls at once, whatever the schedule says. */
  async checkNow(id: string | undefined): Promise<void> {
    await this.#liveOf(id)?.operation.poll()
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
    return () => {
      audience.callbacks.delete(callbacks)
      this.#dismiss(id, audience)
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
    const live: Live = { operation, starter, promise, settle, unsubscribe }
    this.#owners.set(operation.id, this)
    this.#live.set(operation.id, live)
    this.#write(live)
    if (this.#mounts > 0 && this.#live.get(operation.id) === live) this.#schedule(live)
    return live
  }

  #write(live: Live): void {
    const { record, id } = live.operation
    notifyManager.batch(() => {
      this.#queryClient.setQueryData(odataOperationKey(id), record)
      this.#show(id, undefined)
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
    for (const ref of new Set([live.starter, ...(this.#audiences.get(id)?.callbacks ?? [])])) {
      const callbacks = ref?.current as OperationCallbacks | undefined
      attempt(() => record.status === 'completed' && callbacks?.onCompleted?.(record.result, record))
      attempt(() => record.error && callbacks?.onFailed?.(toError(record.error, { record }), record))
      attempt(() => callbacks?.onSettled?.(record))
    }
  }

  #release(live: Live): void {
    live.unsubscribe()
    this.#unschedule(live)
    this.#live.delete(live.operation.id)
    if (this.#owners.get(live.operation.id) === this) this.#owners.delete(live.operation.id)
  }

  #schedule(live: Live): void {
    const { operation } = live
    const whenDue = () => (operation.isDue ? ('always' as const) : false)
    live.observer ??= new QueryObserver(this.#queryClient, {
      ...this.#options(operation.id),
      enabled: true,
      // During a poll it is overdue all the time.
      refetchInterval: ({ state }) => state.fetchStatus === 'idle' && operation.pollDelay,
      refetchIntervalInBackground: true,
      refetchOnWindowFocus: whenDue,
      refetchOnReconnect: whenDue,
    })
    live.observer.subscribe(() => {})
  }

  #unschedule(live: Live): void {
    live.observer?.destroy()
    live.observer = undefined
  }

  /** What any fetch of an operation's query does, whoever asks for it: poll if that is due, else answer from memory. */
  #options(id: string): QueryObserverOptions {
    const queryKey = odataOperationKey(id)
    return {
      queryKey,
      queryFn: async () => {
        const operation = this.#live.get(id)?.operation
        // No signal: a result that is delivered once must not be lost to an unmount.
        if (operation?.isDue) await operation.poll()
        return operation?.record ?? this.#queryClient.getQueryData(queryKey)
      },
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
      if (!owner || (owner.#mounts === 0 && record.monitorUrl)) this.#watch(this.client.resume(record))
    }
    this.#show(id, query)
    const audience = this.#audiences.get(id)
    if (audience) this.#retain(id, audience)
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
    const known: unknown = this.#live.get(id)?.operation.record ?? query?.state.data
    const record = isOperationRecord(known) && this.#owns(known) ? known : undefined
    if (!isVisibleChange(this.#shown.get(id), record)) return
    if (record) this.#shown.set(id, record)
    else this.#shown.delete(id)
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

/** A callback that throws must not take the others with it; its error is reported as any uncaught one. */
function attempt(callback: () => unknown): void {
  try {
    callback()
  } catch (error) {
    void Promise.reject(error)
  }
}
