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
]

/** CORS headers for an answer to `origin`. The names are listed, as `*` is no wildcard for requests with credentials. */
export function corsHeaders(origin: string | undefined, isPreflight: boolean): Record<string, string> {
  if (origin === undefined) return {}
  const common = { 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true' }
  if (!isPreflight) return { ...common, 'access-control-expose-headers': responseHeaders.join(', ') }
  return {
    ...common,
    'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
    'access-control-allow-headers': requestHeaders.join(', '),
    'access-control-max-age': '600',
  }
}
