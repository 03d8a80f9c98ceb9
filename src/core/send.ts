import type { KyInstance } from 'ky'
import { type HttpHeaders, type HttpReply, mediaType } from '../protocol/httpReply.js'
import { resolveLocation } from '../protocol/location.js'
import type { Environment } from './environment.js'
import { toError } from './errors.js'
import { readBody } from './readBody.js'
import type { WireExchange } from './WireExchange.js'
import { type ExchangeWatch, watchExchanges } from './watchExchanges.js'

/** What the body of a request may be. */
export type RequestBody = string | Blob | Uint8Array<ArrayBuffer> | ArrayBuffer

/** One request as data. */
export interface WireRequest {
  readonly method: string
  /** Absolute. */
  readonly url: string
  readonly headers: HttpHeaders
  readonly body?: RequestBody | undefined
  /** ms for the whole exchange, the body of the answer included. */
  readonly timeout: number
  /** The option that this limit comes from, for the message. */
  readonly limitedBy: string
  /** What it is sent for. */
  readonly kind: WireExchange['kind']
  /** The operation that it belongs to. */
  readonly operationId?: string | undefined
}

/**
 * The network as one function. Resolves with any answer, whatever its status; rejects with an {@link ODataProtocolError} for one
 * that must not be taken (too large, redirected to a stranger), else with whatever kept the answer away: the network, the time
 * limit, the reason of `signal`.
 */
export type Send = (request: WireRequest, signal?: AbortSignal) => Promise<HttpReply>

/** What {@link createSend} needs to know besides the app's ky instance. */
export interface SendOptions {
  readonly environment: Environment
  readonly serviceUrl: string
  /** Is told of each request. */
  readonly onExchange: ((exchange: WireExchange) => void) | undefined
  /** May a redirect lead there? */
  readonly isTrusted: (url: string) => boolean
  /** Bytes of a body, at most. */
  readonly maxResponseSize: number
}

/** A 202 says all it has to say in its headers; of its body no more than this is read, in bytes and ms. */
const ACCEPTED_BODY_BYTES = 60_000
const ACCEPTED_BODY_TIME = 5_000

/** As many as a browser follows. */
const MAX_REDIRECTS = 20

/** The headers that a page may read of an answer from another origin, whatever that says (Fetch, "CORS-safelisted response-header name"). */
const ALWAYS_SHOWN = /^(cache-control|content-(language|length|type)|expires|last-modified|pragma)$/

/**
 * Makes {@link Send} from the app's own ky instance, whose hooks and headers go along; its retries and time limit don't. Redirects
 * are followed here, where it can be done, as `fetch` takes the app's own headers to any origin.
 */
export function createSend(http: KyInstance, options: SendOptions): Send {
  const { environment, isTrusted, maxResponseSize, serviceUrl, onExchange } = options

  /** @returns the last answer, and the URL that gave it */
  async function follow(
    { url, headers, ...request }: Pick<WireRequest, 'url' | 'method' | 'headers' | 'body'>,
    signal: AbortSignal,
    watch: ExchangeWatch | undefined,
  ): Promise<{ response: Response; url: string }> {
    async function exchange(init: RequestInit): Promise<Response> {
      watch?.sent(request.method, url)
      // A URL object, because ky puts its own prefix before strings.
      const response = await http(new URL(url), {
        method: request.method,
        ...(request.body !== undefined && { body: request.body }),
        ...init,
        headers,
        signal,
        cache: 'no-store',
        retry: 0,
        throwHttpErrors: false,
        timeout: false,
      }).catch((error) => {
        // ky's own error has the request with it, credentials and all, and its URL in the message.
        throw error?.name === 'NetworkError' && error.cause ? error.cause : error
      })
      watch?.answered(response)
      return response
    }
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      const isOwnOrigin = globalThis.location?.origin === new URL(url).origin
      const isRepeatable = /^(GET|HEAD|DELETE)$/.test(request.method)
      // A browser hides where a redirect leads to. It can be told to stay on the page's origin, and for what may be sent twice
      // there is time to ask for that.
      const response = await exchange(
        isOwnOrigin && !isRepeatable ? { mode: 'same-origin', redirect: 'follow' } : { redirect: 'manual' },
      )
      if (response.type === 'opaqueredirect') {
        if (!isOwnOrigin) throw redirected(url, 'to where a browser does not tell')
        const followed = await exchange({ mode: 'same-origin', redirect: 'follow' }).catch((error) => {
          throw signal.aborted ? error : redirected(url, 'away from its origin')
        })
        return { response: followed, url: followed.url || url }
      }
      const { status } = response
      const location = /^30[12378]$/.test(`${status}`) ? response.headers.get('location') : undefined
      const target = resolveLocation(location ?? undefined, url)
      if (!target) return { response, url: response.url || url }
      // Nobody reads it, and the connection waits for that.
      void response.body?.cancel().catch(() => {})
      if (!isTrusted(target)) throw redirected(url, `to ${new URL(target).origin}`)
      if (status === 303 || (status < 303 && request.method === 'POST')) {
        request = { method: 'GET' }
        headers = Object.fromEntries(Object.entries(headers).filter(([name]) => !/^content-/i.test(name)))
      }
      url = target
    }
    throw redirected(url, `more than ${MAX_REDIRECTS} times`)
  }

  async function take(
    { timeout, limitedBy, ...request }: WireRequest,
    signal: AbortSignal | undefined,
    watch?: ExchangeWatch,
  ): Promise<HttpReply> {
    const limit = new AbortController()
    const expire = () => limit.abort(new Error(`no answer within ${timeout} ms, the \`${limitedBy}\``))
    let timer = environment.setTimeout(expire, timeout)
    try {
      const { response, url } = await follow(
        request,
        signal ? AbortSignal.any([signal, limit.signal]) : limit.signal,
        watch,
      )
      const { status, body, type } = response
      const { 'content-encoding': _undone, ...headers } = Object.fromEntries(response.headers)
      const hidesHeaders = type === 'cors' && Object.keys(headers).every((name) => ALWAYS_SHOWN.test(name))
      const reply = { status, headers, url, hidesHeaders }
      // Some services answer a batch with it (before 4.0 they had to), and then the body is the result.
      const isBatch = !headers.location && mediaType(headers) === 'multipart/mixed'
      if (status === 202 && !isBatch) {
        environment.clearTimeout(timer)
        timer = environment.setTimeout(expire, ACCEPTED_BODY_TIME)
        return { ...reply, body: (await readBody(body, ACCEPTED_BODY_BYTES, true)).bytes }
      }
      const { bytes, isComplete } = await readBody(body, maxResponseSize)
      if (isComplete) return { ...reply, body: bytes }
      const message = `The answer of ${new URL(url).origin} to ${request.method} is larger than ${maxResponseSize} bytes. Raise \`maxResponseSize\` of the client if that is right.`
      throw toError({ kind: 'protocol', message, status })
    } finally {
      environment.clearTimeout(timer)
    }
  }

  return async (request, signal) => {
    signal?.throwIfAborted()
    if (!onExchange) return take(request, signal)
    const { operationId, kind } = request
    const watch = watchExchanges(onExchange, { operationId, kind, serviceUrl }, environment)
    try {
      const reply = await take(request, signal, watch)
      watch.ended()
      return reply
    } catch (error) {
      watch.ended(error)
      throw error
    }
  }
}

function redirected(url: string, where: string) {
  const message = `${new URL(url).origin} redirects the request ${where}. It is not followed, so that no credentials leave. Let the service answer itself, or add the origin that it leads to to \`trustedOrigins\`.`
  return toError({ kind: 'protocol', message })
}
