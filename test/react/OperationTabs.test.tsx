import { focusManager } from '@tanstack/react-query'
import { cleanup, screen } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { OperationRecord } from '../../src/core/index.js'
import type { TabMessage } from '../../src/react/openTabs.js'
import { completed, type OtherTab, openOtherTab, renderFound, running, START } from '../support/otherTab.js'
import { Reporter, reporter } from '../support/Reporter.js'
import { call, pass, renderApp } from '../support/renderApp.js'
import { accepted, stillRunning, succeeded } from '../support/scriptedClient.js'
import { type StubbedTabs, stubTabs } from '../support/stubTabs.js'

let browser: StubbedTabs
let other: OtherTab

beforeEach(() => {
  vi.useFakeTimers({ now: START })
  browser = stubTabs()
  other = openOtherTab()
})
afterEach(() => {
  cleanup()
  focusManager.setFocused(undefined)
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

describe('a record that comes from a storage', () => {
  it('is asked about among the tabs before it is polled, when it is due', async () => {
    const { sent } = renderFound({ ...running, nextPollAt: START - 1 }, [succeeded])
    await pass(250)
    expect(other.types()).toContain('asked')
    expect(sent).toHaveLength(0)
    await pass(60)
    expect(screen.getByText('Annual report')).toBeDefined()
    expect(sent).toHaveLength(1)
  })

  it('is not polled when another tab knows its end', async () => {
    const { sent, onSettled } = renderFound({ ...running, nextPollAt: START - 1 })
    await pass(0)
    other.send('told', completed)
    await pass(60_000)
    expect(screen.getByText('From the other tab')).toBeDefined()
    expect(sent).toHaveLength(0)
    expect(onSettled).toHaveBeenCalledOnce()
  })

  it('is told of another run of the same id in vain', async () => {
    renderFound(running)
    await pass(0)
    other.send('told', { ...completed, submittedAt: START - 2_000 })
    await pass(0)
    expect(screen.getByText('running')).toBeDefined()
  })
})

describe('a tab that follows', () => {
  it('asks nothing, and reminds the one that leads once a second when a poll is due', async () => {
    other.lead(running, () => {})
    const { sent } = renderFound(running)
    await pass(4_900)
    expect(other.types()).not.toContain('due')
    await pass(2_200)
    expect(other.types().filter((type) => type === 'due')).toHaveLength(3)
    expect(sent).toHaveLength(0)
  })

  it('has a check done by the one that leads', async () => {
    other.lead(running, () => {})
    const { sent } = renderFound(running)
    await pass(1_000)
    await call(() => reporter().checkNow())
    await pass(0)
    expect(other.types()).toContain('urgent')
    expect(sent).toHaveLength(0)
  })

  it('leads as soon as the other one is gone', async () => {
    const leave = other.lead(running, () => {})
    const { sent } = renderFound(running, [succeeded])
    await pass(1_000)
    leave()
    await pass(3_900)
    expect(sent).toHaveLength(0)
    expect(other.types()).toContain('asked')
    await pass(200)
    expect(screen.getByText('Annual report')).toBeDefined()
    expect(sent).toHaveLength(1)
  })

  it('does not poll when the other one lets the lock go before its last word is heard', async () => {
    const leave = other.lead(running, () => {})
    const { sent } = renderFound({ ...running, nextPollAt: START - 1 })
    await pass(1_000)
    leave()
    await pass(200)
    other.send('told', completed)
    await pass(60_000)
    expect(screen.getByText('From the other tab')).toBeDefined()
    expect(sent).toHaveLength(0)
  })

  it('is not told again what it just heard', async () => {
    other.lead(running, () => {})
    renderFound(running)
    await pass(1_000)
    other.heard.length = 0
    other.send('told', { ...running, revision: 2, progress: { percent: 40 } })
    await pass(0)
    expect(other.types()).toEqual([])
  })
})

describe('a tab that leads', () => {
  it('tells each step, and answers who knows less', async () => {
    renderApp(<Reporter id="a" />, { answers: [accepted, succeeded] })
    call(() => reporter().start())
    await pass(2_000)
    expect(other.heard.map(({ type, record }) => [type, record.status])).toEqual([
      ['told', 'pending'],
      ['told', 'running'],
      ['told', 'completed'],
    ])
    const [first, second, last] = other.heard.map(({ record }) => record)
    other.heard.length = 0
    other.send('asked', second as OperationRecord)
    other.send('asked', last as OperationRecord)
    other.send('asked', { ...(first as OperationRecord), id: 'b' })
    await pass(0)
    expect(other.heard).toEqual([{ type: 'told', record: last }])
  })

  it('polls when it is reminded and it is time, and at once when that is urgent', async () => {
    const { sent } = renderApp(<Reporter id="a" />, { answers: [accepted, stillRunning, succeeded] })
    call(() => reporter().start())
    await pass(0)
    const { record } = other.heard[0] as TabMessage
    other.send('due', record)
    await pass(0)
    expect(sent).toHaveLength(1)
    other.send('urgent', record)
    await pass(0)
    expect(sent).toHaveLength(2)
    // As if its own timer were late, as that of a hidden page is.
    vi.setSystemTime(Date.now() + 2_000)
    other.send('due', record)
    await pass(0)
    expect(sent).toHaveLength(3)
  })

  it('keeps the lock until there is an answer, hidden or not; then a hidden one lets another tab lead', async () => {
    const answer = () => new Promise<string>((resolve) => setTimeout(() => resolve(accepted), 5_000))
    const provider = { pauseWhenHidden: true }
    renderApp(<Reporter id="a" />, { answers: [answer, succeeded], provider })
    call(() => reporter().start())
    await pass(0)
    const lead = vi.fn()
    other.lead(reporter().operation as OperationRecord, lead)
    focusManager.setFocused(false)
    await pass(4_000)
    expect(lead).not.toHaveBeenCalled()
    await pass(1_000)
    expect(lead).toHaveBeenCalledOnce()
  })

  it('says that it still waits for the first answer, though it let the lock go for a moment', async () => {
    const { show } = renderApp(<Reporter id="a" />, { answers: [() => new Promise<string>(() => {})] })
    call(() => reporter().start())
    await pass(0)
    const lead = vi.fn()
    const record = reporter().operation as OperationRecord
    other.lead(record, lead)
    show(<Reporter id="a" />, { pauseWhenHidden: true })
    await pass(0)
    expect(lead).toHaveBeenCalledOnce()
    other.heard.length = 0
    other.send('asked', record)
    await pass(0)
    expect(other.heard).toEqual([{ type: 'told', record }])
  })

  it('closes its channel and gives up its locks with its page', async () => {
    const { unmount } = renderApp(<Reporter id="a" />, { answers: [accepted] })
    call(() => reporter().start())
    await pass(0)
    other.close()
    expect(browser.channels()).toHaveLength(1)
    expect(browser.locks()).toHaveLength(1)
    unmount()
    await pass(0)
    expect(browser.channels()).toEqual([])
    expect(browser.locks()).toEqual([])
  })

  it('closes its channel when its last operation is forgotten', async () => {
    renderApp(<Reporter id="a" />, { answers: [succeeded] })
    call(() => reporter().start())
    await pass(0)
    other.close()
    expect(browser.channels()).toHaveLength(1)
    call(() => reporter().reset())
    await pass(0)
    expect(browser.channels()).toEqual([])
    expect(browser.locks()).toEqual([])
  })
})
