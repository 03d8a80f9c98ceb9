import type { HttpHeaders, HttpReply } from './httpReply.js'

/** 64 kB. */
const MAX_HEAD_BYTES = 65_536

/** The code is that of an interim answer, or one of three digits. */
const STATUS_LINE = /\s*http\/\S+ +(?:1|[2-5]\d\d(?!\d))/iy

/** What is not above is white. */
const SPACE = 32

const decoder = new TextDecoder('latin1')

/** Bytes as one character each, so that places in the text are places in the bytes. */
export function decodeLatin1(bytes: Uint8Array): string {
  return decoder.decode(bytes)
}

/**
 * Reads the HTTP message that an `application/http` body encloses (Protocol 11.6; RFC 9112, 10.2). Its own body may be binary and
 * is kept byte by byte. Interim answers (1xx) before it are skipped; they and the headers may have 64 kB together. It is read more
 * leniently than it must be written: empty lines first, any HTTP version, no reason phrase, bare LF, folded lines.
 *
 * @param url becomes the `url` of the reply
 * @returns the reply, its body being a view of `bytes`; or what is wrong, in words that go with "a message with". Never throws.
 */
export function parseHttpMessage(bytes: Uint8Array, url: string): { reply: HttpReply } | { problem: string } {
  const text = decodeLatin1(bytes.subarray(0, MAX_HEAD_BYTES))
  const head = readHead(text, 0, text.length)
  if (!head) return { problem: `no complete headers${bytes.length > MAX_HEAD_BYTES ? ' in its first 64 kB' : ''}` }
  const { status, headers, end } = head
  const rest = bytes.subarray(end)
  const size = contentLength(headers) ?? rest.length
  if (Number.isNaN(size)) return { problem: 'more than one `Content-Length`, which differ' }
  if (size > rest.length) return { problem: `${rest.length} of ${size} bytes` }
  return { reply: { status, headers, body: rest.subarray(0, size), url } }
}

/** The head of an HTTP answer. */
export interface HttpHead {
  readonly status: number
  readonly headers: HttpHeaders
  /** Where the body begins. */
  readonly end: number
}

/**
 * The head of the first answer that is not interim, from `start` to `end` of a text that is HTTP on the wire.
 *
 * @param isEnded the head ends at `end`, the beginning of a line, when there is no empty line before
 * @param known of heads that were read before: see {@link readFields}
 * @returns `undefined` unless it is there and complete
 */
export function readHead(
  text: string,
  start: number,
  end: number,
  isEnded = false,
  known?: KnownField[],
): HttpHead | undefined {
  for (let at = start; ; ) {
    STATUS_LINE.lastIndex = at
    if (!STATUS_LINE.test(text)) return undefined
    const code = STATUS_LINE.lastIndex
    const line = text.indexOf('\n', code) + 1
    if (!line || line > end) return undefined
    const fields = readFields(text, line, end, known)
    if (fields.end < 0 && !isEnded) return undefined
    at = fields.end < 0 ? end : fields.end
    if (text[code - 2] !== ' ') return { status: Number(text.slice(code - 3, code)), headers: fields.headers, end: at }
  }
}

/** A field of a head that was read before. */
export interface KnownField {
  /** Its line up to the colon. */
  readonly label: string
  readonly name: string
  value: string
}

/**
 * Header fields by lower-case name from the beginning of a line up to the first empty one, or `end`. Those that are repeated are
 * joined. Each character is looked at a fixed number of times.
 *
 * @param known the fields of heads before, by their place: names and values that come again are not made again
 * @returns `end` is behind the empty line, -1 when there is none
 */
export function readFields(
  text: string,
  start: number,
  end: number,
  known: KnownField[] = [],
): { headers: HttpHeaders; end: number } {
  const headers: Record<string, string> = {}
  let at = start
  for (let index = 0; at < end; index++) {
    if (text[at] === '\n') return { headers, end: at + 1 }
    if (text[at] === '\r' && text[at + 1] === '\n') return { headers, end: at + 2 }
    const next = endOfField(text, at, end)
    let field = known[index]
    // Faster than `startsWith`.
    if (!field || text.slice(at, at + field.label.length) !== field.label) {
      field = toField(text.slice(at, next))
      known[index] = field
    }
    const value = readValue(text, at + field.label.length, next)
    if (value !== field.value) field.value = value
    addField(headers, field.name, field.value)
    at = next
  }
  return { headers, end: -1 }
}

/** Where the next field begins, as a folded line goes on with the one before; `end` when there is none. */
function endOfField(text: string, start: number, end: number): number {
  for (let at = start; ; ) {
    at = text.indexOf('\n', at) + 1
    if (!at || at >= end) return end
    if (text[at] !== ' ' && text[at] !== '\t') return at
  }
}

/** A line without a colon has only a name. */
function toField(line: string): KnownField {
  const label = line.slice(0, line.indexOf(':') + 1) || line
  return { label, name: label.replace(/:$/, '').trim().toLowerCase(), value: '' }
}

function readValue(text: string, start: number, end: number): string {
  let from = start
  let to = end
  while (from < to && text.charCodeAt(from) <= SPACE) from++
  while (from < to && text.charCodeAt(to - 1) <= SPACE) to--
  const value = text.slice(from, to)
  return value.includes('\n') ? value.replace(/\r?\n[ \t]+/g, ' ') : value
}

/** Adds a field by its lower-case name; one that is repeated is joined. */
export function addField(headers: Record<string, string>, name: string, value: string): void {
  if (!name) return
  // What is inherited is no text.
  const before = typeof headers[name] === 'string' ? headers[name] : ''
  const all = before && value ? `${before}, ${value}` : before || value
  // The name must never be that of the setter.
  if (name !== '__proto__') headers[name] = all
  else Object.defineProperty(headers, name, { value: all, configurable: true, enumerable: true, writable: true })
}

/** `Content-Length` in bytes. One that is no number tells nothing; NaN stands for several that differ. */
export function contentLength(headers: HttpHeaders): number | undefined {
  const given = headers['content-length']
  if (given === undefined) return undefined
  if (/^\d+$/.test(given)) return Number(given)
  // One that is repeated counts once (RFC 9110, 8.6).
  const lengths = given.split(',').filter((length) => /^\s*\d+\s*$/.test(length))
  const [size, ...others] = new Set(lengths.map(Number))
  return others.length ? Number.NaN : size
}
