import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ODataError } from '../../src/core/index.js'
import { accepted, MONITOR, rejection, scriptedClient, stillRunning } from '../support/scriptedClient.js'
import type { Answer, SentRequest } from '../support/scriptedWire.js'

const NOW = Date.UTC(2026, 9, 5)
beforeEach(() => void vi.useFakeTimers({ now: NOW }))
afterEach(() => void vi.useRealTimers())

const UUID = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/
const NOTHING = '204 No Content'
const knownAnswer = `${accepted}\nRepeatability-Result: Accepted`

const pairOf = ({ headers }: SentRequest) => [headers['repeatability-request-id'], headers['repeatability-first-sent']]

describe('without repeatability', () => {
  it('row 21: a request that got no answer is not sent again, and carries nothing that promises it', async () => {
    const { client, sent } = scriptedClient(['lost'])
    const error = (await rejection(client.request('POST', 'Orders', {}))) as ODataError
    expect(error).toMatchObject({ name: 'ODataNetworkError', kind: 'network' })
    expect(error.message).toContain('outcome unknown')
    await vi.advanceTimersByTimeAsync(3_600_000)
    expect(sent).toHaveLength(1)
    expect(Object.keys(sent[0]?.headers ?? {}).filter((name) => name.startsWith('rep'))).toEqual([])
  })
})

