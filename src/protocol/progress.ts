import type { HttpReply } from './httpReply.js'
import { isJsonObject, type JsonObject, parseJson } from './json.js'
import { omitUndefined } from './omitUndefined.js'

/** How far an operation is, as far as one answer tells. OData defines no format for it, so common names are looked for. */
export interface ProgressReading {
  /** 0-100. */
  readonly percent?: number
  /** Items done so far. */
  readonly completed?: number
  /** Items in all. */
  readonly total?: number
  /** What the service does now, in its own words; at most 500 characters. */
  readonly message?: string
}

const MAX_BODY_BYTES = 65_536
const MAX_MESSAGE_LENGTH = 500

function toNumber(value: unknown): number | undefined {
  const text = typeof value === 'string' ? value.trim() : value
  const number = typeof text === 'string' && /^-?\d+(?:\.\d+)?\s*%?$/.test(text) ? Number.parseFloat(text) : text
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}

function toCount(value: unknown): number | undefined {
  const count = toNumber(value)
  return count !== undefined && count >= 0 ? count : undefined
}

function toMessage(value: unknown): string | undefined {
  const text = isJsonObject(value) ? value.value : value
  // A pair of surrogates is not cut in two.
  return typeof text === 'string'
    ? text
        .trim()
        .slice(0, MAX_MESSAGE_LENGTH)
        .replace(/[\uD800-\uDBFF]$/, '') || undefined
    : undefined
}

/**
 * Reads progress from the JSON body of a `202` (Protocol 11.6 allows one since 4.01, without a format) and from `x-progress`.
 * The names it knows, also below `properties`: `percentComplete`, `percentageComplete`, `PercentComplete`, `progress`;
 * `done`, `completed`, `finished`; `total`, `count`; `message`, `status`, `statusDetail`, `description`.
 * Without a percentage it is made from the counts.
 *
 * @returns `undefined` when the answer says nothing of the kind
 */
export function readProgress(reply: HttpReply): ProgressReading | undefined {
  const json = reply.body.length > MAX_BODY_BYTES ? undefined : parseJson(reply)
  const sources: JsonObject[] = isJsonObject(json) ? [json, json.properties].filter(isJsonObject) : []
  const find = <T>(read: (value: unknown) => T | undefined, ...names: string[]): T | undefined => {
    for (const source of sources) {
      for (const name of names) {
        const found = read(source[name])
        if (found !== undefined) return found
      }
    }
    return undefined
  }
  const completed = find(toCount, 'done', 'completed', 'finished')
  const total = find(toCount, 'total', 'count')
  const message = find(toMessage, 'message', 'status', 'statusDetail', 'description')
  const percent =
    find(toNumber, 'percentComplete', 'percentageComplete', 'PercentComplete', 'progress') ??
    toNumber(reply.headers['x-progress']) ??
    (completed !== undefined && total ? (100 * completed) / total : undefined)
  const reading = omitUndefined({
    percent: percent && Math.min(Math.max(percent, 0), 100),
    completed,
    total,
    message,
  })
  return Object.keys(reading).length > 0 ? reading : undefined
}
