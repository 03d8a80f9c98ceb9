import { parseHttpUrl } from './location.js'

/**
 * The URL an action is called at (Protocol 11.5.5.1).
 *
 * @param serviceUrl absolute; the slash at its end may be missing; its query (`?sap-client=100`) goes to every URL
 * @param action below the service root, a leading `/` changes nothing: `Reports/Ns.Generate`, `Products(1)/Ns.Discontinue`, or
 * an action import such as `Rebuild`. Also an absolute URL below the service root; any other becomes a path below it.
 * @returns `undefined` when it is empty or leaves the service root through `..`
 */
export function actionUrl(serviceUrl: string, action: string): string | undefined {
  const { origin, pathname, search } = new URL(serviceUrl)
  const root = `${origin}${pathname.replace(/\/*$/, '/')}`
  const path = `${action ?? ''}`.trim().replaceAll('#', '%23')
  // As text behind the root, because a colon in a key would make a scheme of what is before it.
  const url = parseHttpUrl(path.startsWith(root) ? path : root + path.replace(/^\/+/, ''))
  if (!url || url.href === root || !url.href.startsWith(root)) return undefined
  return url.href + (url.search ? search.replace('?', '&') : search)
}

/**
 * The body of an action call: one JSON object with a member for each parameter (JSON Format 18), `{}` for none. Members that are
 * `undefined` are left out; a bigint is written with all its digits, a `Date` as ISO text, `NaN` and the infinities as `null`.
 *
 * @returns `undefined` when `parameters` is written as anything else than an object, or contains itself
 */
export function actionBody(parameters: unknown): string | undefined {
  try {
    const body = JSON.stringify(parameters ?? {}, (_, value) => (typeof value === 'bigint' ? `\0${value}` : value))
    // JSON has no limit on digits, but JSON.stringify has no bigint: it went through as marked text.
    if (body.startsWith('{')) return body.replace(/"\\u0000(-?\d+)"/g, '$1')
  } catch {
    // Not JSON either.
  }
  return undefined
}
