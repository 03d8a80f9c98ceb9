import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ODataError } from '../../src/core/index.js'
import { accepted, MONITOR, rejection, scriptedClient, stillRunning, succeeded } from '../support/scriptedClient.js'
import type { Answer } from '../support/scriptedWire.js'

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 9, 5) }))
afterEach(() => void vi.useRealTimers())

/** An answer that never comes; its connection ends with the request. */
const hanging: Answer = ({ signal }) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))

/** An operation whose time is over, and the error that it ended with. */
async function timedOut(answers: readonly Answer[], onTimeout?: 'keep' | 'cancel') {
  const { client, sent, push } = scriptedClient([accepted, stillRunning, ...answers])
  const operation = await client.callAction('Rebuild', {}, { timeout: 2_000, onTimeout })
  const failed = operation.waitForCompletion().then(
    () => undefined,
    (error: ODataError) => error,
  )
  await vi.advanceTimersByTimeAsync(2_000)
  return { client, sent, push, operation, error: await failed }
}

describe('the timeout of an operation', () => {
  it('row 38: by default the service is left alone, and the error carries all that is needed to wait on', async () => {
    const { client, sent, push, error } = await timedOut([])
    expect(error).toMatchObject({ name: 'OperationTimeoutError', kind: 'timeout', monitorUrl: MONITOR })
    expect(error?.message).toContain('Not finished after 2000 ms')
    expect(error?.message).toContain('client.resume(error.record)')
    expect(sent.map(({ method }) => method)).toEqual(['POST', 'GET'])

    push(stillRunning, succeeded)
    const resumed = client.resume(JSON.parse(JSON.stringify(error?.record)))
    expect(resumed).toMatchObject({ status: 'running', error: undefined, isDue: true })
    const done = resumed.waitForCompletion()
    await vi.advanceTimersByTimeAsync(2_000)
    await expect(done).resolves.toMatchObject({ ID: 1 })
    expect(sent.slice(2).map(({ method, url }) => `${method} ${url}`)).toEqual(Array(2).fill(`GET ${MONITOR}`))
  })

  it('is by the clock on the wall: after a long sleep the monitor is asked once more, and a result that is there is taken', async () => {
    const { client, sent } = scriptedClient([accepted, succeeded])
    const done = client.callActionAndWait('Rebuild', {}, { timeout: 60_000 })
    await vi.advanceTimersByTimeAsync(1_000)
    vi.setSystemTime(Date.now() + 3_600_000)
    await vi.advanceTimersByTimeAsync(1_000)
    await expect(done).resolves.toMatchObject({ ID: 1 })
    expect(sent).toHaveLength(2)
  })

  it('ends after a long sleep when that last answer is still a 202', async () => {
    const { client, sent } = scriptedClient([accepted, stillRunning])
    const failed = rejection(client.callActionAndWait('Rebuild', {}, { timeout: 60_000 }))
    await vi.advanceTimersByTimeAsync(1_000)
    vi.setSystemTime(Date.now() + 3_600_000)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(await failed).toMatchObject({ kind: 'timeout', message: expect.stringContaining('3602000 ms') })
    expect(sent).toHaveLength(2)
  })

  it('ends also when the last poll gets no answer', async () => {
    const { client } = scriptedClient([accepted, 'lost'])
    const failed = rejection(client.callActionAndWait('Rebuild', {}, { timeout: 2_000 }))
    await vi.advanceTimersByTimeAsync(2_000)
    expect(await failed).toMatchObject({ kind: 'timeout' })
  })

  it('of one wait is by the clock on the wall too: after a long sleep a result that is there is taken', async () => {
    const { client, sent } = scriptedClient([accepted, succeeded])
    const operation = await client.callAction('Rebuild')
    const done = operation.waitForCompletion({ timeout: 60_000 })
    await vi.advanceTimersByTimeAsync(1_000)
    vi.setSystemTime(Date.now() + 3_600_000)
    await vi.advanceTimersByTimeAsync(1_000)
    await expect(done).resolves.toMatchObject({ ID: 1 })
    expect(sent).toHaveLength(2)
  })

  it('of the client counts unless the operation has its own', async () => {
    const { client } = scriptedClient([accepted, accepted], { timeout: 60_000 })
    const start = Date.now()
    expect((await client.callAction('Rebuild')).record.deadlineAt).toBe(start + 60_000)
    expect((await client.callAction('Rebuild', {}, { timeout: 1_000 })).record.deadlineAt).toBe(start + 1_000)
  })

  it('maxPolls ends it after that many answers that it goes on', async () => {
    const { client, sent } = scriptedClient([accepted, stillRunning, stillRunning])
    const failed = rejection(client.callActionAndWait('Rebuild', {}, { maxPolls: 2 }))
    await vi.advanceTimersByTimeAsync(60_000)
    expect(await failed).toMatchObject({
      kind: 'timeout',
      message: expect.stringContaining('Not finished after 2 polls'),
    })
    expect(sent).toHaveLength(3)
  })
})

