import { toBase64Url } from './base64.js'

const brand = Symbol.for('react-odata-async.literal')

/** A value of a type that JavaScript has none for. Made by `typedLiteral`. */
export interface TypedLiteral {
  /** Tells it from a key whose members are called the same. */
  readonly [brand]: true
  /** Qualified name, such as `Edm.Guid`. */
  readonly type: string
  /** As it stands in a URL, but not percent-encoded yet: `duration'PT5M'`. */
  readonly literal: string
  /** The bare text, as it stands in JSON: `PT5M`. */
  readonly text: string
}

/** A value that can be written in a URL. A `Date` is an `Edm.DateTimeOffset`, a `Uint8Array` an `Edm.Binary`. */
export type LiteralValue = string | number | bigint | boolean | Date | Uint8Array | null | TypedLiteral

interface Form {
  readonly pattern: RegExp
  readonly prefix?: string
  readonly isInRange?: (text: string) => boolean
}

/** How each primitive type is written that JavaScript has no type for (URL Conventions 5.1.1.6). */
const forms: ReadonlyMap<string, Form> = new Map<string, Form>([
  ['Edm.Guid', { pattern: /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i }],
  ['Edm.Int64', { pattern: /^-?\d{1,19}$/, isInRange: (text) => BigInt.asIntN(64, BigInt(text)) === BigInt(text) }],
  ['Edm.Decimal', { pattern: /^-?\d+(?:\.\d+)?$/ }],
  ['Edm.Date', { pattern: /^-?\d{4,6}-\d\d-\d\d$/ }],
  ['Edm.TimeOfDay', { pattern: /^\d\d:\d\d(?::\d\d(?:\.\d{1,12})?)?$/ }],
  ['Edm.DateTimeOffset', { pattern: /^-?\d{4,6}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,12})?)?(?:Z|[+-]\d\d:\d\d)$/ }],
  [
    'Edm.Duration',
    {
      pattern: /^-?P(?=\d|T\d)(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?$/,
      prefix: 'duration',
    },
  ],
  ['Edm.Binary', { pattern: /^[\w-]*={0,2}$/, prefix: 'binary' }],
])
const ENUM_TYPE = /^[a-z_]\w*(?:\.[a-z_]\w*)+$/i
const ENUM_MEMBERS = /^[a-z_]\w*(?:,[a-z_]\w*)*$/i

/** The types of {@link toTypedLiteral} besides enumerations. */
export const LITERAL_TYPES: readonly string[] = [...forms.keys()]

function formOf(type: string): Form | undefined {
  const isEnum = ENUM_TYPE.test(type) && !type.startsWith('Edm.')
  return isEnum ? { pattern: ENUM_MEMBERS, prefix: type } : forms.get(type)
}

/**
 * Makes a value of one of {@link LITERAL_TYPES}, or of an enumeration by its qualified name, from its text. Digits and form are
 * checked, and the range of an `Edm.Int64`; whether a date exists is for the service to say.
 *
 * @returns `undefined` when the text is no value of the type
 */
export function toTypedLiteral(type: string, text: string): TypedLiteral | undefined {
  const form = typeof text === 'string' ? formOf(type) : undefined
  if (!form?.pattern.test(text) || form.isInRange?.(text) === false) return undefined
  return { [brand]: true, type, literal: form.prefix === undefined ? text : `${form.prefix}'${text}'`, text }
}

/** True for what {@link toTypedLiteral} made, also in another copy of this package. */
export function isTypedLiteral(value: unknown): value is TypedLiteral {
  return typeof value === 'object' && value !== null && brand in value
}

/**
 * Writes a value as it stands in a URL (URL Conventions 5.1.1.6), not percent-encoded yet: text in quotes that are doubled
 * inside, numbers with `INF` and `NaN`, a `Date` as `Edm.DateTimeOffset`, bytes as `binary'...'` in base64url.
 *
 * @returns `undefined` for what has no literal: an invalid `Date`, an object, an array, text with half a surrogate pair
 * @example
 * literalText("O'Neil") // "'O''Neil'"
 */
export function literalText(value: unknown): string | undefined {
  // Half a character has no percent-encoding.
  if (typeof value === 'string') return /\p{Surrogate}/u.test(value) ? undefined : `'${value.replaceAll("'", "''")}'`
  if (typeof value === 'number') return String(value).replace('Infinity', 'INF').replace('+', '')
  if (typeof value === 'bigint' || typeof value === 'boolean' || value === null) return String(value)
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString()
  if (value instanceof Uint8Array) return `binary'${toBase64Url(value)}'`
  return isTypedLiteral(value) ? value.literal : undefined
}
