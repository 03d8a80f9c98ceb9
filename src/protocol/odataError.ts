import type { HttpReply } from './httpReply.js'
import { isJsonObject, type JsonObject, parseJson } from './json.js'

interface ErrorEntry {
  /** The service's own code, `''` when it gave none; at most 2,000 characters. */
  readonly code: string
  /** At most 2,000 characters. */
  readonly message: string
  /** What the error is about, such as the name of a property; at most 2,000 characters. */
  readonly target?: string | null
}

/** The `error` of an OData error body (JSON Format 21.1). */
export interface ODataErrorBody extends ErrorEntry {
  /** At most 100. */
  readonly details?: readonly ErrorEntry[] | undefined
  /** Whatever the service says about its insides; not for users. Left out beyond 16,384 characters of JSON. */
  readonly innererror?: unknown
}

const MAX_DETAILS = 100
const MAX_TEXT_LENGTH = 2_000
const MAX_INNER_LENGTH = 16_384

function toText(value: unknown): string {
  // `message` was an object with a `value` in older versions; some services give `code` as a number.
  const text = isJsonObject(value) ? value.value : value
  // Never the text of an object, whose `toString` may be anything.
  return isJsonObject(text) ? '' : `${text ?? ''}`.slice(0, MAX_TEXT_LENGTH)
}

function toEntry({ code, message, target }: JsonObject): ErrorEntry {
  return { code: toText(code), message: toText(message), ...(target ? { target: toText(target) } : {}) }
}

/** {@link parseODataError} of a body that is parsed already. */
export function toODataError(json: unknown): ODataErrorBody | undefined {
  const error = isJsonObject(json) ? json.error : undefined
  if (!isJsonObject(error)) return undefined
  const { details, innererror } = error
  const entries = Array.isArray(details) ? details.slice(0, MAX_DETAILS).filter(isJsonObject).map(toEntry) : undefined
  const isKept = (JSON.stringify(innererror)?.length ?? 0) <= MAX_INNER_LENGTH
  return { ...toEntry(error), details: entries, innererror: isKept ? innererror : undefined }
}

/**
 * Reads an OData error (JSON Format 21.1, Protocol 9.4), whatever the media type says. A `code` or `message` that is missing or an
 * object becomes `''`, a `target` that is missing or `null` is left out.
 * Texts are cut at 2,000 characters, as a record keeps them all.
 *
 * @returns `undefined` when the body has no `error` object. Never throws.
 */
export function parseODataError(reply: HttpReply): ODataErrorBody | undefined {
  return toODataError(parseJson(reply))
}
