import type { ODataError } from '../errors.js'
import type { BatchItemResult, FailedItem, SucceededItem } from './BatchItem.js'
import type { BatchEntry, BatchEntryResult } from './BatchRequest.js'

/** What each entry of a batch gives, in the place of the entry: one result, or those of a change set. */
export type BatchResults<TEntries extends readonly BatchEntry[]> = {
  readonly [TIndex in keyof TEntries]: BatchEntryResult<TEntries[TIndex]>
}

/**
 * What became of each request of a batch. A batch that was answered is completed, whatever became of its requests: look at
 * `allSucceeded`, or at each one.
 *
 * @example
 * const { results: [product, [order, lines]], hasErrors } = await operation.waitForCompletion()
 * if (product.outcome === 'succeeded') show(product.result.Name)
 */
export interface BatchResult<TEntries extends readonly BatchEntry[] = readonly BatchEntry[]> {
  /** One for each entry that was given, in its place; a change set has its own list there. */
  readonly results: BatchResults<TEntries>
  /** All requests, those of change sets too, in the order in which they were given. */
  readonly items: readonly BatchItemResult[]
  /** The request with this identifier. */
  readonly get: (id: string) => BatchItemResult | undefined
  /** The requests that were done. */
  readonly succeeded: readonly SucceededItem[]
  /** Those that were not, or of which that is not known: each has an `error`. */
  readonly failed: readonly FailedItem[]
  /** True when each request that was given has succeeded, whatever the service answered. */
  readonly allSucceeded: boolean
  /** True when at least one has an `error`. */
  readonly hasErrors: boolean
  /** True when a multipart answer of the service ended too early: what is missing is `lost`. Of JSON that does nothing can be read, and the batch fails. */
  readonly isTruncated: boolean
  /** The error of the first request that `failed`, else of the first that has one. */
  readonly firstError: ODataError | undefined
}
