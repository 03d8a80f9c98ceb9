import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { get, type WireExchange } from '../../src/core/index.js'
import {
  accepted,
  MONITOR,
  rejection,
  SERVICE,
  scriptedClient,
  stillRunning,
  succeeded,
} from '../support/scriptedClient.js'
import type { Answer } from '../support/scriptedWire.js'

const startedAt = Date.UTC(2026, 0, 15, 9, 30)

beforeEach(() => void vi.useFakeTimers({ now: startedAt }))
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

/** A client that is watched. */
function watched(answers: readonly Answer[], options: Parameters<typeof scriptedClient>[1] = {}) {
  const exchanges: WireExchange[] = []
  return { exchanges, ...scriptedClient(answers, { onExchange: (exchange) => exchanges.push(exchange), ...options }) }
}

/** No answer until the client gives up. */
const hanging: Answer = ({ signal }) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))

/** An exchange in a few words. */
const brief = ({ kind, method, url, status, error = '' }: WireExchange) =>
  `${kind}: ${method} ${new URL(url).pathname} ${status ?? 'no answer'} ${error}`.trim()

const afterMs =
  (ms: number, answer: Answer): Answer =>
  () =>
    new Promise<Answer>((resolve) => setTimeout(() => resolve(answer), ms))

const redirect = (location: string) => `307 Temporary Redirect\nLocation: ${location}`

describe('the requests of an operation are told', () => {
  it('once each, with what an operation goes by in the answer', async () => {
    const { client, exchanges } = watched([afterMs(120, accepted), stillRunning, succeeded])
    const starting = client.callAction('Rebuild', {}, { id: 'rebuild' })
    await vi.advanceTimersByTimeAsync(120)
    const operation = await starting
    await operation.poll()
    await operation.poll()
    const common = { operationId: 'rebuild', serviceUrl: SERVICE, error: undefined }
    expect(exchanges).toEqual([
      {
        ...common,
        ...{ kind: 'submit', method: 'POST', url: `${SERVICE}Rebuild`, at: startedAt, duration: 120, status: 202 },
        ...{ retryAfter: 2000, location: MONITOR, asyncResult: undefined },
      },
      {
        ...common,
        ...{ kind: 'poll', method: 'GET', url: MONITOR, at: startedAt + 120, duration: 0, status: 202 },
        ...{ retryAfter: 2000, location: MONITOR, asyncResult: undefined },
      },
      {
        ...common,
        ...{ kind: 'poll', method: 'GET', url: MONITOR, at: startedAt + 120, duration: 0, status: 200 },
        ...{ retryAfter: undefined, location: undefined, asyncResult: '200' },
      },
    ])
  })

  it('as plain JSON', async () => {
    const { client, exchanges } = watched(['lost'])
    await client.callAction('Rebuild').catch(() => {})
    expect(JSON.parse(JSON.stringify(exchanges))).toEqual([
      expect.objectContaining({ method: 'POST', error: 'fetch failed' }),
    ])
  })

  it('with the time to wait that a 429 or 503 names, as a date too', async () => {
    const { client, exchanges } = watched([
      accepted,
      '429 Too Many Requests\nRetry-After: 30',
      '503 Service Unavailable\nRetry-After: Thu, 15 Jan 2026 09:30:12 GMT',
    ])
    const operation = await client.callAction('Rebuild')
    await operation.poll()
    await operation.poll()
    expect(exchanges.map(({ status, retryAfter }) => [status, retryAfter])).toEqual([
      [202, 2000],
      [429, 30_000],
      [503, 12_000],
    ])
  })

  it('also when there was no answer, with the reason', async () => {
    const { client, exchanges } = watched([accepted, 'lost', hanging])
    const operation = await client.callAction('Rebuild')
    await operation.poll()
    const polling = operation.poll()
    await vi.advanceTimersByTimeAsync(30_000)
    await polling
    expect(exchanges.map(brief)).toEqual([
      'submit: POST /v4/Rebuild 202',
      'poll: GET /jobs/7 no answer fetch failed',
      'poll: GET /jobs/7 no answer no answer within 30000 ms, the `requestTimeout`',
    ])
    expect(exchanges[2]?.duration).toBe(30_000)
  })

  it('also when the answer is not taken, with its status and the reason', async () => {
    const { client, exchanges } = watched([accepted, `200 OK\nAsyncResult: 200\n\n${'x'.repeat(50)}`], {
      maxResponseSize: 40,
    })
    const operation = await client.callAction('Rebuild')
    await operation.poll()
    expect(exchanges.slice(1).map(brief)).toEqual([
      expect.stringMatching(/^poll: GET \/jobs\/7 200 .* larger than 40 bytes/),
    ])
  })

  it('with the time that the body took', async () => {
    const body = new ReadableStream({
      start(controller) {
        setTimeout(() => controller.close(), 4000)
      },
    })
    const { client, exchanges } = watched([accepted, new Response(body, { headers: { AsyncResult: '204' } })])
    const operation = await client.callAction('Rebuild')
    const polling = operation.poll()
    await vi.advanceTimersByTimeAsync(3999)
    expect(exchanges).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1)
    await polling
    expect(exchanges[1]).toMatchObject({ status: 200, duration: 4000 })
  })

  it('each redirect too', async () => {
    const { client, exchanges } = watched([accepted, redirect('/moved/7'), stillRunning])
    const operation = await client.callAction('Rebuild')
    await operation.poll()
    expect(exchanges.slice(1).map(brief)).toEqual(['poll: GET /jobs/7 307', 'poll: GET /moved/7 202'])
    expect(exchanges[1]?.location).toBe('/moved/7')
  })

  it('a redirect to a stranger with the reason that it is not followed', async () => {
    const { client, exchanges } = watched([accepted, redirect('https://evil.example/7')])
    const operation = await client.callAction('Rebuild')
    await operation.poll()
    expect(exchanges.slice(1).map(brief)).toEqual([expect.stringMatching(/^poll: GET \/jobs\/7 307 .*trustedOrigins/)])
  })

  it('a redirect that a browser hides as 0, and what it leads to by the URL that was asked', async () => {
    vi.stubGlobal('location', new URL(`${SERVICE}page`))
    const hidden = new Response(null)
    Object.defineProperties(hidden, { type: { value: 'opaqueredirect' }, status: { value: 0 } })
    const { client, exchanges } = watched([accepted, hidden, succeeded])
    const operation = await client.callAction('Rebuild')
    await operation.poll()
    expect(exchanges.slice(1).map(brief)).toEqual(['poll: GET /jobs/7 0', 'poll: GET /jobs/7 200'])
  })

  it('a cancel', async () => {
    const { client, exchanges } = watched([accepted, '204 No Content'])
    const operation = await client.callAction('Rebuild')
    await operation.tryCancel()
    expect(exchanges.slice(1).map(brief)).toEqual(['cancel: DELETE /jobs/7 204'])
  })

  it('twice when it is sent again with fresh credentials', async () => {
    const { client, exchanges } = watched(['401 Unauthorized', accepted], { onUnauthorized: () => {} })
    await client.callAction('Rebuild')
    expect(exchanges.map(brief)).toEqual(['submit: POST /v4/Rebuild 401', 'submit: POST /v4/Rebuild 202'])
  })

  it('by the name of the operation also after it was taken up', async () => {
    const { client, exchanges } = watched([stillRunning])
    await client.resume({ monitorUrl: MONITOR, id: 'nightly' }).poll()
    expect(exchanges).toMatchObject([{ kind: 'poll', operationId: 'nightly' }])
  })

  it('by names below that of a batch that was split', async () => {
    const done = '200 OK\nContent-Type: application/json\n\n{"responses":[{"id":"0","status":204}]}'
    const { client, exchanges } = watched([done, done])
    const options = { id: 'import', format: 'json', maxBatchSize: 1 } as const
    const operation = await client.executeBatch([get('Products(1)'), get('Products(2)')], options)
    await operation.waitForCompletion().catch(() => {})
    expect(exchanges.map(({ operationId }) => operationId)).toEqual(['import/piece-1', 'import/piece-2'])
  })
})

