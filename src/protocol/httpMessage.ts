import type { HttpReply } from './httpReply.js'

const MAX_HEADER_BYTES = 65_536
const MAX_FIELDS = 1_000

const START = '[\\r\\n]*http/\\d+(?:\\.\\d+)? +'
const FIELDS = '(?:(?!\\r?\\n)[^\\n]*\\n)*'
/** Interim answers, then status line, fields and empty line of the final one. No part can match in two ways, so it takes linear time. */
const HEAD = new RegExp(
  `^(?:${START}1\\d\\d[^\\n]*\\n${FIELDS}\\r?\\n)*${START}([2-5]\\d\\d)(?:[ \\r][^\\n]*)?\\n(${FIELDS})\\r?\\n`,
  'i',
)
const FIELD = /^([!#-'*+.^`|~\w-]+)[ \t]*:(.*)/s

/**
 * Reads the HTTP message that an `application/http` body encloses (Protocol 11.6; RFC 9112, 10.2). Its own body may be binary and
 * is kept byte by byte. Interim answers (1xx) before it are skipped. It is read more leniently than it must be written: empty
 * lines first, any HTTP version, no reason phrase, bare LF, folded lines.
 *
 * @param url becomes the `url` of the reply
 * @returns the reply, its body being a view of `bytes`; or what is wrong, in words that go with "the message has". Never throws.
 */
export function parseHttpMessage(bytes: Uint8Array, url: string): { reply: HttpReply } | { problem: string } {
  // One character for each byte, so that places in the text are places in the bytes.
  const text = new TextDecoder('latin1').decode(bytes.subarray(0, MAX_HEADER_BYTES))
  const [head, status, block = ''] = HEAD.exec(text) ?? []
  if (head === undefined) {
    return { problem: `no complete header section within ${MAX_HEADER_BYTES} bytes; it begins with ${quote(text)}` }
  }
  const lines = block.replace(/\r?\n[ \t]+/g, ' ').split('\n', MAX_FIELDS + 2)
  if (lines.length > MAX_FIELDS + 1) return { problem: `more than ${MAX_FIELDS} header fields` }
  const fields = new Map<string, string>()
  for (const line of lines.slice(0, -1)) {
    const [, token, text = ''] = FIELD.exec(line) ?? []
    if (token === undefined) return { problem: `${quote(line)} among its header fields` }
    const name = token.toLowerCase()
    const value = text.replaceAll('\r', ' ').trim()
    const known = fields.get(name)
    fields.set(name, known === undefined ? value : `${known}, ${value}`)
  }
  const length = fields.get('content-length') ?? ''
  const rest = bytes.subarray(head.length)
  const size = /^\d+$/.test(length) ? Number(length) : rest.length
  if (size > rest.length) return { problem: `a truncated body: ${rest.length} of ${length} bytes` }
  return { reply: { status: Number(status), headers: Object.fromEntries(fields), body: rest.subarray(0, size), url } }
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 60))
}
