import type { HttpHeaders } from '../../protocol/httpReply.js'
import type { ODataError, ODataErrorData } from '../errors.js'
import type { OperationRecord } from '../operation.js'

/**
 * What became of one request of a batch.
 *
 * | outcome | meaning |
 * |---|---|
 * | `succeeded` | the service did it |
 * | `failed` | the service answered it with an error |
 * | `rolled-back` | another request of its change set failed, so that nothing of it was done |
 * | `dependency-failed` | not done, as a request that it depends on failed (`424`) |
 * | `not-executed` | not done: never sent, or the service stopped before it |
 * | `pending` | the service works on it by itself; it has an operation of its own |
 * | `lost` | unknown: its answer is missing or cannot be read, or the batch ended without it |
 */
export type BatchOutcome =
  | 'succeeded'
  | 'failed'
  | 'rolled-back'
  | 'dependency-failed'
  | 'not-executed'
  | 'pending'
  | 'lost'

/** One request of a batch and what became of it, as plain JSON: the form in which a record holds it. */
export interface BatchItemData {
  /** Request identifier. */
  readonly id: string
  /** Name of the change set that it belongs to. */
  readonly changeSet?: string | undefined
  readonly method: string
  /** Absolute; of a reference (`$id/...`) as it was sent. */
  readonly url: string
  /** The request in the user's words, as given with it. */
  readonly label?: string | undefined
  /** `waiting` until there is an answer. */
  readonly outcome: BatchOutcome | 'waiting'
  /** HTTP status of its answer. */
  readonly status?: number | undefined
  readonly headers?: HttpHeaders | undefined
  /** True when the service left out the identifier that its answer must have, so that it was found by its position. */
  readonly isMatchedByPosition?: boolean | undefined
  /** True for a `lost` one that was not sent again with those that failed. */
  readonly isOfEarlierRun?: boolean | undefined
  /** Of `succeeded`. */
  readonly result?: unknown
  /** Of everything that did not succeed; of a `rolled-back` one that of the request that failed. */
  readonly error?: ODataErrorData | undefined
  /** Of `pending`: its own operation, for `client.resume` and `useODataOperation`. */
  readonly operation?: OperationRecord | undefined
}

/** What the record of a batch holds besides that of any operation. */
export interface BatchData {
  /** All requests, in the order in which they were given. */
  readonly items: readonly BatchItemData[]
  /** True when an answer of the service ended too early. */
  readonly isTruncated?: boolean | undefined
  /** Form in which it was sent; from when it is. */
  readonly format?: 'multipart' | 'json' | undefined
  /** That of the options. */
  readonly continueOnError?: boolean | undefined
  /** Absolute URL of the rest of the answer (JSON Format 19.6). As long as it is the `monitorUrl`, there is no status monitor. */
  readonly nextLink?: string | undefined
  /** Of a piece, in `pieces` of the record of the whole: which of the items there are its own. Its `items` are empty there. */
  readonly itemIds?: readonly string[] | undefined
}

interface CommonItem {
  /** Request identifier: yours, else its position, from '1'. */
  readonly id: string
  /** Name of the change set that it belongs to. */
  readonly changeSet: string | undefined
  readonly method: string
  readonly url: string
  /** The request in the user's words, as given with it. */
  readonly label: string | undefined
  /** HTTP status of its answer. */
  readonly status: number | undefined
  /** Headers of its answer by lower-case name, such as `etag` and `location`. */
  readonly headers: HttpHeaders
  /** True when the service left out the identifier that its answer must have, so that it was found by its position. */
  readonly isMatchedByPosition?: boolean | undefined
}

/** A request that was done. */
export interface SucceededItem<TResult = unknown> extends CommonItem {
  readonly outcome: 'succeeded'
  readonly status: number
  readonly result: TResult
  readonly error: undefined
  readonly operation: undefined
}

/** A request that was not done, or of which that is not known. */
export interface FailedItem extends CommonItem {
  readonly outcome: 'failed' | 'rolled-back' | 'dependency-failed' | 'not-executed' | 'lost'
  readonly result: undefined
  /** Of a `rolled-back` one that of the request that failed. */
  readonly error: ODataError
  readonly operation: undefined
}

/** A request that the service works on by itself. */
export interface PendingItem<TResult = unknown> extends CommonItem {
  readonly outcome: 'pending'
  readonly result: undefined
  readonly error: undefined
  /** Its own operation, for `client.resume`; in React it is watched already: `useODataOperation({ id: item.operation.id })`. */
  readonly operation: OperationRecord<TResult>
}

/** A request without an answer so far. */
export interface WaitingItem extends CommonItem {
  readonly outcome: 'waiting'
  readonly result: undefined
  readonly error: undefined
  readonly operation: undefined
}

/** One request of a batch that has ended, and what became of it. */
export type BatchItemResult<TResult = unknown> = SucceededItem<TResult> | FailedItem | PendingItem<TResult>

/** One request of a batch, and what has become of it so far. */
export type BatchItem<TResult = unknown> = BatchItemResult<TResult> | WaitingItem
