const bytes = (text: string) => new TextEncoder().encode(text)

/** One answer as a service means it, before it is written in any style. */
export interface MeantAnswer {
  readonly id?: string | undefined
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array | undefined
}

/** A list stands for a change set. */
export type MeantUnit = MeantAnswer | readonly MeantAnswer[]

/** How services differ in writing the same thing. */
export interface MultipartStyle {
  /** @default CRLF */
  readonly lineEnd?: '\n'
  readonly hasLengths?: boolean
  /** Writes the names of headers. */
  readonly toName?: (name: string) => string
  /** @default `multipart/mixed; boundary=` and the boundary */
  readonly toType?: (boundary: string) => string
  /** Follows each delimiter in its line. */
  readonly padding?: string
  readonly preamble?: string
  /** Follows the last delimiter. @default the line end */
  readonly epilogue?: string
  /** Empty lines between the headers of an answer without body and the delimiter. @default 2 */
  readonly emptyLines?: number
  /** @default `mime` */
  readonly idPlace?: 'mime' | 'brackets' | 'http'
  /** MIME headers of each part besides those that must be. */
  readonly moreMime?: readonly string[]
}

/** A response as it is on the wire. */
export interface WrittenResponse {
  readonly body: Uint8Array<ArrayBuffer>
  readonly type: string
  /** For each answer, those of change sets too, in their order: from how many bytes on it is certain that it is all there. */
  readonly certainFrom: readonly number[]
}

/** Writes a multipart batch response with the boundary `b`, and `c` in change sets. */
export function writeMultipartResponse(units: readonly MeantUnit[], style: MultipartStyle = {}): WrittenResponse {
  const {
    lineEnd = '\r\n',
    hasLengths = false,
    toName = (name) => name,
    toType = (boundary) => `multipart/mixed; boundary=${boundary}`,
    padding = '',
    preamble = '',
    epilogue = lineEnd,
    emptyLines = 2,
    idPlace = 'mime',
    moreMime = [],
  } = style
  const chunks: Uint8Array[] = []
  const certainFrom: (number | undefined)[] = []
  let size = 0

  function add(chunk: string | Uint8Array): void {
    const content = typeof chunk === 'string' ? bytes(chunk) : chunk
    chunks.push(content)
    size += content.length
  }

  const line = (text: string) => add(text + lineEnd)
  const field = (name: string, value: string) => line(`${toName(name)}: ${value}`)

  /** It is certain now that what was written before is all there. */
  function delimiter(text: string): void {
    add(text)
    for (const [index, at] of certainFrom.entries()) certainFrom[index] = at ?? size
  }

  function answer({ id, status, headers = {}, body }: MeantAnswer): void {
    const isEmpty = status === 204 || status === 304
    field('Content-Type', 'application/http')
    for (const each of moreMime) line(each)
    if (id !== undefined && idPlace !== 'http') field('Content-ID', idPlace === 'mime' ? id : `<${id}>`)
    line('')
    line(`HTTP/1.1 ${status} Status`)
    for (const [name, value] of Object.entries(headers)) field(name, value)
    if (id !== undefined && idPlace === 'http') field('Content-ID', id)
    const hasLength = hasLengths && !isEmpty
    if (hasLength) field('Content-Length', `${body === undefined ? 0 : bytesOf(body).length}`)
    if (body !== undefined) {
      line('')
      add(body)
      certainFrom.push(hasLength ? size : undefined)
      line('')
      return
    }
    if (emptyLines > 0) line('')
    // Without any line end between, what is left of a delimiter may be the beginning of a body.
    certainFrom.push(emptyLines > (isEmpty ? 0 : hasLength ? 1 : Infinity) ? size : undefined)
    add(lineEnd.repeat(Math.max(0, emptyLines - 1)))
  }

  function parts(boundary: string, write: readonly (() => void)[]): void {
    for (const each of write) {
      delimiter(`--${boundary}${padding}${lineEnd}`)
      each()
    }
    delimiter(`--${boundary}--`)
    add(padding)
  }

  function changeSet(members: readonly MeantAnswer[]): void {
    field('Content-Type', toType('c'))
    line('')
    parts(
      'c',
      members.map((member) => () => answer(member)),
    )
    line('')
  }

  if (preamble) line(preamble)
  parts(
    'b',
    units.map((unit) => () => (isSet(unit) ? changeSet(unit) : answer(unit))),
  )
  add(epilogue)
  const body = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    body.set(chunk, at)
    at += chunk.length
  }
  return { body, type: toType('b'), certainFrom: certainFrom.map((from = size) => from) }
}

/** True for a change set. */
export function isSet(unit: MeantUnit): unit is readonly MeantAnswer[] {
  return Array.isArray(unit)
}

function bytesOf(body: string | Uint8Array): Uint8Array {
  return typeof body === 'string' ? bytes(body) : body
}
