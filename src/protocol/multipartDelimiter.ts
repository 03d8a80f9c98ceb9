import type { HttpHeaders } from './httpReply.js'

/** RFC 2046 allows 70 characters. */
const MAX_BOUNDARY_LENGTH = 200

/** Of many million the pattern below runs out of its stack. */
const MAX_TYPE_LENGTH = 10_000

const PARAMETER = /;\s*([^\s=;"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]*))/g

/** How a response may end in place of the line end of its last delimiter; an example of the standard has a dash too many. */
const END_OF_RESPONSE = /-?\s*$/y

/** One line end belongs to the delimiter behind it; some services write one or two more. */
const LINE_ENDS = /(?:\r?\n){1,3}/y

/** A line that separates parts. */
export interface Delimiter {
  readonly start: number
  /** Where the line behind it begins. */
  readonly end: number
  /** Is it the closing one? */
  readonly isLast: boolean
}

/** The boundary of a multipart content type, quoted or not, among any parameters in any case (RFC 2046 5.1.1). */
export function readBoundary(headers: HttpHeaders): string | undefined {
  const type = (headers['content-type'] ?? '').slice(0, MAX_TYPE_LENGTH)
  for (const [, name, quoted, token = ''] of type.matchAll(PARAMETER)) {
    if (name?.toLowerCase() === 'boundary') return allowedBoundary(quoted ?? token)
  }
  return undefined
}

/** The boundary by the first line that begins with `--`, for who gives none. */
export function firstBoundary(text: string): string | undefined {
  const start = text.startsWith('--') ? 0 : text.indexOf('\n--') + 1
  const end = text.indexOf('\n', start)
  return end > 0 && text.startsWith('--', start) ? allowedBoundary(text.slice(start + 2, end)) : undefined
}

function allowedBoundary(text: string): string | undefined {
  const boundary = text.trimEnd()
  return boundary && boundary.length <= MAX_BOUNDARY_LENGTH ? boundary : undefined
}

/**
 * The first delimiter from the beginning of a line on.
 *
 * @param mark a line feed, two dashes, and the boundary
 */
export function findDelimiter(text: string, mark: string, start: number): Delimiter | undefined {
  if (start === 0 && text.startsWith(mark.slice(1))) {
    const delimiter = delimiterAt(text, mark, 0)
    if (delimiter) return delimiter
  }
  for (let at = text.indexOf(mark, start - 1); at >= 0; at = text.indexOf(mark, at + 1)) {
    const delimiter = delimiterAt(text, mark, at + 1)
    if (delimiter) return delimiter
  }
  return undefined
}

/**
 * The delimiter that nothing but line ends separates from `at`, the end of a content; `'cut'` when the text ends there, maybe in the
 * midst of a delimiter.
 */
export function delimiterAfter(text: string, mark: string, at: number): Delimiter | 'cut' | undefined {
  if (!(at <= text.length)) return undefined
  LINE_ENDS.lastIndex = at
  const start = LINE_ENDS.test(text) ? LINE_ENDS.lastIndex : at
  const delimiter = start > at && text.startsWith(mark, start - 1) ? delimiterAt(text, mark, start) : undefined
  if (delimiter || start + mark.length + 2 < text.length) return delimiter
  const rest = text.slice(start)
  const isCut = rest === '' || rest === '\r' || (start > at && `${mark.slice(1)}-`.startsWith(rest.trimEnd()))
  return isCut ? 'cut' : undefined
}

/** What begins with the mark at `start` is a delimiter unless more than padding follows. */
function delimiterAt(text: string, mark: string, start: number): Delimiter | undefined {
  let end = start + mark.length - 1
  const isLast = text[end] === '-' && text[end + 1] === '-'
  if (isLast) end += 2
  const rest = end
  while (text[end] === ' ' || text[end] === '\t') end++
  if (text[end] === '\r') end++
  if (text[end] === '\n') return { start, end: end + 1, isLast }
  END_OF_RESPONSE.lastIndex = rest
  return isLast && END_OF_RESPONSE.test(text) ? { start, end: text.length, isLast } : undefined
}
