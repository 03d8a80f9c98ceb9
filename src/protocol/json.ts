import { bodyText, type HttpReply, mediaType } from './httpReply.js'

/** A JSON object of which nothing else is known. */
export type JsonObject = Readonly<Record<string, unknown>>

/** The body parsed as JSON, whatever its media type; `undefined`, which no JSON stands for, when it is not JSON. Never throws. */
export function parseJson(reply: Pick<HttpReply, 'body'>): unknown {
  try {
    return JSON.parse(bodyText(reply))
  } catch {
    return undefined
  }
}

/** {@link parseJson}, but `undefined` unless the type is `application/json`, a `+json` type, or missing. */
export function readJson(reply: HttpReply): unknown {
  return /^$|^application\/json$|\+json$/.test(mediaType(reply.headers)) ? parseJson(reply) : undefined
}

/** True for a JSON object. An array passes too; it has none of the members that anyone looks for. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null
}

/** Media type and length of a body, for a message. */
export function describeBody({ headers, body }: HttpReply): string {
  return `${headers['content-type']?.slice(0, 100) ?? 'no content type'}, ${body.length} bytes`
}
