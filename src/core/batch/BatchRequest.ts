import type { HttpHeaders } from '../../protocol/httpReply.js'
import type { RequestMethod } from '../ODataClient.js'
import type { BatchItemResult } from './BatchItem.js'

/** Form of the URLs in a batch (Protocol 11.7.7.1, JSON Format 19.1): `Products(1)`, `/odata/Products(1)`, `https://host/odata/Products(1)`. */
export type BatchUrlForm = 'relative' | 'path' | 'absolute'

/** What each request of a batch may be given. */
export interface BatchRequestOptions {
  /** Request identifier: letters, digits and `-._~`, unique in the batch. @default its position, from '1' */
  readonly id?: string | undefined
  /** The request in the user's words, for lists and messages; not sent. */
  readonly label?: string | undefined
  /** Headers of this request alone. Credentials do not belong here: those of the batch count for all. */
  readonly headers?: HttpHeaders | undefined
  /**
   * Requests and change sets before it, or their identifiers, that must have succeeded. What a {@link reference} names is among them
   * by itself. Multipart can say no more than that, unless `continueOnError` is `false`.
   */
  readonly dependsOn?: readonly (BatchEntry | string)[] | undefined
  /** ETag that what the request changes must still have, or `'*'`: `If-Match`. */
  readonly etag?: string | undefined
  /** Should what was changed or created be sent back? (`Prefer: return`, Protocol 8.2.8.7.) */
  readonly returnPreference?: 'representation' | 'minimal' | undefined
  /**
   * Lets the service work on this request by itself (JSON Format 19.6): its outcome is `pending` then. Not in a change set, nor when
   * others depend on it. Multipart cannot say so: there the answer waits for it.
   */
  readonly respondAsync?: boolean | undefined
  /** @default that of the batch */
  readonly urlForm?: BatchUrlForm | undefined
}

declare const resultType: unique symbol

/** One request of a batch, as data: made by `get`, `create` and the like, changed by nobody. */
export interface BatchRequest<TResult = unknown> {
  readonly kind: 'request'
  readonly method: RequestMethod
  /** Path below the service root with its query, an absolute URL on its origin, or a {@link reference}. */
  readonly path: string | RequestReference
  /** An object is sent as JSON; text and bytes as they are, with their `Content-Type`. */
  readonly body?: object | string | undefined
  /** Of a function: its parameters, and whether all of them are written as aliases. They go into the path. */
  readonly functionCall?: { readonly parameters: object; readonly aliases: boolean } | undefined
  readonly options: BatchRequestOptions
  /** Only for the compiler. */
  readonly [resultType]?: TResult
}

/** Requests that are done together or not at all (Protocol 11.7.7.4), as data. */
export interface ChangeSet<TRequests extends readonly BatchRequest[] = readonly BatchRequest[]> {
  readonly kind: 'change-set'
  readonly requests: TRequests
  /** Name of the change set. @default one that is free */
  readonly id?: string | undefined
  readonly dependsOn?: readonly (BatchEntry | string)[] | undefined
}

/** What a batch is made of. */
export type BatchEntry = BatchRequest | ChangeSet

/** What is created or returned by a request before: `$id` or `$id/segment` (Protocol 11.7.4). Made by `reference`. */
export interface RequestReference<TResult = unknown> {
  readonly kind: 'reference'
  readonly request: BatchRequest
  readonly segment: string | undefined
  /** Only for the compiler. */
  readonly [resultType]?: TResult
}

/** What stands in the place of an entry in the results. */
export type BatchEntryResult<TEntry> =
  TEntry extends ChangeSet<infer TRequests>
    ? { readonly [TIndex in keyof TRequests]: BatchEntryResult<TRequests[TIndex]> }
    : TEntry extends BatchRequest<infer TResult>
      ? BatchItemResult<TResult>
      : never
