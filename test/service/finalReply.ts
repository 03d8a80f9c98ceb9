import { type BackendReply, type BackendRequest, negotiatedVersion } from './backend.js'
import type { Behaviour } from './behaviour.js'
import { httpMessage } from './httpMessage.js'

/** The finished operation in the form that the monitor request asks for (Protocol 11.6). */
export async function finalReply(
  reply: BackendReply,
  { has }: Behaviour,
  { headers }: BackendRequest,
): Promise<BackendReply> {
  if (has('never-wrapped')) return { ...reply, status: 200 }
  const asyncResult = { asyncresult: String(reply.status) }
  const asked = headers.accept === undefined ? negotiatedVersion(headers) === '4.0' : acceptsHttpMessage(headers.accept)
  if (!asked && !has('always-wrapped'))
    return { status: 200, headers: { ...reply.headers, ...asyncResult }, body: reply.body }
  const isV4 = has('always-wrapped') || negotiatedVersion(headers) === '4.0'
  const envelope = { 'content-type': 'application/http', 'content-transfer-encoding': 'binary' }
  return {
    status: 200,
    headers: isV4 ? envelope : { ...envelope, ...asyncResult },
    body: httpMessage(has('gzip') ? await compressed(reply) : reply),
  }
}

async function compressed(reply: BackendReply): Promise<BackendReply> {
  if (reply.body.length === 0) return reply
  const packed = new Blob([reply.body as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new CompressionStream('gzip'))
  const body = new Uint8Array(await new Response(packed).arrayBuffer())
  return { ...reply, headers: { ...reply.headers, 'content-encoding': 'gzip' }, body }
}

// Only the type by its own name counts: a range such as */*, which every browser sends, does not ask for the wrapper.
function acceptsHttpMessage(accept: string): boolean {
  return accept.split(',').some((range) => {
    const [type = '', ...parameters] = range.split(';').map((piece) => piece.trim().toLowerCase())
    return type === 'application/http' && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))
  })
}
