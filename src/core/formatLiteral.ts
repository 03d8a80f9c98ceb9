import {
  isTypedLiteral,
  LITERAL_TYPES,
  type LiteralValue,
  literalText,
  type TypedLiteral,
  toTypedLiteral,
} from '../protocol/literal.js'
import { toError } from './errors.js'

export { isTypedLiteral, type LiteralValue, type TypedLiteral }

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
  const literal = toTypedLiteral(type, text)
  if (literal) return literal
  throw toError({
    kind: 'configuration',
    message: `${JSON.stringify(text)} is no literal of the type ${JSON.stringify(type)}. The types are ${LITERAL_TYPES.join(', ')} and enumerations such as Sales.Color; a string, number, boolean or Date needs none.`,
  })
}

/**
 * Writes a value as it stands in a URL (URL Conventions 5.1.1.6), percent-encoded, so that it can stand in a key or a query:
 * text in quotes that are doubled inside, numbers with `INF` and `NaN`, a `Date` as `Edm.DateTimeOffset`, a `Uint8Array` as
 * `Edm.Binary`.
 *
 * @throws {@link ODataConfigurationError} for anything else, such as an invalid `Date`
 * @example
 * formatLiteral("O'Neil/Sons") // "'O''Neil%2FSons'"
 */
export function formatLiteral(value: LiteralValue): string {
  const text = literalText(value)
  if (text !== undefined) return encodeURIComponent(text)
  // Never the text of an object, whose `toString` may be anything.
  const given =
    value instanceof Date ? 'An invalid Date' : Array.isArray(value) ? 'An array' : `A value of type ${typeof value}`
  throw toError({
    kind: 'configuration',
    message: `${given} has no literal in a URL. Give a string, number, bigint, boolean, valid Date, Uint8Array, null, or what \`typedLiteral\` makes.`,
  })
}
