import type { HttpReply } from './httpReply.js'

const MAX_HEADER_BYTES = 65_536

/** Lines up to an empty one. */
const LINES = '(?:[^\\r\\n][^\\n]*\\n)*'
/** A status line up to its code. */
const START = '\\s*http/\\S+ +'
/**
 * Interim answers, then status line, fields and empty line of the final one. The empty line is what ends an answer; without it
 * each further status line could be a field or a new answer, and the time would double with each.
 */
const HEAD = new RegExp(`^(?:${START}1${LINES}\\r?\\n)*${START}([2-5]\\d\\d)(?!\\d)[^\\n]*\\n(${LINES})\\r?\\n`, 'i')

/**
 * Reads the HTTP message that an `application/http` body encloses (Protocol 11.6; RFC 9112, 10.2). Its own body may be binary and
 * is kept byte by byte. Interim answers (1xx) before it are skipped. It is read more leniently than it must be written: empty
 * lines first, any HTTP version, no reason phrase, bare LF, folded lines.
 *
 * @param url becomes the `url` of the reply
 * @returns the reply, its body being a view of `bytes`; or what is wrong, in words that go with "a message with". Never throws.
 */
export function parseHttpMessage(bytes: Uint8Array, url: string): { reply: HttpReply } | { problem: string } {
  // One character for each byte, so that places in the text are places in the bytes.
  const text = new TextDecoder('latin1').decode(bytes.subarray(0, MAX_HEADER_BYTES))
  const [head, status, block = ''] = HEAD.exec(text) ?? []
  if (!head) return { problem: 'no complete headers' }
  const fields = new Map<string, string>()
  for (const line of block.replace(/\r?\n[ \t]+/g, ' ').split('\n')) {
    const [token = '', ...rest] = line.split(':')
    const name = token.trim().toLowerCase()
    if (name) fields.set(name, [fields.get(name), rest.join(':').trim()].filter(Boolean).join(', '))
  }
  const rest = bytes.subarray(head.length)
  // One that is no number tells nothing: all that there is.
  const size = Number(fields.get('content-length')?.match(/^\d+$/) ?? rest.length)
  if (size > rest.length) return { problem: `${rest.length} of ${size} bytes` }
  return { reply: { status: Number(status), headers: Object.fromEntries(fields), body: rest.subarray(0, size), url } }
}
