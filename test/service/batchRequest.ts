import { type BackendRequest, ODataFailure } from './backend.js'
import { fromBase64, toLatin1 } from './bytes.js'
import { type Part, readBoundary, readPartRequest, readParts } from './multipart.js'

/** One request of a batch. */
export interface SubRequest {
  readonly id: string | undefined
  /** Change set or atomicity group that it belongs to. */
  readonly group: string | undefined
  /** Ids of requests and groups that must have succeeded before. */
  readonly dependsOn: readonly string[]
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

// Credentials belong to the batch, the others to a connection, which a part has none of (Protocol 11.7.7.1).
const forbidden = [
  'authorization',
  'proxy-authorization',
  'cookie',
  'expect',
  'from',
  'max-forwards',
  'range',
  'te',
  'transfer-encoding',
]

/**
 * Reads a batch in either format. Throws an `ODataFailure` (400, 413, 415) for a malformed one, and for one of more than `limit`
 * requests (Protocol 11.7, JSON Format 19).
 */
export function readBatch({ headers, body }: BackendRequest, limit: number): SubRequest[] {
  const conditional = ['if-match', 'if-none-match'].find((name) => name in headers)
  if (conditional) throw bad(`${conditional} belongs to single requests, not to a batch.`)
  const contentType = headers['content-type'] ?? 'without Content-Type'
  const requests = /^application\/json\s*(;|$)/i.test(contentType)
    ? readJsonBatch(body, limit)
    : readMultipartBatch(toLatin1(body), readBoundary(contentType))
  checkCount(requests.length, limit)
  const ids = new Set<string>()
  for (const { id, group, headers: fields } of requests) {
    const wrong = [id, group].find((name) => name !== undefined && !/^[\w.~-]{1,200}$/.test(name))
    if (wrong !== undefined) throw bad(`"${wrong.slice(0, 80)}" is no identifier. Use letters, digits and -._~ only.`)
    if (id !== undefined && ids.has(id)) throw bad(`Two requests have the id "${id}".`)
    if (id !== undefined) ids.add(id)
    const field = forbidden.find((name) => name in fields)
    if (field) throw bad(`A request in a batch must not have the header ${field}.`)
  }
  const taken = requests.find(({ group }) => group !== undefined && ids.has(group))
  if (taken) throw bad(`"${taken.group}" is the name of a group and the id of a request.`)
  return requests
}

function checkCount(count: number, limit: number): void {
  if (count <= limit) return
  throw new ODataFailure(413, 'BATCH_TOO_LARGE', `The batch has ${count} requests. Send at most ${limit} at once.`)
}

function readMultipartBatch(text: string, boundary: string): SubRequest[] {
  const ids = new Set<string>()
  const add = (part: Part, group?: string): SubRequest => {
    const request = readSubRequest(part, group)
    const [, reference] = referencePattern.exec(request.url) ?? []
    if (request.id !== undefined) ids.add(request.id)
    // Only JSON has a word for it, but what is referred to must have succeeded in both.
    return reference !== undefined && reference !== request.id && ids.has(reference)
      ? { ...request, dependsOn: [reference] }
      : request
  }
  return readParts(text, boundary).flatMap((part, index) => {
    const type = part.fields['content-type'] ?? ''
    if (isHttp(type)) return [add(part)]
    const group = `~changeset-${index}`
    const members = readParts(part.content, readBoundary(type)).map((member) => add(member, group))
    const wrong = members.find(({ id, method }) => id === undefined || method === 'GET')
    if (wrong) throw bad('A change set has a request without Content-ID, or a GET.')
    return members
  })
}

function readSubRequest(part: Part, group: string | undefined): SubRequest {
  if (!isHttp(part.fields['content-type'] ?? '')) throw bad('A part is not application/http.')
  const request = readPartRequest(part.content)
  const { url, headers } = request
  const shown = url.slice(0, 80)
  // All of Protocol 11.7.7.1.
  if (url.startsWith('/') && headers.host === undefined) throw bad(`The absolute path ${shown} needs a Host header.`)
  if (!/^(?:\/|https?:\/\/)/i.test(url) && /^[^?#]*:/.test(url))
    throw bad(`The relative URL ${shown} has a bare colon.`)
  return { id: part.fields['content-id'], group, dependsOn: [], ...request }
}

const isHttp = (type: string) => /^application\/http\s*(;|$)/i.test(type)
/** The identifier that a URL begins with: `$1/Orders`. */
const referencePattern = /^\$([^/?]+)/

function readJsonBatch(body: Uint8Array, limit: number): SubRequest[] {
  let batch: unknown
  try {
    batch = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch (error) {
    throw bad(error instanceof Error ? error.message : 'no JSON.')
  }
  const list = isObject(batch) ? batch.requests : undefined
  if (!Array.isArray(list)) throw bad('"requests" is no array.')
  checkCount(list.length, limit)
  const requests = list.map(readJsonRequest)
  checkReferences(requests)
  return requests
}

function readJsonRequest(value: unknown): SubRequest {
  if (!isObject(value)) throw bad('A request is no object.')
  const { id, method, url, atomicityGroup: group, dependsOn = [], headers = {}, body } = value
  if (typeof id !== 'string' || id === '') throw bad('A request has no id.')
  if (typeof method !== 'string' || !/^(get|post|put|patch|delete)$/i.test(method))
    throw bad(`Request ${id} has no method.`)
  if (typeof url !== 'string') throw bad(`Request ${id} has no url.`)
  if (group !== undefined && typeof group !== 'string')
    throw bad(`Request ${id} has an atomicityGroup that is no string.`)
  if (!isTextArray(dependsOn)) throw bad(`Request ${id} has a dependsOn that is no array of strings.`)
  if (!isObject(headers)) throw bad(`Request ${id} has headers that are no object.`)
  const fields: Record<string, string> = Object.create(null)
  for (const [name, field] of Object.entries(headers)) {
    if (name !== name.toLowerCase()) throw bad(`Request ${id} has the header ${name}, which must be in lower case.`)
    if (typeof field !== 'string') throw bad(`Request ${id} has the header ${name}, which is no string.`)
    fields[name] = field
  }
  const hasBody = body !== undefined && body !== null
  if (hasBody && /^(get|delete)$/i.test(method)) throw bad(`Request ${id} must not have a body.`)
  if (hasBody) fields['content-type'] ??= 'application/json'
  const bytes = hasBody ? encodeBody(body, fields['content-type'] ?? '') : new Uint8Array()
  return {
    id,
    group,
    dependsOn,
    method: method.toUpperCase(),
    url,
    headers: fields,
    body: bytes,
  }
}

/** JSON as it is, text as text, everything else from base64url (JSON Format 19.1). */
function encodeBody(body: unknown, type: string): Uint8Array {
  if (/^application\/json\s*(;|$)/i.test(type)) return new TextEncoder().encode(JSON.stringify(body))
  if (typeof body !== 'string') throw bad(`A body of type ${type.slice(0, 80)} is no string.`)
  if (type.startsWith('text/')) return new TextEncoder().encode(body)
  try {
    return fromBase64(body)
  } catch {
    throw bad(`A body of type ${type.slice(0, 80)} is not base64url.`)
  }
}

function checkReferences(requests: readonly SubRequest[]): void {
  /** The group of each request that stands before. */
  const groupOf = new Map<string | undefined, string | undefined>()
  const groups = new Set<string>()
  let last: string | undefined
  for (const { id, url, group, dependsOn } of requests) {
    const listed = new Set(dependsOn)
    for (const name of listed) {
      if ((!groupOf.has(name) && !groups.has(name)) || name === group) {
        throw bad(`Request ${id} depends on "${name}", which does not stand before it.`)
      }
      const other = groupOf.get(name)
      if (other !== undefined && other !== group && !listed.has(other)) {
        throw bad(`Request ${id} depends on ${name}, but not on its group ${other}.`)
      }
    }
    const [, reference] = referencePattern.exec(url) ?? []
    if (reference !== undefined && groupOf.has(reference) && !listed.has(reference)) {
      throw bad(`Request ${id} refers to $${reference} without dependsOn.`)
    }
    if (group !== undefined && groups.has(group) && last !== group) {
      throw bad(`The requests of the atomicity group ${group} are not adjacent.`)
    }
    groupOf.set(id, group)
    if (group !== undefined) groups.add(group)
    last = group
  }
}

const isTextArray = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string')

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function bad(message: string): ODataFailure {
  return new ODataFailure(400, 'BAD_BATCH', `The batch cannot be read: ${message}`)
}
