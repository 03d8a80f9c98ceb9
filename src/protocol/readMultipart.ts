import type { BatchReading, BatchResponse, BatchResponseUnit } from './batchMessage.js'
import { byteText, NOT_ASCII } from './byteText.js'
import { contentLength, decodeLatin1, type HttpHead, type KnownField, readFields, readHead } from './httpMessage.js'
import type { HttpHeaders, HttpReply } from './httpReply.js'
import { isJsonType, parseJson, parseJsonText } from './json.js'
import { type Delimiter, delimiterAfter, findDelimiter, firstBoundary, readBoundary } from './multipartDelimiter.js'

/** A multipart body: the whole response, or a change set in it. */
interface Source {
  /** One character for each byte. */
  readonly text: string
  /** Is the text all there is? Else it has {@link NOT_ASCII}. */
  readonly isAscii: boolean
  readonly bytes: Uint8Array
  readonly url: string
  /** The fields of the heads before, most of which come again. */
  readonly known: { readonly mime: KnownField[]; readonly http: KnownField[] }
}

const NO_BYTES = new Uint8Array()

/** What stands between two delimiters. */
interface Part {
  /** The MIME headers. */
  readonly headers: HttpHeaders
  /** Where its content begins. */
  readonly start: number
  /** Where its content ends. */
  end: number
  /** The delimiter that ends it. */
  next: Delimiter | undefined
  /** It ends with a delimiter, or where its length says: the response is not cut in it. */
  isWhole: boolean
}

interface Parts<TUnit> {
  readonly units: TUnit[]
  truncation?: string
}

/** Reads what is in a part; `undefined` when the response is cut before its end. */
type ReadPart<TUnit> = (source: Source, mark: string, part: Part, parts: { truncation?: string }) => TUnit | undefined

/**
 * Reads a multipart batch response (Protocol 11.7.7.5, RFC 2046 5.1.1) in linear time: line ends of either kind, padding, preamble
 * and epilogue, with and without lengths. Bodies are views of its bytes.
 *
 * @returns `undefined` when there is no delimiter. Never throws.
 */
export function readMultipart({ body, headers, url }: HttpReply): BatchReading | undefined {
  // A byte order mark is no text before the first delimiter.
  const bytes = body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? body.subarray(3) : body
  const text = byteText(bytes)
  const source = { text, isAscii: !text.includes(NOT_ASCII), bytes, url, known: { mime: [], http: [] } }
  const parts = readParts(source, headers, readUnit)
  return parts && { ...parts, format: 'multipart' }
}

function readParts<TUnit>(source: Source, headers: HttpHeaders, read: ReadPart<TUnit>): Parts<TUnit> | undefined {
  const { text } = source
  const boundary = readBoundary(headers) ?? firstBoundary(text)
  const mark = `\n--${boundary}`
  let delimiter = boundary === undefined ? undefined : findDelimiter(text, mark, 0)
  if (!delimiter) return undefined
  const parts: Parts<TUnit> = { units: [] }
  while (delimiter && !delimiter.isLast) {
    const part = readPart(source, mark, delimiter.end)
    const unit = part && read(source, mark, part, parts)
    if (unit) parts.units.push(unit)
    delimiter = unit && part?.next
  }
  if (!delimiter) parts.truncation ??= `The closing delimiter --${boundary}-- is missing.`
  return parts
}

/** The part from `start`, with its MIME headers; `undefined` when it is cut before their end. */
function readPart({ text, known }: Source, mark: string, start: number): Part | undefined {
  const next = findDelimiter(text, mark, start)
  const limit = next?.start ?? text.length
  // Some services leave the MIME headers out, and the empty line with them.
  const fields = text.startsWith('HTTP/', start)
    ? { headers: {}, end: start }
    : readFields(text, start, limit, known.mime)
  if (fields.end < 0 && !next) return undefined
  const part = {
    headers: fields.headers,
    start: fields.end < 0 ? limit : fields.end,
    // The line end before a delimiter belongs to the delimiter.
    end: next ? limit - (text[limit - 2] === '\r' ? 2 : 1) : limit,
    next,
    isWhole: next !== undefined,
  }
  fitLength(text, mark, part, part.start, contentLength(part.headers))
  return part
}

