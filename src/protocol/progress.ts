import type { HttpReply } from './httpReply.js'
import { isJsonObject, parseJson } from './json.js'

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

const MAX_MESSAGE_LENGTH = 500

function toNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() ? Number(value.replace('%', '')) : value
  return Number.isFinite(number) ? Math.max(number as number, 0) : undefined
}

function toMessage(value: unknown): string | undefined {
  return typeof value === 'string' ? value.trim().slice(0, MAX_MESSAGE_LENGTH) || undefined : undefined
}

/**
 * Reads progress from the JSON body of a `202` (Protocol 11.6 allows one since 4.01, without a format). The names it knows:
 * `percentComplete`, `percentageComplete`, `PercentComplete`, `progress`; `completed`, `done`; `total`, `count`; `message`,
 * `statusDetail`, `status`. Without a percentage it is made from the counts. What the body does not tell is not there.
 *
 * @returns `undefined` when the body is no JSON object
 */
export function readProgress(reply: HttpReply): ProgressReading | undefined {
  const json = parseJson(reply)
  if (!isJsonObject(json)) return undefined
  const find = <T>(read: (value: unknown) => T | undefined, ...names: string[]): T | undefined =>
    names.map((name) => read(json[name])).find((found) => found !== undefined)
  const completed = find(toNumber, 'completed', 'done')
  const total = find(toNumber, 'total', 'count')
  const percent =
    find(toNumber, 'percentComplete', 'percentageComplete', 'PercentComplete', 'progress') ??
    (total && completed !== undefined ? (100 * completed) / total : undefined)
  const reading = {
    percent: percent && Math.min(percent, 100),
    completed,
    total,
    message: find(toMessage, 'message', 'statusDetail', 'status'),
  }
  return Object.fromEntries(Object.entries(reading).filter(([, value]) => value !== undefined))
}
