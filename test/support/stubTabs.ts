import { vi } from 'vitest'

/** What was opened and not closed yet. */
export interface StubbedTabs {
  /** Names of the channels that are open. */
  readonly channels: () => string[]
  /** Names of the locks that are held. */
  readonly locks: () => string[]
}

/** Puts Web Locks and BroadcastChannel in memory in the place of the browser's, up to `vi.unstubAllGlobals`: each channel is a tab. */
export function stubTabs(): StubbedTabs {
  const open = new Set<Channel>()
  const queues = new Map<string, (() => void)[]>()

  class Channel {
    onmessage?: (event: { readonly data: unknown }) => void
    constructor(readonly name: string) {
      open.add(this)
    }
    postMessage(message: unknown) {
      const data = structuredClone(message)
      for (const other of open) {
        if (other === this || other.name !== this.name) continue
        queueMicrotask(() => open.has(other) && other.onmessage?.({ data }))
      }
    }
    close() {
      open.delete(this)
    }
  }

  /** As `LockManager.request`: aborting `signal` helps only while it waits. */
  function request(name: string, { signal }: { signal: AbortSignal }, hold: () => Promise<void>): Promise<void> {
    const queue = queues.get(name) ?? []
    queues.set(name, queue)
    return new Promise((resolve, reject) => {
      const begin = () =>
        queueMicrotask(async () => {
          signal.removeEventListener('abort', leave)
          await hold()
          resolve()
          queue.shift()
          queue[0]?.()
        })
      const leave = () => {
        if (queue[0] !== begin) queue.splice(queue.indexOf(begin), 1)
        reject(signal.reason)
      }
      signal.addEventListener('abort', leave)
      if (queue.push(begin) === 1) begin()
    })
  }

  vi.stubGlobal('BroadcastChannel', Channel)
  vi.stubGlobal(
    'navigator',
    new Proxy(navigator, { get: (target, key) => (key === 'locks' ? { request } : Reflect.get(target, key)) }),
  )
  return {
    channels: () => [...open].map(({ name }) => name),
    locks: () => [...queues].filter(([, queue]) => queue.length > 0).map(([name]) => name),
  }
}
