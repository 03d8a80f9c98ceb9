import type { BatchItemData } from '../core/batch/BatchItem.js'
import { followItem } from '../core/batch/followItem.js'
import { isOperationRecord, type OperationRecord } from '../core/operation.js'
import type { CallbacksRef } from './OperationCallbacks.js'

/** What this needs of the manager. */
interface Watcher {
  /** The newest record of an operation. */
  readonly getRecord: (id: string) => OperationRecord | undefined
  /** Watches an operation, unless this run of it is known already. */
  readonly takeUp: (record: OperationRecord) => void
  /** Keeps an operation that is in the cache there. Returns the function that ends it. */
  readonly retain: (id: string) => () => void
}

/** A batch with requests that the service works on by themselves. */
interface Batch {
  /** The newest one. */
  record: OperationRecord
  /** The one that {@link shown} was made from. */
  source: OperationRecord | undefined
  shown: OperationRecord
  /** Operations of its requests that have changed since. */
  readonly changed: Set<string>
  /** Where the request of each operation stands. */
  places: ReadonlyMap<string, number>
  /** Ends what keeps the operations in the cache. */
  readonly retained: Map<string, () => void>
  /** Who started it, once it has ended. */
  starters: readonly CallbacksRef[]
}

/** The requests of batches that the service works on by themselves: each is an operation of its own, and watched as any other. */
export class PendingItems {
  readonly #watcher: Watcher
  readonly #batches = new Map<string, Batch>()
  /** The batch of each operation. */
  readonly #parents = new Map<string, string>()
  /** An operation that was taken out of the cache is not watched again. */
  readonly #taken = new WeakSet<BatchItemData>()
  readonly #unwatched = new Set<string>()

  constructor(watcher: Watcher) {
    this.#watcher = watcher
  }

  /** Takes note of the newest record of a batch. True when there may be something to {@link watch}. */
  notice(record: OperationRecord): boolean {
    const { id, batch: data } = record
    const known = this.#batches.get(id)
    if (!data || data === known?.record.batch) return false
    const places = new Map<string, number>()
    for (const [index, { operation }] of data.items.entries()) if (operation) places.set(operation.id, index)
    if (places.size === 0 && !known) return false
    for (const pending of places.keys()) this.#parents.set(pending, id)
    const begin = { source: undefined, shown: record, changed: new Set<string>(), retained: new Map(), starters: [] }
    this.#batches.set(id, { ...(known ?? begin), record, places })
    this.#unwatched.add(id)
    return true
  }

  /** Watches what was noticed. */
  watch(): void {
    for (const id of this.#unwatched) {
      const { record, retained } = this.#batches.get(id) as Batch
      for (const item of record.batch?.items ?? []) {
        const { operation } = item
        if (!isOperationRecord(operation) || this.#taken.has(item)) continue
        this.#taken.add(item)
        this.#watcher.takeUp(operation)
        if (!retained.has(operation.id)) retained.set(operation.id, this.#watcher.retain(operation.id))
      }
    }
    this.#unwatched.clear()
  }

  /** Takes note of a change of any operation. Returns the `id` of the batch that looks otherwise by it. */
  change(id: string): string | undefined {
    const place = this.placeOf(id)
    if (place) this.#batches.get(place.batch)?.changed.add(id)
    return place?.batch
  }

  /** The batch of an operation, and where its request stands there. */
  placeOf(id: string): { readonly batch: string; readonly index: number } | undefined {
    const batch = this.#parents.get(id)
    const index = batch === undefined ? undefined : this.#batches.get(batch)?.places.get(id)
    return batch === undefined || index === undefined ? undefined : { batch, index }
  }

  /** Is it the operation of one request of a batch? Also when the batch was forgotten before it. */
  isItem(id: string): boolean {
    return this.#parents.has(id)
  }

  /** The record of any operation as it is shown: that of a batch tells the newest of each request. */
  show(record: OperationRecord): OperationRecord {
    const batch = this.#batches.get(record.id)
    const { batch: data } = record
    if (!batch || !data) return record
    const { source, shown, places, changed } = batch
    if (record === source && changed.size === 0) return shown
    batch.source = record
    // Of many requests, few change at a time.
    const known = source?.batch === data ? shown.batch : undefined
    const base = known ?? data
    const items = [...base.items]
    let isOther = false
    const ids = [...(known ? changed : places.keys())]
    changed.clear()
    for (const id of ids) {
      const index = places.get(id) as number
      const item = followItem(data.items[index] as BatchItemData, this.#watcher.getRecord(id))
      isOther ||= item !== items[index]
      items[index] = item
    }
    if (isOther) batch.shown = { ...record, batch: { ...data, items } }
    else if (record !== source || !known) batch.shown = base === data ? record : { ...record, batch: base }
    return batch.shown
  }

  /** Remembers who started a batch that has ended: of some requests the end may be still to come. */
  keepStarters(id: string, starters: readonly CallbacksRef[]): void {
    const batch = this.#batches.get(id)
    if (batch) batch.starters = starters
  }

  /** Who started a batch that has ended. */
  startersOf(id: string): readonly CallbacksRef[] {
    return this.#batches.get(id)?.starters ?? []
  }

  /** Forgets a batch, or the operation of one request. */
  forget(id: string): void {
    if (!this.#batches.has(this.#parents.get(id) ?? '')) this.#parents.delete(id)
    const batch = this.#batches.get(id)
    if (!batch) return
    this.#batches.delete(id)
    this.#unwatched.delete(id)
    // Those that are in the cache still go later.
    for (const pending of batch.places.keys()) if (!this.#watcher.getRecord(pending)) this.#parents.delete(pending)
    for (const release of batch.retained.values()) release()
  }
}
