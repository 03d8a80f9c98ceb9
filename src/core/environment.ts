/** The world outside, passed in so that a test can hold it still. */
export interface Environment {
  /** Epoch ms. */
  now(): number
  /** Runs `callback` after `delay` ms; returns a handle for `clearTimeout`. */
  setTimeout(callback: () => void, delay: number): unknown
  clearTimeout(handle: unknown): void
  /** At least 0, below 1. */
  random(): number
  /** A new name for an operation, unique for all practical purposes. */
  createId(): string
}

/** The real clock, timers and randomness, looked up at each call so that fake timers installed later are seen. */
export const systemEnvironment: Environment = {
  now: () => Date.now(),
  setTimeout: (callback, delay) => setTimeout(callback, delay),
  clearTimeout: (handle) => clearTimeout(handle as number),
  random: () => Math.random(),
  createId: () => Date.now().toString(36) + Math.random().toString(36).slice(1),
}
