/** One entry of a `Prefer` header: its name in lower case, its value without quotes, and the text as it came. */
export interface Preference {
  readonly name: string
  readonly value: string
  readonly text: string
}

/** Reads a `Prefer` header (RFC 7240): commas in quotes do not separate, and the first of two equal names counts. */
export function readPreferences(header: string | undefined): readonly Preference[] {
  const found = new Map<string, Preference>()
  for (const [part] of (header ?? '').matchAll(/(?:"[^"]*"|[^,"])+/g)) {
    const text = part.trim()
    const [token = ''] = text.split(';', 1)
    const [name = '', value = ''] = token.split('=', 2).map((piece) => piece.trim())
    const key = name.toLowerCase()
    if (key && !found.has(key)) found.set(key, { name: key, value: value.replaceAll('"', ''), text })
  }
  return [...found.values()]
}
