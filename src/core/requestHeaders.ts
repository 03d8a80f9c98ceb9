import type { MonitorProtocol } from '../monitors/MonitorProtocol.js'
import type { HttpHeaders } from '../protocol/httpReply.js'
import { parseHttpUrl } from '../protocol/location.js'
import { formatPrefer } from '../protocol/prefer.js'
import { toError } from './errors.js'
import type { OperationOptions } from './OperationOptions.js'
import { MAX_DELAY } from './schedule.js'

/** Headers about the first request alone, which would be wrong on a `GET` or `DELETE` of the monitor. */
const SUBMIT_ONLY = /^(?:if-.*|content-.*|isolation|odata-.*|prefer|repeatability-.*)$/

/** What a batch adds to {@link submitHeaders}. */
export interface BatchHeaders {
  /** Of the batch as it is written. */
  readonly headers: HttpHeaders & { readonly 'content-type': string }
  /** For `Prefer`. */
  readonly preference: string | undefined
}

/**
 * The headers of the request that starts an operation: the caller's own win, but for the `Content-Type` of a batch, which has its
 * boundary; preferences are merged into one list.
 */
export function submitHeaders(
  options: OperationOptions & { readonly respondAsync?: boolean | undefined },
  maxVersion: string,
  content?: { readonly isJson: boolean; readonly body: unknown },
  batch?: BatchHeaders,
): Record<string, string> {
  const { headers, etag, isolation, returnPreference, callbackUrl, wait, respondAsync = true } = options
  const { prefer, ...own } = readHeaders(headers)
  const version = own['odata-maxversion'] ?? maxVersion
  const preferences = formatPrefer(
    prefer,
    returnPreference && `return=${returnPreference}`,
    // 4.01 services know both names, 4.0 services this one (Protocol 8.2.8.2).
    callbackUrl === undefined ? undefined : `odata.callback; url="${checkCallback(callbackUrl)}"`,
    respondAsync ? 'respond-async' : undefined,
    batch?.preference,
    wait === undefined ? undefined : `wait=${checkWait(wait)}`,
  )
  return readHeaders({
    accept: 'application/json',
    ...(content?.isJson && {
      'content-type': 'application/json',
      // The body is the same in both versions, and a 4.0 service may refuse anything newer.
      'odata-version': '4.0',
    }),
    ...(ArrayBuffer.isView(content?.body) || content?.body instanceof ArrayBuffer
      ? { 'content-type': 'application/octet-stream' }
      : {}),
    'odata-maxversion': version,
    ...(etag !== undefined && { 'if-match': etag }),
    // A 4.0 service knows this name alone, and would go on without a snapshot (Protocol 8.2.6).
    ...(isolation && { 'odata-isolation': isolation, ...(version !== '4.0' && { isolation }) }),
    ...batch?.headers,
    ...own,
    ...(batch && { 'content-type': batch.headers['content-type'] }),
    ...(preferences && { prefer: preferences }),
  })
}

/**
 * The headers of a request to the status monitor: what the protocol asks for, in the version of the first request, and the
 * caller's own as far as they go along.
 */
export function monitorHeaders(
  headers: HttpHeaders | undefined,
  maxVersion: string,
  monitor: MonitorProtocol,
): Record<string, string> {
  const own = readHeaders(headers)
  const version = own['odata-maxversion'] ?? maxVersion
  const asked = monitor.headers(version)
  const carried = Object.entries(own).filter(([name]) => !SUBMIT_ONLY.test(name))
  // In 4.0 it says which form the result comes in, not which type (Protocol 11.6).
  const form = version === '4.0' && asked.accept !== undefined ? { accept: asked.accept } : {}
  return { ...asked, ...Object.fromEntries(carried), ...form }
}

/** With names in lower case, each once. */
function readHeaders(headers: HttpHeaders | undefined): Record<string, string> {
  try {
    return Object.fromEntries(new Headers(headers))
  } catch {
    // Not the reason of the platform, as that quotes the value, which may be a secret.
    const names = JSON.stringify(Object.keys(headers ?? {}))
    const message = `One of the headers ${names} cannot be sent. A name must be a token, a value one line of Latin-1 characters.`
    throw toError({ kind: 'configuration', message })
  }
}

function checkCallback(url: string): string {
  const callback = parseHttpUrl(url)
  if (callback) return callback.href
  const message = `\`callbackUrl\` is ${JSON.stringify(url)}. It must be an absolute http or https URL that the service can reach.`
  throw toError({ kind: 'configuration', message })
}

function checkWait(wait: number): number {
  const longest = Math.floor(MAX_DELAY / 1000)
  if (Number.isInteger(wait) && wait >= 0 && wait <= longest) return wait
  const message = `\`wait\` is ${wait}. It must be a whole number of seconds from 0 to ${longest}, or left out.`
  throw toError({ kind: 'configuration', message })
}
