import { expect } from 'vitest'
import { createODataClient, type ODataClientOptions } from '../../src/core/index.js'
import { type SentRequest, scriptedWire } from './scriptedWire.js'
import type { WireMessage } from './wireTrace.js'
import { withTransferEncoding } from './withTransferEncoding.js'

/** Root of the service that the traces are about. */
export const TRACED_SERVICE = 'https://api.example.com/fleet/v4/'

/** A client whose network gives the answers of a trace, and what the trace wants it to send. */
export function replay(messages: WireMessage[], options: Partial<ODataClientOptions> = {}) {
  const requests = messages.filter(({ isRequest }) => isRequest)
  const wire = scriptedWire(...messages.filter(({ isRequest }) => !isRequest))
  const http = wire.http.extend({ headers: { Authorization: 'Bearer eyJ...' } })
  const client = createODataClient({ serviceUrl: TRACED_SERVICE, http, ...options })
  return { client, sent: wire.sent, requests }
}

/** Host and Content-Length are the network's; the trace shows Authorization once. */
export function expectSent(sent: SentRequest | undefined, request: WireMessage | undefined) {
  const [method, path] = request?.startLine.split(' ') ?? []
  const { host, 'content-length': _, ...headers } = request?.headers ?? {}
  expect(sent?.method).toBe(method)
  expect(sent?.url).toBe(`https://${host}${path}`)
  expect(sent?.headers).toEqual({ authorization: 'Bearer eyJ...', ...headers })
  expect(sent?.body).toBe(withTransferEncoding(request?.body ?? new Uint8Array()))
}
