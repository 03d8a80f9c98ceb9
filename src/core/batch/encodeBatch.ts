import type { BatchWireRequest } from '../../protocol/batchMessage.js'
import { isJsonType } from '../../protocol/json.js'
import { writeJsonBatch } from '../../protocol/writeJsonBatch.js'
import { writeMultipartBatch } from '../../protocol/writeMultipartBatch.js'
import { toError } from '../errors.js'

/** How {@link encodeBatch} writes. */
export interface EncodeBatchOptions {
  readonly format: 'multipart' | 'json'
  /** A new boundary each time, unique for all practical purposes. */
  readonly createBoundary: () => string
  /** That of the batch. @default the service is asked to go on */
  readonly continueOnError?: boolean | undefined
  /** Host of the service with its port: multipart has to say it next to a URL that is an absolute path (Protocol 11.7.7.1). */
  readonly host: string
}

/** What goes over the wire as one request. */
export interface EncodedBatch {
  /** Of the request that carries the batch. */
  readonly headers: { readonly 'content-type': string; readonly accept: string; readonly 'odata-version': string }
  readonly body: string | Uint8Array<ArrayBuffer>
}

/** Credentials count for the batch; the others are not allowed in it, or are about a connection (Protocol 11.7.7.1). */
const NOT_IN_PARTS =
  /^(?:authorization|proxy-.*|cookie|expect|from|max-forwards|range|te|host|connection|transfer-encoding|content-length|repeatability-.*)$/i

/**
 * Writes the requests of a batch in either format, without headers that do not belong into one, and with those that are missing.
 *
 * @throws {@link ODataConfigurationError} for a `dependsOn` that multipart cannot say
 */
export function encodeBatch(
  requests: readonly BatchWireRequest[],
  { format, createBoundary, continueOnError, host }: EncodeBatchOptions,
): EncodedBatch {
  const given = requests.map((request) => ({ ...request, headers: allowedHeaders(request) }))
  if (format === 'json') {
    // The parts inherit both.
    const headers = { 'content-type': 'application/json', accept: 'application/json', 'odata-version': '4.01' }
    return { headers, body: writeJsonBatch(given) }
  }
  if (continueOnError !== false) checkDependencies(given)
  const complete = given.map((request) => ({ ...request, headers: multipartHeaders(request, host) }))
  const { contentType, body } = writeMultipartBatch(complete, createBoundary)
  return { headers: { 'content-type': contentType, accept: 'multipart/mixed', 'odata-version': '4.0' }, body }
}

function allowedHeaders({ headers }: BatchWireRequest): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !NOT_IN_PARTS.test(name)))
}

/** A part would inherit `Accept: multipart/mixed` (Protocol 8.2.1), and a 4.0 service may refuse anything newer. */
function multipartHeaders({ url, headers, body }: BatchWireRequest, host: string): Record<string, string> {
  const { 'content-type': type, accept = 'application/json', ...others } = headers
  return {
    ...(url.startsWith('/') && { host }),
    ...(body !== undefined && isJsonType({ headers }) && { 'odata-version': '4.0' }),
    ...(type !== undefined && { 'content-type': type }),
    accept,
    ...others,
  }
}

/**
 * When the service goes on after a failure, a request comes to nothing without what its URL refers to, and so does all of its change
 * set. Nothing else can be said.
 */
function checkDependencies(requests: readonly BatchWireRequest[]): void {
  const groups = new Map(requests.map(({ id, group = id }) => [id, group]))
  const said = new Map<string, Set<string | undefined>>()
  for (const { id, group = id, url } of requests) {
    const [, referenced = ''] = /^\$([\w.~-]+)/.exec(url) ?? []
    said.set(group, (said.get(group) ?? new Set()).add(id).add(referenced).add(groups.get(referenced)))
  }
  for (const { id, group = id, dependsOn = [] } of requests) {
    const unsaid = dependsOn.find((name) => !said.get(group)?.has(name))
    if (unsaid === undefined) continue
    const message = `Request "${id}" depends on "${unsaid}", which a multipart batch cannot say: the service goes on after a failure. Set \`format: 'json'\`, or \`continueOnError: false\`, with which the service stops at the first failure.`
    throw toError({ kind: 'configuration', message })
  }
}
