import { getEventListeners } from 'node:events'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { deferred } from '../support/deferred.js'
import { accepted, rejection, scriptedClient, stillRunning, succeeded } from '../support/scriptedClient.js'
import type { Answer } from '../support/scriptedWire.js'

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 9, 5) }))
afterEach(() => void vi.useRealTimers())

/** An answer that never comes; its connection ends with the request. */
const hanging: Answer = ({ signal }) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))

describe('row 39: an abort', () => {
  it('before it waits at all sends nothing and leaves no timer', async () => {
    const { client, sent } = scriptedClient([accepted])
    const operation = await client.callAction('Rebuild')
    const signal = AbortSignal.abort(new Error('enough'))
    expect(await rejection(operation.waitForCompletion({ signal }))).toMatchObject({ message: 'enough' })
    expect(await rejection(operation.poll({ signal }))).toMatchObject({ message: 'enough' })
    expect(sent).toHaveLength(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('during a poll stops the fetch and all timers at once, counts as no failure, and sends no DELETE', async () => {
    const { client, sent } = scriptedClient([accepted, hanging])
    const operation = await client.callAction('Rebuild', {}, { timeout: 600_000, onTimeout: 'cancel' })
    const controller = new AbortController()
    const stopped = rejection(operation.waitForCompletion({ signal: controller.signal, timeout: 60_000 }))
    await vi.advanceTimersByTimeAsync(2_000)
    expect(sent[1]?.signal.aborted).toBe(false)
    controller.abort(new Error('enough'))
    expect(await stopped).toMatchObject({ message: 'enough' })
    expect(sent[1]?.signal.aborted).toBe(true)
    await vi.advanceTimersByTimeAsync(3_600_000)
    expect(vi.getTimerCount()).toBe(0)
    expect(sent).toHaveLength(2)
    expect(operation.record).toMatchObject({ status: 'running', pollFailures: 0, pollError: undefined })
  })

  it('of one lets the fetch go on while someone else waits for it, and stops it with the last', async () => {
    const answer = deferred<string>()
    const { client, sent } = scriptedClient([accepted, () => answer.promise])
    const operation = await client.callAction('Rebuild')
    const [first, second] = [new AbortController(), new AbortController()]
    const polls = [operation.poll({ signal: first.signal }), operation.poll({ signal: second.signal })].map(rejection)
    await vi.advanceTimersByTimeAsync(0)
    first.abort(new Error('first'))
    expect(await polls[0]).toMatchObject({ message: 'first' })
    expect(sent[1]?.signal.aborted).toBe(false)
    second.abort(new Error('second'))
    expect(await polls[1]).toMatchObject({ message: 'second' })
    expect(sent[1]?.signal.aborted).toBe(true)
    expect(sent).toHaveLength(2)
  })

  it('is no end: the next poll sends a request of its own, and a result that comes to the old one after all is taken', async () => {
    const late = deferred<string>()
    const { client, sent } = scriptedClient([accepted, () => late.promise, stillRunning])
    const operation = await client.callAction('Rebuild')
    const controller = new AbortController()
    const stopped = rejection(operation.poll({ signal: controller.signal }))
    await vi.advanceTimersByTimeAsync(0)
    controller.abort(new Error('enough'))
    await stopped
    expect(await operation.poll()).toBe(true)
    late.resolve(succeeded)
    await vi.advanceTimersByTimeAsync(0)
    expect(operation).toMatchObject({ status: 'completed', result: { ID: 1 } })
    expect(sent).toHaveLength(3)
  })

  it('after the end changes nothing, and nothing listens for it any more', async () => {
    const { client } = scriptedClient([accepted, succeeded])
    const operation = await client.callAction('Rebuild')
    const controller = new AbortController()
    const done = operation.waitForCompletion({ signal: controller.signal })
    await vi.advanceTimersByTimeAsync(2_000)
    await expect(done).resolves.toMatchObject({ ID: 1 })
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
    controller.abort(new Error('too late'))
    await expect(operation.waitForCompletion({ signal: controller.signal })).resolves.toMatchObject({ ID: 1 })
  })

  it('of the first request lets go of it, and the outcome is unknown', async () => {
    const { client, sent } = scriptedClient([hanging])
    const controller = new AbortController()
    const operation = client.prepareAction('Rebuild')
    const submitted = operation.submit({ signal: controller.signal })
    await vi.advanceTimersByTimeAsync(0)
    controller.abort(new Error('enough'))
    await submitted
    expect(operation.error).toMatchObject({ kind: 'network', message: expect.stringContaining('outcome unknown') })
    expect(sent).toHaveLength(1)
    expect(vi.getTimerCount()).toBe(0)
  })
})
