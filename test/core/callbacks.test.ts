import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  accepted,
  MONITOR,
  rejection,
  SERVICE,
  scriptedClient,
  stillRunning,
  succeeded,
} from '../support/scriptedClient.js'

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 9, 5) }))
afterEach(() => void vi.useRealTimers())

const CALLBACK = { callbackUrl: 'https://app.example/done?job=7' }
const DELTA = `${SERVICE}Orders?$deltatoken=9`

describe('a callback', () => {
  it('is asked for by the name that every version knows, in the one list of preferences', async () => {
    const { client, sent } = scriptedClient([accepted])
    await client.callAction('Rebuild', {}, { ...CALLBACK, wait: 5 })
    expect(sent[0]?.headers.prefer).toBe('odata.callback; url="https://app.example/done?job=7", respond-async, wait=5')
  })

  it('whose URL has quotes and commas stays one preference', async () => {
    const { client, sent } = scriptedClient([accepted])
    await client.callAction('Rebuild', {}, { callbackUrl: 'https://app.example/a,b?c="d", wait=9' })
    expect(sent[0]?.headers.prefer).toBe(
      'odata.callback; url="https://app.example/a,b?c=%22d%22,%20wait=9", respond-async',
    )
  })

  it.each(['', '/done', 'done', 'ftp://app.example/', 'javascript:alert(1)', 'https://user:pw@app.example/', 7])(
    'to %j is refused before anything is sent',
    async (callbackUrl) => {
      const { client, sent } = scriptedClient([])
      const error = await rejection(client.callAction('Rebuild', {}, { callbackUrl: callbackUrl as string }))
      expect(error).toMatchObject({ kind: 'configuration' })
      expect((error as Error).message).toContain('absolute http or https URL')
      expect(sent).toHaveLength(0)
    },
  )

  it('row 41: a notification polls once, a second one at the same time shares that, and one too early does no harm', async () => {
    const { client, sent } = scriptedClient([accepted, stillRunning, succeeded])
    const operation = await client.callAction('Rebuild', {}, CALLBACK)
    expect(await operation.poll()).toBe(true)
    await Promise.all([operation.poll(), operation.poll()])
    expect(operation.result).toMatchObject({ ID: 1 })
    expect(await operation.poll()).toBe(false)
    expect(sent).toHaveLength(3)
  })

  it('row 42: one that never comes changes nothing, as polling goes on', async () => {
    const { client, sent } = scriptedClient([accepted, stillRunning, succeeded])
    const done = client.callActionAndWait('Rebuild', {}, CALLBACK)
    await vi.advanceTimersByTimeAsync(4_000)
    expect(await done).toMatchObject({ ID: 1 })
    expect(sent).toHaveLength(3)
  })

  it.each(['callback', 'odata.callback', 'callback, wait=5'])(
    'an action accepted with Preference-Applied: %s alone is followed',
    async (applied) => {
      const { client } = scriptedClient([`${accepted}\nPreference-Applied: ${applied}`])
      expect(await client.callAction('Rebuild', {}, CALLBACK)).toMatchObject({ status: 'running', monitorUrl: MONITOR })
    },
  )

  it('a write accepted with Preference-Applied: callback alone is followed', async () => {
    const { client } = scriptedClient([`${accepted}\nPreference-Applied: callback`])
    const operation = await client.request('PATCH', 'Orders(7)', {}, CALLBACK)
    expect(operation).toMatchObject({ status: 'running', monitorUrl: MONITOR })
  })

  it('a function accepted with Preference-Applied: callback alone is followed, as it is no delta link', async () => {
    const { client } = scriptedClient([`${accepted}\nPreference-Applied: callback`])
    expect(await client.callFunction('Fn', {}, CALLBACK)).toMatchObject({ status: 'running', monitorUrl: MONITOR })
  })
})

describe('row 144: a delta link that is asked with a callback', () => {
  it('has no changes yet when only the callback was applied: the new delta link is no monitor', async () => {
    const { client, sent } = scriptedClient([`202 Accepted\nLocation: ${DELTA}\nPreference-Applied: odata.callback`])
    const operation = await client.request('GET', `${SERVICE}Orders?$deltatoken=8`, undefined, CALLBACK)
    expect(operation).toMatchObject({ status: 'completed', isAsync: false, result: undefined, monitorUrl: undefined })
    expect(operation.record.response).toMatchObject({ status: 202, headers: { location: DELTA } })
    await vi.advanceTimersByTimeAsync(3_600_000)
    expect(await operation.poll()).toBe(false)
    expect(sent).toHaveLength(1)
  })

  it.each(['respond-async', 'odata.callback, Respond-Async', undefined])(
    'is under way when Preference-Applied is %s',
    async (applied) => {
      const { client } = scriptedClient([applied ? `${accepted}\nPreference-Applied: ${applied}` : accepted])
      const operation = await client.request('GET', `${SERVICE}Orders?$deltatoken=8`, undefined, CALLBACK)
      expect(operation).toMatchObject({ status: 'running', monitorUrl: MONITOR })
    },
  )

  it('without a callback is under way, whatever was applied', async () => {
    const { client } = scriptedClient([`${accepted}\nPreference-Applied: odata.track-changes`])
    const operation = await client.request('GET', `${SERVICE}Orders?$deltatoken=8`)
    expect(operation).toMatchObject({ status: 'running', monitorUrl: MONITOR })
  })
})
