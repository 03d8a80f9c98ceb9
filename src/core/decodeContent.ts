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
 * @throws {@link ODataProtocolError} for an encoding that is not known here, broken content, and content beyond the limit
 */
export async function decodeContent(reply: HttpReply, limit: number): Promise<HttpReply> {
  const codings = (reply.headers['content-encoding'] ?? '')
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding && coding !== 'identity' && coding !== 'binary')
  if (codings.length > MAX_CODINGS) throw undecodable(codings.join(', '), `It names more than ${MAX_CODINGS} of them.`)
  let { body } = reply
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
  return { ...reply, body }
}

function undecodable(coding: string, reason: string) {
  const message = `The result has the \`Content-Encoding\` ${coding.slice(0, 60)}, which cannot be undone. ${reason}`
  return toError({ kind: 'protocol', message })
}
