import { parseHttpUrl } from './location.js'

/**
 * The URL an action is called at (Protocol 11.5.5.1).
 *
 * @param serviceUrl absolute; the slash at its end may be missing; its query (`?sap-client=100`) goes to every URL
 * @param action below the service root, a leading `/` changes nothing: `Reports/Ns.Generate`, `Products(1)/Ns.Discontinue`, or
 * an action import such as `Rebuild`. Also an absolute URL on the origin of the service.
 * @throws TypeError when it is empty, leaves the service root through `..`, or is on another origin
 */
export function actionUrl(serviceUrl: string, action: string): string {
  const path = typeof action === 'string' ? action.trim() : ''
  const service = new URL(serviceUrl)
  const root = new URL(service.origin)
  root.pathname = service.pathname.replace(/\/?$/, '/')
  const isAbsolute = /^https?:\/\//i.test(path)
  // `./` keeps a colon in the first segment from making a scheme; a `#` can only belong to a key.
  const url = parseHttpUrl(isAbsolute ? path : `./${path.replace(/^\/+/, '').replaceAll('#', '%23')}`, root.href)
  const isInside = isAbsolute || (url?.href.startsWith(root.href) && url.pathname !== root.pathname)
  if (url?.origin !== root.origin || !isInside) {
    throw new TypeError(
      `\`action\` must be a path below the service root, such as 'Reports/Sales.GenerateReport', got ${JSON.stringify(action)}.`,
    )
  }
  url.hash = ''
  const missing = service.search
    .slice(1)
    .split('&')
    .filter((pair) => !url.searchParams.has(pair.split('=', 1)[0] ?? ''))
  url.search = [url.search.slice(1), ...missing].filter(Boolean).join('&')
  return url.href
}

/**
 * The body of an action call: one JSON object with a member for each parameter (JSON Format 18), `{}` for none. Members that are
 * `undefined` are left out; a bigint is written with all its digits, a `Date` as ISO text, `NaN` and the infinities as OData writes them.
 *
 * @throws TypeError when `parameters` is not an object, contains itself, or holds what JSON has no form for (`Map`, `Uint8Array`)
 */
export function actionBody(parameters: unknown): string {
  const body = writeJson(parameters ?? {}, [])
  if (body?.startsWith('{')) return body
  throw new TypeError(
    `\`parameters\` must be one object, such as { Year: 2026 }, got ${(body ?? typeof parameters).slice(0, 60)}.`,
  )
}

/** `JSON.stringify` with what OData's numbers need, and with errors where it would lose data. */
function writeJson(given: unknown, parents: readonly unknown[]): string | undefined {
  if (typeof given === 'bigint') return String(given)
  const { toJSON } = (given ?? {}) as { toJSON?: unknown }
  const value: unknown = typeof toJSON === 'function' ? toJSON.call(given) : given
  if (typeof value === 'number' && !Number.isFinite(value)) return `"${String(value).replace('Infinity', 'INF')}"`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (parents.includes(value)) {
    throw new TypeError('`parameters` contain themselves, so they are no JSON. Is it the event of a click?')
  }
  const write = (member: unknown) => writeJson(member, [...parents, value])
  if (Array.isArray(value)) return `[${Array.from(value, (item) => write(item) ?? 'null')}]`
  if (Symbol.iterator in value) {
    throw new TypeError('`parameters` contain a Map, a Uint8Array or the like; give objects, arrays and text.')
  }
  const members = Object.entries(value).map(([name, member]) => [JSON.stringify(name), write(member)] as const)
  return `{${members.filter(([, text]) => text !== undefined).map((member) => member.join(':'))}}`
}
