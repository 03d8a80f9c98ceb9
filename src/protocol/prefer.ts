/** One element of a comma-separated list; commas in quotes do not end it. */
const ELEMENT = /(?:[^",]|"(?:[^"\\]|\\.)*"?)+/gs
const PREFERENCE = /^([^\s=;"]+)\s*(?:=\s*("(?:[^"\\]|\\.)*"|[^\s;]*))?/s

/** Name to value and full text, in the order of the header; of two with one name the first counts (RFC 7240, 2). */
function read(parts: readonly (string | undefined)[]) {
  const preferences = new Map<string, { readonly value: string; readonly text: string }>()
  for (const [element] of parts.flatMap((part) => [...(part ?? '').matchAll(ELEMENT)])) {
    const text = element.trim()
    const [, token, value = ''] = PREFERENCE.exec(text) ?? []
    const name = token?.toLowerCase()
    if (name !== undefined && !preferences.has(name)) preferences.set(name, { value, text })
  }
  return preferences
}

/**
 * Merges lists of preferences into one value for `Prefer`: each token once, in any case, the first instance with its
 * parameters (RFC 7240, 2). An empty string when there are none.
 *
 * @example
 * formatPrefer('return=minimal, wait=5', 'respond-async', 'wait=30') // 'return=minimal, wait=5, respond-async'
 */
export function formatPrefer(...parts: (string | undefined)[]): string {
  return [...read(parts).values()].map(({ text }) => text).join(', ')
}

/**
 * Reads `Prefer` or `Preference-Applied`: token in lower case to its value without quotes, `''` when it has none
 * (Protocol 8.2.8, 8.3.6). Parameters are left out.
 */
export function parsePreferences(header: string | undefined): ReadonlyMap<string, string> {
  return new Map(
    [...read([header])].map(([name, { value }]) => [
      name,
      value.startsWith('"') ? value.replace(/^"|"$|\\(.)/gs, '$1') : value,
    ]),
  )
}
