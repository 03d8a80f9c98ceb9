import type { HttpReply } from './httpReply.js'

/** 64 kB. */
const MAX_HEAD_BYTES = 65_536

/** The code is that of an interim answer, or one of three digits. */
const STATUS_LINE = /^http\/\S+ +(1|[2-5]\d\d(?!\d))/i

interface Head {
  readonly status: number
  /** The lines of the fields, each with its end. */
  readonly fields: string
  /** Where the body begins. */
  readonly end: number
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
  // One character for each byte, so that places in the text are places in the bytes.
  const head = readHead(new TextDecoder('latin1').decode(bytes.subarray(0, MAX_HEAD_BYTES)))
  if (!head) return { problem: `no complete headers${bytes.length > MAX_HEAD_BYTES ? ' in its first 64 kB' : ''}` }
  const headers = readFields(head.fields)
  const rest = bytes.subarray(head.end)
  // One that is no number tells nothing: all that there is. One that is repeated counts once (RFC 9110, 8.6).
  const lengths = (headers['content-length'] ?? '').split(',').filter((length) => /^\s*\d+\s*$/.test(length))
  const [size = rest.length, ...others] = new Set(lengths.map(Number))
  if (others.length) return { problem: 'more than one `Content-Length`, which differ' }
  if (size > rest.length) return { problem: `${rest.length} of ${size} bytes` }
  return { reply: { status: head.status, headers, body: rest.subarray(0, size), url } }
}

/** The head of the first answer that is not interim. Each character is looked at once. */
function readHead(text: string): Head | undefined {
  let start = 0
  for (;;) {
    start = endOfSpace(text, start)
    const fields = text.indexOf('\n', start) + 1
    const [, code] = STATUS_LINE.exec(text.slice(start, fields)) ?? []
    const blank = code ? blankLine(text, fields) : -1
    if (!code || blank < 0) return undefined
    const end = text.indexOf('\n', blank) + 1
    if (code !== '1') return { status: Number(code), fields: text.slice(fields, blank), end }
    start = end
  }
}

function endOfSpace(text: string, start: number): number {
  const space = /\s*/y
  space.lastIndex = start
  space.test(text)
  return space.lastIndex
}

/** Where the first empty line begins from `start`, which is the beginning of a line; -1 when there is none. */
function blankLine(text: string, start: number): number {
  for (let line = start; ; ) {
    const end = text.indexOf('\n', line)
    if (end < 0) return -1
    if (end === line || (end === line + 1 && text[line] === '\r')) return line
    line = end + 1
  }
}

function readFields(lines: string): Record<string, string> {
  const fields = new Map<string, string[]>()
  // A folded line goes on with the one before.
  for (const line of lines.replace(/\r?\n[ \t]+/g, ' ').split('\n')) {
    const colon = line.indexOf(':')
    const name = (colon < 0 ? line : line.slice(0, colon)).trim().toLowerCase()
    const value = colon < 0 ? '' : line.slice(colon + 1).trim()
    if (!name) continue
    const values = fields.get(name)
    if (!values) fields.set(name, value ? [value] : [])
    else if (value) values.push(value)
  }
  return Object.fromEntries(Array.from(fields, ([name, values]) => [name, values.join(', ')]))
}
