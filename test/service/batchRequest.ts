import { type BackendRequest, ODataFailure } from './backend.js'
import { readBoundary, readPartRequest, readParts } from './multipart.js'

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

/** Reads a batch in either format. Throws an `ODataFailure` (400, 415) for a malformed one (Protocol 11.7, JSON Format 19). */
export function readBatch({ headers, body }: BackendRequest): SubRequest[] {
  const contentType = headers['content-type'] ?? 'without Content-Type'
  const requests = /^application\/json\s*(;|$)/i.test(contentType)
    ? readJsonBatch(body)
    : readMultipartBatch(Buffer.from(body).toString('latin1'), readBoundary(contentType))
  const ids = requests.flatMap(({ id }) => id ?? [])
  const twice = ids.find((id, index) => ids.indexOf(id) !== index)
  if (twice !== undefined) throw bad(`Two requests have the id "${twice}".`)
  return requests
}

function readMultipartBatch(text: string, boundary: string): SubRequest[] {
  return readParts(text, boundary).flatMap((part, index) => {
    const type = part.fields['content-type'] ?? ''
    if (isHttp(type)) return [readSubRequest(part, undefined)]
    const group = `changeset-${index}`
    const members = readParts(part.content, readBoundary(type)).map((member) => readSubRequest(member, group))
    const wrong = members.find(({ id, method }) => id === undefined || method === 'GET')
    if (wrong) throw bad('A change set has a request without Content-ID, or a GET.')
    return members
  })
}

function readSubRequest(
  part: { fields: Readonly<Record<string, string>>; content: string },
  group: string | undefined,
): SubRequest {
  if (!isHttp(part.fields['content-type'] ?? '')) throw bad('A part is not application/http.')
  return { id: part.fields['content-id'], group, dependsOn: [], ...readPartRequest(part.content) }
}

const isHttp = (type: string) => /^application\/http\s*(;|$)/i.test(type)

function readJsonBatch(body: Uint8Array): SubRequest[] {
  let batch: unknown
  try {
    batch = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch (error) {
    throw bad(error instanceof Error ? error.message : 'no JSON.')
  }
  const list = isObject(batch) ? batch.requests : undefined
  if (!Array.isArray(list) || list.length > 1000) throw bad('"requests" is no array of at most 1,000 requests.')
  const requests = list.map(readJsonRequest)
  for (const [index, request] of requests.entries()) checkReferences(request, requests.slice(0, index))
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
  if (!Array.isArray(dependsOn)) throw bad(`Request ${id} has a dependsOn that is no array.`)
  if (!isObject(headers)) throw bad(`Request ${id} has headers that are no object.`)
  const fields: Record<string, string> = Object.create(null)
  for (const [name, field] of Object.entries(headers)) {
    if (name !== name.toLowerCase()) throw bad(`Request ${id} has the header ${name}, which must be in lower case.`)
    fields[name] = String(field)
  }
  if (body !== undefined && body !== null && /^(get|delete)$/i.test(method))
    throw bad(`Request ${id} must not have a body.`)
  const hasBody = body !== undefined && body !== null
  if (hasBody && /^(get|delete)$/i.test(method)) throw bad(`Request ${id} must not have a body.`)
  if (hasBody) fields['content-type'] ??= 'application/json'
  const bytes = hasBody ? encodeBody(body, fields['content-type'] ?? '') : new Uint8Array()
  return {
    id,
    group,
    dependsOn: dependsOn.map(String),
    method: method.toUpperCase(),
    url,
    headers: fields,
    body: bytes,
  }
}

/** JSON as it is, text as text, everything else from base64url (JSON Format 19.1). */
function encodeBody(body: unknown, type: string): Uint8Array {
  if (/^application\/json\s*(;|$)/i.test(type)) return Buffer.from(JSON.stringify(body))
  return Buffer.from(String(body), type.startsWith('text/') ? 'utf8' : 'base64url')
}

function checkReferences({ id, url, group, dependsOn }: SubRequest, earlier: readonly SubRequest[]): void {
  const known = new Set(earlier.flatMap((request) => [request.id, request.group]))
  for (const name of dependsOn) {
    if (!known.has(name)) throw bad(`Request ${id} depends on "${name}", which does not stand before it.`)
  }
  const [, reference] = /^\$([^/?]+)/.exec(url) ?? []
  if (reference !== undefined && known.has(reference) && !dependsOn.includes(reference)) {
    throw bad(`Request ${id} refers to $${reference} without dependsOn.`)
  }
  if (group !== undefined && known.has(group) && earlier.at(-1)?.group !== group) {
    throw bad(`The requests of the atomicity group ${group} are not adjacent.`)
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function bad(message: string): ODataFailure {
  return new ODataFailure(400, 'BAD_BATCH', `The batch cannot be read: ${message}`)
}
