import { bodyText, type HttpReply } from './httpReply.js'

/** Levels of objects and arrays that JSON may have here, in both directions. */
export const MAX_JSON_DEPTH = 500

/** A JSON object of which nothing else is known. */
export type JsonObject = Readonly<Record<string, unknown>>

/**
 * The body parsed as JSON, whatever its media type; `undefined`, which no JSON stands for, when it is not JSON or has more than 500
 * levels: `JSON.stringify`, which records go through later, has no room for as many as `JSON.parse`. Never throws.
 */
export function parseJson(reply: Pick<HttpReply, 'body' | 'json'>): unknown {
  return reply.json === undefined ? parseJsonText(bodyText(reply)) : reply.json
}

/** {@link parseJson} of a text. */
export function parseJsonText(text: string): unknown {
  try {
    const json: unknown = JSON.parse(text)
    // Each level takes two brackets.
    const isTooDeep = text.length > 2 * MAX_JSON_DEPTH && isJsonObject(json) && isDeeper(json, MAX_JSON_DEPTH)
    return isTooDeep ? undefined : json
  } catch {
    return undefined
  }
}

/** For objects and arrays. Loops, as this looks at each value of large responses. */
function isDeeper(json: JsonObject, levels: number): boolean {
  if (!levels) return true
  if (Array.isArray(json)) {
    for (const value of json) if (isJsonObject(value) && isDeeper(value, levels - 1)) return true
    return false
  }
  for (const name in json) {
    const value = json[name]
    if (isJsonObject(value) && isDeeper(value, levels - 1)) return true
  }
  return false
}

/** {@link parseJson}, but `undefined` unless {@link isJsonType}. */
export function readJson(reply: HttpReply): unknown {
  return isJsonType(reply) ? parseJson(reply) : undefined
}

/** True when the type is `application/json`, a `+json` type, or missing. */
export function isJsonType({ headers }: Pick<HttpReply, 'headers'>): boolean {
  return /^(application\/json|[^;\s]*\+json)?([;\s]|$)/i.test(headers['content-type'] ?? '')
}

/** True for a JSON object. An array passes too; it has none of the members that anyone looks for. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null
}

/** Media type and length of a body, for a message. */
export function describeBody({ headers, body, json }: HttpReply): string {
  const size = json === undefined ? `${body.length} bytes` : 'inside of JSON'
  return `${headers['content-type']?.slice(0, 100) ?? 'no content type'}, ${size}`
}
