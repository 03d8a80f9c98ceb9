import { toError } from './errors.js'

const brand = Symbol.for('react-odata-async.literal')

/** A value of a type that JavaScript has none for. Made by {@link typedLiteral}. */
export interface TypedLiteral {
  /** Tells it from a key whose members are called the same. */
  readonly [brand]: true
  /** Qualified name, such as `Edm.Guid`. */
  readonly type: string
  /** As it stands in a URL, but not percent-encoded yet. */
  readonly literal: string
}

/** What {@link formatLiteral} takes. */
export type LiteralValue = string | number | bigint | boolean | Date | null | TypedLiteral

/** The text of each primitive type that is written without quotes or with a prefix (URL Conventions 5.1.1.6). */
const forms: Readonly<Record<string, { readonly text: RegExp; readonly prefix?: string }>> = {
  'Edm.Guid': { text: /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i },
  'Edm.Int64': { text: /^-?\d{1,19}$/ },
  'Edm.Decimal': { text: /^-?\d+(?:\.\d+)?$/ },
  'Edm.Date': { text: /^-?\d{4,6}-\d\d-\d\d$/ },
  'Edm.TimeOfDay': { text: /^\d\d:\d\d(?::\d\d(?:\.\d{1,12})?)?$/ },
  'Edm.DateTimeOffset': { text: /^-?\d{4,6}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,12})?)?(?:Z|[+-]\d\d:\d\d)$/ },
  'Edm.Duration': {
    text: /^-?P(?=\d|T\d)(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?$/,
    prefix: 'duration',
  },
  'Edm.Binary': { text: /^[\w-]*={0,2}$/, prefix: 'binary' },
}
const ENUM_TYPE = /^[a-z_]\w*(?:\.[a-z_]\w*)+$/i
const ENUM_MEMBERS = /^[a-z_]\w*(?:,[a-z_]\w*)*$/i

/**
 * Makes a value of a type that JavaScript has none for, from its text: `Edm.Guid`, `Edm.Int64`, `Edm.Decimal`, `Edm.Date`,
 * `Edm.TimeOfDay`, `Edm.DateTimeOffset`, `Edm.Duration`, `Edm.Binary` (base64url), or an enumeration type by its qualified name.
 *
 * @throws {@link ODataConfigurationError} when the text is no value of the type
 * @example
 * typedLiteral('Edm.Guid', '3f2504e0-4f89-11d3-9a0c-0305e82c3301')
 * typedLiteral('Sales.Color', 'Red,Green')
 */
export function typedLiteral(type: string, text: string): TypedLiteral {
  const form = Object.hasOwn(forms, type) ? forms[type] : undefined
  const isEnum = form === undefined && !type.startsWith('Edm.') && ENUM_TYPE.test(type)
  const pattern = isEnum ? ENUM_MEMBERS : form?.text
  if (!pattern?.test(text)) {
    const advice =
      process.env.NODE_ENV === 'production'
        ? ''
        : ` The types are ${Object.keys(forms).join(', ')} and enumerations such as Sales.Color; a string, number, boolean or Date needs none.`
    throw toError({
      kind: 'configuration',
      message: `${JSON.stringify(text)} is no literal of the type ${JSON.stringify(type)}.${advice}`,
    })
  }
  const prefix = isEnum ? type : form?.prefix
  return { [brand]: true, type, literal: prefix === undefined ? text : `${prefix}'${text}'` }
}

/**
 * Writes a value as it stands in a URL (URL Conventions 5.1.1.6), percent-encoded, so that it can stand in a key or a query:
 * text in quotes that are doubled inside, numbers with `INF` and `NaN`, a `Date` as `Edm.DateTimeOffset`.
 *
 * @throws {@link ODataConfigurationError} for anything else, such as an invalid `Date`
 * @example
 * formatLiteral("O'Neil/Sons") // "'O''Neil%2FSons'"
 */
export function formatLiteral(value: LiteralValue): string {
  return encodeURIComponent(literalOf(value))
}

/** True for what {@link typedLiteral} made. */
export function isTypedLiteral(value: unknown): value is TypedLiteral {
  return typeof value === 'object' && value !== null && brand in value
}

function literalOf(value: LiteralValue): string {
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`
  if (typeof value === 'number') return String(value).replace('Infinity', 'INF').replace('+', '')
  if (typeof value === 'bigint' || typeof value === 'boolean' || value === null) return String(value)
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString()
  if (isTypedLiteral(value)) return value.literal
  const advice =
    process.env.NODE_ENV === 'production'
      ? ''
      : ' Give a string, number, bigint, boolean, valid Date, null, or what `typedLiteral` makes.'
  throw toError({ kind: 'configuration', message: `${String(value)} has no literal in a URL.${advice}` })
}
