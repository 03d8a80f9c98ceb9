import { act } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { countRenders } from '../bench/renderCounts.js'
import { pass } from '../support/renderApp.js'

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 9, 5) }))
afterEach(() => void vi.useRealTimers())

it('components render no more often than what they show changes', async () => {
  const counts = await countRenders({
    run: (action) => act(action),
    async until(isDone) {
      while (!isDone()) await pass(1)
    },
  })
  expect(counts.length).toBeGreaterThan(0)
  expect(counts.filter(({ renders, budget }) => renders > budget)).toEqual([])
  expect(counts.find(({ scene }) => scene === '100 polls that change nothing')).toMatchObject({ renders: 0 })
})
