import { toBase64 } from './base64.js'
import { type HttpReply, mediaType } from './httpReply.js'
import { describeBody, isJsonObject, isJsonType, parseJson } from './json.js'

/**
 * Takes a primitive value or a collection out of its envelope `{ "@context": ..., "value": ... }` (JSON Format 11-14).
 * Anything else is returned as it is: an entity that has a property `value` among others, and a collection with a next link,
 * a delta link or a count, which would be lost.
 */
export function unwrapValue(json: unknown): unknown {
  const isEnvelope =
    isJsonObject(json) &&
    'value' in json &&
    Object.keys(json).every(
      (name) => name === 'value' || (name.includes('@') && !/(nextLink|deltaLink|count)$/.test(name)),
    )
  return isEnvelope ? json.value : json
}

/**
 * Reads the result of an operation from its final answer, as a value that JSON can keep:
 * - JSON, also when the type is missing: unwrapped by {@link unwrapValue};
 * - `text/*` and XML: the text;
 * - any other media type: a `data:` URL with the bytes, such as `data:application/pdf;base64,...`, for a link or an image;
 * - `204`, `304` and an empty body: `undefined` (Protocol 11.5.5.1).
 *
 * HTML is refused: it is the page of a login or a gateway, and no result.
 *
 * @returns the value, or the problem as a sentence, so that an unreadable result never passes for an empty one. Never throws.
 */
export function readResult(reply: HttpReply): { value: unknown } | { problem: string } {
  const { status, headers, body, json: given } = reply
  if (status === 204 || status === 304 || (!body.length && given === undefined)) return { value: undefined }
  if (isJsonType(reply) || isJsonObject(given)) {
    const json = parseJson(reply)
    if (json !== undefined) return { value: unwrapValue(json) }
    return unreadable(
      reply,
      'It must be JSON, as `Accept: application/json` asks for, complete, and at most 500 levels deep.',
    )
  }
  const type = mediaType(headers)
  if (/^text\/html$|^application\/xhtml\+xml$/.test(type)) {
    return unreadable(
      reply,
      'It is a web page, as a login or a gateway shows one. Sign in, or have the service answer in JSON, as `Accept: application/json` asks for.',
    )
  }
  if (isStillPacked(reply)) return unreadable(reply, 'It is still packed by gzip. Have the service send it unpacked.')
  if (/^text\/|^application\/xml$|^application\/.*\+xml$/.test(type)) return { value: given ?? decodeText(reply) }
  if (given !== undefined) return unreadable(reply, 'In a JSON batch it must be a string of base64url.')
  // Anything else could say more in a URL than a type.
  if (!/^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/.test(type)) {
    return unreadable(reply, 'It must have a media type, or be JSON, as `Accept: application/json` asks for.')
  }
  return { value: `data:${type};base64,${toBase64(body)}` }
}

function unreadable(reply: HttpReply, advice: string): { problem: string } {
  return { problem: `The result cannot be read (${describeBody(reply)}). ${advice}` }
}

/** True in an `application/http` message that was packed for itself, which no browser unpacks. */
function isStillPacked({ headers, body }: HttpReply): boolean {
  return /gzip/i.test(headers['content-encoding'] ?? '') && body[0] === 0x1f && body[1] === 0x8b
}

/** The body by the `charset` of its type, UTF-8 when that is missing or unknown. */
function decodeText({ headers, body }: HttpReply): string {
  const charset = /;\s*charset\s*=\s*"?([\w.:-]+)/i.exec(headers['content-type'] ?? '')?.[1]
  try {
    return new TextDecoder(charset).decode(body)
  } catch {
    return new TextDecoder().decode(body)
  }
}
