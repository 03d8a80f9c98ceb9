import { ODataFailure } from './backend.js'
import { readBehaviour } from './behaviour.js'
import type { GatewayReply, GatewayRequest } from './gateway.js'

/** Repeatable Requests 1.0: a request that is sent again is not executed again. */
export interface Repeatability {
  /**
   * Answers a request: by `execute`, or with what it was answered before. `execute` gets the signal that stops its work:
   * `clientGone` for a request that cannot be repeated, as then nobody can want the answer any more.
   */
  answer(
    request: GatewayRequest,
    clientGone: AbortSignal,
    execute: (signal: AbortSignal) => Promise<GatewayReply>,
  ): Promise<GatewayReply>
  /** Stops all work and forgets all requests. */
  reset(): void
}

interface Known {
  readonly method: string
  readonly url: string
  readonly reply: Promise<GatewayReply>
  /** Epoch ms. */
  readonly receivedAt: number
}

/** How far `Repeatability-First-Sent` may be from now, in ms. */
const window = 5 * 60_000

const methods = ['POST', 'PUT', 'PATCH', 'DELETE']
const imfFixdate = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/

/** Makes the memory of one service. */
export function createRepeatability(): Repeatability {
  // In the order in which the requests came, so that the old ones are at the front.
  const known = new Map<string, Known>()
  let stop = new AbortController()

  function forgetOld(now: number): void {
    for (const [id, { receivedAt }] of known) {
      // A clock that is ahead by the whole window makes a request good for twice as long.
      if (now - receivedAt <= 2 * window) return
      known.delete(id)
    }
  }

  function knownOrExecuted(
    id: string,
    { method, url }: GatewayRequest,
    execute: (signal: AbortSignal) => Promise<GatewayReply>,
  ): Promise<GatewayReply> {
    const earlier = known.get(id)
    if (!earlier) {
      const reply = execute(stop.signal)
      known.set(id, { method, url, reply, receivedAt: Date.now() })
      return reply
    }
    if (earlier.method === method && earlier.url === url) return earlier.reply
    throw rejected(400, 'REPEATED_DIFFERENTLY', 'The Repeatability-Request-ID is that of another request.')
  }

  return {
    async answer(request, clientGone, execute) {
      const { has } = readBehaviour(request.headers)
      const id = request.headers['repeatability-request-id']
      const firstSent = request.headers['repeatability-first-sent']
      const isRepeatable = (id ?? firstSent) !== undefined && methods.includes(request.method)
      if (!isRepeatable || has('repeatability-unaware')) return execute(clientGone)
      if (has('repeatability-rejected')) {
        throw rejected(501, 'NOT_REPEATABLE', 'Repeatable requests are not supported here.')
      }
      if (request.url.split('?', 1)[0] === '$batch') {
        throw rejected(400, 'NOT_REPEATABLE', 'A batch cannot be repeatable. Leave the headers out.')
      }
      const now = Date.now()
      forgetOld(now)
      checkFirstSent(id, firstSent, now)
      const reply = await knownOrExecuted(id as string, request, execute)
      return { ...reply, headers: { ...reply.headers, 'repeatability-result': 'accepted' } }
    },
    reset() {
      stop.abort(new Error('The service was reset.'))
      stop = new AbortController()
      known.clear()
    },
  }
}

function checkFirstSent(id: string | undefined, firstSent: string | undefined, now: number): void {
  if (!id || !firstSent) {
    const missing = id ? 'Repeatability-First-Sent' : 'Repeatability-Request-ID'
    throw rejected(400, 'BAD_REPEATABILITY', `${missing} is missing. Send both headers, or none.`)
  }
  const sentAt = imfFixdate.test(firstSent) ? Date.parse(firstSent) : Number.NaN
  if (Number.isNaN(sentAt) || sentAt - now > window) {
    throw rejected(400, 'BAD_REPEATABILITY', 'Repeatability-First-Sent is no date, or one in the future.')
  }
  if (now - sentAt > window) {
    throw rejected(412, 'REPEATED_TOO_LATE', 'Repeatability-First-Sent is more than five minutes ago.')
  }
}

function rejected(status: number, code: string, message: string): ODataFailure {
  return new ODataFailure(status, code, message, { headers: { 'repeatability-result': 'rejected' } })
}
