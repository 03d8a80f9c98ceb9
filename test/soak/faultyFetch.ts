/** What may happen to a request, and how often, in parts of 1. */
export interface FaultRates {
  /** The answer never arrives, though the service gave it. */
  readonly lost: number
  /** The connection breaks before the service hears anything. */
  readonly reset: number
  /** A gateway answers 503 in its place. */
  readonly unavailable: number
  /** A gateway answers 429 in its place. */
  readonly throttled: number
  /** The body breaks off. */
  readonly truncated: number
  /** The answer takes its time. */
  readonly delayed: number
}

/** A generator of numbers from 0 to 1 that gives the same ones each time (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** A `fetch` on which the faults happen, and that counts what it does. */
export function faultyFetch(rates: (method: string) => FaultRates, random: () => number) {
  const happened: Record<string, number> = Object.fromEntries(
    ['none', ...Object.keys(rates('GET'))].map((fault) => [fault, 0]),
  )
  const submits = { sent: 0, lost: 0 }
  const asked = new Map<string, number>()
  const pick = (method: string): string => {
    let place = random()
    for (const [fault, rate] of Object.entries(rates(method))) {
      if (place < rate) return fault
      place -= rate
    }
    return 'none'
  }
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = input instanceof Request && init === undefined ? input : new Request(input, init)
    const fault = pick(request.method)
    happened[fault] = (happened[fault] ?? 0) + 1
    if (request.method === 'POST') {
      submits.sent++
      if (fault === 'lost') submits.lost++
    } else asked.set(request.url, (asked.get(request.url) ?? 0) + 1)
    if (fault === 'reset') throw new TypeError('connection reset')
    if (fault === 'unavailable') return new Response(null, { status: 503, headers: { 'Retry-After': '0' } })
    if (fault === 'throttled') return new Response(null, { status: 429, headers: { 'Retry-After': '0' } })
    const response = await globalThis.fetch(request)
    if (fault === 'none') return response
    if (fault === 'delayed') {
      await new Promise((resolve) => void setTimeout(resolve, random() * 50))
      return response
    }
    const body = new Uint8Array(await response.arrayBuffer())
    if (fault === 'lost') throw new TypeError('connection lost')
    const broken = new ReadableStream({
      start(controller) {
        controller.enqueue(body.subarray(0, body.length / 2))
        controller.error(new TypeError('connection lost in the body'))
      },
    })
    const { status, headers } = response
    const answer = new Response(status === 204 ? null : broken, { status, headers })
    Object.defineProperty(answer, 'url', { value: response.url })
    return answer
  }
  return {
    fetch,
    /** How many requests met with each fault. */
    happened: () => ({ ...happened }),
    /** Requests that start something, and how many of their answers were lost. */
    submits: () => ({ ...submits }),
    /** Requests to a URL. */
    timesAsked: (url: string) => asked.get(url) ?? 0,
  }
}
