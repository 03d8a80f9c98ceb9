import { isIdentifier } from '../protocol/isIdentifier.js'
import { toError } from './errors.js'
import { formatLiteral, isTypedLiteral, type LiteralValue } from './formatLiteral.js'

/** A key: of one value, or of several with their names. */
export type KeyValue = Exclude<LiteralValue, null> | { readonly [name: string]: Exclude<LiteralValue, null> }

/**
 * Writes the key of an entity with its parentheses (URL Conventions 4.3.1), percent-encoded, so that no value can lead
 * elsewhere: for the path of a bound action.
 *
 * @throws {@link ODataConfigurationError} for a value that has no literal, a name that is none, and no key at all
 * @example
 * `Products${formatKey("O'Neil")}/Sales.Discontinue` // "Products('O''Neil')/Sales.Discontinue"
 * `Items${formatKey({ Order: 7, Line: 2 })}` // "Items(Order=7,Line=2)"
 */
export function formatKey(key: KeyValue): string {
  if (!isCompound(key)) return `(${formatLiteral(key)})`
  const members = Object.entries(key)
  if (members.length === 0 || members.some(([name]) => !isIdentifier(name))) {
    throw toError({
      kind: 'configuration',
      message: `{${Object.keys(key).join(', ')}} is no key. A key of several values is an object with a member for each, by name.`,
    })
  }
  return `(${members.map(([name, value]) => `${encodeURIComponent(name)}=${formatLiteral(value)}`).join()})`
}

/** True for a key of several values, with their names. */
function isCompound(key: KeyValue): key is Exclude<KeyValue, LiteralValue> {
  return (
    typeof key === 'object' &&
    key !== null &&
    !(key instanceof Date || key instanceof Uint8Array || isTypedLiteral(key))
  )
}
