import { STATUS_CODES } from 'node:http'
import type { BackendReply } from './backend.js'

/** `odata-version` as `OData-Version`, as people write it. */
export function fieldName(name: string): string {
  if (name === 'etag') return 'ETag'
  if (name === 'content-id') return 'Content-ID'
  if (name === 'odata-entityid') return 'OData-EntityId'
  return name
    .replace(/(^|-)([a-z])/g, (_, dash: string, letter: string) => dash + letter.toUpperCase())
    .replace(/^Odata/, 'OData')
}

/** A reply as the bytes of an HTTP/1.1 message, the content of `application/http` (Protocol 11.6, RFC 9112 section 10.2). */
export function httpMessage(reply: BackendReply): Uint8Array {
  const lines = [`HTTP/1.1 ${reply.status} ${STATUS_CODES[reply.status] ?? ''}`]
  for (const [name, value] of Object.entries(reply.headers)) lines.push(`${fieldName(name)}: ${value}`)
  // A 204 must not have the field (RFC 9110 section 8.6).
  if (reply.status !== 204) lines.push(`Content-Length: ${reply.body.length}`)
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), reply.body])
}
