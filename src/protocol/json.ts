import { bodyText, type HttpReply, mediaType } from './httpReply.js'

/** Levels of objects and arrays that JSON may have here, in both directions. */
export const MAX_JSON_DEPTH = 500

/** A JSON object of which nothing else is known. */
export type JsonObject = Readonly<Record<string, unknown>>

/**
 * The body parsed as JSON, whatever its media type; `undefined`, which no JSON stands for, when it is not JSON or has more than 500
 * levels: `JSON.stringify`, which records go through later, has no room for as many as `JSON.parse`. Never throws.
 */
export function parseJson(reply: Pick<HttpReply, 'body'>): unknown {
  const text = bodyText(reply)
  try {
    return isTooDeep(text) ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Counts brackets outside of strings; what is no JSON is left to the parser. */
function isTooDeep(text: string): boolean {
  let depth = 0
  let isString = false
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (character === '"') isString = !isString
    else if (isString) at += character === '\\' ? 1 : 0
    else if (character === '{' || character === '[') depth++
    else if (character === '}' || character === ']') depth--
    if (depth > MAX_JSON_DEPTH) return true
  }
  return false
}

/** {@link parseJson}, but `undefined` unless {@link isJsonType}. */
export function readJson(reply: HttpReply): unknown {
  return isJsonType(reply) ? parseJson(reply) : undefined
}

/** True when the type is `application/json`, a `+json` type, or missing. */
export function isJsonType({ headers }: HttpReply): boolean {
  return /^$|^application\/json$|\+json$/.test(mediaType(headers))
}

/** True for a JSON object. An array passes too; it has none of the members that anyone looks for. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null
}

/** Media type and length of a body, for a message. */
export function describeBody({ headers, body }: HttpReply): string {
  return `${headers['content-type']?.slice(0, 100) ?? 'no content type'}, ${body.length} bytes`
}
