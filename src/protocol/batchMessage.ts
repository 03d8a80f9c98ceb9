import type { HttpHeaders, HttpReply } from './httpReply.js'

/** One request of a batch as it goes over the wire, in either format. */
export interface BatchWireRequest {
  /** Request identifier (Protocol 11.7.3): unique in the batch. */
  readonly id: string
  /** Name of the change set (JSON: atomicity group) that it belongs to; members stand next to each other. */
  readonly group?: string | undefined
  /** Ids of requests and names of groups before it that must have succeeded. Only JSON can say so. */
  readonly dependsOn?: readonly string[] | undefined
  /** In upper case. */
  readonly method: string
  /** Relative to the service root, an absolute path, an absolute URL, or `$id/...`. */
  readonly url: string
  /** By lower-case name, in the order in which they are written. */
  readonly headers: HttpHeaders
  /** JSON and text as text. */
  readonly body?: string | Uint8Array | undefined
}

/** The answer to one request of a batch, or that there is one which cannot be read; its place counts either way. */
export type BatchResponse = ReadableBatchResponse | UnreadableBatchResponse

interface CommonBatchResponse {
  /** Request identifier, if the service gave one. */
  readonly id: string | undefined
  /** JSON: the atomicity group that the service says it belongs to. */
  readonly group?: string | undefined
}

interface ReadableBatchResponse extends CommonBatchResponse {
  /** `url` is that of the whole batch response; whoever knows the request puts in its URL. */
  readonly reply: HttpReply
  readonly problem?: undefined
}

interface UnreadableBatchResponse extends CommonBatchResponse {
  readonly reply?: undefined
  /** What is wrong with it, as a sentence. Nothing is known of what became of the request. */
  readonly problem: string
}

/** What stands in one place of a multipart response: one answer, or those of a change set. In JSON always one answer. */
export type BatchResponseUnit = BatchResponse | { readonly members: readonly BatchResponse[] }

/** What a batch response says; a list that is empty is one, too. */
export type BatchReading =
  | {
      readonly units: readonly BatchResponseUnit[]
      readonly format: 'multipart' | 'json'
      /** As a sentence, when the response ends too early; `units` holds what was complete before. */
      readonly truncation?: string | undefined
      /** JSON: where the rest is to be had, as it stands there. */
      readonly nextLink?: string | undefined
    }
  /** It is no batch response; says why. */
  | { readonly problem: string }
