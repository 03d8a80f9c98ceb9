import { expect } from 'vitest'

/** An id for the operation of one test: a page remembers when it first saw each operation. */
export function ownId(): string {
  return `${expect.getState().currentTestName}`
}