/**
 * Lets a part end where a `Content-Length` says, if a delimiter follows there: what looks like one before is content then.
 *
 * @returns true when the length is right
 */
function fitLength(text: string, mark: string, part: Part, start: number, length: number | undefined): boolean {
  if (length === undefined) return false
  const end = start + length
  if (part.next && end === Math.max(start, part.end)) return true
  const after = delimiterAfter(text, mark, end)
  if (!after) return false
  part.end = end
  part.next = after === 'cut' ? undefined : after
  part.isWhole = true
  return true
}

/** One answer, or those of a change set. */
const readUnit: ReadPart<BatchResponseUnit> = (source, mark, part, parts) => {
  const { headers, start, end, next } = part
  if (/^multipart\//i.test(headers['content-type'] ?? '')) {
    if (`\n--${readBoundary(headers)}` === mark) {
      parts.truncation = 'A change set has the boundary of the batch, so that nobody can tell where it ends.'
      return undefined
    }
    const limit = next?.start ?? end
    const inner = { ...source, text: source.text.slice(start, limit), bytes: source.bytes.subarray(start, limit) }
    const members = readParts(inner, headers, readAnswer)
    if (members?.truncation) parts.truncation = members.truncation
    if (members) return members.units.length || next ? { members: members.units } : undefined
  }
  return readAnswer(source, mark, part, parts)
}

const readAnswer: ReadPart<BatchResponse> = (source, mark, part) => {
  const { text, bytes, url, known } = source
  const head = readHead(text, part.start, part.next?.start ?? part.end, part.next !== undefined, known.http)
  const id = contentId(part.headers) ?? (head && contentId(head.headers))
  if (!head) return part.next && { id, problem: problem('no complete headers') }
  const { status, end: start } = head
  const headers = exactHeaders(source, head, part.start)
  const length = contentLength(headers)
  const isRight = fitLength(text, mark, part, start, length)
  const isEmpty = status === 204 || status === 304
  const end = isEmpty ? start : Math.max(start, part.end)
  if (!isRight && !isEmpty) {
    if (!part.isWhole || (length !== undefined && start + length > text.length)) return undefined
    if (Number.isNaN(length)) return { id, problem: problem('more than one `Content-Length`, which differ') }
    // Some services count the line end that belongs to the delimiter.
    if (length !== undefined && length > end - start + 2) {
      return { id, problem: problem(`${end - start} of ${length} bytes`) }
    }
  }
  const json = status < 400 && end > start && isJsonType(head) ? parseBody(source, start, end) : undefined
  if (json !== undefined) return { id, reply: { status, headers, body: NO_BYTES, url, json } }
  return { id, reply: { status, headers, body: bytes.subarray(start, end), url } }
}

/** The text is there already; decoding each body once more would take as long as all the rest. */
function parseBody({ text, isAscii, bytes }: Source, start: number, end: number): unknown {
  const body = text.slice(start, end)
  return isAscii || !body.includes(NOT_ASCII) ? parseJsonText(body) : parseJson({ body: bytes.subarray(start, end) })
}

function problem(what: string): string {
  return `The answer in the batch cannot be read: it is a message with ${what}.`
}

/** Headers may hold more than ASCII. */
function exactHeaders({ text, isAscii, bytes }: Source, { headers, end }: HttpHead, start: number): HttpHeaders {
  if (isAscii || !text.slice(start, end).includes(NOT_ASCII)) return headers
  return readHead(decodeLatin1(bytes.subarray(start, end)), 0, end - start, true)?.headers ?? headers
}

/** The request identifier, with or without the angle brackets of mail. */
function contentId(headers: HttpHeaders): string | undefined {
  const id = headers['content-id']
  return (id?.startsWith('<') ? id.replace(/^<(.*)>$/, '$1') : id) || undefined
}
