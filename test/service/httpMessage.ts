import type { BackendReply } from './backend.js'
import { joinBytes } from './bytes.js'

/** The words for the statuses that occur (RFC 9110 section 15). */
export const reasonPhrases: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  204: 'No Content',
  307: 'Temporary Redirect',
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  410: 'Gone',
  412: 'Precondition Failed',
  413: 'Payload Too Large',
  415: 'Unsupported Media Type',
  424: 'Failed Dependency',
  428: 'Precondition Required',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  503: 'Service Unavailable',
}

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
export function httpMessage(reply: BackendReply, lineEnd = '\r\n'): Uint8Array {
  const lines = [`HTTP/1.1 ${reply.status} ${reasonPhrases[reply.status] ?? ''}`]
  for (const [name, value] of Object.entries(reply.headers)) lines.push(`${fieldName(name)}: ${value}`)
  // A 204 must not have the field (RFC 9110 section 8.6).
  if (reply.status !== 204) lines.push(`Content-Length: ${reply.body.length}`)
  return joinBytes([new TextEncoder().encode([...lines, '', ''].join(lineEnd)), reply.body])
}
