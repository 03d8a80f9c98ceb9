import { cleanup, screen } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { completed, type OtherTab, openOtherTab, pending, renderFound, running, START } from '../support/otherTab.js'
import { reporter } from '../support/Reporter.js'
import { call, pass } from '../support/renderApp.js'
import { stubTabs } from '../support/stubTabs.js'

let other: OtherTab

beforeEach(() => {
  vi.useFakeTimers({ now: START })
  stubTabs()
  other = openOtherTab()
})
afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

describe('a record without an answer, whose request another tab has sent', () => {
  it('waits for that tab, and starts nothing meanwhile: the promise of the start is that of the operation', async () => {
    other.lead(pending, () => {})
    const { sent } = renderFound(pending)
    await pass(60_000)
    const result = call(() => reporter().startAsync())
    other.send('told', running)
    other.send('told', completed)
    await pass(0)
    expect(await result).toEqual({ Title: 'From the other tab' })
    expect(sent).toHaveLength(0)
  })

  it('is told of an end at once, and keeps it when nobody holds the lock any more', async () => {
    const leave = other.lead(pending, () => {})
    const { sent, onSettled } = renderFound(pending)
    await pass(1_000)
    other.send('told', completed)
    leave()
    await pass(10_000)
    expect(screen.getByText('From the other tab')).toBeDefined()
    expect(sent).toHaveLength(0)
    expect(onSettled).toHaveBeenCalledOnce()
  })

  it('is not lost while that tab says that it still waits', async () => {
    renderFound(pending)
    await pass(200)
    other.lead(pending, () => {})
    other.send('told', pending)
    await pass(10_000)
    expect(screen.getByText('pending')).toBeDefined()
  })

  it('is lost when no tab has it: the outcome is unknown', async () => {
    const { sent, onSettled } = renderFound(pending)
    await pass(250)
    expect(screen.getByText('pending')).toBeDefined()
    await pass(100)
    expect(reporter().error).toMatchObject({ kind: 'network', message: expect.stringContaining('outcome unknown') })
    expect(sent).toHaveLength(0)
    expect(onSettled).toHaveBeenCalledOnce()
  })

  it('trap 11: does not come back after a clear, whatever that tab says', async () => {
    const leave = other.lead(pending, () => {})
    const { queryClient } = renderFound(pending)
    await pass(1_000)
    call(() => queryClient.clear())
    other.send('told', running)
    leave()
    await pass(600_000)
    expect(screen.getByText('idle')).toBeDefined()
    expect(queryClient.getQueryCache().getAll()).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
  })
})
