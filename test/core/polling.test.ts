import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { accepted, MONITOR, rejection, scriptedClient, stillRunning, succeeded } from '../support/scriptedClient.js'

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 9, 5) }))
afterEach(() => void vi.useRealTimers())

const unavailable = (status: number, ...headers: string[]) => [`${status} Nope`, ...headers].join('\n')

describe('while the operation goes on', () => {
  it('row 24: the newest Location is polled, and cancelled', async () => {
    const { client, sent } = scriptedClient([
      accepted,
      '202 Accepted\nLocation: https://api.example.com/jobs/8',
      '202 Accepted\nLocation: https://api.example.com/jobs/9',
      '204 No Content',
    ])
    const operation = await client.callAction('Rebuild')
    await operation.poll()
    await operation.poll()
    await operation.tryCancel()
    expect(sent.slice(1).map(({ method, url }) => `${method} ${url.slice(-1)}`)).toEqual(['GET 7', 'GET 8', 'DELETE 9'])
  })

  it('row 25: a relative Location is resolved against the monitor just asked', async () => {
    const { client } = scriptedClient([accepted, '202 Accepted\nLocation: 8'])
    const operation = await client.callAction('Rebuild')
    await operation.poll()
    expect(operation.monitorUrl).toBe('https://api.example.com/jobs/8')
  })

  it('row 26: a 202 without Location keeps the monitor', async () => {
    const { client } = scriptedClient([accepted, '202 Accepted'])
    const operation = await client.callAction('Rebuild')
    expect(await operation.poll()).toBe(true)
    expect(operation.monitorUrl).toBe(MONITOR)
  })

  it('row 27: a Retry-After counts once; without one the pace is a tenth of the time gone by', async () => {
    const { client, sent } = scriptedClient([
      `202 Accepted\nLocation: ${MONITOR}\nRetry-After: 30`,
      '202 Accepted',
      succeeded,
    ])
    const start = Date.now()
    const done = client.callActionAndWait('Rebuild')
    await vi.advanceTimersByTimeAsync(33_000)
    await done
    expect(sent.map(({ at }) => at - start)).toEqual([0, 30_000, 33_000])
  })

  it("waits for the user's interval when there is no Retry-After, and for Retry-After when there is", async () => {
    const { client, sent } = scriptedClient([`202 Accepted\nLocation: ${MONITOR}`, stillRunning, succeeded])
    const start = Date.now()
    const done = client.callActionAndWait('Rebuild', {}, { pollInterval: 5_000 })
    await vi.advanceTimersByTimeAsync(7_000)
    await done
    expect(sent.map(({ at }) => at - start)).toEqual([0, 5_000, 7_000])
  })

  it.each([
    ['throws', () => (undefined as never as string[]).length],
    ['is NaN', () => Number.NaN],
    ['is Infinity', () => Infinity],
    ['is negative', () => -1],
  ])('a pollInterval function that %s falls back to the default pace', async (_, pollInterval) => {
    const { client, sent } = scriptedClient([`202 Accepted\nLocation: ${MONITOR}`, '202 Accepted', succeeded])
    const start = Date.now()
    const done = client.callActionAndWait('Rebuild', {}, { pollInterval })
    await vi.advanceTimersByTimeAsync(5_000)
    await expect(done).resolves.toMatchObject({ ID: 1 })
    expect(sent.map(({ at }) => at - start)).toEqual([0, 500, 1_000])
  })

  it('row 28: a lost poll is asked again, and the result delivered', async () => {
    const { client, sent } = scriptedClient([accepted, 'lost', succeeded])
    const done = client.callActionAndWait('Rebuild')
    await vi.advanceTimersByTimeAsync(10_000)
    await expect(done).resolves.toMatchObject({ ID: 1 })
    expect(sent).toHaveLength(3)
  })

  it.each([429, 503])('row 29: a %s is waited out as it says, and the operation has not failed', async (status) => {
    const { client, sent } = scriptedClient([accepted, unavailable(status, 'Retry-After: 60'), succeeded])
    const done = client.callActionAndWait('Rebuild')
    await vi.advanceTimersByTimeAsync(61_999)
    expect(sent).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(1)
    await expect(done).resolves.toMatchObject({ ID: 1 })
  })

  it('row 30: a 401 asks once for fresh credentials and polls again with them', async () => {
    const onUnauthorized = vi.fn()
    const { client, sent } = scriptedClient([accepted, unavailable(401), succeeded], { onUnauthorized })
    const operation = await client.callAction('Rebuild')
    expect(await operation.poll()).toBe(false)
    expect(operation.status).toBe('completed')
    expect(onUnauthorized).toHaveBeenCalledTimes(1)
    expect(sent).toHaveLength(3)
  })

  it.each([
    ['without anyone to ask', undefined, 2],
    ['again with the fresh ones', () => {}, 3],
  ])('row 30: a 401 %s ends as a monitor error', async (_, onUnauthorized, requests) => {
    const { client, sent } = scriptedClient([accepted, unavailable(401), unavailable(401)], { onUnauthorized })
    const operation = await client.callAction('Rebuild')
    await operation.poll()
    expect(operation.error).toMatchObject({
      name: 'ODataMonitorError',
      kind: 'monitor',
      status: 401,
      monitorUrl: MONITOR,
    })
    expect(sent).toHaveLength(requests)
  })

  it('row 31: a 403 ends as a monitor error, not as an error of the operation', async () => {
    const { client } = scriptedClient([accepted, unavailable(403)])
    const operation = await client.callAction('Rebuild')
    await operation.poll()
    expect(operation.error).toMatchObject({ kind: 'monitor', status: 403 })
  })

  it('row 32: a bare 500 is asked again a bounded number of times, then ends as a monitor error with its last body', async () => {
    const broken = '500 Oops\nContent-Type: application/json\n\n{"error":{"code":"DB","message":"Database down."}}'
    const { client, sent } = scriptedClient([accepted, ...Array.from({ length: 10 }, () => broken)])
    const failed = rejection(client.callActionAndWait('Rebuild'))
    await vi.advanceTimersByTimeAsync(600_000)
    const error = await failed
    expect(error).toMatchObject({ kind: 'monitor', status: 500 })
    expect((error as Error).message).toContain('Database down.')
    expect((error as { body: string }).body).toContain('"DB"')
    expect(sent).toHaveLength(11)
  })

  it('backs off between failed polls, up to the longest interval', async () => {
    const { client, sent } = scriptedClient([accepted, ...Array.from({ length: 9 }, () => 'lost' as const)], {
      environment: {
        now: () => Date.now(),
        setTimeout: (callback, delay) => setTimeout(callback, delay),
        clearTimeout: (handle) => clearTimeout(handle as number),
        random: () => 0,
        createId: () => 'operation-1',
      },
    })
    void client.callActionAndWait('Rebuild').catch(() => {})
    await vi.advanceTimersByTimeAsync(200_000)
    const gaps = sent.slice(2).map(({ at }, index) => at - (sent[index + 1]?.at ?? 0))
    expect(gaps.slice(0, 7)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000])
  })

  it.each([
    [33, 404],
    [34, 410],
  ])('row %s: a %s means that the result is lost; nothing is run again', async (_, status) => {
    const { client, sent } = scriptedClient([accepted, stillRunning, unavailable(status)])
    const operation = await client.callAction('Rebuild')
    await operation.poll()
    await operation.poll()
    expect(operation.error).toMatchObject({ name: 'OperationExpiredError', kind: 'expired', status })
    await vi.advanceTimersByTimeAsync(3_600_000)
    expect(sent).toHaveLength(3)
  })

  it('trap 9: a single 404 right after the start is survived, as not all servers of a service may know the monitor yet', async () => {
    const { client } = scriptedClient([accepted, '404 Not Found', succeeded])
    const done = client.callActionAndWait('Rebuild')
    await vi.advanceTimersByTimeAsync(60_000)
    await expect(done).resolves.toMatchObject({ Title: 'Annual report' })
  })

  it.each([
    ['404', ['404 Not Found', '404 Not Found'], 'expired'],
    ['410', ['410 Gone'], 'expired'],
    ['401', ['401 Unauthorized'], 'monitor'],
    ['403', ['403 Forbidden'], 'monitor'],
  ])('trap 9: a monitor that answers %s for ever is asked a bounded number of times', async (_, answers, kind) => {
    const { client, sent } = scriptedClient([accepted, ...answers])
    const done = rejection(client.callActionAndWait('Rebuild'))
    await vi.advanceTimersByTimeAsync(3_600_000)
    expect(await done).toMatchObject({ kind })
    expect(sent).toHaveLength(answers.length + 1)
  })

  it('trap 9: a 404 later than that, and one of a monitor that was found elsewhere, is believed at once', async () => {
    const late = scriptedClient([accepted, '404 Not Found'])
    const operation = await late.client.callAction('Rebuild')
    await vi.advanceTimersByTimeAsync(30_000)
    expect(await operation.poll()).toBe(false)
    const found = scriptedClient(['404 Not Found'])
    expect(await found.client.resume({ monitorUrl: MONITOR }).poll()).toBe(false)
  })

  it('row 72: a result whose download breaks is asked for again; when the monitor is gone by then, it is lost, not run again', async () => {
    const broken = new ReadableStream({ start: (controller) => controller.error(new TypeError('terminated')) })
    const { client, sent } = scriptedClient([
      accepted,
      new Response(broken, { headers: { AsyncResult: '200', 'Content-Type': 'application/json' } }),
      '404 Not Found',
    ])
    const operation = await client.callAction('Rebuild')
    expect(await operation.poll()).toBe(true)
    expect(operation.record).toMatchObject({ status: 'running', pollFailures: 1, pollError: { kind: 'network' } })
    expect(await operation.poll()).toBe(false)
    expect(operation.error).toMatchObject({ kind: 'expired' })
    expect(sent.filter(({ method }) => method === 'POST')).toHaveLength(1)
  })

  it.each([35, 36])('row %s: a redirect on the same origin is followed; what it gave is the new base', async (row) => {
    const answer =
      row === 35
        ? new Response(null, { status: 202, headers: { Location: 'next' } })
        : new Response('{"ID":1}', { status: 200, headers: { AsyncResult: '200', 'Content-Type': 'application/json' } })
    Object.defineProperty(answer, 'url', { value: 'https://api.example.com/moved/7' })
    const { client } = scriptedClient([accepted, answer])
    const operation = await client.callAction('Rebuild')
    await operation.poll()
    if (row === 35) expect(operation.monitorUrl).toBe('https://api.example.com/moved/next')
    else expect(operation.result).toEqual({ ID: 1 })
  })

  it('an answer that a redirect brought from another origin is not used', async () => {
    const answer = new Response('{"ID":1}', { headers: { AsyncResult: '200', 'Content-Type': 'application/json' } })
    Object.defineProperty(answer, 'url', { value: 'https://evil.example/7' })
    const { client } = scriptedClient([accepted, answer])
    const operation = await client.callAction('Rebuild')
    await operation.poll()
    expect(operation.error).toMatchObject({ kind: 'protocol' })
    expect(operation.error?.message).toContain('https://evil.example')
  })

  it.each(['poll', 'tryCancel'] as const)(
    '%s sends nothing to an untrusted monitor that came with a stored record',
    async (verb) => {
      const { client, sent } = scriptedClient([accepted])
      const { record } = await client.callAction('Rebuild')
      const operation = client.resume({ ...record, monitorUrl: 'https://evil.example/7' })
      await operation[verb]()
      expect(operation.error).toMatchObject({ kind: 'protocol' })
      expect(sent).toHaveLength(1)
    },
  )

  it("sends the caller's own headers along, but for those about the first request only", async () => {
    const { client, sent } = scriptedClient([accepted, stillRunning])
    const headers = { 'X-Tenant': 'a', 'If-Match': '"1"', Isolation: 'snapshot', 'OData-Version': '4.01' }
    const operation = await client.callAction('Rebuild', {}, { headers })
    await operation.poll()
    expect(sent[0]?.headers).toMatchObject({ 'x-tenant': 'a', 'if-match': '"1"', isolation: 'snapshot' })
    expect(sent[1]?.headers).toEqual({ 'x-tenant': 'a', accept: 'application/json', 'odata-maxversion': '4.01' })
  })

  it('asks the monitor for the same representation that the caller asked for', async () => {
    const { client, sent } = scriptedClient([accepted, stillRunning])
    const headers = { Accept: 'application/json;metadata=full', 'Repeatability-Request-ID': '1' }
    const operation = await client.callAction('Rebuild', {}, { headers })
    await operation.poll()
    expect(sent[1]?.headers).toEqual({ accept: 'application/json;metadata=full', 'odata-maxversion': '4.01' })
  })

  it('shares one request between callers that poll at the same time', async () => {
    const { client, sent } = scriptedClient([accepted, stillRunning])
    const operation = await client.callAction('Rebuild')
    expect(await Promise.all([operation.poll(), operation.poll(), operation.poll()])).toEqual([true, true, true])
    expect(sent).toHaveLength(2)
  })

  it('never lets progress go backwards, and never says 100 before the end', async () => {
    const at = (percent: number | string) =>
      `202 Accepted\nContent-Type: application/json\n\n{"percentComplete":${percent}}`
    const { client } = scriptedClient([accepted, at(40), at(30), at(100), at('"x"'), succeeded])
    const operation = await client.callAction('Rebuild')
    const seen: unknown[] = [operation.progress.percent]
    while (await operation.poll()) seen.push(operation.progress.percent)
    seen.push(operation.progress.percent)
    expect(seen).toEqual([null, 40, 40, 99, 99, 100])
  })

  it('reports progress once for each change', async () => {
    const at = (percent: number) => `202 Accepted\nContent-Type: application/json\n\n{"percentComplete":${percent}}`
    const { client } = scriptedClient([accepted, at(10), at(10), at(20), succeeded])
    const onProgress = vi.fn()
    const done = client.callActionAndWait('Rebuild', {}, { onProgress })
    await vi.advanceTimersByTimeAsync(60_000)
    await done
    expect(onProgress.mock.calls.map(([progress]) => progress.percent)).toEqual([10, 20, 100])
  })
})

