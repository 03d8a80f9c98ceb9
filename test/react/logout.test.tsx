import { focusManager, onlineManager, type QueryClient } from '@tanstack/react-query'
import { screen } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { odataOperationKey } from '../../src/react/odataOperationKey.js'
import { Reporter, reporter } from '../support/Reporter.js'
import { call, pass, renderApp } from '../support/renderApp.js'
import { accepted, rejection, succeeded } from '../support/scriptedClient.js'
import type { Answer } from '../support/scriptedWire.js'

const unhandled: unknown[] = []
const note = (error: unknown) => void unhandled.push(error)

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 9, 5) })
  unhandled.length = 0
  process.on('unhandledRejection', note)
})
afterEach(() => {
  process.off('unhandledRejection', note)
  onlineManager.setOnline(true)
  focusManager.setFocused(undefined)
  vi.useRealTimers()
})

const HOUR = 3_600_000
const slowly =
  (answer: Answer): Answer =>
  () =>
    new Promise((resolve) => setTimeout(() => resolve(answer), 1_000))

interface Moment {
  readonly answers: readonly Answer[]
  readonly arrive: () => Promise<void>
  readonly sent: readonly string[]
}

/** In what an operation may be when its user logs out. */
const moments: Record<string, Moment> = {
  'the request that starts it': {
    answers: [slowly(accepted)],
    arrive: () => pass(500),
    sent: ['POST'],
  },
  'the wait for the next poll': { answers: [accepted], arrive: () => pass(500), sent: ['POST'] },
  'a poll': { answers: [accepted, slowly(succeeded)], arrive: () => pass(2_500), sent: ['POST', 'GET'] },
  'a cancel': {
    answers: [accepted, slowly('204 No Content')],
    arrive: async () => {
      await pass(0)
      void call(() => reporter().cancel())
      await pass(500)
    },
    sent: ['POST', 'DELETE'],
  },
  'a pause': {
    answers: [accepted],
    arrive: async () => {
      await pass(0)
      call(() => reporter().pause())
      await pass(10_000)
    },
    sent: ['POST'],
  },
  'a time without a network': {
    answers: [accepted],
    arrive: async () => {
      await pass(0)
      call(() => onlineManager.setOnline(false))
      await pass(10_000)
    },
    sent: ['POST'],
  },
}

const atOnce = [
  ['clear', (client: QueryClient) => client.clear()],
  ['removeQueries', (client: QueryClient) => client.removeQueries({ queryKey: odataOperationKey() })],
] as const

describe.each(atOnce)('trap 11: %s', (_, logOut) => {
  it.each(Object.entries(moments))(
    'in %s leaves no timer, request or rejection',
    async (_, { answers, arrive, sent }) => {
      const app = renderApp(<Reporter id="a" />, { answers })
      const failed = rejection(call(() => reporter().startAsync()))
      await arrive()
      call(() => logOut(app.queryClient))
      await pass(0)
      expect(screen.getByText('idle')).toBeDefined()
      expect(await failed).toMatchObject({ kind: 'cancelled' })

      call(() => onlineManager.setOnline(false))
      call(() => onlineManager.setOnline(true))
      call(() => focusManager.setFocused(false))
      call(() => focusManager.setFocused(true))
      void call(() => reporter().checkNow())
      call(() => reporter().resume())
      await pass(HOUR)
      expect(app.sent.map(({ method }) => method)).toEqual(sent)
      expect(screen.getByText('idle')).toBeDefined()
      expect(app.queryClient.getQueryData(odataOperationKey('a'))).toBeUndefined()
      expect(vi.getTimerCount()).toBe(0)
      expect(unhandled).toEqual([])
    },
  )

  it('before the network is back takes what was not sent with it', async () => {
    const app = renderApp(<Reporter id="a" />, { answers: [] })
    call(() => onlineManager.setOnline(false))
    const failed = rejection(call(() => reporter().startAsync()))
    await pass(500)
    call(() => logOut(app.queryClient))
    await pass(0)
    expect(await failed).toMatchObject({ kind: 'cancelled' })
    call(() => onlineManager.setOnline(true))
    await pass(HOUR)
    expect(app.sent).toHaveLength(0)
    expect(vi.getTimerCount()).toBe(0)
    expect(unhandled).toEqual([])
  })

  it('with a promise that nobody waits for is no unhandled rejection', async () => {
    const app = renderApp(<Reporter id="a" />, { answers: [accepted] })
    call(() => reporter().start())
    await pass(500)
    call(() => logOut(app.queryClient))
    await pass(HOUR)
    expect(unhandled).toEqual([])
  })

  it('when the app is gone already leaves nothing either', async () => {
    const app = renderApp(<Reporter id="a" />, { answers: [slowly(accepted)] })
    const failed = rejection(call(() => reporter().startAsync()))
    await pass(500)
    app.unmount()
    logOut(app.queryClient)
    expect(await failed).toMatchObject({ kind: 'cancelled' })
    await pass(HOUR)
    expect(app.queryClient.getQueryCache().getAll()).toEqual([])
    expect(app.queryClient.getQueryCache().hasListeners()).toBe(false)
    expect(vi.getTimerCount()).toBe(0)
    expect(unhandled).toEqual([])
  })
})

describe('trap 11: cancelQueries', () => {
  const { 'a time without a network': _, 'a cancel': __, ...others } = moments

  it.each(Object.entries(others))('in %s stops nothing and repeats nothing', async (_, { answers, arrive, sent }) => {
    const app = renderApp(<Reporter id="a" />, { answers: [...answers, ...(answers.length < 2 ? [succeeded] : [])] })
    const promise = call(() => reporter().startAsync())
    await arrive()
    void call(() => app.queryClient.cancelQueries())
    await pass(0)
    expect(app.sent.map(({ method }) => method)).toEqual(sent)
    call(() => reporter().resume())
    await pass(HOUR)
    expect(await promise).toMatchObject({ Title: 'Annual report' })
    expect(app.sent.map(({ method }) => method)).toEqual(['POST', 'GET'])
    expect(unhandled).toEqual([])
  })
})
