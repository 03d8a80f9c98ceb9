import { behaviourHeaders } from './behaviour.js'

const requestHeaders = [
  'Accept',
  'Authorization',
  'Content-Type',
  'If-Match',
  'If-None-Match',
  'Isolation',
  'OData-Isolation',
  'OData-MaxVersion',
  'OData-Version',
  'Prefer',
  'Repeatability-First-Sent',
  'Repeatability-Request-ID',
  ...behaviourHeaders,
]

const responseHeaders = [
  'Location',
  'Retry-After',
  'AsyncResult',
  'Preference-Applied',
  'OData-Version',
  'OData-EntityId',
  'ETag',
  'Content-Disposition',
  'Repeatability-Result',
  'X-Progress',
]

/**
 * CORS headers for an answer to `origin`, or to a preflight from there. The names are listed, as `*` is no wildcard for
 * requests with credentials.
 */
export function corsHeaders(
  origin: string | undefined,
  kind: 'preflight' | 'answer' | 'answer that exposes nothing',
): Record<string, string> {
  if (origin === undefined) return {}
  const common = { 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true' }
  if (kind === 'answer that exposes nothing') return common
  if (kind === 'answer') return { ...common, 'access-control-expose-headers': responseHeaders.join(', ') }
  return {
    ...common,
    'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
    'access-control-allow-headers': requestHeaders.join(', '),
    'access-control-max-age': '600',
  }
}
