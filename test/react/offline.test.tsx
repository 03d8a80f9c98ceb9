import { focusManager, onlineManager } from '@tanstack/react-query'
import { screen } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Reporter, reporter } from '../support/Reporter.js'
import { call, pass, renderApp } from '../support/renderApp.js'
import { accepted, rejection, succeeded } from '../support/scriptedClient.js'

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
const pauseOf = async () => {
  await pass(0)
  return [reporter().isPaused, reporter().pauseReason]
}

describe('without a network', () => {
  it('nothing is polled, and all that is due at once when it is back', async () => {
    const { sent } = renderApp(<Reporter />, { answers: [accepted, succeeded] })
    call(() => reporter().start())
    await pass(0)
    goOffline()
    expect(await pauseOf()).toEqual([true, 'offline'])
    await pass(HOUR)
    expect(sent).toHaveLength(1)
    goOnline()
    await pass(0)
    expect(sent).toHaveLength(2)
    expect(text()).toBe('Annual report')
  })

  it('trap 8: what is started is sent once, when the network is back', async () => {
    const { sent } = renderApp(<Reporter />, { answers: [accepted, succeeded] })
    goOffline()
    const promise = call(() => reporter().startAsync())
    call(() => reporter().start())
    await pass(HOUR)
    expect(sent).toHaveLength(0)
    expect(text()).toBe('pending')
    expect(await pauseOf()).toEqual([true, 'offline'])
    goOnline()
    await pass(0)
    goOffline()
    goOnline()
    await pass(2_000)
    expect(await promise).toMatchObject({ Title: 'Annual report' })
    expect(sent.map(({ method }) => method)).toEqual(['POST', 'GET'])
  })

  it('trap 8: what is started and cancelled meanwhile is never sent', async () => {
    const { sent } = renderApp(<Reporter />, { answers: [] })
    goOffline()
    const failed = rejection(call(() => reporter().startAsync()))
    const outcome = call(() => reporter().cancel())
    await pass(0)
    expect(await outcome).toBe('cancelled')
    expect(await failed).toMatchObject({ kind: 'cancelled' })
    expect(text()).toBe('cancelled')
    expect(await pauseOf()).toEqual([false, undefined])
    goOnline()
    await pass(HOUR)
    expect(sent).toHaveLength(0)
  })

  it('trap 8: a network that comes back while the page is hidden is used at once', async () => {
    const { sent } = renderApp(<Reporter />, { answers: [accepted, succeeded] })
    call(() => reporter().start())
    await pass(0)
    hide()
    goOffline()
    await pass(HOUR)
    goOnline()
    await pass(0)
    expect(sent).toHaveLength(2)
    expect(text()).toBe('Annual report')
  })

  it('trap 8: a poll that is lost when the network goes is made up for when it is back', async () => {
    const lost = () => new Promise<string>((resolve) => setTimeout(() => resolve('lost'), 1_000))
    const { sent } = renderApp(<Reporter />, { answers: [accepted, lost, succeeded] })
    call(() => reporter().start())
    await pass(2_500)
    goOffline()
    await pass(HOUR)
    expect(sent).toHaveLength(2)
    goOnline()
    await pass(0)
    expect(text()).toBe('Annual report')
  })

  it('trap 7: with `pauseWhenOffline` off a browser that says so is not believed: polls and starts go through', async () => {
    const { sent } = renderApp(<Reporter />, {
      answers: [accepted, 'lost', succeeded, '204 No Content'],
      provider: { pauseWhenOffline: false },
    })
    call(() => reporter().start())
    await pass(0)
    goOffline()
    await pass(10_000)
    expect(text()).toBe('Annual report')
    call(() => reporter().start())
    await pass(0)
    expect(sent).toHaveLength(4)
  })
})
