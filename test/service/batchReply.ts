import { type BackendReply, type BackendRequest, type Continuation, jsonReply, negotiatedVersion } from './backend.js'
import type { SubRequest } from './batchRequest.js'
import type { Behaviour } from './behaviour.js'
import { toBase64Url } from './bytes.js'
import { type ReplyPart, writeParts } from './multipart.js'

/** One request of a batch, and what became of it. */
export interface Answer {
  readonly request: SubRequest
  readonly reply: BackendReply
}

/** How a batch is to be answered. */
export interface BatchManners {
  readonly isJson: boolean
  /** Change sets are no parts of their own, as the request was JSON. */
  readonly isFlat: boolean
  readonly has: Behaviour['has']
}

/** Did the request fail? */
export const isFailure = ({ reply }: Answer) => reply.status >= 400

/** The answer to a batch, or to what of it is done; `rest` tells where the others are to be had. */
export function batchReply(
  units: readonly (readonly Answer[])[],
  batch: BackendRequest,
  manners: BatchManners,
  rest?: Continuation,
): BackendReply {
  const write = manners.isJson ? jsonBatchReply : multipartReply
  const reply = write(units, batch, manners, rest)
  if (!manners.has('truncated-batch') || units.length === 0) return reply
  const beforeLast = write(rest ? units : units.slice(0, -1), batch, manners).body.length
  return { ...reply, body: reply.body.subarray(0, (beforeLast + reply.body.length) >> 1) }
}

function jsonBatchReply(
  units: readonly (readonly Answer[])[],
  batch: BackendRequest,
  _: BatchManners,
  rest?: Continuation,
): BackendReply {
  const responses = units.flat().map(({ request: { id, group }, reply: { status, headers, body } }) => ({
    ...(id !== undefined && { id }),
    ...(group !== undefined && { atomicityGroup: group }),
    status,
    headers,
    ...(body.length > 0 && { body: decodeBody(body, headers['content-type'] ?? '') }),
  }))
  const version = negotiatedVersion(batch.headers)
  const nextLink = rest && { [version === '4.0' ? '@odata.nextLink' : '@nextLink']: rest.nextLink }
  return jsonReply(200, { responses, ...nextLink }, { 'odata-version': version })
}

function decodeBody(body: Uint8Array, type: string): unknown {
  const isJson = type.startsWith('application/json')
  if (!isJson && !type.startsWith('text/')) return toBase64Url(body)
  const text = new TextDecoder().decode(body)
  return isJson ? JSON.parse(text) : text
}

function multipartReply(
  units: readonly (readonly Answer[])[],
  batch: BackendRequest,
  { isFlat, has }: BatchManners,
  rest?: Continuation,
): BackendReply {
  const withId = (id: string | undefined) => (has('no-content-id') ? undefined : id)
  const parts = units.flatMap((unit): ReplyPart[] => {
    const answers = unit.map(({ request, reply }) => ({ id: withId(request.id), reply }))
    if (isFlat || unit[0]?.request.group === undefined) return answers
    // A failed change set has one answer for all its requests (Protocol 11.7.7.5).
    const failure = unit.find((answer) => isFailure(answer) && answer.reply.status !== 424) ?? unit.find(isFailure)
    return failure ? [{ id: undefined, reply: failure.reply }] : [answers]
  })
  if (rest) parts.push({ id: undefined, reply: rest.accepted })
  const { contentType, body } = writeParts(parts, has('lf-batch') ? '\n' : '\r\n')
  const headers = { 'content-type': contentType, 'odata-version': negotiatedVersion(batch.headers) }
  return { status: 200, headers, body }
}
