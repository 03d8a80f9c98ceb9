import type { KyInstance } from 'ky'
import type { HttpHeaders, HttpReply } from '../protocol/httpReply.js'
import type { Environment } from './environment.js'

/** One request as data. */
export interface WireRequest {
  readonly method: string
  /** Absolute. */
  readonly url: string
  readonly headers: HttpHeaders
  readonly body?: string
  /** ms for the whole exchange, the body of the answer included. */
  readonly timeout: number
}

/**
 * The network as one function. Resolves with any answer, whatever its status; rejects with whatever kept the answer away:
 * the network, the time limit, the reason of `signal`.
 */
export type Send = (request: WireRequest, signal?: AbortSignal) => Promise<HttpReply>

/** A 202 says all it has to say in its headers; of its body no more than this is read, in bytes and ms. */
const ACCEPTED_BODY_BYTES = 60_000
const ACCEPTED_BODY_TIME = 5_000

/** Makes {@link Send} from the app's own ky instance, whose hooks and headers go along; its retries and time limit don't. */
export function createSend(http: KyInstance, environment: Environment): Send {
  return async ({ url, timeout, ...request }, signal) => {
    const limit = new AbortController()
    const expire = () => limit.abort(new Error(`no answer within ${timeout} ms`))
    let timer = environment.setTimeout(expire, timeout)
    try {
      // A URL object, because ky puts its own prefix before strings.
      const response = await http(new URL(url), {
        ...request,
        signal: signal ? AbortSignal.any([signal, limit.signal]) : limit.signal,
        cache: 'no-store',
        retry: 0,
        throwHttpErrors: false,
        timeout: false,
      })
      const { status, headers, body } = response
      const reply = { status, headers: Object.fromEntries(headers), url: response.url || url }
      if (status !== 202) return { ...reply, body: new Uint8Array(await response.arrayBuffer()) }
      environment.clearTimeout(timer)
      timer = environment.setTimeout(expire, ACCEPTED_BODY_TIME)
      return { ...reply, body: await readStart(body) }
    } finally {
      environment.clearTimeout(timer)
    }
  }
}

/** Reads little more than the limit, and is content with less when the body breaks off or does not end. */
async function readStart(body: ReadableStream<Uint8Array> | null): Promise<Uint8Array> {
  const reader = body?.getReader()
  let start: number[] = []
  let piece: Iterable<number> | undefined = start
  try {
    while (piece && start.length < ACCEPTED_BODY_BYTES) {
      start = [...start, ...piece]
      piece = (await reader?.read())?.value
    }
    await reader?.cancel()
  } catch {
    // The status and the headers are all that counts.
  }
  return Uint8Array.from(start)
}