describe('waiting', () => {
  it('row 39: stops at once when it is aborted, and the service is left alone', async () => {
    const { client, sent } = scriptedClient([accepted])
    const operation = await client.callAction('Rebuild')
    const controller = new AbortController()
    const stopped = rejection(operation.waitForCompletion({ signal: controller.signal }))
    await vi.advanceTimersByTimeAsync(1_000)
    controller.abort(new Error('enough'))
    expect(await stopped).toMatchObject({ message: 'enough' })
    expect(vi.getTimerCount()).toBe(0)
    expect(operation.status).toBe('running')
    expect(sent).toHaveLength(1)
  })

  it('ends at once for the one who aborts, and leaves a poll under way alone: it may bring what is delivered once', async () => {
    let deliver = (_: string) => {}
    const last = () =>
      new Promise<string>((resolve) => {
        deliver = resolve
      })
    const { client, sent } = scriptedClient([accepted, last, '404 Not Found'])
    const operation = await client.callAction('Rebuild')
    const controller = new AbortController()
    const stopped = rejection(operation.waitForCompletion({ signal: controller.signal }))
    const other = operation.waitForCompletion()
    await vi.advanceTimersByTimeAsync(2_000)
    controller.abort(new Error('enough'))
    expect(await stopped).toMatchObject({ message: 'enough' })
    deliver(succeeded)
    await expect(other).resolves.toMatchObject({ ID: 1 })
    expect(sent).toHaveLength(2)
  })

  it('gives up after its own timeout, and can be asked to wait again', async () => {
    const { client, sent } = scriptedClient([accepted, stillRunning, succeeded])
    const operation = await client.callAction('Rebuild')
    const failed = rejection(operation.waitForCompletion({ timeout: 3_000 }))
    await vi.advanceTimersByTimeAsync(3_000)
    expect(await failed).toMatchObject({ name: 'OperationTimeoutError', record: { status: 'running' } })
    expect(sent).toHaveLength(2)
    const done = operation.waitForCompletion()
    await vi.advanceTimersByTimeAsync(1_000)
    await expect(done).resolves.toMatchObject({ ID: 1 })
  })

  it('gives up in time also while a poll hangs', async () => {
    const { client } = scriptedClient([accepted, () => new Promise<never>(() => {})])
    const operation = await client.callAction('Rebuild')
    const failed = rejection(operation.waitForCompletion({ timeout: 3_000 }))
    await vi.advanceTimersByTimeAsync(3_000)
    expect(await failed).toMatchObject({ kind: 'timeout' })
  })

  it('the timeout of callActionAndWait is for the request that starts it too', async () => {
    const hanging = ({ signal }: { signal: AbortSignal }) =>
      new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    const { client } = scriptedClient([hanging])
    const failed = rejection(client.callActionAndWait('Rebuild', {}, { timeout: 5_000 }))
    await vi.advanceTimersByTimeAsync(5_000)
    expect(await failed).toMatchObject({ kind: 'network' })
  })

  it('rejects with what onProgress throws, and the operation is as it was', async () => {
    const { client } = scriptedClient([
      accepted,
      '202 Accepted\nContent-Type: application/json\n\n{"percentComplete":5}',
    ])
    const operation = await client.callAction('Rebuild')
    const failed = rejection(
      operation.waitForCompletion({
        onProgress: () => {
          throw new Error('in a callback')
        },
      }),
    )
    await vi.advanceTimersByTimeAsync(2_000)
    expect(await failed).toMatchObject({ message: 'in a callback' })
    expect(operation.record).toMatchObject({ status: 'running', pollFailures: 0 })
    expect(vi.getTimerCount()).toBe(0)
  })

  it('row 38: goes on after the deadline of the operation when it is resumed from the error', async () => {
    const { client } = scriptedClient([accepted, stillRunning, succeeded])
    const failed = rejection(client.callActionAndWait('Rebuild', {}, { timeout: 1_000 }))
    await vi.advanceTimersByTimeAsync(1_000)
    const error = (await failed) as { record: never; kind: string }
    expect(error.kind).toBe('timeout')
    const done = client.resume(error.record).waitForCompletion()
    await vi.advanceTimersByTimeAsync(1)
    await expect(done).resolves.toMatchObject({ ID: 1 })
  })

  it('a clock that is set back does not stop it', async () => {
    const { client, sent } = scriptedClient([accepted, stillRunning, succeeded])
    const done = client.callActionAndWait('Rebuild')
    await vi.advanceTimersByTimeAsync(1_000)
    vi.setSystemTime(Date.now() - 3_600_000)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(sent).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(2_000)
    await expect(done).resolves.toMatchObject({ ID: 1 })
  })

  it('a clock that was set back since a record was stored makes its poll due', async () => {
    const { client } = scriptedClient([accepted, '405 Method Not Allowed'])
    const { record } = await client.callAction('Rebuild')
    const found = client.resume({ monitorUrl: MONITOR })
    const kept = await client.resume(record)
    await kept.tryCancel()
    const records = [record, found.record, kept.record, client.resume({ ...record, nextPollAt: undefined }).record]
    vi.setSystemTime(Date.now() - 3_600_000)
    expect(records.map((stored) => client.resume(stored))).toMatchObject(Array(4).fill({ isDue: true, pollDelay: 1 }))
  })
})
