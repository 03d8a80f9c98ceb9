import type { GatewayReply } from './gateway.js'
import type { HttpFront } from './httpFront.js'

/** Answers a request that never left the page. */
export type FetchHandler = (request: Request) => Promise<Response>

/** Puts the service behind `fetch`, without a server. A client that gives up is not noticed: a request that waits, waits to its end. */
export function createFetchHandler(front: HttpFront): FetchHandler {
  return async (request) => {
    const { origin, host, pathname, search } = new URL(request.url)
    const reply = await front.respond(
      {
        method: request.method,
        target: pathname + search,
        headers: { host, ...Object.fromEntries(request.headers) },
        origin,
        async readBody(limit) {
          const body = new Uint8Array(await request.arrayBuffer())
          return body.length > limit ? undefined : body
        },
      },
      new AbortController().signal,
    )
    const { status, headers } = reply
    return new Response(status === 204 || request.method === 'HEAD' ? null : bodyOf(reply), { status, headers })
  }
}

function bodyOf({ body, isEndless }: GatewayReply): BodyInit {
  if (!isEndless) return body as Uint8Array<ArrayBuffer>
  const spaces = new TextEncoder().encode(' '.repeat(64 * 1024))
  return new ReadableStream<Uint8Array>({
    start: (stream) => stream.enqueue(body),
    pull: (stream) => stream.enqueue(spaces),
  })
}
