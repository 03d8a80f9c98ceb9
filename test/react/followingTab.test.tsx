import { QueryClient } from '@tanstack/react-query'
import { screen } from '@testing-library/react'
import { Profiler, useEffect } from 'react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { odataOperationKey } from '../../src/react/odataOperationKey.js'
import { type UseODataOperationResult, useODataOperation } from '../../src/react/useODataOperation.js'
import { completed, type OtherTab, openOtherTab, pending, renderFound, running, START } from '../support/otherTab.js'
import { Reporter, reporter } from '../support/Reporter.js'
import { call, pass, renderApp } from '../support/renderApp.js'
import { accepted, stillRunning } from '../support/scriptedClient.js'
import { stubTabs } from '../support/stubTabs.js'

beforeEach(() => void vi.useFakeTimers({ now: START }))
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

describe('a tab among others', () => {
  let other: OtherTab
  beforeEach(() => {
    stubTabs()
    other = openOtherTab()
  })

  it('settles the promise of an operation that only another tab can tell of, when the cache is cleared', async () => {
    other.lead(pending, () => {})
    const { queryClient } = renderFound(pending)
    await pass(1_000)
    const settled = vi.fn()
    void call(() => reporter().startAsync()).then(settled, settled)
    await pass(0)
    call(() => queryClient.clear())
    await pass(60_000)
    expect(settled).toHaveBeenCalledOnce()
  })

  it('keeps the promise of an operation that only another tab can tell of, though the provider is mounted anew', async () => {
    other.lead(pending, () => {})
    const queryClient = new QueryClient()
    queryClient.setQueryData(odataOperationKey('a'), pending)
    const { show } = renderApp(<Reporter id="a" />, { answers: [], queryClient })
    await pass(1_000)
    const settled = vi.fn()
    void call(() => reporter().startAsync()).then(settled, settled)
    await pass(0)
    show(<Reporter id="a" />, { pauseWhenHidden: true })
    await pass(1_000)
    other.send('told', running)
    other.send('told', completed)
    await pass(1_000)
    expect(screen.getByText('From the other tab')).toBeDefined()
    expect(settled).toHaveBeenCalledOnce()
  })

  it('calls the callbacks of a component that was there before another tab told of the operation, also when it has left', async () => {
    other.lead(pending, () => {})
    const queryClient = new QueryClient()
    queryClient.setQueryData(odataOperationKey('a'), pending)
    const onSettled = vi.fn()
    const { show } = renderApp(<Reporter id="a" onSettled={onSettled} />, { answers: [], queryClient })
    await pass(1_000)
    other.send('told', running)
    await pass(10)
    show(null)
    await pass(10)
    other.send('told', completed)
    await pass(10)
    expect(onSettled).toHaveBeenCalledOnce()
  })

  it('renders nothing in a tab that follows, for polls of the leader that change nothing', async () => {
    other.lead(running, () => {})
    const queryClient = new QueryClient()
    queryClient.setQueryData(odataOperationKey('a'), running)
    const onRender = vi.fn()
    renderApp(
      <Profiler id="x" onRender={onRender}>
        <Reporter id="a" />
      </Profiler>,
      { answers: [], queryClient },
    )
    await pass(1_000)
    const before = onRender.mock.calls.length
    for (let i = 0; i < 100; i++) {
      other.send('told', { ...running, revision: 2 + i, pollCount: i, nextPollAt: Date.now() + 5000 })
      await pass(100)
    }
    expect(onRender.mock.calls.length - before).toBe(0)
  })

  it('checkNow polls at once, also just after this tab took the lead', async () => {
    const { sent } = renderFound(running, [stillRunning])
    await pass(100)
    void call(() => reporter().checkNow())
    await pass(1_500)
    expect(sent).toHaveLength(1)
  })

  it('reset does nothing while another tab waits for the first answer', async () => {
    other.lead(pending, () => {})
    const queryClient = new QueryClient()
    queryClient.setQueryData(odataOperationKey('a'), pending)
    let hook: UseODataOperationResult | undefined
    function Watcher() {
      const watched = useODataOperation({ id: 'a' })
      useEffect(() => {
        hook = watched
      })
      return <p>{watched.status}</p>
    }
    renderApp(<Watcher />, { answers: [], queryClient })
    await pass(1_000)
    call(() => hook?.reset())
    await pass(10)
    expect(hook?.status).toBe('pending')
  })

  it('a cancel before another tab has the first answer could not be asked for, and is not too late', async () => {
    other.lead(pending, () => {})
    renderFound(pending)
    await pass(1_000)
    expect(reporter().canCancel).toBe(true)
    expect(await call(() => reporter().cancel())).toBe('failed')
  })
})

it('resume and then checkNow poll at once, in a tab that shares its operations', async () => {
  stubTabs()
  const { sent } = renderApp(<Reporter id="a" />, { answers: [accepted, stillRunning] })
  call(() => reporter().start())
  await pass(100)
  call(() => reporter().pause())
  await pass(500)
  call(() => reporter().resume())
  await pass(10)
  void call(() => reporter().checkNow())
  await pass(400)
  expect(sent.length).toBe(2)
})
