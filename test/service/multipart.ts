import { type BackendReply, ODataFailure } from './backend.js'
import { fromLatin1, joinBytes } from './bytes.js'
import { httpMessage } from './httpMessage.js'

/** Header fields by lower-case name. */
type Fields = Readonly<Record<string, string>>

/** What stands between two delimiters: header fields and content. Content is Latin-1, one character for each byte. */
export interface Part {
  readonly fields: Fields
  readonly content: string
}

/** An HTTP request inside a part. */
export interface PartRequest {
  readonly method: string
  readonly url: string
  readonly headers: Fields
  readonly body: Uint8Array
}

/** The boundary of a `multipart/mixed` content type. Throws an {@link ODataFailure} (400, 415) if there is none. */
export function readBoundary(contentType: string): string {
  if (!/^multipart\/mixed\s*(;|$)/i.test(contentType)) {
    throw new ODataFailure(
      415,
      'MEDIA_TYPE_NOT_SUPPORTED',
      `A batch or change set cannot be ${contentType.slice(0, 80)}.`,
    )
  }
  const [, quoted, token] = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))\s*(?:;|$)/i.exec(contentType) ?? []
  const boundary = quoted ?? token
  if (boundary === undefined) throw bad('The Content-Type has no boundary of 1 to 70 characters.')
  return boundary
}

/** Splits a multipart body (RFC 2046 5.1.1), strictly: CRLF only, a closing delimiter, an empty line after the fields. */
export function readParts(body: string, boundary: string): Part[] {
  // A line that only begins with the boundary is none: "--b1" inside of "--b".
  const literal = boundary.replace(/[^\w]/g, '\\$&')
  const [, ...pieces] = `\r\n${body}`.split(new RegExp(`\\r\\n--${literal}(?=--|[ \\t]*\\r\\n)`))
  const parts: Part[] = []
  for (const piece of pieces) {
    if (piece.startsWith('--')) return parts
    parts.push(readMessage(piece.slice(piece.indexOf('\r\n') + 2), 'A part'))
  }
  throw bad(`The closing delimiter --${boundary}-- is missing.`)
}

/** Reads the request inside an `application/http` part. */
export function readPartRequest(content: string): PartRequest {
  const lineEnd = content.indexOf('\r\n')
  const [method = '', url = '', version = '', ...rest] = content.slice(0, lineEnd).split(' ')
  if (lineEnd === -1 || !/^[A-Z]{1,20}$/.test(method) || url === '' || version !== 'HTTP/1.1' || rest.length > 0) {
    throw bad(`"${content.slice(0, Math.max(0, Math.min(lineEnd, 80)))}" is no request line.`)
  }
  // Without any field the empty line follows at once.
  const { fields, content: text } = readMessage(content.slice(lineEnd + 2), `The request ${method} ${url.slice(0, 80)}`)
  const length = fields['content-length'] ?? String(text.length)
  if (!/^\d{1,9}$/.test(length) || Number(length) !== text.length) {
    throw bad(`The body of ${method} ${url.slice(0, 80)} has ${text.length} bytes and the Content-Length ${length}.`)
  }
  return { method, url, headers: fields, body: fromLatin1(text) }
}

function readMessage(text: string, what: string): Part {
  const hasFields = !text.startsWith('\r\n')
  const end = hasFields ? text.indexOf('\r\n\r\n') : 0
  if (end === -1) throw bad(`${what} has no empty line after its header fields.`)
  const fields: Record<string, string> = Object.create(null)
  for (const line of hasFields ? text.slice(0, end).split('\r\n') : []) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).toLowerCase()
    if (colon < 1 || !/^[!#$%&'*+.^_`|~0-9a-z-]{1,100}$/.test(name))
      throw bad(`"${line.slice(0, 80)}" is no header field.`)
    fields[name] = line.slice(colon + 1).trim()
  }
  return { fields, content: text.slice(end + (hasFields ? 4 : 2)) }
}

/** One reply, or those of a change set. */
export type ReplyPart = { readonly id: string | undefined; readonly reply: BackendReply } | readonly ReplyPart[]

/** Writes a multipart body of replies, a change set as a multipart in a part. Only bodies keep their line ends. */
export function writeParts(parts: readonly ReplyPart[], lineEnd = '\r\n'): { contentType: string; body: Uint8Array } {
  const boundary = `batch_${crypto.randomUUID()}`
  const bytes: Uint8Array[] = []
  const add = (text: string) => bytes.push(new TextEncoder().encode(text.replaceAll('\n', lineEnd)))
  for (const part of parts) {
    add(`--${boundary}\n`)
    if ('reply' in part) {
      add(`Content-Type: application/http\n${part.id === undefined ? '' : `Content-ID: ${part.id}\n`}\n`)
      bytes.push(httpMessage(part.reply, lineEnd))
    } else {
      const inner = writeParts(part, lineEnd)
      add(`Content-Type: ${inner.contentType}\n\n`)
      bytes.push(inner.body)
    }
    add('\n')
  }
  add(`--${boundary}--\n`)
  return { contentType: `multipart/mixed;boundary=${boundary}`, body: joinBytes(bytes) }
}

function bad(message: string): ODataFailure {
  return new ODataFailure(400, 'BAD_BATCH', `The batch cannot be read: ${message}`)
}
