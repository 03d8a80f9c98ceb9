import ky from 'ky'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createODataClient, type ODataError } from '../../src/core/index.js'
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

const problem = 'Content-Type: application/json\n\n{"error":{"code":"E","message":"No."}}'

describe('an error status of the monitor', () => {
  it.each([400, 404, 410, 429, 500, 503])('%s with AsyncResult is the error of the operation', async (status) => {
    const { client, sent } = scriptedClient([accepted, `${status} No\nAsyncResult: 422\n${problem}`])
    const operation = await client.callAction('Rebuild')
    expect(await operation.poll()).toBe(false)
    expect(operation.error).toMatchObject({ kind: 'service', status: 422, code: 'E' })
    expect(sent).toHaveLength(2)
  })

  it.each([400, 406, 408, 500, 502, 504])(
    '%s without AsyncResult is asked again, a bounded number of times, and then ends as monitor with the last body',
    async (status) => {
      const answers = [accepted, `${status} First`, 'lost', `${status} Last\n${problem}`]
      const { client, sent } = scriptedClient(answers, { polling: { maxFailures: 3 } })
      const failed = rejection(client.callActionAndWait('Rebuild'))
      await vi.advanceTimersByTimeAsync(60_000)
      const error = await failed
      expect(error).not.toHaveProperty('cause')
      expect(error).toMatchObject({
        kind: 'monitor',
        status,
        body: '{"error":{"code":"E","message":"No."}}',
        monitorUrl: MONITOR,
        message: expect.stringMatching(/^3 polls failed: The status monitor answered .*No\..*client\.resume/),
      })
      expect(sent).toHaveLength(4)
    },
  )

  it('is forgotten with the next answer that can be used: only failures in a row count', async () => {
    const answers = [accepted, 'lost', stillRunning, '500 Oops', stillRunning, 'lost', succeeded]
    const { client } = scriptedClient(answers, { polling: { maxFailures: 2 } })
    const done = client.callActionAndWait('Rebuild')
    await vi.advanceTimersByTimeAsync(60_000)
    await expect(done).resolves.toMatchObject({ ID: 1 })
  })

  it('that ended the operation is asked again by who resumes it', async () => {
    const { client } = scriptedClient([accepted, '403 Forbidden', succeeded])
    const operation = await client.callAction('Rebuild')
    await operation.poll()
    const { record } = operation.error as ODataError
    const resumed = client.resume(JSON.parse(JSON.stringify(record)))
    expect(resumed).toMatchObject({ status: 'running', error: undefined })
    await resumed.poll()
    expect(resumed.status).toBe('completed')
  })
})

describe('a network error', () => {
  /** A client whose network fails from the n-th request on. */
  function failingClient(answered: number, reason: unknown) {
    const answers = [new Response(null, { status: 202, headers: { Location: MONITOR } })].slice(0, answered)
    const http = ky.create({
      headers: { Authorization: 'Bearer secret' },
      fetch: async () => answers.shift() ?? Promise.reject(reason),
    })
    return createODataClient({ serviceUrl: SERVICE, http, polling: { maxFailures: 2 } })
  }

  const reason = new TypeError('fetch failed')

  it('of the first request is the cause of the error as it was thrown, and not in the record', async () => {
    const error = (await rejection(failingClient(0, reason).callAction('Rebuild'))) as ODataError
    expect(error).toMatchObject({ kind: 'network' })
    expect(error.cause).toBe(reason)
    expect(error.message).toContain('fetch failed')
    expect(JSON.parse(JSON.stringify(error.record?.error))).toEqual({ kind: 'network', message: error.message })
  })

  it('of polls is the cause too, with neither the request nor the URL of the monitor in the message', async () => {
    const client = failingClient(1, reason)
    const failed = rejection(client.callActionAndWait('Rebuild'))
    await vi.advanceTimersByTimeAsync(60_000)
    const error = (await failed) as ODataError
    expect(error).toMatchObject({ kind: 'monitor' })
    expect(error.cause).toBe(reason)
    expect(error.message).toContain('2 polls failed: TypeError: fetch failed')
    expect(error.message).not.toContain(MONITOR)
  })

  it('has no cause after JSON', async () => {
    const client = failingClient(0, reason)
    const { record } = (await rejection(client.callAction('Rebuild'))) as ODataError
    const resumed = client.resume(JSON.parse(JSON.stringify(record)))
    expect(resumed.error).toMatchObject({ kind: 'network' })
    expect(resumed.error).not.toHaveProperty('cause')
  })
})

describe('a listener that throws', () => {
  it('is heard of outside, and the operation is as if it had not', async () => {
    const { client } = scriptedClient([accepted, stillRunning, succeeded])
    const operation = client.prepareAction('Rebuild')
    const listener = vi.fn()
    operation.subscribe(() => {
      throw new Error('in a listener')
    })
    operation.subscribe(listener)
    await operation.submit()
    await operation.poll()
    expect(operation.record).toMatchObject({ status: 'running', pollFailures: 0 })
    expect(listener).toHaveBeenCalledTimes(2)
    expect(() => vi.runOnlyPendingTimers()).toThrow('in a listener')
  })
})

describe('a record from a storage', () => {
  it.each([{ nextPollAt: undefined }, { nextPollAt: null }])('with %j is due at once', async (stored) => {
    const { client } = scriptedClient([accepted, succeeded])
    const operation = await client.callAction('Rebuild')
    const resumed = client.resume({ ...operation.record, ...(stored as object) })
    expect(resumed.isDue).toBe(true)
    const done = resumed.waitForCompletion()
    await vi.advanceTimersByTimeAsync(1)
    await expect(done).resolves.toMatchObject({ ID: 1 })
  })

  it('with a time of its next poll that has not come waits for it', async () => {
    const { client, sent } = scriptedClient([accepted, succeeded])
    const operation = await client.callAction('Rebuild')
    const resumed = client.resume(JSON.parse(JSON.stringify(operation)))
    const done = resumed.waitForCompletion()
    await vi.advanceTimersByTimeAsync(1_999)
    expect(sent).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1)
    await expect(done).resolves.toMatchObject({ ID: 1 })
  })

  it('that waited for credentials does so no more', async () => {
    const { client } = scriptedClient([accepted, succeeded])
    const operation = await client.callAction('Rebuild')
    const resumed = client.resume({ ...operation.record, pauseReason: 'auth' })
    expect(resumed.record.pauseReason).toBeUndefined()
  })
})