describe('the timeout of one request', () => {
  it('ends a poll that hangs; it is asked again', async () => {
    const { client, sent } = scriptedClient([accepted, hanging, succeeded], { requestTimeout: 7_000 })
    const operation = await client.callAction('Rebuild')
    const done = operation.waitForCompletion()
    await vi.advanceTimersByTimeAsync(8_999)
    expect(operation.record.pollFailures).toBe(0)
    await vi.advanceTimersByTimeAsync(1)
    expect(operation.record).toMatchObject({ pollFailures: 1, pollError: { kind: 'network' } })
    expect(operation.record.pollError?.message).toContain('no answer within 7000 ms')
    expect(sent[1]?.signal.aborted).toBe(true)
    await vi.advanceTimersByTimeAsync(1_000)
    await expect(done).resolves.toMatchObject({ ID: 1 })
  })

  it('is 30 seconds by default, and for a cancel too', async () => {
    const { client } = scriptedClient([accepted, hanging])
    const operation = await client.callAction('Rebuild')
    const outcome = operation.tryCancel()
    await vi.advanceTimersByTimeAsync(29_999)
    expect(operation.status).toBe('cancelling')
    await vi.advanceTimersByTimeAsync(1)
    expect(await outcome).toBe('failed')
    expect(operation.status).toBe('running')
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe("onTimeout: 'cancel'", () => {
  it.each(['204 No Content', '200 OK', '200 OK\nContent-Type: application/json\n\n{"state":"Canceling"}'])(
    '%j to DELETE: the operation ends as timeout, and the error says that it was cancelled',
    async (answer) => {
      const { client, sent, push, operation, error } = await timedOut([answer], 'cancel')
      expect(sent.map(({ method }) => method)).toEqual(['POST', 'GET', 'DELETE'])
      expect(error).toMatchObject({
        kind: 'timeout',
        message: 'Not finished after 2000 ms. The service has cancelled it.',
      })
      push('404 Not Found')
      const resumed = client.resume(operation.record)
      await resumed.poll()
      expect(resumed.status).toBe('cancelled')
    },
  )

  it('202 with another Location: it ends as timeout; who resumes it follows the cancel to its end', async () => {
    const { client, sent, push, operation, error } = await timedOut(['202 Accepted\nLocation: /cancels/7'], 'cancel')
    expect(error).toMatchObject({ kind: 'timeout' })
    push('204 No Content')
    const resumed = client.resume(operation.record)
    await resumed.poll()
    expect(resumed.status).toBe('cancelled')
    expect(sent.at(-1)?.url).toBe('https://api.example.com/cancels/7')
  })

  it('202 with the same Location: it ends as timeout; who resumes it asks the monitor what became of it', async () => {
    const { client, push, operation } = await timedOut([stillRunning], 'cancel')
    expect(operation.error).toMatchObject({ kind: 'timeout' })
    push('404 Not Found')
    const resumed = client.resume(operation.record)
    await resumed.poll()
    expect(resumed.status).toBe('cancelled')
  })

  it('405: it ends as timeout, cannot be cancelled, and a monitor that is gone later has expired', async () => {
    const { client, push, operation, error } = await timedOut(['405 Method Not Allowed'], 'cancel')
    expect(error).toMatchObject({ kind: 'timeout', record: { canCancel: false } })
    push('404 Not Found')
    const resumed = client.resume(operation.record)
    await resumed.poll()
    expect(resumed.error).toMatchObject({ kind: 'expired' })
  })

  it.each(['404 Not Found', '410 Gone', '400 Terminal', '409 Conflict'])(
    '%s: it has ended, so the monitor is asked once more, and a result is delivered',
    async (answer) => {
      const { sent, operation, error } = await timedOut([answer, succeeded], 'cancel')
      expect(error).toBeUndefined()
      expect(operation).toMatchObject({ status: 'completed', result: { ID: 1 } })
      expect(sent.map(({ method }) => method)).toEqual(['POST', 'GET', 'DELETE', 'GET'])
    },
  )

  it.each([
    ['goes on', stillRunning, 'timeout'],
    ['cannot be asked', 'lost', 'timeout'],
    ['is gone', '404 Not Found', 'expired'],
    ['failed', '200 OK\nAsyncResult: 500', 'service'],
  ])('409, and the operation %s after all: it ends as that says', async (_, answer, kind) => {
    const { sent, error } = await timedOut(['409 Conflict', answer], 'cancel')
    expect(error).toMatchObject({ kind })
    expect(sent).toHaveLength(4)
  })

  it('200 whose body is the result: it is delivered', async () => {
    const { operation } = await timedOut([succeeded], 'cancel')
    expect(operation).toMatchObject({ status: 'completed', result: { ID: 1 } })
  })

  it.each(['lost', '500 Oops', '403 Forbidden'])('%s: it ends as timeout, and may go on', async (answer) => {
    const { sent, error } = await timedOut([answer], 'cancel')
    expect(error).toMatchObject({ kind: 'timeout', message: expect.stringContaining('may still work') })
    expect(sent).toHaveLength(3)
  })

  it('asks the newest monitor to cancel, the one that the last answer named', async () => {
    const { client, sent } = scriptedClient([accepted, '202 Accepted\nLocation: /jobs/8', '204 No Content'])
    const failed = rejection(client.callActionAndWait('Rebuild', {}, { timeout: 2_000, onTimeout: 'cancel' }))
    await vi.advanceTimersByTimeAsync(2_000)
    expect(await failed).toMatchObject({ kind: 'timeout', monitorUrl: 'https://api.example.com/jobs/8' })
    expect(sent[2]).toMatchObject({ method: 'DELETE', url: 'https://api.example.com/jobs/8' })
  })

  it('sends nothing to a stranger that the last answer named', async () => {
    const { client, sent } = scriptedClient([accepted, '202 Accepted\nLocation: https://evil.example/7'])
    const failed = rejection(client.callActionAndWait('Rebuild', {}, { timeout: 2_000, onTimeout: 'cancel' }))
    await vi.advanceTimersByTimeAsync(2_000)
    expect(await failed).toMatchObject({ kind: 'protocol' })
    expect(sent).toHaveLength(2)
  })

  it('also after maxPolls, once, and as an option of the client', async () => {
    const { client, sent } = scriptedClient([accepted, stillRunning, '204 No Content'], { onTimeout: 'cancel' })
    const failed = rejection(client.callActionAndWait('Rebuild', {}, { maxPolls: 1 }))
    await vi.advanceTimersByTimeAsync(60_000)
    expect(await failed).toMatchObject({
      kind: 'timeout',
      message: 'Not finished after 1 poll. The service has cancelled it.',
    })
    expect(sent.map(({ method }) => method)).toEqual(['POST', 'GET', 'DELETE'])
  })

  it('does not send a second DELETE when a cancel of the user is under way', async () => {
    const { client, sent } = scriptedClient([accepted, '202 Accepted\nRetry-After: 2', stillRunning])
    const operation = await client.callAction('Rebuild', {}, { timeout: 2_000, onTimeout: 'cancel' })
    const failed = rejection(operation.waitForCompletion())
    expect(await operation.tryCancel()).toBe('requested')
    await vi.advanceTimersByTimeAsync(2_000)
    expect(await failed).toMatchObject({ kind: 'timeout' })
    expect(sent.map(({ method }) => method)).toEqual(['POST', 'DELETE', 'GET'])
  })
})
