import { act } from '@testing-library/react'
import { vi } from 'vitest'

/** A text in a live region, and after how many ms it was there. */
export interface Heard {
  readonly text: string
  readonly at: number
}

/**
 * Lets time go by in steps of 100 ms, and notes what a screen reader says: each text that comes into a live region. Needs fake
 * timers. `step` is told the time in ms since the start.
 */
export function hear(duration: number, step: (at: number) => void = () => {}): Heard[] {
  const heard: Heard[] = []
  let before = new Map<Element, string>()
  for (let at = 0; at <= duration; at += 100) {
    step(at)
    const regions = [...document.querySelectorAll('[role=status], [role=alert], [aria-live]')]
    const now = new Map(regions.map((region) => [region, region.textContent ?? '']))
    for (const [region, text] of now) if (text && text !== before.get(region)) heard.push({ text, at })
    before = now
    act(() => vi.advanceTimersByTime(100))
  }
  return heard
}

/** The texts alone. */
export function textsOf(heard: readonly Heard[]): string[] {
  return heard.map(({ text }) => text)
}
