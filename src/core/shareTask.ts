/**
 * Runs one task at a time for all who ask. Who aborts stops waiting at once; the task itself is aborted when nobody waits any
 * more, so that nobody loses what is delivered once.
 */
export function shareTask(task: (signal: AbortSignal) => Promise<void>): (signal?: AbortSignal) => Promise<void> {
  let current: { promise: Promise<void>; waiting: number; abort: AbortController } | undefined

  return async (signal) => {
    signal?.throwIfAborted()
    if (!current) {
      const abort = new AbortController()
      const promise = task(abort.signal).finally(() => {
        if (current === shared) current = undefined
      })
      const shared = { promise, waiting: 0, abort }
      current = shared
    }
    const shared = current
    shared.waiting++
    await new Promise<void>((resolve, reject) => {
      const leave = () => {
        if (--shared.waiting === 0) {
          if (current === shared) current = undefined
          shared.abort.abort(signal?.reason)
        }
        reject(signal?.reason)
      }
      signal?.addEventListener('abort', leave, { once: true })
      shared.promise.then(resolve, reject).finally(() => signal?.removeEventListener('abort', leave))
    })
  }
}
