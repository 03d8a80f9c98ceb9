/** An http or https URL without a user name and password; `undefined` for anything else. */
export function parseHttpUrl(text: string, base?: string): URL | undefined {
  try {
    const url = new URL(text, base)
    return /^https?:$/.test(url.protocol) && !(url.username + url.password) ? url : undefined
  } catch {
    return undefined
  }
}

/**
 * Makes a `Location` absolute, against the URL of the request that it answers (RFC 9110, 10.2.2), not against the service root.
 * Its query is kept, its fragment is not.
 *
 * @returns `undefined` when it is missing, blank, no URL, or has another scheme than http or https
 */
export function resolveLocation(location: string | undefined, base: string): string | undefined {
  const url = location?.trim() ? parseHttpUrl(location, base) : undefined
  if (url) url.hash = ''
  return url?.href
}

/**
 * True when requests to `url` may carry the app's credentials: scheme, host and port are those of the service or of an
 * entry of `trustedOrigins`. So `http` is not trusted by an `https` service unless that very origin is listed.
 *
 * @example
 * isTrustedUrl('https://jobs.example.com/7', 'https://api.example.com/odata/', ['https://jobs.example.com']) // true
 */
export function isTrustedUrl(url: string, serviceUrl: string, trustedOrigins: readonly string[]): boolean {
  const origin = parseHttpUrl(url)?.origin
  return origin !== undefined && [serviceUrl, ...trustedOrigins].some((known) => parseHttpUrl(known)?.origin === origin)
}
