import { focusManager, onlineManager } from '@tanstack/react-query'
import { screen } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { odataOperationOptions } from '../../src/react/odataOperationOptions.js'
import { useODataOperation } from '../../src/react/useODataOperation.js'
import { Reporter, reporter } from '../support/Reporter.js'
import { call, pass, renderApp } from '../support/renderApp.js'
import { accepted, stillRunning, succeeded } from '../support/scriptedClient.js'

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 9, 5) }))
afterEach(() => {
  focusManager.setFocused(undefined)
  onlineManager.setOnline(true)
  vi.useRealTimers()
})

const HOUR = 3_600_000
const text = (label = 'report') => screen.getByTestId(label).textContent
const goOffline = () => call(() => onlineManager.setOnline(false))
const goOnline = () => call(() => onlineManager.setOnline(true))
const hide = () => call(() => focusManager.setFocused(false))
const comeBack = () => call(() => focusManager.setFocused(true))
const pauseOf = async () => {
  await pass(0)
  return [reporter().isPaused, reporter().pauseReason]
}

describe('pause() and resume()', () => {
  it('stop the polling and take it up again, at once when a poll is due', async () => {
    const { sent } = renderApp(<Reporter />, { answers: [accepted, succeeded] })
    call(() => reporter().start())
    await pass(0)
    expect(await pauseOf()).toEqual([false, undefined])
    call(() => reporter().pause())
    expect(await pauseOf()).toEqual([true, 'user'])
    await pass(HOUR)
    expect(sent).toHaveLength(1)
    call(() => reporter().resume())
    await pass(0)
    expect(sent).toHaveLength(2)
    expect(text()).toBe('Annual report')
    expect(await pauseOf()).toEqual([false, undefined])
  })

  it('hold for whoever fetches the query of the operation, too', async () => {
    const { client, queryClient, sent } = renderApp(<Reporter id="a" />, { answers: [accepted, succeeded] })
    call(() => reporter().start())
    await pass(0)
    call(() => reporter().pause())
    await pass(HOUR)
    const options = { ...odataOperationOptions(client, { id: 'a' }), staleTime: 0 }
    const fetched = call(() => queryClient.fetchQuery(options))
    await pass(0)
    expect(await fetched).toMatchObject({ status: 'running' })
    expect(sent).toHaveLength(1)
  })

  it('taken back before its time, the poll comes when it is due', async () => {
    const { sent } = renderApp(<Reporter />, { answers: [accepted, succeeded] })
    call(() => reporter().start())
    await pass(500)
    call(() => reporter().pause())
    await pass(500)
    call(() => reporter().resume())
    await pass(999)
    expect(sent).toHaveLength(1)
    await pass(1)
    expect(sent).toHaveLength(2)
  })

  it('concern the operation, whoever looks at it: another component may resume', async () => {
    let other: ReturnType<typeof useODataOperation> | undefined
    function Watcher() {
      other = useODataOperation({ id: 'a' })
      return <p data-testid="watcher">{other.pauseReason ?? 'watched'}</p>
    }
    const { sent } = renderApp(
      <>
        <Reporter id="a" />
        <Watcher />
      </>,
      { answers: [accepted, succeeded] },
    )
    call(() => reporter().start())
    await pass(0)
    call(() => reporter().pause())
    await pass(0)
    expect(text('watcher')).toBe('user')
    await pass(HOUR)
    call(() => other?.resume())
    await pass(0)
    expect(sent).toHaveLength(2)
  })

  it('checkNow asks once, paused or not', async () => {
    const { sent } = renderApp(<Reporter />, { answers: [accepted, stillRunning] })
    call(() => reporter().start())
    await pass(0)
    call(() => reporter().pause())
    void call(() => reporter().checkNow())
    await pass(HOUR)
    expect(sent).toHaveLength(2)
    expect(await pauseOf()).toEqual([true, 'user'])
  })

  it.each([
    ['a result that checkNow found', 'checkNow', succeeded, 'Annual report'],
    ['a cancel', 'cancel', '204 No Content', 'cancelled'],
  ] as const)('%s ends the pause', async (_, verb, answer, end) => {
    renderApp(<Reporter />, { answers: [accepted, answer] })
    call(() => reporter().start())
    await pass(0)
    call(() => reporter().pause())
    void call(() => reporter()[verb]())
    await pass(0)
    expect(text()).toBe(end)
    expect(await pauseOf()).toEqual([false, undefined])
  })

  it('an operation that is paused for hours, with nobody looking, is not collected', async () => {
    const { show, sent } = renderApp(<Reporter id="a" />, { answers: [accepted, succeeded] })
    call(() => reporter().start())
    await pass(0)
    call(() => reporter().pause())
    show(null)
    await pass(HOUR)
    show(<Reporter id="a" />)
    expect(text()).toBe('running')
    call(() => reporter().resume())
    await pass(0)
    expect(text()).toBe('Annual report')
    expect(sent).toHaveLength(2)
  })

  it('after a pause that is longer than the time to wait, there is one poll before the time is up', async () => {
    const answers = [accepted, succeeded, accepted, stillRunning]
    const { sent } = renderApp(<Reporter timeout={60_000} />, { answers })
    for (const end of ['Annual report', 'failed']) {
      call(() => reporter().start())
      await pass(0)
      call(() => reporter().pause())
      await pass(HOUR)
      expect(text()).toBe('running')
      call(() => reporter().resume())
      await pass(0)
      expect(text()).toBe(end)
    }
    expect(reporter().error?.kind).toBe('timeout')
    expect(sent).toHaveLength(4)
  })
})

