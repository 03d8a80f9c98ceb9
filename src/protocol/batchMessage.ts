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

/** The answer to one request of a batch. */
export interface BatchResponse {
  /** Request identifier, if the service gave one. */
  readonly id: string | undefined
  /** JSON: the atomicity group that the service says it belongs to. */
  readonly group?: string | undefined
  /** `url` is that of the whole batch response; whoever knows the request puts in its URL. */
  readonly reply: HttpReply
}

/** What stands in one place of a multipart response: one answer, or those of a change set. In JSON always one answer. */
export type BatchResponseUnit = BatchResponse | { readonly members: readonly BatchResponse[] }

/** What a batch response says; a list that is empty is one, too. */
export type BatchReading =
  | {
      readonly units: readonly BatchResponseUnit[]
      readonly format: 'multipart' | 'json'
      /** In words, when the response ends too early; `units` holds what was complete before. */
      readonly truncation?: string | undefined
      /** JSON: where the rest is to be had, as it stands there. */
      readonly nextLink?: string | undefined
    }
  /** It is no batch response; says why. */
  | { readonly problem: string }
