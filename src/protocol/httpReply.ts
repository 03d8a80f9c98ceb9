/** HTTP header fields by lower-case name. Repeated fields are joined with `, `. */
export type HttpHeaders = Readonly<Record<string, string>>

/** One HTTP answer as data: what the network, an `application/http` body and a test all reduce to. */
export interface HttpReply {
  readonly status: number
  readonly headers: HttpHeaders
  /** The body as it came, so that binary content stays exact. Empty when there is none. */
  readonly body: Uint8Array
  /**
   * The body as a value, where it came as one: of JSON in a batch the parsed value, of text in a JSON batch the text (JSON Format
   * 19.5). `body` is empty then. Absent otherwise.
   */
  readonly json?: unknown
  /** Absolute URL that gave the answer, after redirects: the base for a relative `Location`. */
  readonly url: string
  /**
   * True when a browser shows none but the harmless headers of an answer from another origin, because
   * `Access-Control-Expose-Headers` is missing. Absent when the headers are all there.
   */
  readonly hidesHeaders?: boolean | undefined
}

/** The body as text. Bytes that are not UTF-8 become U+FFFD; a leading byte order mark is dropped. */
export function bodyText(reply: Pick<HttpReply, 'body'>): string {
  return decoder.decode(reply.body)
}

/** Made once, as making one takes longer than reading a short body. */
const decoder = new TextDecoder()

/** The media type in lower case without its parameters; an empty string when there is none. */
export function mediaType(headers: HttpHeaders): string {
  return /^[^;\s]*/.exec(headers['content-type']?.toLowerCase() ?? '')?.[0] ?? ''
}