describe('a page that is hidden', () => {
  it('polls on by default', async () => {
    const { sent } = renderApp(<Reporter />, { answers: [accepted, stillRunning, succeeded] })
    call(() => reporter().start())
    await pass(0)
    hide()
    await pass(4_000)
    expect(await pauseOf()).toEqual([false, undefined])
    expect(sent).toHaveLength(3)
    expect(text()).toBe('Annual report')
  })

  it('pauses with `pauseWhenHidden`, sends what is started, and polls what is due at once on return', async () => {
    const { sent } = renderApp(<Reporter />, { answers: [accepted, succeeded], provider: { pauseWhenHidden: true } })
    hide()
    call(() => reporter().start())
    await pass(HOUR)
    expect(sent).toHaveLength(1)
    expect(await pauseOf()).toEqual([true, 'hidden'])
    comeBack()
    await pass(0)
    expect(sent).toHaveLength(2)
    expect(text()).toBe('Annual report')
  })

  it('takes a change of `pauseWhenHidden` for what is under way', async () => {
    const { sent, show } = renderApp(<Reporter id="a" />, { answers: [accepted, stillRunning, succeeded] })
    call(() => reporter().start())
    await pass(0)
    hide()
    show(<Reporter id="a" />, { pauseWhenHidden: true })
    expect(await pauseOf()).toEqual([true, 'hidden'])
    await pass(HOUR)
    expect(sent).toHaveLength(1)
    show(<Reporter id="a" />, { pauseWhenHidden: false })
    await pass(0)
    expect(sent).toHaveLength(2)
    await pass(2_000)
    expect(text()).toBe('Annual report')
  })
})

it('as long as one of several reasons is left, nothing is polled', async () => {
  const { sent } = renderApp(<Reporter />, { answers: [accepted, succeeded], provider: { pauseWhenHidden: true } })
  call(() => reporter().start())
  await pass(0)
  hide()
  goOffline()
  call(() => reporter().pause())
  const reasons: unknown[] = []
  for (const end of [() => call(() => reporter().resume()), goOnline, comeBack]) {
    await pass(HOUR)
    expect(sent).toHaveLength(1)
    reasons.push(reporter().pauseReason)
    end()
  }
  await pass(0)
  expect(reasons).toEqual(['user', 'offline', 'hidden'])
  expect(sent).toHaveLength(2)
})
