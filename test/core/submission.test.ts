import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ODataError } from '../../src/core/index.js'
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

const NOTHING = `204 No Content`

describe('the request that starts an operation', () => {
  it.each([
    ['200', '200 OK\nContent-Type: application/json\n\n{"@context":"c","value":3}', 3],
    ['201', '201 Created\nContent-Type: application/json\nLocation: Reports(1)\n\n{"ID":1}', { ID: 1 }],
    ['204', NOTHING, undefined],
  ])('row 1: takes a %s at once as the final result and never polls', async (_, answer, result) => {
    const { client, sent } = scriptedClient([answer])
    const operation = await client.callAction('Rebuild')

    expect(operation).toMatchObject({ isAsync: false, status: 'completed', isCompleted: true })
    expect(operation.result).toEqual(result)
    expect(await operation.poll()).toBe(false)
    await vi.advanceTimersByTimeAsync(3_600_000)
    expect(sent).toHaveLength(1)
  })

  it.each([400, 404, 412, 428, 500, 503])(
    'row 2: takes a %s at once as the error of the operation and sends nothing more',
    async (status) => {
      const { client, sent } = scriptedClient([
        `${status} Error\nContent-Type: application/json\n\n{"error":{"code":"E1","message":"Not today."}}`,
      ])
      const error = await rejection(client.callAction('Rebuild'))

      expect(error).toMatchObject({
        name: 'ODataServiceError',
        kind: 'service',
        status,
        code: 'E1',
        message: 'Not today.',
      })
      await vi.advanceTimersByTimeAsync(3_600_000)
      expect(sent).toHaveLength(1)
    },
  )

  it('row 2: an error without an OData body keeps what the service sent', async () => {
    const { client } = scriptedClient(['502 Bad Gateway\nContent-Type: text/html\n\n<h1>Bad gateway</h1>'])
    const error = await rejection(client.callAction('Rebuild'))

    expect(error).toMatchObject({ kind: 'service', status: 502, body: '<h1>Bad gateway</h1>' })
    expect((error as Error).message).toContain('502')
  })

  it('row 3: follows a 202 that has no Preference-Applied', async () => {
    const { client } = scriptedClient([accepted, succeeded])
    const done = client.callActionAndWait('Rebuild')
    await vi.advanceTimersByTimeAsync(2_000)
    await expect(done).resolves.toMatchObject({ Title: 'Annual report' })
  })

  it('row 4: header names count in any case, and Preference-Applied may be a list', async () => {
    const { client } = scriptedClient([
      `202 Accepted\nLOCATION: ${MONITOR}\nRETRY-AFTER: 7\nPREFERENCE-APPLIED: respond-async, wait=10`,
    ])
    const operation = await client.callAction('Rebuild')
    expect(operation.monitorUrl).toBe(MONITOR)
    expect(operation.record.nextPollAt).toBe(Date.now() + 7_000)
  })

  it("row 5: merges the caller's own preferences into one header, each once", async () => {
    const { client, sent } = scriptedClient([NOTHING])
    await client.callAction('Rebuild', {}, { wait: 30, headers: { Prefer: 'return=minimal, wait=5' } })
    expect(sent[0]?.headers.prefer).toBe('return=minimal, wait=5, respond-async')
  })

  it.each([6, 7])('row %s: a 202 is an operation under way and its body never the result', async () => {
    const { client } = scriptedClient([
      `202 Accepted\nLocation: ${MONITOR}\nContent-Type: application/json\n\n{"value":[1,2]}`,
    ])
    const operation = await client.callAction('Rebuild')
    expect(operation).toMatchObject({ status: 'running', isAsync: true, result: undefined })
  })

  it.each([
    ['8', '202 Accepted'],
    ['9, empty', '202 Accepted\nLocation: '],
    ['9, not a URL', '202 Accepted\nLocation: http://'],
    ['9, another scheme', '202 Accepted\nLocation: javascript:alert(1)'],
  ])(
    'row %s: a 202 without a usable Location cannot be followed; the error says so, names CORS, and nothing is sent again',
    async (_, answer) => {
      const { client, sent } = scriptedClient([answer])
      const error = (await rejection(client.callAction('Rebuild'))) as ODataError

      expect(error).toMatchObject({ name: 'ODataProtocolError', kind: 'protocol', status: 202 })
      expect(error.message).toContain('Access-Control-Expose-Headers: Location')
      expect(error.message).toContain('do not send it again')
      await vi.advanceTimersByTimeAsync(3_600_000)
      expect(sent).toHaveLength(1)
    },
  )

  it.each([
    ['10', "../_async('abc')", "https://api.example.com/v4/_async('abc')"],
    ['11', '/api/backgroundoperation/7', 'https://api.example.com/api/backgroundoperation/7'],
    ['14', '/jobs/7?code=a%20b#top', 'https://api.example.com/jobs/7?code=a%20b'],
  ])('row %s: resolves Location %s against the URL of the request', async (_, location, monitorUrl) => {
    const { client, sent } = scriptedClient([`202 Accepted\nLocation: ${location}`, stillRunning])
    const operation = await client.callAction("Processes('p')/tm1.Execute")
    expect(operation.monitorUrl).toBe(monitorUrl)
    await operation.poll()
    expect(sent[1]?.url).toBe(monitorUrl)
  })

  it('row 10: resolves a relative Location against the URL after redirects', async () => {
    const redirected = new Response(null, { status: 202, headers: { Location: 'jobs/7' } })
    Object.defineProperty(redirected, 'url', { value: 'https://api.example.com/moved/to/Rebuild' })
    const { client } = scriptedClient([redirected])
    expect((await client.callAction('Rebuild')).monitorUrl).toBe('https://api.example.com/moved/to/jobs/7')
  })

  it.each([
    ['12', '//evil.example/x', 'https://evil.example'],
    ['12', 'https://api.example.com:8443/x', 'https://api.example.com:8443'],
    ['13', 'http://api.example.com/x', 'http://api.example.com'],
  ])('row %s: refuses the monitor %s, sends nothing to it, and says how to allow it', async (_, location, origin) => {
    const { client, sent } = scriptedClient([`202 Accepted\nLocation: ${location}`])
    const error = (await rejection(client.callAction('Rebuild'))) as ODataError

    expect(error.kind).toBe('protocol')
    expect(error.message).toMatch(new RegExp(`is on ${origin}, .*trustedOrigins`))
    expect(sent).toHaveLength(1)
  })

  it('row 12: asks a monitor on an origin that is trusted', async () => {
    const { client, sent } = scriptedClient(['202 Accepted\nLocation: https://jobs.example.net/7', succeeded], {
      trustedOrigins: ['https://jobs.example.net'],
    })
    const operation = await client.callAction('Rebuild')
    expect(await operation.poll()).toBe(false)
    expect(sent[1]?.url).toBe('https://jobs.example.net/7')
  })

  it('row 15: reads no more than the start of an endless body', async () => {
    let pulled = 0
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled += 1
        controller.enqueue(new Uint8Array(16_384))
      },
    })
    const { client } = scriptedClient([new Response(endless, { status: 202, headers: { Location: MONITOR } })])
    expect((await client.callAction('Rebuild')).status).toBe('running')
    expect(pulled).toBeLessThan(10)
  })

  it('row 15: does not wait for a body that never ends', async () => {
    const { client } = scriptedClient([
      ({ signal }) =>
        new Response(
          new ReadableStream({
            start: (controller) => signal.addEventListener('abort', () => controller.error(signal.reason)),
          }),
          { status: 202, headers: { Location: MONITOR } },
        ),
    ])
    const started = client.callAction('Rebuild')
    await vi.advanceTimersByTimeAsync(5_000)
    expect((await started).status).toBe('running')
  })

  it('row 16: the body of a 202 is progress, not a result', async () => {
    const { client } = scriptedClient([
      `202 Accepted\nLocation: ${MONITOR}\nContent-Type: application/json\n\n{"percentComplete":12,"message":"Queued"}`,
    ])
    const operation = await client.callAction('Rebuild')
    expect(operation.progress).toEqual({ percent: 12, message: 'Queued' })
    expect(operation.result).toBeUndefined()
  })

  it.each([
    ['17: 0', '0', 500],
    ['18: a date in the past', 'Fri, 31 Dec 1999 23:59:59 GMT', 500],
    ['18: a date to come', 'Mon, 05 Oct 2026 00:00:30 GMT', 30_000],
    ['19: abc', 'abc', 500],
    ['19: -5', '-5', 500],
    ['19: 1.5', '1.5', 500],
    ['20: 9999999999', '9999999999', 2 ** 31 - 1],
  ])('row %s is a Retry-After that makes the next poll come in due time', async (_, retryAfter, delay) => {
    const { client, sent } = scriptedClient([`202 Accepted\nLocation: ${MONITOR}\nRetry-After: ${retryAfter}`])
    const operation = await client.callAction('Rebuild')
    expect(operation.record.nextPollAt).toBe(Date.now() + delay)
    await vi.advanceTimersByTimeAsync(400)
    expect(sent).toHaveLength(1)
  })

  it('row 20: a huge Retry-After ends at the deadline, with one last poll', async () => {
    const { client, sent } = scriptedClient([
      `202 Accepted\nLocation: ${MONITOR}\nRetry-After: 9999999999`,
      stillRunning,
    ])
    const failed = rejection(client.callActionAndWait('Rebuild', {}, { timeout: 60_000 }))
    await vi.advanceTimersByTimeAsync(60_000)
    expect(await failed).toMatchObject({ name: 'OperationTimeoutError', monitorUrl: MONITOR })
    expect(sent).toHaveLength(2)
  })

  it('row 21: ends as network with an unknown outcome when no answer came, and is not sent again', async () => {
    const { client, sent } = scriptedClient(['lost'])
    const error = (await rejection(client.callAction('Rebuild'))) as ODataError

    expect(error).toMatchObject({ name: 'ODataNetworkError', kind: 'network' })
    expect(error.message).toContain('may or may not have started')
    await vi.advanceTimersByTimeAsync(3_600_000)
    expect(sent).toHaveLength(1)
  })

  it('waits longer than ky would, then ends as network', async () => {
    const never = new Promise<never>(() => {})
    const { client, sent } = scriptedClient([
      ({ signal }) =>
        Promise.race([
          never,
          new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
        ]),
    ])
    const failed = rejection(client.callAction('Rebuild'))
    await vi.advanceTimersByTimeAsync(299_999)
    expect(sent[0]?.signal.aborted).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(await failed).toMatchObject({ kind: 'network' })
    expect(sent).toHaveLength(1)
  })

  it('is sent once, however often submit is called', async () => {
    const { client, sent } = scriptedClient([accepted])
    const operation = client.prepareAction('Rebuild')
    await Promise.all([operation.submit(), operation.submit()])
    await operation.submit()
    expect(sent).toHaveLength(1)
    expect(operation.status).toBe('running')
  })

  it('is sent by whoever waits for a prepared operation, once', async () => {
    const { client, sent } = scriptedClient([accepted, succeeded])
    const operation = client.prepareAction('Rebuild')
    const waits = [operation.waitForCompletion(), operation.waitForCompletion()]
    await vi.advanceTimersByTimeAsync(2_000)
    expect(await Promise.all(waits)).toMatchObject([{ ID: 1 }, { ID: 1 }])
    expect(sent.map(({ method }) => method)).toEqual(['POST', 'GET'])
  })

  it('is not sent by who waits for a prepared operation and has aborted already', async () => {
    const { client, sent } = scriptedClient([])
    const signal = AbortSignal.abort(new Error('enough'))
    const failed = await rejection(client.prepareAction('Rebuild').waitForCompletion({ signal }))
    expect(failed).toMatchObject({ message: 'enough' })
    expect(sent).toHaveLength(0)
  })

  it('is let go when who waits for a prepared operation aborts', async () => {
    const { client, sent } = scriptedClient([() => new Promise(() => {})])
    const controller = new AbortController()
    const operation = client.prepareAction('Rebuild')
    const failed = rejection(operation.waitForCompletion({ signal: controller.signal }))
    await vi.advanceTimersByTimeAsync(0)
    controller.abort(new Error('enough'))
    expect(await failed).toMatchObject({ message: 'enough' })
    expect(sent[0]?.signal.aborted).toBe(true)
  })

  it('is sent once also when a listener asks for it', async () => {
    const { client, sent } = scriptedClient([accepted], { timeout: 60_000 })
    const operation = client.prepareAction('Rebuild')
    operation.subscribe(() => void operation.submit())
    await operation.submit()
    expect(sent).toHaveLength(1)
  })

  it('row 22: wait gives the service that much longer before the request is given up', async () => {
    const { client, sent } = scriptedClient([
      ({ signal }) => new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    ])
    const failed = rejection(client.callAction('Rebuild', {}, { wait: 60 }))
    await vi.advanceTimersByTimeAsync(359_999)
    expect(sent[0]?.signal.aborted).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(await failed).toMatchObject({ kind: 'network' })
  })

  it.each([
    [undefined, '4.01'],
    ['4.0', '4.0'],
  ] as const)(
    'row 23: OData-MaxVersion %s is sent as %s, with the first request, each poll and a cancel',
    async (maxVersion, header) => {
      const { client, sent } = scriptedClient([accepted, stillRunning, '204 No Content'], { maxVersion })
      const operation = await client.callAction('Rebuild')
      await operation.poll()
      await operation.tryCancel()
      expect(sent.map(({ headers }) => headers['odata-maxversion'])).toEqual([header, header, header])
      expect(sent[0]?.headers['odata-version']).toBe('4.0')
    },
  )

  it.each([
    [138, 412, 'PRECONDITION'],
    [139, 428, 'ETAG_REQUIRED'],
  ])('row %s: a %s is the error of the operation, at once or later', async (_, status, code) => {
    const body = `Content-Type: application/json\n\n{"error":{"code":"${code}","message":"Changed meanwhile."}}`
    const now = scriptedClient([`${status} Nope\n${body}`])
    expect(await rejection(now.client.callAction('Rebuild'))).toMatchObject({ kind: 'service', status, code })
    const later = scriptedClient([accepted, `200 OK\nAsyncResult: ${status}\n${body}`])
    const operation = await later.client.callAction('Rebuild', {}, { headers: { 'If-Match': '"1"' } })
    await operation.poll()
    expect(operation.error).toMatchObject({ kind: 'service', status, code })
  })

  it('gives the body one member for each parameter, and {} when there are none', async () => {
    const { client, sent } = scriptedClient([NOTHING, NOTHING, NOTHING])
    await client.callAction('Rebuild')
    await client.callAction('Rebuild', {})
    await client.callAction('Products(1)/Sales.Discount', { Percent: 5, Note: undefined })
    expect(sent.map(({ body }) => body)).toEqual(['{}', '{}', '{"Percent":5}'])
    expect(sent[2]?.url).toBe(`${SERVICE}Products(1)/Sales.Discount`)
    expect(sent[2]?.headers['content-type']).toBe('application/json')
  })
})
