import type { HttpReply } from './httpReply.js'
import { isJsonObject, type JsonObject, parseJson } from './json.js'

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
/** Longer text is no number. */
const MAX_NUMBER_LENGTH = 60

/**
 * Reads progress from the JSON body of a `202` (Protocol 11.6 allows one since 4.01, without a format), and from `X-Progress`
 * when the body tells no percentage. The names it knows, at the top or else in `properties`:
 * - `percentComplete`, `percentageComplete`, `PercentComplete`: 0-100, also as text such as `"37 %"`;
 * - `progress`: likewise, or a fraction (below 1; 1 is 1 %), or counts such as `"3/10"` and `"3 of 10"`, or a message;
 * - `completed`, `done`, `processed` of `total`, `count`, `totalCount`, which make a percentage when there is none;
 * - `message`, `statusDetail`, `status`: text.
 *
 * `X-Progress` is read like `progress`. What the answer does not tell is not there.
 *
 * @returns `undefined` when there is neither a JSON object nor `X-Progress`
 */
export function readProgress(reply: HttpReply): ProgressReading | undefined {
  const json = parseJson(reply)
  const header = readAmount(reply.headers['x-progress'])
  if (!isJsonObject(json)) return header && toReading(header)
  const { properties } = json
  const places = isJsonObject(properties) ? [json, properties] : [json]
  const amount = find(places, readAmount, 'progress')
  const completed = find(places, toCount, 'completed', 'done', 'processed') ?? amount?.completed
  const total = find(places, toCount, 'total', 'count', 'totalCount') ?? amount?.total
  const percent =
    find(places, toPercent, 'percentComplete', 'percentageComplete', 'PercentComplete') ??
    amount?.percent ??
    percentOf(completed, total) ??
    header?.percent
  const message =
    find(places, toMessage, 'message', 'statusDetail') ??
    (amount ? undefined : find(places, toWords, 'progress')) ??
    find(places, toMessage, 'status')
  return toReading({ percent, completed, total, message })
}

/** The first value under one of the names that can be read, place by place. */
function find<T>(
  places: readonly JsonObject[],
  read: (value: unknown) => T | undefined,
  ...names: string[]
): T | undefined {
  for (const place of places) {
    for (const name of names) {
      const found = read(place[name])
      if (found !== undefined) return found
    }
  }
  return undefined
}

function toReading(
  members: { readonly [Name in keyof ProgressReading]: ProgressReading[Name] | undefined },
): ProgressReading {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
}

/** Text without spaces around; other things, and text that is too long for a number, are blank. */
function toShortText(value: unknown): string {
  return typeof value === 'string' && value.length <= MAX_NUMBER_LENGTH ? value.trim() : ''
}

function toCount(value: unknown): number | undefined {
  const text = toShortText(value)
  const number = text ? Number(text) : value
  return typeof number === 'number' && Number.isFinite(number) ? Math.max(number, 0) : undefined
}

function toPercent(value: unknown): number | undefined {
  const number = toCount(typeof value === 'string' ? value.replace('%', '') : value)
  return number === undefined ? undefined : Math.min(number, 100)
}

/** What `progress` and `X-Progress` may be: a percentage, a fraction, or counts. */
function readAmount(value: unknown): Pick<ProgressReading, 'percent' | 'completed' | 'total'> | undefined {
  const text = toShortText(value)
  const [, done, all] = /^(\d+(?:\.\d+)?) *(?:\/|of) *(\d+(?:\.\d+)?)$/i.exec(text) ?? []
  if (done && all) {
    const counts = { completed: Number(done), total: Number(all) }
    const percent = percentOf(counts.completed, counts.total)
    return percent === undefined ? counts : { percent, ...counts }
  }
  const percent = toPercent(value)
  if (percent === undefined) return undefined
  return { percent: percent < 1 && !text.includes('%') ? percent * 100 : percent }
}

function percentOf(completed: number | undefined, total: number | undefined): number | undefined {
  return total && completed !== undefined ? Math.min((100 * completed) / total, 100) : undefined
}

function toMessage(value: unknown): string | undefined {
  return typeof value === 'string' ? value.trim().slice(0, MAX_MESSAGE_LENGTH) || undefined : undefined
}

/** Text that is no number which went wrong. */
function toWords(value: unknown): string | undefined {
  const message = toMessage(value)
  return message && /^nan *%?$/i.test(message) ? undefined : message
}
