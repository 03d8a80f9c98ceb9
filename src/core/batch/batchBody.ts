import { mediaType } from '../../protocol/httpReply.js'
import { writeJson } from '../../protocol/writeJson.js'
import { refuse } from './refuse.js'

/** The body of one request of a batch, and the `Content-Type` that it has unless the caller says another one. */
export interface BatchBody {
  readonly content: string | Uint8Array
  readonly contentType: string
}

/**
 * Writes the body of a request: text and bytes as they are, anything else as JSON. Bytes of JSON or of a text become text.
 *
 * @param ownType the caller's `Content-Type`
 */
export function batchBody(title: string, body: object | string, ownType: string | undefined): BatchBody {
  if (typeof Blob === 'function' && body instanceof Blob) {
    refuse(
      `${title} has a Blob, which cannot be read at once. Give its bytes: \`new Uint8Array(await blob.arrayBuffer())\`.`,
    )
  }
  const bytes = toBytes(body)
  if (typeof body !== 'string' && !bytes) {
    const json = body === null ? undefined : writeJson(body)
    if (json !== undefined) return { content: json, contentType: 'application/json' }
    refuse(
      `${title} has a body that cannot be sent. Give plain objects, arrays and values that JSON can say, or text or bytes as they are.`,
    )
  }
  const content = bytes ?? (body as string)
  const contentType = bytes ? 'application/octet-stream' : 'text/plain'
  const type = mediaType({ 'content-type': ownType ?? contentType })
  const isJson = /[/+]json$/.test(type)
  if (!isJson && !type.startsWith('text/')) return { content, contentType }
  try {
    const text = bytes ? new TextDecoder('utf-8', { fatal: true }).decode(bytes) : (body as string)
    if (isJson) JSON.parse(text)
    return { content: text, contentType }
  } catch {
    refuse(
      `${title} has a body that is no ${isJson ? 'JSON' : 'text in UTF-8'}, as its \`Content-Type\` says. Give another one of the two.`,
    )
  }
}

function toBytes(body: object | string): Uint8Array | undefined {
  if (body instanceof ArrayBuffer) return new Uint8Array(body)
  return ArrayBuffer.isView(body) ? new Uint8Array(body.buffer, body.byteOffset, body.byteLength) : undefined
}
