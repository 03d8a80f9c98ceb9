/** The world outside, passed in so that a test can hold it still. */
export interface Environment {
  /** Epoch ms. */
  now(): number
  /** Runs `callback` after `delay` ms; returns a handle for `clearTimeout`. */
  setTimeout(callback: () => void, delay: number): unknown
  clearTimeout(handle: unknown): void
  /** At least 0, below 1. */
  random(): number
  /** A new name for an operation or a repeatable request, unique for all practical purposes. */
  createId(): string
}

/** The real clock, timers and randomness, looked up at each call so that fake timers installed later are seen. */
export const systemEnvironment: Environment = {
  now: () => Date.now(),
  setTimeout: (callback, delay) => setTimeout(callback, delay),
  clearTimeout: (handle) => clearTimeout(handle as number),
  random: () => Math.random(),
  createId: randomUuid,
}

/** A UUID of version 4. `crypto.randomUUID` is missing on pages without https. */
function randomUuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  const digits = Array.from(bytes, (byte, place) => {
    const value = place === 6 ? (byte & 0x0f) | 0x40 : place === 8 ? (byte & 0x3f) | 0x80 : byte
    return value.toString(16).padStart(2, '0')
  }).join('')
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

/** Resolves after `delay` ms. */
export function sleep({ setTimeout }: Environment, delay: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, delay))
}
