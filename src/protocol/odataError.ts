import type { HttpReply } from './httpReply.js'
import { isJsonObject, type JsonObject, parseJson } from './json.js'

interface ErrorEntry {
  /** The service's own code, `''` when it gave none. */
  readonly code: string
  readonly message: string
  /** What the error is about, such as the name of a property. */
  readonly target?: string | null
}

/** The `error` of an OData error body (JSON Format 21.1). */
export interface ODataErrorBody extends ErrorEntry {
  /** At most 100. */
  readonly details?: readonly ErrorEntry[] | undefined
  /** Whatever the service says about its insides; not for users. */
  readonly innererror?: unknown
}

const MAX_DETAILS = 100

/** `''` for an object, whose `toString` may be anything. Some services give `code` as a number. */
function toText(value: unknown): string {
  return isJsonObject(value) ? '' : `${value ?? ''}`
}

function toEntry({ code, message, target }: JsonObject): ErrorEntry {
  // An object with a `value` in older versions.
  const text = isJsonObject(message) ? message.value : message
  return { code: toText(code), message: toText(text), ...(target !== undefined && { target: toText(target) }) }
}

/** {@link parseODataError} of a body that is parsed already. */
export function toODataError(json: unknown): ODataErrorBody | undefined {
  const error = isJsonObject(json) ? json.error : undefined
  if (!isJsonObject(error)) return undefined
  const { details, innererror } = error
  const entries = Array.isArray(details) ? details.slice(0, MAX_DETAILS).filter(isJsonObject).map(toEntry) : undefined
  return { ...toEntry(error), details: entries, innererror }
}

/**
 * Reads an OData error (JSON Format 21.1, Protocol 9.4), whatever the media type says. What is missing or of a wrong type is
 * left out, `code` and `message` become `''`; texts are cut at 10,000 characters.
 *
 * @returns `undefined` when the body has no `error` object. Never throws.
 */
export function parseODataError(reply: HttpReply): ODataErrorBody | undefined {
  return toODataError(parseJson(reply))
}
