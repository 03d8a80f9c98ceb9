import type { HttpReply } from './httpReply.js'
import { describeBody, isJsonObject, readJson } from './json.js'

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
 * Reads the result of an operation from its final answer: JSON, unwrapped by {@link unwrapValue}; `undefined` for `204`, `304`
 * and an empty body (Protocol 11.5.5.1).
 *
 * @returns the value, or the problem as a sentence, so that an unreadable result never passes for an empty one. Never throws.
 */
export function readResult(reply: HttpReply): { value: unknown } | { problem: string } {
  const { status, body } = reply
  if (status === 204 || status === 304 || !body.length) return { value: undefined }
  const json = readJson(reply)
  if (json !== undefined) return { value: unwrapValue(json) }
  const advice =
    process.env.NODE_ENV === 'production'
      ? ''
      : ` (${describeBody(reply)}). It must be JSON, as \`Accept: application/json\` asks for, and complete.`
  return { problem: `The result cannot be read${advice}` }
}
