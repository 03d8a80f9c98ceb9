import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { TLSSocket } from 'node:tls'
import type { GatewayReply } from './gateway.js'
import type { HttpFront } from './httpFront.js'
import { fieldName } from './httpMessage.js'

/** A handler for `http.createServer` and for Connect: what is not below the service root goes to `next`. */
export type NodeHandler = (request: IncomingMessage, response: ServerResponse, next?: () => void) => void

/** Puts the service on Node's HTTP. Never lets an error reach the process. */
export function createNodeHandler(front: HttpFront): NodeHandler {
  return (message, response, next) => {
    // Connect cuts the mount path off `url`.
    const { originalUrl: target = message.url ?? '/' } = message as { originalUrl?: string }
    if (next && !front.serves(target)) return next()
    const gone = new AbortController()
    response.on('close', () => gone.abort(new Error('The client went away.')))
    const request = {
      method: message.method ?? 'GET',
      target,
      headers: plainHeaders(message),
      origin: origin(message),
      readBody: (limit: number) => readBody(message, limit),
    }
    void front.respond(request, gone.signal).then((reply) => send(reply, message, response))
  }
}

function send(reply: GatewayReply, message: IncomingMessage, response: ServerResponse): void {
  if (response.destroyed) return
  response.statusCode = reply.status
  for (const [name, value] of Object.entries(reply.headers)) response.setHeader(fieldName(name), value)
  if (reply.isEndless) return sendEndless(reply.body, response)
  if (reply.status !== 204) response.setHeader('Content-Length', reply.body.length)
  if (!message.complete) response.setHeader('Connection', 'close')
  response.end(message.method === 'HEAD' ? undefined : reply.body)
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

/** What is too large is read on for a while, so that the answer gets through. */
async function readBody(message: IncomingMessage, limit: number): Promise<Uint8Array | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of message) {
    size += chunk.length
    if (size <= limit) chunks.push(chunk)
    if (size > 16 * limit) break
  }
  return size > limit ? undefined : Buffer.concat(chunks)
}