describe('with repeatability', () => {
  it('row 141: a request whose 202 was lost is sent again with the same id and date, and followed', async () => {
    const { client, sent } = scriptedClient(['lost', 'lost', knownAnswer])
    const started = client.callAction('Orders(7)/Sales.Ship', { Fast: true }, { repeatability: true, etag: '"1"' })
    await vi.advanceTimersByTimeAsync(10_000)

    expect(await started).toMatchObject({ status: 'running', monitorUrl: MONITOR })
    expect(sent).toHaveLength(3)
    const [first, ...others] = sent.map(({ method, url, headers, body }) => ({ method, url, headers, body }))
    expect(first?.headers['repeatability-request-id']).toMatch(UUID)
    expect(first?.headers['repeatability-first-sent']).toBe('Mon, 05 Oct 2026 00:00:00 GMT')
    expect(others).toEqual([first, first])
  })

  it('each operation has an id of its own', async () => {
    const { client, sent } = scriptedClient([NOTHING, NOTHING], { repeatability: true })
    await client.callAction('Rebuild')
    await vi.advanceTimersByTimeAsync(61_000)
    await client.callAction('Rebuild')
    const [[firstId, firstSent] = [], [secondId, secondSent] = []] = sent.map(pairOf)
    expect(firstId).not.toBe(secondId)
    expect([firstSent, secondSent]).toEqual(['Mon, 05 Oct 2026 00:00:00 GMT', 'Mon, 05 Oct 2026 00:01:01 GMT'])
  })

  it('fresh credentials after a 401 keep the id and the date', async () => {
    const onUnauthorized = () => vi.advanceTimersByTime(5_000)
    const { client, sent } = scriptedClient(['401 Unauthorized', accepted], { onUnauthorized, repeatability: true })
    expect((await client.callAction('Rebuild')).status).toBe('running')
    expect(sent).toHaveLength(2)
    expect(pairOf(sent[1] as SentRequest)).toEqual(pairOf(sent[0] as SentRequest))
  })

  it("the caller's own id is kept", async () => {
    const { client, sent } = scriptedClient([NOTHING])
    const headers = { 'Repeatability-Request-ID': 'mine' }
    await client.callAction('Rebuild', {}, { repeatability: true, headers })
    expect(sent[0]?.headers).toMatchObject({ 'repeatability-request-id': 'mine' })
    expect(sent[0]?.headers).toHaveProperty('repeatability-first-sent')
  })

  it('a request is sent a bounded number of times, further and further apart', async () => {
    const options = {
      repeatability: true,
      polling: { minInterval: 1_000, maxInterval: 4_000, maxFailures: 4 },
    } as const
    const environment = {
      now: () => Date.now(),
      setTimeout: (callback: () => void, delay: number) => setTimeout(callback, delay),
      clearTimeout: (handle: unknown) => clearTimeout(handle as number),
      random: () => 0,
      createId: () => 'id',
    }
    const { client, sent } = scriptedClient(Array(9).fill('lost'), { ...options, environment })
    const failed = rejection(client.callAction('Rebuild'))
    await vi.advanceTimersByTimeAsync(3_600_000)
    expect(await failed).toMatchObject({ kind: 'network' })
    expect(sent.map(({ at }) => at - NOW)).toEqual([0, 2_000, 6_000, 10_000])
  })

  it('a request is not sent again after its deadline', async () => {
    const { client, sent } = scriptedClient(Array(9).fill('lost'), { polling: { minInterval: 10_000 } })
    const failed = rejection(client.callAction('Rebuild', {}, { repeatability: true, timeout: 5_000 }))
    await vi.advanceTimersByTimeAsync(4_999)
    expect(await failed).toMatchObject({ kind: 'network' })
    await vi.advanceTimersByTimeAsync(3_600_000)
    expect(sent).toHaveLength(1)
  })

  it('aborting while a request is under way sends nothing more', async () => {
    const silence: Answer = ({ signal }) =>
      new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    const { client, sent } = scriptedClient([silence], { repeatability: true })
    const controller = new AbortController()
    const failed = rejection(client.callAction('Rebuild', {}, { signal: controller.signal }))
    await vi.advanceTimersByTimeAsync(1_000)
    controller.abort(new Error('Left the page.'))
    expect(await failed).toMatchObject({ message: 'Left the page.' })
    await vi.advanceTimersByTimeAsync(3_600_000)
    expect(sent).toHaveLength(1)
  })

  it.each([
    ['that is too large', '200 OK\nContent-Type: application/json\n\n"0123456789"'],
    ['that leads to a stranger', '307 Temporary Redirect\nLocation: https://evil.example/'],
  ])('an answer %s is an answer: nothing is sent again', async (_, answer) => {
    const { client, sent } = scriptedClient([answer], { repeatability: true, maxResponseSize: 5 })
    expect(await rejection(client.callAction('Rebuild'))).toMatchObject({ kind: 'protocol' })
    await vi.advanceTimersByTimeAsync(3_600_000)
    expect(sent).toHaveLength(1)
  })

  it('aborting ends the wait for the next attempt at once, and nothing more is sent', async () => {
    const { client, sent } = scriptedClient(['lost'], { repeatability: true, polling: { minInterval: 10_000 } })
    const controller = new AbortController()
    const failed = rejection(client.callAction('Rebuild', {}, { signal: controller.signal }))
    await vi.advanceTimersByTimeAsync(1_000)
    controller.abort(new Error('Left the page.'))
    expect(await failed).toMatchObject({ message: 'Left the page.' })
    await vi.advanceTimersByTimeAsync(3_600_000)
    expect(sent).toHaveLength(1)
  })

  it.each([400, 404, 409, 412, 429, 500, 503])(
    'an answer, here a %s, is an answer: nothing is sent again',
    async (status) => {
      const { client, sent } = scriptedClient([`${status} No\nRepeatability-Result: accepted`], { repeatability: true })
      expect(await rejection(client.callAction('Rebuild'))).toMatchObject({ kind: 'service', status })
      await vi.advanceTimersByTimeAsync(3_600_000)
      expect(sent).toHaveLength(1)
    },
  )

  it.each([400, 412, 501])('row 142: rejected with a %s is an error, and nothing is sent again', async (status) => {
    const rejected = `${status} No\nRepeatability-Result: rejected\n\n{"error":{"code":"R","message":"Rejected."}}`
    for (const repeatability of [true, 'detect'] as const) {
      const { client, sent } = scriptedClient([rejected], { repeatability })
      const error = await rejection(client.callAction('Rebuild'))
      expect(error).toMatchObject({ kind: 'service', status, message: 'Rejected.' })
      await vi.advanceTimersByTimeAsync(3_600_000)
      expect(sent).toHaveLength(1)
    }
  })

  it.each<['POST' | 'PATCH' | 'PUT' | 'DELETE']>([['POST'], ['PATCH'], ['PUT'], ['DELETE']])(
    'a %s may be repeated',
    async (method) => {
      const { client, sent } = scriptedClient([NOTHING], { repeatability: true })
      await client.request(method, 'Orders(7)')
      expect(pairOf(sent[0] as SentRequest)).toEqual([expect.stringMatching(UUID), 'Mon, 05 Oct 2026 00:00:00 GMT'])
    },
  )

  it('a GET carries no id, as services ignore that, and is not sent again', async () => {
    const { client, sent } = scriptedClient(['lost', 'lost'], { repeatability: true })
    expect(await rejection(client.callFunction('Fn'))).toMatchObject({ kind: 'network' })
    expect(await rejection(client.request('GET', 'Orders'))).toMatchObject({ kind: 'network' })
    await vi.advanceTimersByTimeAsync(3_600_000)
    expect(sent.flatMap(pairOf)).toEqual(Array(4).fill(undefined))
    expect(sent).toHaveLength(2)
  })

  it.each(['$batch', '%24batch', '$batch?sap-client=100'])(
    'row 143: a %s as a whole never carries an id, and is not sent again',
    async (path) => {
      const { client, sent } = scriptedClient(['lost'], { repeatability: true })
      expect(await rejection(client.request('POST', path, { requests: [] }))).toMatchObject({ kind: 'network' })
      await vi.advanceTimersByTimeAsync(3_600_000)
      expect(sent.map(pairOf)).toEqual([[undefined, undefined]])
    },
  )

  it('polls and cancels carry no id', async () => {
    const { client, sent } = scriptedClient([accepted, stillRunning, NOTHING], { repeatability: true })
    const operation = await client.callAction('Rebuild')
    await operation.poll()
    await operation.tryCancel()
    expect(sent.slice(1).flatMap(pairOf)).toEqual(Array(4).fill(undefined))
  })

  it('a cancel during the attempts waits for the answer, then cancels', async () => {
    const { client, sent } = scriptedClient(['lost', knownAnswer, NOTHING], { repeatability: true })
    const operation = client.prepareAction('Rebuild')
    const submitted = operation.submit()
    const cancelled = operation.tryCancel()
    await vi.advanceTimersByTimeAsync(10_000)
    await submitted
    expect(await cancelled).toBe('cancelled')
    expect(sent.map(({ method }) => method)).toEqual(['POST', 'POST', 'DELETE'])
  })

  it.each([429, 500, 502, 503, 504])(
    'a %s to a second attempt that does not speak of repeatability says nothing of the first: it is sent again',
    async (status) => {
      const { client, sent } = scriptedClient(['lost', `${status} No`, knownAnswer], { repeatability: true })
      const started = client.callAction('Rebuild')
      await vi.advanceTimersByTimeAsync(60_000)
      expect(await started).toMatchObject({ status: 'running', monitorUrl: MONITOR })
      expect(sent.map(pairOf)).toEqual(Array(3).fill(pairOf(sent[0] as SentRequest)))
    },
  )

  it('a Retry-After of such an answer is obeyed', async () => {
    const answers = ['lost', '503 No\nRetry-After: 60', knownAnswer]
    const { client, sent } = scriptedClient(answers, { repeatability: true, polling: { interval: 1_000 } })
    const started = client.callAction('Rebuild')
    await vi.advanceTimersByTimeAsync(90_000)
    expect((await started).status).toBe('running')
    expect((sent[2]?.at ?? 0) - (sent[1]?.at ?? 0)).toBe(60_000)
  })

  it('when it gets no other answer its outcome is unknown, not an error of the service', async () => {
    const options = { repeatability: true, polling: { maxFailures: 3 } } as const
    const { client, sent } = scriptedClient(['lost', '503 No', '503 No'], options)
    const failed = rejection(client.callAction('Rebuild'))
    await vi.advanceTimersByTimeAsync(60_000)
    expect(await failed).toMatchObject({
      kind: 'network',
      message: expect.stringMatching(/none to the first attempt, 503 to the last\): outcome unknown/),
    })
    expect(sent).toHaveLength(3)
  })

  it.each(['503 No\nRepeatability-Result: accepted', '409 No'])(
    '%j to a second attempt is the answer',
    async (answer) => {
      const { client, sent } = scriptedClient(['lost', answer], { repeatability: true })
      const failed = rejection(client.callAction('Rebuild'))
      await vi.advanceTimersByTimeAsync(60_000)
      expect(await failed).toMatchObject({ kind: 'service' })
      expect(sent).toHaveLength(2)
    },
  )

  it('who refuses fresh credentials is not asked again: without an attempt before, the 401 is the answer', async () => {
    const onUnauthorized = vi.fn().mockRejectedValue(new Error('login window closed'))
    const { client, sent } = scriptedClient(['401 No'], { repeatability: true, onUnauthorized })
    const failed = rejection(client.callAction('Rebuild'))
    await vi.advanceTimersByTimeAsync(3_600_000)
    expect(await failed).toMatchObject({ kind: 'service', status: 401 })
    expect(onUnauthorized).toHaveBeenCalledOnce()
    expect(sent).toHaveLength(1)
  })

  it('who refuses fresh credentials is not asked again: after a lost attempt the outcome is unknown', async () => {
    const onUnauthorized = vi.fn().mockRejectedValue(new Error('login window closed'))
    const { client, sent } = scriptedClient(['lost', '401 No'], { repeatability: true, onUnauthorized })
    const failed = rejection(client.callAction('Rebuild'))
    await vi.advanceTimersByTimeAsync(3_600_000)
    expect(await failed).toMatchObject({ kind: 'network' })
    expect(onUnauthorized).toHaveBeenCalledOnce()
    expect(sent).toHaveLength(2)
  })
})
