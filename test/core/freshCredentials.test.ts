import ky from 'ky'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createODataClient } from '../../src/core/index.js'
import { deferred } from '../support/deferred.js'
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

const unauthorized = '401 Unauthorized'

describe('row 30: fresh credentials', () => {
  it('are asked for once by all operations that wait for them, and the polls go on with them', async () => {
    const { promise, resolve: release } = deferred()
    const onUnauthorized = vi.fn(() => promise)
    let isFresh = false
    const http = ky.create({
      fetch: async (input, init) => {
        const { method } = new Request(input, init)
        if (method === 'POST') return new Response(null, { status: 202, headers: { Location: MONITOR } })
        return isFresh
          ? Response.json({ ID: 1 }, { headers: { AsyncResult: '200' } })
          : new Response(null, { status: 401 })
      },
    })
    const client = createODataClient({ serviceUrl: SERVICE, http, onUnauthorized })
    const operations = await Promise.all([1, 2, 3].map(() => client.callAction('Rebuild')))
    const polls = Promise.all(operations.map((operation) => operation.poll()))
    await vi.advanceTimersByTimeAsync(60_000)
    expect(operations.map(({ record }) => record.pauseReason)).toEqual(['auth', 'auth', 'auth'])
    isFresh = true
    release()
    await polls
    expect(operations.map(({ status }) => status)).toEqual(['completed', 'completed', 'completed'])
    expect(onUnauthorized).toHaveBeenCalledTimes(1)
  })

  it('are not asked for by a 401 that was under way while they came', async () => {
    const late = deferred<string>()
    const onUnauthorized = vi.fn()
    const { client } = scriptedClient([accepted, accepted, () => late.promise, unauthorized, stillRunning, succeeded], {
      onUnauthorized,
    })
    const slow = await client.callAction('Rebuild')
    const quick = await client.callAction('Rebuild')
    const polling = slow.poll()
    await quick.poll()
    late.resolve(unauthorized)
    await polling
    expect(slow.status).toBe('completed')
    expect(onUnauthorized).toHaveBeenCalledTimes(1)
  })

  it('are asked for anew when they are no longer fresh', async () => {
    const onUnauthorized = vi.fn()
    const answers = [accepted, unauthorized, stillRunning, unauthorized, succeeded]
    const { client } = scriptedClient(answers, { onUnauthorized })
    const operation = await client.callAction('Rebuild')
    await operation.poll()
    await operation.poll()
    expect(operation.status).toBe('completed')
    expect(onUnauthorized).toHaveBeenCalledTimes(2)
  })

  it('are asked for by the first request and by a cancel too', async () => {
    const onUnauthorized = vi.fn()
    const answers = [unauthorized, accepted, unauthorized, '202 Accepted']
    const { client, sent } = scriptedClient(answers, { onUnauthorized })
    const operation = await client.callAction('Rebuild', { Year: 2026 })
    expect(await operation.tryCancel()).toBe('requested')
    expect(operation.record.pauseReason).toBeUndefined()
    expect(onUnauthorized).toHaveBeenCalledTimes(2)
    expect(sent.map(({ method }) => method)).toEqual(['POST', 'POST', 'DELETE', 'DELETE'])
    expect(sent[1]?.body).toBe('{"Year":2026}')
  })

  it('that come when nobody waits any more are not used: nothing is sent', async () => {
    const { promise, resolve: release } = deferred()
    const { client, sent } = scriptedClient([accepted, unauthorized], { onUnauthorized: () => promise })
    const operation = await client.callAction('Rebuild')
    const controller = new AbortController()
    const stopped = rejection(operation.poll({ signal: controller.signal }))
    await vi.advanceTimersByTimeAsync(0)
    controller.abort(new Error('enough'))
    await stopped
    release()
    await vi.advanceTimersByTimeAsync(0)
    expect(sent).toHaveLength(2)
    expect(operation.record).toMatchObject({ status: 'running', pollFailures: 0, pauseReason: undefined })
  })

  it('that never come keep polling paused as long as it takes, and whoever waits can leave', async () => {
    const onUnauthorized = () => deferred().promise
    const { client, sent } = scriptedClient([accepted, unauthorized], { onUnauthorized })
    const operation = await client.callAction('Rebuild')
    const controller = new AbortController()
    const stopped = rejection(operation.waitForCompletion({ signal: controller.signal }))
    await vi.advanceTimersByTimeAsync(86_400_000)
    expect(operation.record).toMatchObject({ status: 'running', pauseReason: 'auth' })
    controller.abort(new Error('enough'))
    expect(await stopped).toMatchObject({ message: 'enough' })
    expect(sent).toHaveLength(2)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('that never come keep nobody who aborts the first request', async () => {
    const onUnauthorized = () => deferred().promise
    const { client, sent } = scriptedClient([unauthorized], { onUnauthorized, timeout: 600_000 })
    const controller = new AbortController()
    const stopped = rejection(client.callAction('Rebuild', {}, { signal: controller.signal }))
    await vi.advanceTimersByTimeAsync(1_000)
    controller.abort(new Error('enough'))
    expect(await stopped).toMatchObject({ message: 'enough' })
    expect(sent).toHaveLength(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('that never come keep nothing paused once nobody waits any more', async () => {
    const onUnauthorized = () => deferred().promise
    const { client } = scriptedClient([accepted, unauthorized], { onUnauthorized, timeout: 600_000 })
    const operation = await client.callAction('Rebuild')
    const controller = new AbortController()
    const stopped = rejection(operation.poll({ signal: controller.signal }))
    await vi.advanceTimersByTimeAsync(1_000)
    expect(operation.record.pauseReason).toBe('auth')
    controller.abort(new Error('enough'))
    await stopped
    await vi.advanceTimersByTimeAsync(0)
    expect(operation.record).toMatchObject({ status: 'running', pauseReason: undefined, pollFailures: 0 })
    expect(vi.getTimerCount()).toBe(0)
  })

  it('that never come end the operation at its timeout', async () => {
    const onUnauthorized = () => deferred().promise
    const { client, sent } = scriptedClient([accepted, unauthorized], { onUnauthorized, timeout: 60_000 })
    const operation = await client.callAction('Rebuild')
    const failed = rejection(operation.waitForCompletion())
    await vi.advanceTimersByTimeAsync(60_000)
    expect(await failed).toMatchObject({ kind: 'timeout', monitorUrl: MONITOR })
    expect(operation.record.pauseReason).toBeUndefined()
    expect(sent).toHaveLength(2)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('that are refused are a failed poll: the monitor is asked again, and then for credentials again', async () => {
    const reason = new Error('login window closed')
    const onUnauthorized = vi.fn().mockRejectedValueOnce(reason)
    const { client } = scriptedClient([accepted, unauthorized, unauthorized, succeeded], { onUnauthorized })
    const operation = await client.callAction('Rebuild')
    expect(await operation.poll()).toBe(true)
    expect(operation.record).toMatchObject({ status: 'running', pollFailures: 1, pauseReason: undefined })
    expect(operation.record.pollError).toMatchObject({
      kind: 'monitor',
      status: 401,
      message: expect.stringContaining('login window closed'),
    })
    expect(await operation.poll()).toBe(false)
    expect(operation.status).toBe('completed')
  })

  it('that are refused each time end as monitor, and the error knows why', async () => {
    const reason = new Error('login window closed')
    const onUnauthorized = () => {
      throw reason
    }
    const { client } = scriptedClient([accepted, unauthorized, unauthorized], {
      onUnauthorized,
      polling: { maxFailures: 2 },
    })
    const failed = rejection(client.callActionAndWait('Rebuild'))
    await vi.advanceTimersByTimeAsync(60_000)
    expect(await failed).toMatchObject({ kind: 'monitor', status: 401, cause: reason })
  })

  it('that are refused to the first request leave its 401 as the answer: its outcome is known', async () => {
    const reason = new Error('login window closed')
    const onUnauthorized = () => Promise.reject(reason)
    const { client, sent } = scriptedClient([unauthorized], { onUnauthorized })
    const error = await rejection(client.callAction('Rebuild'))
    expect(error).toMatchObject({ kind: 'service', status: 401, cause: reason })
    expect((error as Error).message).toContain('login window closed')
    expect((error as Error).message).not.toContain('unknown')
    expect(sent).toHaveLength(1)
  })

  it('are no help against a 403, which ends at once', async () => {
    const onUnauthorized = vi.fn()
    const { client } = scriptedClient([accepted, '403 Forbidden'], { onUnauthorized })
    const operation = await client.callAction('Rebuild')
    expect(await operation.poll()).toBe(false)
    expect(operation.error).toMatchObject({ kind: 'monitor', status: 403 })
    expect(onUnauthorized).not.toHaveBeenCalled()
  })
})
