import { errorReply, replyOf } from './backend.js'
import { corsHeaders } from './cors.js'
import type { GatewayReply, GatewayRequest } from './gateway.js'
import type { RequestEntry } from './requestLog.js'

/** Options of {@link createHttpFront}. */
export interface HttpFrontOptions {
  /** Path of the service root, with a slash at both ends. */
  readonly basePath: string
  /** Headers that a request has unless it sends its own. */
  readonly defaultHeaders: Readonly<Record<string, string>>
  /** Answers one request. `clientGone` is aborted when the connection closes before the answer. */
  readonly answer: (request: GatewayRequest, clientGone: AbortSignal) => Promise<GatewayReply>
  /** Told of each answer before it is sent. */
  readonly onAnswer: (entry: RequestEntry) => void
}

/** A request whose body was not read yet. */
export interface IncomingRequest {
  readonly method: string
  /** Path and query. */
  readonly target: string
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>
  /** `http://127.0.0.1:4004` */
  readonly origin: string
  /** Reads the body; `undefined` when it is larger than `limit` bytes. */
  readonly readBody: (limit: number) => Promise<Uint8Array | undefined>
}

/** What every server of the service does alike: bounds, CORS, the log. */
export interface HttpFront {
  /** Is the path below the service root? */
  serves(target: string): boolean
  /** Answers with all headers. Never rejects. */
  respond(request: IncomingRequest, clientGone: AbortSignal): Promise<GatewayReply>
}

const maxBody = 1024 * 1024
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/** Makes the front of a gateway. */
export function createHttpFront({ basePath, defaultHeaders, answer, onAnswer }: HttpFrontOptions): HttpFront {
  async function reply(request: IncomingRequest, clientGone: AbortSignal): Promise<GatewayReply> {
    const { method, target, headers, origin } = request
    const url = serviceUrl(target, basePath)
    if (url === undefined) {
      return errorReply(404, 'NOT_FOUND', `There is nothing here. The service root is ${basePath}.`)
    }
    if (!methods.includes(method)) return errorReply(501, 'METHOD_UNKNOWN', `The method ${method} is not known here.`)
    if (method === 'OPTIONS') return { status: 204, headers: {}, body: new Uint8Array() }
    if (target.length > 8192) return errorReply(414, 'URL_TOO_LONG', 'The URL is longer than 8,192 characters.')
    const encoding = headers['content-encoding'] ?? 'identity'
    if (encoding !== 'identity') {
      return errorReply(415, 'ENCODING_NOT_SUPPORTED', `The body is encoded as ${encoding}. Send it plain.`)
    }
    const body = await request.readBody(maxBody)
    if (!body) return errorReply(413, 'BODY_TOO_LARGE', `The body is larger than ${maxBody} bytes.`)
    return answer({ method, url, headers, body, origin }, clientGone)
  }

  return {
    serves: (target) => serviceUrl(target, basePath) !== undefined,
    async respond(incoming, clientGone) {
      const time = Date.now()
      const { method, target } = incoming
      const headers = { ...defaultHeaders, ...incoming.headers }
      const found: GatewayReply = await replyOf(undefined, () => reply({ ...incoming, headers }, clientGone))
      const { vary } = found.headers
      const all: Record<string, string> = {
        'cache-control': 'no-store',
        ...found.headers,
        ...corsHeaders(headers.origin, corsKind(method, found)),
        vary: vary ? `Origin, ${vary}` : 'Origin',
      }
      if (!clientGone.aborted) {
        onAnswer({ method, url: target, status: found.status, time, requestHeaders: headers, responseHeaders: all })
      }
      return { ...found, headers: all }
    },
  }
}

function corsKind(method: string, { hidesHeaders }: GatewayReply) {
  if (method === 'OPTIONS') return 'preflight'
  return hidesHeaders ? 'answer that exposes nothing' : 'answer'
}

/** Path and query below the service root; `undefined` for a URL elsewhere. */
function serviceUrl(target: string, basePath: string): string | undefined {
  if (!URL.canParse(target, 'http://service')) return undefined
  const url = new URL(target, 'http://service')
  if (`${url.pathname}/` === basePath) return url.search
  return url.pathname.startsWith(basePath) ? url.pathname.slice(basePath.length) + url.search : undefined
}
