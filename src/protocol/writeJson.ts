import { toBase64Url } from './base64.js'
import { MAX_JSON_DEPTH } from './json.js'
import { isTypedLiteral, type TypedLiteral } from './literal.js'

/**
 * Writes a value as the JSON of OData (JSON Format 7.1): a bigint with all its digits, `NaN`, `INF` and `-INF` as text, a `Date`
 * as ISO text, bytes as base64url text, a typed literal as its bare text or, for `Edm.Int64` and `Edm.Decimal`, as digits.
 * Otherwise as `JSON.stringify`: members that are `undefined` or functions are left out, `toJSON` counts.
 *
 * @returns `undefined` for what JSON cannot say: nothing at all, a function, a symbol, an invalid `Date` anywhere, what contains
 * itself, more than 500 levels, and an object that keeps what it holds to itself, such as a `Map`, a `Set`, a `FormData`, a `Blob`
 * or a stream
 * @example
 * writeJson({ ID: 9007199254740993n, Rate: Number.NaN }) // '{"ID":9007199254740993,"Rate":"NaN"}'
 */
export function writeJson(value: unknown): string | undefined {
  try {
    return write(value, new Set())
  } catch {
    return undefined
  }
}

/** @throws when there is no JSON for a part of it */
function write(value: unknown, ancestors: Set<object>): string | undefined {
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'number') return writeNumber(value)
  // What is left out, or without a member of its own.
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  // The ISO text of an invalid one throws.
  if (value instanceof Date) return JSON.stringify(value.toISOString())
  if (value instanceof Uint8Array) return `"${toBase64Url(value)}"`
  if (isTypedLiteral(value)) return writeLiteral(value)
  if (ancestors.has(value) || ancestors.size >= MAX_JSON_DEPTH) throw new TypeError('no JSON')
  ancestors.add(value)
  const text = writeObject(value, ancestors)
  ancestors.delete(value)
  return text
}

function writeNumber(value: number): string {
  if (Number.isFinite(value)) return JSON.stringify(value)
  return `"${String(value).replace('Infinity', 'INF')}"`
}

function writeLiteral({ type, text }: TypedLiteral): string {
  // JSON has no zeros before a number.
  if (type === 'Edm.Int64' || type === 'Edm.Decimal') return text.replace(/^(-?)0+(?=\d)/, '$1')
  return JSON.stringify(text)
}

function writeObject(value: object, ancestors: Set<object>): string | undefined {
  if ('toJSON' in value && typeof value.toJSON === 'function') return write(value.toJSON(), ancestors)
  // Array.from, unlike map, sees the gaps too.
  if (Array.isArray(value)) return `[${Array.from(value, (item) => write(item, ancestors) ?? 'null').join()}]`
  // JSON.stringify would say {}.
  if (Object.prototype.toString.call(value) !== '[object Object]') throw new TypeError('no JSON')
  const members: string[] = []
  for (const [name, member] of Object.entries(value)) {
    const text = write(member, ancestors)
    if (text !== undefined) members.push(`${JSON.stringify(name)}:${text}`)
  }
  return `{${members.join()}}`
}
