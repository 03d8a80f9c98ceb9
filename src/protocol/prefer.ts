/** One element of a comma-separated list; commas in quotes do not end it. */
const ELEMENT = /(?:[^",]|"[^"]*")+/g

/**
 * Merges lists of preferences into one value for `Prefer`: each token once, in any case, the first instance with its
 * parameters (RFC 7240, 2). An empty string when there are none.
 *
 * @example
 * formatPrefer('return=minimal, wait=5', 'respond-async', 'wait=30') // 'return=minimal, wait=5, respond-async'
 */
export function formatPrefer(...parts: (string | undefined)[]): string {
  const preferences = new Map<string, string>()
  for (const [element] of parts.join().matchAll(ELEMENT)) {
    const text = element.trim()
    const name = text
      .split(/[=;\s]/, 1)
      .join()
      .toLowerCase()
    if (!preferences.has(name)) preferences.set(name, text)
  }
  preferences.delete('')
  return [...preferences.values()].join(', ')
}

/**
 * Reads `Prefer` or `Preference-Applied`: token in lower case to its value without quotes, `''` when it has none
 * (Protocol 8.2.8, 8.3.6). Parameters are left out.
 */
export function parsePreferences(header: string | undefined): ReadonlyMap<string, string> {
  const preferences = new Map<string, string>()
  for (const [element] of (header ?? '').matchAll(ELEMENT)) {
    const [, name = '', value = ''] = /^\s*([^\s=;]*)\s*(?:=\s*("[^"]*"|[^\s;]*))?/.exec(element) ?? []
    if (name && !preferences.has(name.toLowerCase())) preferences.set(name.toLowerCase(), value.replaceAll('"', ''))
  }
  return preferences
}
