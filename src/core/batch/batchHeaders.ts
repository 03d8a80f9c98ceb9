import type { HttpHeaders } from '../../protocol/httpReply.js'
import { formatPrefer } from '../../protocol/prefer.js'
import type { BatchRequestOptions } from './BatchRequest.js'
import { refuse } from './refuse.js'

const NAME = /^[\w!#$%&'*+.^`|~-]+$/

/** One line of Latin-1 characters. */
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/

/** The caller's own headers by lower-case name. */
export function ownHeaders(title: string, { headers = {} }: BatchRequestOptions): ReadonlyMap<string, string> {
  const own = new Map<string, string>()
  for (const [given, anything] of Object.entries(headers)) {
    const name = given.toLowerCase()
    const value = String(anything).trim()
    // Not the value, which may be a secret.
    if (!NAME.test(name) || !VALUE.test(value)) {
      refuse(
        `${title} has a header ${JSON.stringify(given)} that cannot be sent. A name must be a token, a value one line of Latin-1 characters.`,
      )
    }
    if (own.has(name)) refuse(`${title} has the header ${JSON.stringify(name)} twice. Give it once.`)
    own.set(name, value)
  }
  return own
}

/** The headers of one request of a batch, in the order in which they are written. The caller's own win; preferences are merged. */
export function batchHeaders(
  title: string,
  { etag, returnPreference, respondAsync }: BatchRequestOptions,
  own: ReadonlyMap<string, string>,
  contentType: string | undefined,
): HttpHeaders {
  if (etag !== undefined && !VALUE.test(etag)) {
    refuse(`${title} has an \`etag\` that cannot be sent. Give it as the service did, in one line.`)
  }
  const prefer = formatPrefer(
    own.get('prefer'),
    returnPreference && `return=${returnPreference}`,
    respondAsync ? 'respond-async' : undefined,
  )
  const first = [
    ['content-type', own.get('content-type') ?? contentType],
    ['accept', own.get('accept')],
    ['if-match', own.get('if-match') ?? etag],
    ['prefer', prefer || undefined],
  ] as const
  const names = new Set<string>(first.map(([name]) => name))
  const others = [...own].filter(([name]) => !names.has(name))
  return Object.fromEntries(
    [...first, ...others].filter((header): header is [string, string] => header[1] !== undefined),
  )
}
