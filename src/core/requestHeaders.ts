import type { HttpHeaders } from '../protocol/httpReply.js'
import { parseHttpUrl } from '../protocol/location.js'
import { formatPrefer } from '../protocol/prefer.js'
import { toError } from './errors.js'
import type { OperationOptions } from './OperationOptions.js'

/** Headers about the first request alone, which would be wrong on a `GET` or `DELETE` of the monitor. */
const SUBMIT_ONLY = /^(if-|content-|isolation|odata-|prefer|rep)/

/** The headers of the request that starts an operation: the caller's own win, and preferences are merged into one list. */
export function submitHeaders(
  { headers, etag, isolation, returnPreference, callbackUrl, wait }: OperationOptions,
  maxVersion: string,
  content?: { readonly isJson: boolean; readonly body: unknown },
): HttpHeaders {
  const { prefer, ...own } = Object.fromEntries(new Headers(headers))
  return {
    accept: 'application/json',
    ...(content?.isJson && {
      'content-type': 'application/json',
      // The body is the same in both versions, and a 4.0 service may refuse anything newer.
      'odata-version': '4.0',
    }),
    ...(ArrayBuffer.isView(content?.body) || content?.body instanceof ArrayBuffer
      ? { 'content-type': 'application/octet-stream' }
      : {}),
    'odata-maxversion': maxVersion,
    ...(etag !== undefined && { 'if-match': etag }),
    ...(isolation && { [maxVersion === '4.0' ? 'odata-isolation' : 'isolation']: isolation }),
    ...own,
    prefer: formatPrefer(
      prefer,
      returnPreference && `return=${returnPreference}`,
      // 4.01 services know both names, 4.0 services this one (Protocol 8.2.8.2).
      callbackUrl === undefined ? undefined : `odata.callback; url="${checkCallback(callbackUrl)}"`,
      'respond-async',
      wait ? `wait=${wait}` : undefined,
    ),
  }
}

/** The caller's own headers, as far as they go with requests to the status monitor. */
export function monitorHeaders(headers: HttpHeaders | undefined): HttpHeaders {
  const own = Object.fromEntries(new Headers(headers))
  return Object.fromEntries(Object.entries(own).filter(([name]) => !SUBMIT_ONLY.test(name)))
}

function checkCallback(url: string): string {
  const callback = parseHttpUrl(url)
  if (callback) return callback.href
  const message = `\`callbackUrl\` is ${JSON.stringify(url)}. It must be an absolute http or https URL that the service can reach.`
  throw toError({ kind: 'configuration', message })
}
