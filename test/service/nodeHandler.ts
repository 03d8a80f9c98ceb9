import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { TLSSocket } from 'node:tls'
import { errorReply, replyOf } from './backend.js'
import { corsHeaders } from './cors.js'
import type { GatewayReply, GatewayRequest } from './gateway.js'
import { fieldName } from './httpMessage.js'
import type { RequestEntry } from './requestLog.js'

/** A handler for `http.createServer` and for Connect: what is not below the service root goes to `next`. */
export type NodeHandler = (request: IncomingMessage, response: ServerResponse, next?: () => void) => void

/** Options of {@link createNodeHandler}. */
export interface NodeHandlerOptions {
  /** Path of the service root, with a slash at both ends. */
  readonly basePath: string
  /** Headers that a request has unless it sends its own. */
  readonly defaultHeaders: Readonly<Record<string, string>>
  /** Answers one request. `clientGone` is aborted when the connection closes before the answer. */
  readonly answer: (request: GatewayRequest, clientGone: AbortSignal) => Promise<GatewayReply>
  /** Told of each answer before it is sent. */
  readonly onAnswer: (entry: RequestEntry) => void
}

const maxBody = 1024 * 1024
const maxDrained = 16 * maxBody
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/** Puts a gateway on Node's HTTP: reads bodies within bounds, speaks CORS, never lets an error reach the process. */
export function createNodeHandler({ basePath, defaultHeaders, answer, onAnswer }: NodeHandlerOptions): NodeHandler {
  return (message, response, next) => {
    const time = Date.now()
    const method = message.method ?? 'GET'
    // Connect cuts the mount path off `url`.
    const { originalUrl = message.url ?? '/' } = message as { originalUrl?: string }
    const headers = { ...defaultHeaders, ...plainHeaders(message) }
    const url = serviceUrl(originalUrl, basePath)
    if (url === undefined) {
      if (next) return next()
      return send(errorReply(404, 'NOT_FOUND', `There is nothing here. The service root is ${basePath}.`))
    }
    const gone = new AbortController()
    response.on('close', () => gone.abort(new Error('The client went away.')))

    void replyOf(undefined, async () => {
      if (!methods.includes(method)) return errorReply(501, 'METHOD_UNKNOWN', `The method ${method} is not known here.`)
      if (method === 'OPTIONS') return { status: 204, headers: {}, body: new Uint8Array() }
      if (originalUrl.length > 8192) return errorReply(414, 'URL_TOO_LONG', 'The URL is longer than 8,192 characters.')
      const encoding = headers['content-encoding'] ?? 'identity'
      if (encoding !== 'identity') {
        return errorReply(415, 'ENCODING_NOT_SUPPORTED', `The body is encoded as ${encoding}. Send it plain.`)
      }
      const body = await readBody(message)
      if (!body) return errorReply(413, 'BODY_TOO_LARGE', `The body is larger than ${maxBody} bytes.`)
      return answer({ method, url, headers, body, origin: origin(message) }, gone.signal)
    }).then(send)

    function send(reply: GatewayReply): void {
      if (response.destroyed) return
      const { vary } = reply.headers
      const all: Record<string, string> = {
        'cache-control': 'no-store',
        ...reply.headers,
        ...corsHeaders(headers.origin, corsKind(method, reply)),
        vary: vary ? `Origin, ${vary}` : 'Origin',
      }
      onAnswer({ method, url: originalUrl, status: reply.status, time, requestHeaders: headers, responseHeaders: all })
      response.statusCode = reply.status
      for (const [name, value] of Object.entries(all)) response.setHeader(fieldName(name), value)
      if (reply.isEndless) return sendEndless(reply.body, response)
      if (reply.status !== 204) response.setHeader('Content-Length', reply.body.length)
      if (!message.complete) response.setHeader('Connection', 'close')
      response.end(method === 'HEAD' ? undefined : reply.body)
    }
  }
}

function corsKind(method: string, { hidesHeaders }: GatewayReply) {
  if (method === 'OPTIONS') return 'preflight'
  return hidesHeaders ? 'answer that exposes nothing' : 'answer'
}

/** Sends `beginning` and then spaces, until the client goes. */
function sendEndless(beginning: Uint8Array, response: ServerResponse): void {
  const spaces = Buffer.alloc(64 * 1024, ' ')
  function* chunks() {
    yield beginning
    for (;;) yield spaces
  }
  // It rejects when the client goes, which is how it is meant to end.
  pipeline(Readable.from(chunks()), response).catch(() => undefined)
}

/** Path and query below the service root; `undefined` for a URL elsewhere. */
function serviceUrl(target: string, basePath: string): string | undefined {
  if (!URL.canParse(target, 'http://service')) return undefined
  const url = new URL(target, 'http://service')
  if (`${url.pathname}/` === basePath) return url.search
  return url.pathname.startsWith(basePath) ? url.pathname.slice(basePath.length) + url.search : undefined
}

function plainHeaders({ headers }: IncomingMessage): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(', ') : value,
  ])
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined))
}

function origin({ headers, socket }: IncomingMessage): string {
  const host = headers.host ?? `127.0.0.1:${socket.localPort}`
  return `${socket instanceof TLSSocket ? 'https' : 'http'}://${host}`
}

/** The whole body; `undefined` when it is too large. What is too large is read on for a while, so that the answer gets through. */
async function readBody(message: IncomingMessage): Promise<Uint8Array | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of message) {
    size += chunk.length
    if (size <= maxBody) chunks.push(chunk)
    if (size > maxDrained) break
  }
  return size > maxBody ? undefined : Buffer.concat(chunks)
}
