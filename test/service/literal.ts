type Reader = (text: string) => unknown

const unquoted = (pattern: RegExp, read: Reader): Reader => {
  return (text) => (pattern.test(text) ? read(text) : undefined)
}
const asText: Reader = (text) => text

/** `'text'` without its quotes. */
const quoted: Reader = (text) => (/^'(?:[^']|'')*'$/.test(text) ? text.slice(1, -1).replaceAll("''", "'") : undefined)

/** `duration'PT1H'`, and as 4.01 allows `'PT1H'`. */
const prefixed =
  (prefix: string): Reader =>
  (text) =>
    quoted(text.startsWith(`${prefix}'`) ? text.slice(prefix.length) : text)

const readers: Readonly<Record<string, Reader>> = {
  'Edm.String': quoted,
  'Edm.Boolean': unquoted(/^(?:true|false)$/, (text) => text === 'true'),
  'Edm.Int32': unquoted(/^-?\d{1,10}$/, Number),
  'Edm.Int64': unquoted(/^-?\d{1,16}$/, Number),
  'Edm.Decimal': unquoted(/^-?\d{1,15}(?:\.\d{1,15})?$/, Number),
  'Edm.Date': unquoted(/^\d{4}-\d{2}-\d{2}$/, asText),
  'Edm.DateTimeOffset': unquoted(/^\d{4}-\d{2}-\d{2}T[\d:.]{5,20}(?:Z|[+-]\d{2}:\d{2})$/, asText),
  'Edm.Guid': unquoted(/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i, asText),
  'Edm.Duration': prefixed('duration'),
}

/**
 * Reads a primitive literal of a URL, already percent-decoded, as the type that is declared (URL Conventions 5.1.1.6); a type
 * that is not of `Edm` is an enumeration. `undefined` for what is no literal of the type.
 */
export function readLiteral(text: string, type: string): unknown {
  if (text === 'null') return null
  if (Object.hasOwn(readers, type)) return readers[type]?.(text)
  return type.startsWith('Edm.') || type.startsWith('Collection(') ? undefined : prefixed(type)(text)
}
