import type { Environment } from './environment.js'

/** Those who want to know of each step of an operation. */
export function createListeners(environment: Environment) {
  const listeners = new Set<() => void>()
  return {
    /** Calls `listener` at each step. Returns the function that ends it. */
    subscribe(listener: () => void): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },

    /** A fault in a listener is the app's, to be seen there, and changes nothing here. */
    notify(): void {
      for (const listener of [...listeners]) {
        try {
          listener()
        } catch (error) {
          environment.setTimeout(() => {
            throw error
          }, 0)
        }
      }
    },
  }
}
