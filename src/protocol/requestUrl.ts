import { parseHttpUrl } from './location.js'

/**
 * The absolute URL of a request (URL Conventions 2).
 *
 * @param serviceUrl absolute; the slash at its end may be missing. Its query (`?sap-client=100`) goes to every URL below it,
 * except for the names that the URL has itself
 * @param path below the service root, a leading `/` changes nothing, its own query is kept: `Reports/Ns.Generate`,
 * `Products(1)/Ns.Discontinue?$select=ID`. A text that begins with `http://` or `https://` is an absolute URL and taken as it
 * is; whether its origin may be asked is for the caller to decide
 * @returns `undefined` for a path that is blank or leaves the service root through `..`, and for a URL with a user name
 */
export function requestUrl(serviceUrl: string, path: string): string | undefined {
  const service = parseHttpUrl(serviceUrl)
  if (!service || typeof path !== 'string') return undefined
  const root = `${service.origin}${service.pathname}${service.pathname.endsWith('/') ? '' : '/'}`
  const text = path.trim()
  const isAbsolute = /^https?:\/\//i.test(text)
  // As text behind the root, because a colon in a key would make a scheme of what is before it.
  const url = parseHttpUrl(isAbsolute ? text : root + text.replaceAll('#', '%23').replace(/^\/+/, ''))
  if (!url) return undefined
  url.hash = ''
  const isBelow = url.href.startsWith(root)
  if (!isAbsolute && (!isBelow || url.href === root)) return undefined
  return isBelow ? withQuery(url, service.search) : url.href
}

/** Adds to `url` what it has not got of a query that begins with `?`. */
function withQuery(url: URL, search: string): string {
  const names = new Set(url.searchParams.keys())
  const added = search
    .slice(1)
    .split('&')
    .filter((option) => option && ![...new URLSearchParams(option).keys()].some((name) => names.has(name)))
  return [url.href + (added.length > 0 && !url.search ? '?' : ''), ...added].join(url.search ? '&' : '')
}
