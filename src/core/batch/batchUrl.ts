import type { BatchUrlForm } from './BatchRequest.js'

/** The service root with a slash at its end and without its query. */
export function serviceRoot(serviceUrl: string): string {
  const { origin, pathname } = new URL(serviceUrl)
  return `${origin}${pathname}${pathname.endsWith('/') ? '' : '/'}`
}

/**
 * Writes a URL in the form that it shall have in a batch. Where it has no such form, as outside of the service root, it has the next
 * one: path, absolute. Colons in the path of a relative URL are encoded (Protocol 11.7.7.1), as a scheme ends with one.
 *
 * @param url absolute
 * @param root of {@link serviceRoot}
 * @returns `undefined` for a URL on another origin
 */
export function formatBatchUrl(url: string, root: string, form: BatchUrlForm): string | undefined {
  const origin = root.slice(0, root.indexOf('/', 'https://'.length))
  if (!url.startsWith(`${origin}/`)) return undefined
  if (form === 'absolute') return url
  const relative = url.startsWith(root) ? url.slice(root.length) : ''
  // What begins with a slash is another path, and nothing, or a query alone, would be the batch itself.
  if (form === 'relative' && /^[^/?]/.test(relative)) {
    const [path = '', ...query] = relative.split('?')
    return [path.replaceAll(':', '%3A'), ...query].join('?')
  }
  const path = url.slice(origin.length)
  return path.startsWith('//') ? url : path
}

/** Not what stands for itself after the service root (URL Conventions 2 and 4). */
const REFERENCE = /^\$(?!(?:all|batch|crossjoin|entity|metadata)(?![\w.~-]))([\w.~-]+)(.*)/is

/** The identifier that a relative URL begins with (`$order/Items`), and what follows it; `undefined` for any other URL. */
export function readReference(url: string): { id: string; rest: string } | undefined {
  const [, id, rest = ''] = REFERENCE.exec(url) ?? []
  return id === undefined ? undefined : { id, rest }
}
