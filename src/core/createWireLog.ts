import { createListeners } from './createListeners.js'
import { systemEnvironment } from './environment.js'
import type { WireExchange } from './WireExchange.js'

/** A line of a {@link WireLogStore}. */
export interface WireLogEntry extends WireExchange {
  /** Its place among all that came into this log, from 1. */
  readonly number: number
}

/** The last requests and their answers, as a store for `useSyncExternalStore`. */
export interface WireLogStore {
  /** Writes a line: to be given to the client. */
  readonly onExchange: (exchange: WireExchange) => void
  /** The newest last, in the order of the answers. The same array until another comes. */
  readonly getSnapshot: () => readonly WireLogEntry[]
  /** Calls `listener` at each line. Returns the function that ends it. */
  readonly subscribe: (listener: () => void) => () => void
  /** Forgets all lines. */
  readonly clear: () => void
}

/** What a {@link WireLogStore} is made of. */
export interface WireLogOptions {
  /** Lines that are kept, at most. @default 200 */
  readonly limit?: number | undefined
}

/**
 * Makes a log of what goes over the wire. It is kept in memory only: URLs in it may be secrets.
 *
 * @example
 * const log = createWireLog()
 * const client = createODataClient({ serviceUrl: '/odata/', onExchange: log.onExchange })
 *
 * <WireLog log={log} />
 */
export function createWireLog({ limit = 200 }: WireLogOptions = {}): WireLogStore {
  const { subscribe, notify } = createListeners(systemEnvironment)
  let entries: readonly WireLogEntry[] = []
  let count = 0

  function replace(next: readonly WireLogEntry[]): void {
    entries = next
    notify()
  }

  return {
    onExchange: (exchange) => replace([...entries, { ...exchange, number: ++count }].slice(-limit)),
    getSnapshot: () => entries,
    subscribe,
    clear: () => replace([]),
  }
}
