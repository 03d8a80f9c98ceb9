import type { BatchWireRequest } from './batchMessage.js'

type Chunk = string | Uint8Array

/** RFC 2046, 5.1.1. */
const MAX_BOUNDARY_LENGTH = 70

/**
 * Writes requests as `multipart/mixed` (Protocol 11.7.7.1): each an `application/http` part with its id as `Content-ID`, those of a
 * change set in a multipart of their own. Lines end with CRLF, there is no empty line more than must be, and `Content-Length` counts
 * bytes. Whatever the requests hold, none gets out of its part: a line break in a header becomes a space, and what no URL can have
 * is percent-encoded.
 *
 * @param requests their header names are tokens
 * @param createBoundary asked for the boundary of the batch, then for that of each change set, and again while one occurs in what it
 * is to separate. What a boundary should not have is replaced.
 * @returns text, or bytes when a body is binary
 * @example
 * writeMultipartBatch([{ id: '1', method: 'GET', url: 'Products(1)', headers: {} }], () => `batch_${crypto.randomUUID()}`)
 */
export function writeMultipartBatch(
  requests: readonly BatchWireRequest[],
  createBoundary: () => string,
): { contentType: string; body: string | Uint8Array<ArrayBuffer> } {
  const units: { readonly group: string | undefined; readonly parts: Chunk[][] }[] = []
  for (const request of requests) {
    const last = units.at(-1)
    const part = writePart(request)
    if (last && last.group !== undefined && last.group === request.group) last.parts.push(part)
    else units.push({ group: request.group, parts: [part] })
  }
  const outer = freeBoundary(
    createBoundary,
    units.flatMap(({ parts }) => parts.flat()),
  )
  const parts = units.map((unit) => {
    if (unit.group === undefined) return unit.parts.flat()
    const inner = freeBoundary(createBoundary, unit.parts.flat(), outer)
    return [`Content-Type: multipart/mixed; boundary=${inner}\r\n\r\n`, ...writeParts(unit.parts, inner)]
  })
  return {
    contentType: `multipart/mixed; boundary=${outer}`,
    body: joinChunks([...writeParts(parts, outer), '\r\n']),
  }
}

/** The line break before a delimiter belongs to the delimiter. */
function writeParts(parts: readonly Chunk[][], boundary: string): Chunk[] {
  return [...parts.flatMap((part) => [`--${boundary}\r\n`, ...part, '\r\n']), `--${boundary}--`]
}

function writePart({ id, method, url, headers, body }: BatchWireRequest): Chunk[] {
  const fields = Object.entries(headers)
    .filter(([name]) => name !== 'content-length')
    .map(([name, value]) => `${headerName(name)}: ${value}`)
  if (body !== undefined) fields.push(`Content-Length: ${toBytes(body).length}`)
  // A lone surrogate has no code.
  const target = url.replace(/[^!-~\p{Cs}]/gu, encodeURIComponent)
  // 4.0 asks for the encoding, and its servers refuse parts without.
  const mime = ['Content-Type: application/http', 'Content-Transfer-Encoding: binary', `Content-ID: ${id}`]
  const head = [...mime, '', `${method} ${target} HTTP/1.1`, ...fields]
    .map((line) => `${line.replace(/[\r\n]+/g, ' ')}\r\n`)
    .join('')
  return [`${head}\r\n`, ...(body === undefined ? [] : [body])]
}

/** As it is written everywhere, for servers that know no other: `If-Match`, `OData-MaxVersion`. */
function headerName(name: string): string {
  return name
    .replace(/\b[a-z]/g, (letter) => letter.toUpperCase())
    .replace(/^Odata-/, 'OData-')
    .replace('Maxversion', 'MaxVersion')
}

/** A boundary that no chunk contains and that does not begin like the `outer` one, so that it is not mistaken for it. */
function freeBoundary(createBoundary: () => string, chunks: readonly Chunk[], outer?: string): string {
  const texts = chunks.map((chunk) => (typeof chunk === 'string' ? chunk : new TextDecoder('latin1').decode(chunk)))
  for (let tries = 0; ; tries++) {
    // The number makes it another one when always the same is created.
    const created = `${tries < 3 ? '' : tries}${createBoundary().replace(/[^\w-]/g, '-')}`
    const boundary = created.slice(0, MAX_BOUNDARY_LENGTH)
    const isTaken = (outer && boundary.startsWith(outer)) || texts.some((text) => text.includes(boundary))
    if (!isTaken) return boundary
  }
}

function joinChunks(chunks: readonly Chunk[]): string | Uint8Array<ArrayBuffer> {
  if (chunks.every((chunk) => typeof chunk === 'string')) return chunks.join('')
  const pieces = chunks.map(toBytes)
  const bytes = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0))
  let end = 0
  for (const piece of pieces) {
    bytes.set(piece, end)
    end += piece.length
  }
  return bytes
}

function toBytes(chunk: Chunk): Uint8Array {
  return typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk
}
