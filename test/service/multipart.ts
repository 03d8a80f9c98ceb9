import { randomUUID } from 'node:crypto'
import { type BackendReply, ODataFailure } from './backend.js'
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

// Not allowed inside a part, credentials least of all (Protocol 11.7.7.1).
const forbidden = ['authorization', 'proxy-authorization', 'cookie', 'expect', 'from', 'max-forwards', 'range', 'te']

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
    if (parts.length > 1000) throw bad('There are more than 1,000 parts.')
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
  const wrong = forbidden.find((name) => name in fields)
  if (wrong) throw bad(`A part must not have the header ${wrong}.`)
  const length = Number(fields['content-length'] ?? text.length)
  if (!(length <= text.length)) throw bad('A part is shorter than its Content-Length.')
  return { method, url, headers: fields, body: Buffer.from(text.slice(0, length), 'latin1') }
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

/** Writes a multipart body of replies, a change set as a multipart in a part. */
export function writeParts(parts: readonly ReplyPart[]): { contentType: string; body: Uint8Array } {
  const boundary = `batch_${randomUUID()}`
  const bytes: Uint8Array[] = []
  const add = (text: string) => bytes.push(Buffer.from(text))
  for (const part of parts) {
    add(`--${boundary}\r\n`)
    if ('reply' in part) {
      add(`Content-Type: application/http\r\n${part.id === undefined ? '' : `Content-ID: ${part.id}\r\n`}\r\n`)
      bytes.push(httpMessage(part.reply))
    } else {
      const inner = writeParts(part)
      add(`Content-Type: ${inner.contentType}\r\n\r\n`)
      bytes.push(inner.body)
    }
    add('\r\n')
  }
  add(`--${boundary}--\r\n`)
  return { contentType: `multipart/mixed;boundary=${boundary}`, body: Buffer.concat(bytes) }
}

function bad(message: string): ODataFailure {
  return new ODataFailure(400, 'BAD_BATCH', `The batch cannot be read: ${message}`)
}
