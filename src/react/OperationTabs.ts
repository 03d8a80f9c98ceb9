import { replaceEqualDeep } from '@tanstack/react-query'
import type { AsyncOperation } from '../core/AsyncOperation.js'
import { toError } from '../core/errors.js'
import { newerRecord } from '../core/newerRecord.js'
import type { OperationRecord } from '../core/operation.js'
import { operationIdentity } from '../core/operationIdentity.js'
import type { OperationSchedule } from './OperationSchedule.js'
import { ANSWER_TIME, openTabs, type TabMessage, type Tabs } from './openTabs.js'

/** What the promise of an operation says that was taken out of the cache. */
export const NOT_WATCHED =
  'The operation is not watched any more: its query was removed from the cache. It may go on at the service.'

/** An operation that this tab watches. */
interface Watched {
  readonly operation: AsyncOperation
  readonly schedule: OperationSchedule
  readonly promise: Promise<unknown>
}

/** What this needs of the manager. */
interface Watcher {
  /** The operation while it is watched. */
  readonly find: (id: string) => Watched | undefined
  /** The newest record, also after the end. */
  readonly getRecord: (id: string) => OperationRecord | undefined
  /** Goes on from a record. */
  readonly resume: (record: OperationRecord) => Watched
}

/** An operation that only another tab can tell of. */
interface Awaited {
  readonly record: OperationRecord
  readonly promise: Promise<unknown>
  readonly resolve: (promise: Promise<unknown>) => void
  giveUp: () => void
}

/** What the tabs of an app tell each other of the operations of one service, and what comes of it in this one. */
export class OperationTabs {
  readonly #scope: string
  readonly #watcher: Watcher
  /** Operations without an answer that were left by their page, or are under way in another tab. */
  readonly #awaited = new Map<string, Awaited>()
  #tabs: Tabs | undefined
  /** The record that another tab tells of at the moment: that tab need not be told. */
  #heard: OperationRecord | undefined

  constructor(scope: string, watcher: Watcher) {
    this.#scope = scope
    this.#watcher = watcher
  }

  /** Begins to hear of the others. */
  open(): Tabs {
    if (this.#tabs) return this.#tabs
    const tabs = openTabs(this.#scope, (message) => this.#hear(message))
    this.#tabs = tabs
    for (const awaited of [...this.#awaited.values()]) this.#queue(awaited)
    return tabs
  }

  /** No more is told or heard. */
  close(): void {
    for (const awaited of this.#awaited.values()) {
      awaited.giveUp()
      awaited.giveUp = () => {}
    }
    this.#tabs?.close()
    this.#tabs = undefined
  }

  /** Tells the others what this tab knows now. */
  tell(record: OperationRecord): void {
    if (record !== this.#heard) this.#tabs?.send('told', record)
  }

  /** Has the tab that leads poll, now or if it is time. False when that is for this tab to do. */
  remind(type: 'due' | 'urgent', { operation, schedule }: Watched): boolean {
    if (!this.#tabs?.areShared || !schedule.isFollowing) return false
    this.#tabs.send(type, operation.record)
    return true
  }

  /** The promise of an operation that only another tab can tell of. */
  promiseOf(id: string): Promise<unknown> | undefined {
    return this.#awaited.get(id)?.promise
  }

  /** What was taken out of the cache does not come back. */
  forget(id: string): void {
    const awaited = this.#awaited.get(id)
    awaited?.giveUp()
    this.#awaited.delete(id)
    awaited?.resolve(Promise.reject(toError({ kind: 'cancelled', message: NOT_WATCHED }, { record: awaited.record })))
  }

  /**
   * Goes on from a record of a storage, of a manager that is gone, or made from the URL of a monitor. One without a monitor is
   * lost only when no other tab has it.
   */
  takeUp(record: OperationRecord): void {
    if (record.monitorUrl) this.#accept(record)
    else if (!this.#awaited.has(record.id)) this.#await(record)
  }

  #await(record: OperationRecord): void {
    let resolve: Awaited['resolve'] = () => {}
    const promise = new Promise<unknown>((settle) => {
      resolve = settle
    })
    promise.catch(() => {})
    const awaited: Awaited = { record, promise, resolve, giveUp: () => {} }
    this.#awaited.set(record.id, awaited)
    this.#queue(awaited)
  }

  /** Whoever sent the request holds the lock until there is an answer. */
  #queue(awaited: Awaited): void {
    const { record } = awaited
    const tabs = this.#tabs
    if (!tabs) return
    if (!tabs.areShared) return void this.#accept(record)
    awaited.giveUp()
    const giveUp = tabs.lead(record, () => {
      tabs.send('asked', record)
      setTimeout(() => {
        if (this.#awaited.get(record.id) === awaited && awaited.giveUp === giveUp) this.#accept(record)
      }, ANSWER_TIME)
    })
    awaited.giveUp = giveUp
  }

  #accept(record: OperationRecord): Watched {
    const awaited = this.#awaited.get(record.id)
    awaited?.giveUp()
    this.#awaited.delete(record.id)
    const watched = this.#watcher.resume(record)
    awaited?.resolve(watched.promise)
    return watched
  }

  #hear({ type, record: copy }: TabMessage): void {
    const watched = this.#watcher.find(copy.id)
    const known = watched?.operation.record ?? this.#watcher.getRecord(copy.id)
    if (!known || operationIdentity(known) !== operationIdentity(copy)) return
    const { batch } = copy
    // The requests of a batch are told apart by identity.
    const record = batch ? { ...copy, batch: replaceEqualDeep(known.batch, batch) } : copy
    if (type === 'told') {
      this.#heard = record
      if (watched) watched.operation.follow(record)
      else this.#hearOfAwaited(known, record)
      this.#heard = undefined
    } else if (type === 'asked') {
      const isOwn = watched?.operation.status === 'pending'
      if (isOwn || (known.revision ?? 0) > (record.revision ?? 0)) this.#tabs?.send('told', known)
    } else if (watched?.schedule.isLeading && (type === 'urgent' || watched.schedule.isDue)) {
      void watched.operation.poll()
    }
  }

  #hearOfAwaited(known: OperationRecord, record: OperationRecord): void {
    const awaited = this.#awaited.get(record.id)
    if (!awaited) return
    if (newerRecord(known, record) === record) this.#accept(record)
    // Its tab let the lock go for a moment, and has no answer yet.
    else this.#queue(awaited)
  }
}
