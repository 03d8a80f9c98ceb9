import ky from 'ky'
import { type WireMessage, wireMessage, wireResponse } from './wireTrace.js'

/** A request as it left the library. */
export interface SentRequest {
  readonly method: string
  readonly url: string
  readonly headers: Record<string, string>
  readonly body: string
  /** Epoch ms. */
  readonly at: number
  readonly signal: AbortSignal
}

/**
 * An answer: raw HTTP (LF for CRLF, header lines may be indented), a function that makes one from the request, a
 * `Response`, or `'lost'` when the connection breaks.
 */
export type Answer = string | WireMessage | Response | ((request: SentRequest) => Answer | Promise<Answer>)

/** A network that follows a script: the n-th request gets the n-th answer; one more than that fails the test. */
export function scriptedWire(...answers: Answer[]) {
  const sent: SentRequest[] = []
  const surplus: string[] = []
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init)
    const { method, url, signal } = request
    const entry: SentRequest = {
      method,
      url,
      headers: Object.fromEntries(request.headers),
      body: await request.text(),
      at: Date.now(),
      signal,
    }
    const answer = answers[sent.length]
    sent.push(entry)
    if (answer === undefined) {
      surplus.push(`${method} ${url}`)
      throw new TypeError(`request ${sent.length} is not in the script: ${method} ${url}`)
    }
    return respond(answer, entry)
  }
  return { http: ky.create({ fetch }), sent, surplus, push: (...more: Answer[]) => answers.push(...more) }
}

async function respond(answer: Answer, request: SentRequest): Promise<Response> {
  if (typeof answer === 'function') return respond(await answer(request), request)
  if (answer instanceof Response) return answer
  if (answer === 'lost') throw new TypeError('fetch failed')
  return wireResponse(typeof answer === 'string' ? wireMessage(raw(answer)) : answer, request.url)
}

/** Raw HTTP from a template: lines are trimmed at the left up to the empty line; the start line may lack its version. */
function raw(text: string): string {
  const [head = '', ...body] = text.trimStart().split(/\n[ \t]*\n/)
  const lines = head.split('\n').map((line) => line.trim())
  return `${lines[0]?.startsWith('HTTP/') ? '' : 'HTTP/1.1 '}${lines.join('\r\n')}\r\n\r\n${body.join('\n\n').trimStart()}`
}