it('a request for metadata belongs to no operation', async () => {
  const { client, exchanges } = watched(['404 Not Found'])
  await client.getCapabilities().catch(() => {})
  expect(exchanges).toMatchObject([
    { kind: 'metadata', operationId: undefined, method: 'GET', url: `${SERVICE}$metadata`, status: 404 },
  ])
})

it('what was given up before it was sent is not told', async () => {
  const { client, exchanges, sent } = watched([])
  const signal = AbortSignal.abort()
  expect(await rejection(client.callAction('Rebuild', {}, { signal }))).toBe(signal.reason)
  expect([exchanges, sent]).toEqual([[], []])
})

it('a fault in what is told changes nothing for the operation, and is seen as the app’s own', async () => {
  const faults: unknown[] = []
  const { client } = watched([accepted, succeeded], {
    onExchange: () => {
      throw new Error('the log is full')
    },
    environment: {
      now: () => startedAt,
      setTimeout: (callback, delay) => {
        if (delay > 0) return
        try {
          callback()
        } catch (error) {
          faults.push((error as Error).message)
        }
      },
      clearTimeout: () => {},
      random: () => 0,
      createId: () => 'rebuild',
    },
  })
  const operation = await client.callAction('Rebuild')
  await operation.poll()
  expect(operation).toMatchObject({ status: 'completed', result: { Title: 'Annual report' } })
  expect(faults).toEqual(['the log is full', 'the log is full'])
})
