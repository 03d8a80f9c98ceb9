import ky, { type KyInstance } from 'ky'

/** One request, and its answer once that is there. */
export interface WireEntry {
  readonly id: number
  readonly method: string
  /** Absolute. */
  readonly url: string
  /** ms since the request that started the operation, or the first of all. */
  readonly at: number
  readonly sent: Headers
  /** `undefined` while there is none; an `Error` when there will be none. */
  readonly answer: { readonly status: number; readonly headers: Headers } | Error | undefined
}

/** What is on the wire, as a store for `useSyncExternalStore`. */
export interface WireLog {
  /** The ky instance whose requests are logged. */
  readonly http: KyInstance
  /** The last 100 requests, the oldest first. */
  readonly getSnapshot: () => readonly WireEntry[]
  readonly subscribe: (listener: () => void) => () => void
}

/** Makes a log, and the ky instance that writes it. An app would attach its tokens in the same place. */
export function createWireLog(): WireLog {
  const listeners = new Set<() => void>()
  const ids = new WeakMap<Request, number>()
  let entries: readonly WireEntry[] = []
  let count = 0
  let startedAt = 0

  const write = (next: readonly WireEntry[]) => {
    entries = next.slice(-100)
    for (const listener of listeners) listener()
  }
  const settle = (request: Request, answer: WireEntry['answer']) => {
    const id = ids.get(request)
    write(entries.map((entry) => (entry.id === id ? { ...entry, answer } : entry)))
  }

  const http = ky.create({
    hooks: {
      beforeRequest: [
        ({ request }) => {
          const { method, url, headers } = request
          const now = Date.now()
          if (method === 'POST' || count === 0) startedAt = now
          ids.set(request, ++count)
          write([...entries, { id: count, method, url, at: now - startedAt, sent: headers, answer: undefined }])
        },
      ],
      afterResponse: [({ request, response }) => settle(request, response)],
      beforeError: [
        ({ request, error }) => {
          settle(request, error)
          return error
        },
      ],
    },
  })
  return {
    http,
    getSnapshot: () => entries,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
