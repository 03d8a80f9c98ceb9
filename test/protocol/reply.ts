import type { HttpReply } from '../../src/protocol/httpReply.js'

/** Where the answers of these tests come from. */
export const MONITOR = 'https://api.example.com/fleet/jobs/q-77'

export const JSON_TYPE = { 'content-type': 'application/json' }
export const WRAPPER = { 'content-type': 'application/http' }

/** UTF-8. */
export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

/** An answer as data; a body that is neither text nor bytes is written as JSON. */
export function reply(status: number, headers: Record<string, string> = {}, body: unknown = ''): HttpReply {
  const content = body instanceof Uint8Array ? body : bytes(typeof body === 'string' ? body : JSON.stringify(body))
  return { status, headers, body: content, url: MONITOR }
}

/** An HTTP message with CRLF for each LF. */
export const message = (text: string): string => text.replaceAll('\n', '\r\n')

/** Whole numbers below `limit`, the same ones in each run (mulberry32). */
export function seededIntegers(seed: number): (limit: number) => number {
  let state = seed
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % limit
  }
}
