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
const ACCEPTED_BODY_BYTES = 65_536
const ACCEPTED_BODY_TIME = 5_000

/** Makes {@link Send} from the app's own ky instance, whose hooks and headers go along; its retries and time limit don't. */
export function createSend(http: KyInstance, environment: Environment): Send {
  return async ({ url, timeout, ...request }, signal) => {
    signal?.throwIfAborted()
    const controller = new AbortController()
    const abort = () => controller.abort(signal?.reason)
    const expire = () => controller.abort(new Error(`no complete answer within ${timeout} ms`))
    signal?.addEventListener('abort', abort)
    let timer = environment.setTimeout(expire, timeout)
    try {
      // A URL object, because ky puts its own prefix before strings.
      const response = await http(new URL(url), {
        ...request,
        signal: controller.signal,
        cache: 'no-store',
        retry: 0,
        throwHttpErrors: false,
        timeout: false,
      })
      const { status, headers } = response
      if (status === 202) {
        environment.clearTimeout(timer)
        timer = environment.setTimeout(expire, Math.min(timeout, ACCEPTED_BODY_TIME))
      }
      return {
        status,
        headers: Object.fromEntries(headers),
        body: status === 202 ? await readStart(response) : new Uint8Array(await response.arrayBuffer()),
        url: response.url || url,
      }
    } catch (error) {
      throw controller.signal.aborted ? controller.signal.reason : error
    } finally {
      environment.clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    }
  }
}

/** Reads little more than the limit, and is content with less when the body breaks off or does not end. */
async function readStart({ body }: Response): Promise<Uint8Array> {
  const start = new Uint8Array(ACCEPTED_BODY_BYTES)
  const reader = body?.getReader()
  let size = 0
  try {
    while (reader && size < start.length) {
      const { done, value } = await reader.read()
      if (done) break
      const piece = value.subarray(0, start.length - size)
      start.set(piece, size)
      size += piece.length
    }
  } catch {
    // The status and the headers are all that counts.
  }
  reader?.cancel().catch(() => {})
  return start.subarray(0, size)
}
