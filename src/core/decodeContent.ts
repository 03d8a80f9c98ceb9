import type { HttpReply } from '../protocol/httpReply.js'
import { toError } from './errors.js'
import { readBody } from './readBody.js'

/** What a browser and Node can undo, by the names of RFC 9110, 8.4.1. */
const formats: Readonly<Record<string, CompressionFormat>> = { gzip: 'gzip', 'x-gzip': 'gzip', deflate: 'deflate' }

const MAX_CODINGS = 4

/**
 * Undoes the `Content-Encoding` of an answer that was enclosed in another one (RFC 9110, 8.4); `fetch` does it for the outer one
 * only, and `send` takes the header away there.
 *
 * @param limit bytes that the body may have when it is unpacked
 * @returns the answer; of an error that cannot be unpacked without its body, as its status alone says that it is one
 * @throws {@link ODataProtocolError} for an encoding that is not known here, broken content, and content beyond the limit
 */
export async function decodeContent(reply: HttpReply, limit: number): Promise<HttpReply> {
  const { status, body } = reply
  // The header may tell of what would be there.
  if (!body.length || status === 204 || status === 304) return reply
  try {
    return { ...reply, body: await unpack(reply, limit) }
  } catch (error) {
    if (status < 400) throw error
    return { ...reply, body: new Uint8Array() }
  }
}

async function unpack({ headers, body }: HttpReply, limit: number): Promise<Uint8Array> {
  const codings = (headers['content-encoding'] ?? '')
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding && coding !== 'identity' && coding !== 'binary')
  if (codings.length > MAX_CODINGS) throw undecodable(codings.join(', '), `It names more than ${MAX_CODINGS} of them.`)
  // They are listed in the order in which they were applied.
  for (const coding of codings.reverse()) {
    const format = Object.hasOwn(formats, coding) ? formats[coding] : undefined
    if (!format) throw undecodable(coding, 'Known are gzip and deflate.')
    const packed = new Response(body as Uint8Array<ArrayBuffer>).body as ReadableStream<Uint8Array<ArrayBuffer>>
    const unpacked = await readBody(packed.pipeThrough(new DecompressionStream(format)), limit).catch((error) => {
      throw undecodable(coding, `The content is broken (${error}).`)
    })
    if (!unpacked.isComplete) throw undecodable(coding, `It unpacks to more than ${limit} bytes (\`maxResponseSize\`).`)
    body = unpacked.bytes
  }
  return body
}

function undecodable(coding: string, reason: string) {
  const message = `The result has the \`Content-Encoding\` ${coding.slice(0, 60)}, which cannot be undone. ${reason}`
  return toError({ kind: 'protocol', message })
}
