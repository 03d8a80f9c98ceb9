import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ODataError, OperationRecord } from '../../src/core/index.js'
import { deferred } from '../support/deferred.js'
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

  it('begins when it is sent, however long it was held back', async () => {
    const { client } = scriptedClient([accepted])
    const operation = client.prepareAction('Rebuild', {}, { timeout: 60_000 })
    const { submittedAt } = operation.record
    expect(operation.record.deadlineAt).toBeUndefined()
    await vi.advanceTimersByTimeAsync(3_600_000)
    const submitted = operation.submit()
    expect(operation.record).toMatchObject({ submittedAt, deadlineAt: Date.now() + 60_000 })
    await submitted
    expect(operation.status).toBe('running')
  })

  it('leaves the request that starts a held back operation its whole time', async () => {
    const { client, sent } = scriptedClient([hanging])
    const operation = client.prepareAction('Rebuild', {}, { timeout: 60_000 })
    await vi.advanceTimersByTimeAsync(3_600_000)
    const submitted = operation.submit()
    await vi.advanceTimersByTimeAsync(59_999)
    expect(sent[0]?.signal.aborted).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    await submitted
    expect(operation.error).toMatchObject({ kind: 'network' })
  })

  it('ends also the request that starts it: its outcome is unknown, and the error names the option', async () => {
    const { client } = scriptedClient([hanging, hanging])
    const ended = [client.callAction('Rebuild', {}, { timeout: 5_000 }), client.callAction('Rebuild')].map(rejection)
    await vi.advanceTimersByTimeAsync(300_000)
    expect(await Promise.all(ended)).toMatchObject([
      { kind: 'network', message: expect.stringContaining('no answer within 5000 ms, the `timeout`') },
      { kind: 'network', message: expect.stringContaining('no answer within 300000 ms, the `submitTimeout`') },
    ])
  })

  it.each([0, -1, Number.NaN, 2 ** 31, Number.POSITIVE_INFINITY])(
    'of one wait may not be %s: nothing is sent',
    async (timeout) => {
      const { client, sent } = scriptedClient([])
      const operation = client.prepareAction('Rebuild')
      expect(await rejection(operation.waitForCompletion({ timeout }))).toMatchObject({
        kind: 'configuration',
        message: expect.stringContaining(`\`timeout\` is ${timeout}`),
      })
      expect(sent).toHaveLength(0)
    },
  )

  it('maxPolls counts anew when the operation is taken up again', async () => {
    const { client, push } = scriptedClient([accepted, stillRunning, stillRunning], { polling: { maxPolls: 2 } })
    const failed = rejection(client.callActionAndWait('Rebuild'))
    await vi.advanceTimersByTimeAsync(60_000)
    const { record } = (await failed) as ODataError
    push(stillRunning, succeeded)
    const done = client.resume(record as OperationRecord).waitForCompletion()
    await vi.advanceTimersByTimeAsync(60_000)
    await expect(done).resolves.toMatchObject({ ID: 1 })
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

describe('a 202 to the first request that comes when the time is over', () => {
  /** An operation that is called, and whose first answer comes after the machine slept through the deadline. */
  async function acceptedLate(answers: readonly Answer[], onTimeout?: 'keep' | 'cancel', isCancelled = false) {
    const first = deferred<Answer>()
    const { client, sent } = scriptedClient([() => first.promise, ...answers])
    const operation = client.prepareAction('Rebuild', {}, { timeout: 60_000, onTimeout })
    void operation.submit()
    await vi.advanceTimersByTimeAsync(1_000)
    const outcome = isCancelled ? operation.tryCancel() : undefined
    vi.setSystemTime(Date.now() + 3_600_000)
    first.resolve(accepted)
    await vi.advanceTimersByTimeAsync(100)
    return { operation, sent, outcome: await outcome }
  }

  it('is followed with one poll at once, and a result that is there is taken', async () => {
    const { operation, sent } = await acceptedLate([succeeded])
    expect(operation).toMatchObject({ status: 'running', monitorUrl: MONITOR, isDue: true })
    await expect(operation.waitForCompletion()).resolves.toMatchObject({ ID: 1 })
    expect(sent).toHaveLength(2)
  })

  it('ends as timeout when that poll says that it goes on', async () => {
    const { operation, sent } = await acceptedLate([stillRunning])
    expect(await rejection(operation.waitForCompletion())).toMatchObject({ kind: 'timeout', monitorUrl: MONITOR })
    expect(sent).toHaveLength(2)
  })

  it("with onTimeout: 'cancel' is cancelled after that poll", async () => {
    const { operation, sent } = await acceptedLate([stillRunning, '204 No Content'], 'cancel')
    expect(await rejection(operation.waitForCompletion())).toMatchObject({
      kind: 'timeout',
      message: expect.stringContaining('The service has cancelled it.'),
    })
    expect(sent.map(({ method }) => method)).toEqual(['POST', 'GET', 'DELETE'])
  })

  it('lets a cancel that waits for it reach the service', async () => {
    const { operation, sent, outcome } = await acceptedLate(['204 No Content'], undefined, true)
    expect(outcome).toBe('cancelled')
    expect(operation.status).toBe('cancelled')
    expect(sent.map(({ method }) => method)).toEqual(['POST', 'DELETE'])
  })

  it('lets a cancel that the service takes for later have one look at how that went', async () => {
    const { operation, outcome } = await acceptedLate(['202 Accepted', '404 Not Found'], undefined, true)
    expect(outcome).toBe('requested')
    expect(operation).toMatchObject({ status: 'cancelling', isDue: true })
    await operation.poll()
    expect(operation.status).toBe('cancelled')
  })

  it('is one also when its headers came in time and its body did not', async () => {
    const slow: Answer = ({ signal }) =>
      new Promise<Response>((resolve) => {
        const body = new ReadableStream({
          start: (controller) => signal.addEventListener('abort', () => controller.error(signal.reason)),
        })
        const response = new Response(body, { status: 202, headers: { Location: MONITOR } })
        setTimeout(() => resolve(response), 9_000)
      })
    const { client, sent } = scriptedClient([slow, stillRunning, '204 No Content'])
    const failed = rejection(client.callActionAndWait('Rebuild', {}, { timeout: 10_000, onTimeout: 'cancel' }))
    await vi.advanceTimersByTimeAsync(60_000)
    expect(await failed).toMatchObject({ kind: 'timeout', monitorUrl: MONITOR })
    expect(sent.map(({ method }) => method)).toEqual(['POST', 'GET', 'DELETE'])
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
