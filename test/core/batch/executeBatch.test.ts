import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  type BatchResult,
  changeSet,
  create,
  createODataClient,
  get,
  isODataError,
  prepareBatch,
  remove,
  request,
  update,
} from '../../../src/core/index.js'
import { jsonBatchAnswer, multipartAnswer, multipartBody } from '../../support/batchAnswers.js'
import { accepted, MONITOR, rejection, SERVICE, scriptedClient } from '../../support/scriptedClient.js'

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 9, 5, 7) }))
afterEach(() => void vi.useRealTimers())

const two = () => [get<{ ID: number }>('Products(1)'), remove('Products(2)')] as const
const json = { batch: { format: 'json' } } as const
const multipart = { batch: { format: 'multipart' } } as const

const failure = (message: string) => ({ error: { code: 'BAD', message } })

describe('a batch that is answered at once', () => {
  it('resolves with the operation, which is completed and has the results in the places of the entries', async () => {
    const answer = multipartAnswer([
      { id: '1', status: 200, json: { ID: 1 } },
      [
        { id: '2', status: 201, json: { ID: 7 } },
        { id: '3', status: 204 },
      ],
    ])
    const { client, sent } = scriptedClient([answer], multipart)
    const operation = await client.executeBatch([
      get<{ ID: number }>('Products(1)'),
      changeSet([create<{ ID: number }>('Orders', { Note: 'x' }), update('Products(1)', { Stock: 3 })]),
    ])

    expect(operation).toMatchObject({ status: 'completed', isAsync: false, isCompleted: true })
    expect(operation.progress).toEqual({ percent: 100, completed: 3, total: 3 })
    const { results, allSucceeded, items } = operation.result as NonNullable<typeof operation.result>
    const [product, [order, stock]] = results
    expect([product.result?.ID, order.result?.ID, stock.status]).toEqual([1, 7, 204])
    expect([allSucceeded, items.length]).toEqual([true, 3])
    expect(sent[0]).toMatchObject({ method: 'POST', url: `${SERVICE}$batch` })
    expect(operation.record.kind).toBe('batch')
    expect(operation.record.result).toBeUndefined()
  })

  it('gives the same result each time, and to whoever waits', async () => {
    const { client } = scriptedClient([jsonBatchAnswer([{ id: '1', status: 204 }])], json)
    const operation = await client.executeBatch([remove('Products(1)')])

    expect(operation.result).toBe(operation.result)
    expect(await operation.waitForCompletion()).toBe(operation.result)
  })

  it('is completed when requests of it failed: the result says which, and why', async () => {
    const answer = jsonBatchAnswer([
      { id: '2', status: 409, body: failure('In use.') },
      { id: '1', status: 200, body: { ID: 1 } },
    ])
    const { client } = scriptedClient([answer], json)
    const { failed, firstError, hasErrors } = await (await client.executeBatch(two())).waitForCompletion()

    expect(failed).toMatchObject([{ id: '2', outcome: 'failed', method: 'DELETE', url: `${SERVICE}Products(2)` }])
    expect([hasErrors, firstError?.name, firstError?.message]).toEqual([true, 'ODataServiceError', 'In use.'])
  })

  it('row 105: as a whole with an error rejects, and no request was executed', async () => {
    const answer = Response.json(failure('No batches here.'), { status: 415 })
    const { client } = scriptedClient([answer], json)
    const error = await rejection(client.executeBatch(two()))

    expect(error).toMatchObject({ name: 'ODataServiceError', status: 415, message: 'No batches here.' })
    expect((error as { record: { batch: unknown } }).record.batch).toMatchObject({
      items: [{ outcome: 'not-executed', error: { status: 415 } }, { outcome: 'not-executed' }],
    })
  })

  it('rejects when the answer is none to a batch, and its requests are lost', async () => {
    const { client } = scriptedClient([new Response('<html>', { headers: { 'content-type': 'text/html' } })], json)
    const error = await rejection(client.executeBatch(two()))

    expect(error).toMatchObject({ name: 'ODataProtocolError', record: { batch: { items: [{ outcome: 'lost' }, {}] } } })
  })

  it('rejects when there is no answer, and its requests are lost', async () => {
    const { client } = scriptedClient(['lost'], json)
    const error = await rejection(client.executeBatch(two()))

    expect(error).toMatchObject({
      name: 'ODataNetworkError',
      record: { batch: { items: [{ outcome: 'lost', error: { kind: 'network' } }, { outcome: 'lost' }] } },
    })
  })

  it('row 105: with an error and answers is completed: what was done is done', async () => {
    const parts = multipartBody([
      { id: '1', status: 204 },
      { id: '2', status: 404, json: failure('gone') },
    ])
    const headers = { 'Content-Type': 'multipart/mixed; boundary=rb' }
    const { client } = scriptedClient([new Response(parts, { status: 404, headers })], multipart)
    const requests = ['A', 'B', 'C'].map((path) => remove(path))
    const { status, result } = await client.executeBatch(requests, { continueOnError: false })

    expect(status).toBe('completed')
    expect(result?.items.map(({ outcome }) => outcome)).toEqual(['succeeded', 'failed', 'not-executed'])
  })

  it('tells nothing of a change set that has the boundary of the batch, and of what comes after', async () => {
    const parts = [{ status: 200, json: 'a' }, [{ status: 204 }], { status: 200, json: 'b' }]
    const body = multipartBody(parts).replace('boundary=cs', 'boundary=rb').replaceAll('--cs', '--rb')
    const { client } = scriptedClient(
      [new Response(body, { headers: { 'Content-Type': 'multipart/mixed; boundary=rb' } })],
      multipart,
    )
    const { result } = await client.executeBatch([get('A'), changeSet([remove('B')]), get('C')])

    expect(result?.items.map(({ outcome }) => outcome)).toEqual(['succeeded', 'lost', 'lost'])
    expect(result?.isTruncated).toBe(true)
  })

  it('row 106: rejects when it has more answers than there are requests', async () => {
    const answers = [{ status: 200 }, { status: 200 }, { status: 200 }]
    const { client } = scriptedClient([multipartAnswer(answers)], multipart)

    expect(await rejection(client.executeBatch(two()))).toMatchObject({
      name: 'ODataProtocolError',
      message: expect.stringContaining('3 answers to 2 requests'),
    })
  })

  it('is completed when it was cut in the middle: what is missing is lost, and `isTruncated` says so', async () => {
    const text = multipartBody([
      { id: '1', status: 200, json: { ID: 1 } },
      { id: '2', status: 200, json: { ID: 2 } },
    ])
    const headers = { 'Content-Type': 'multipart/mixed; boundary=rb' }
    const { client } = scriptedClient([new Response(text.slice(0, -20), { headers })], multipart)
    const { items, isTruncated, allSucceeded } = await (await client.executeBatch(two())).waitForCompletion()

    expect(items.map(({ outcome }) => outcome)).toEqual(['succeeded', 'lost'])
    expect([isTruncated, allSucceeded]).toEqual([true, false])
    expect(items[1]?.error?.kind).toBe('protocol')
  })

  it('a request without an answer is lost, and tells so', async () => {
    const { client } = scriptedClient([jsonBatchAnswer([{ id: '1', status: 204 }])], json)
    const { items } = await (await client.executeBatch(two())).waitForCompletion()

    expect(items[1]).toMatchObject({ outcome: 'lost', error: { kind: 'protocol' } })
  })
})

describe('a batch that is accepted', () => {
  it('by an old service, whose 202 has the answers and no Location, is completed', async () => {
    const { headers, body } = multipartAnswer([{ status: 200, json: 'a' }])
    const { client, sent } = scriptedClient([new Response(body, { status: 202, headers })], {
      batch: { format: 'multipart' },
    })
    const operation = await client.executeBatch([get('A')])

    expect(operation).toMatchObject({ status: 'completed', isAsync: false, result: { allSucceeded: true } })
    expect(sent).toHaveLength(1)
  })

  it('by a service that always says 202 (Olingo) is as large as any other answer', async () => {
    const parts = Array.from({ length: 200 }, (_, at) => ({ id: `${at + 1}`, status: 200, json: 'x'.repeat(500) }))
    const { headers, body } = multipartAnswer(parts)
    const { client } = scriptedClient([new Response(body, { status: 202, headers })], multipart)
    const { result } = await client.executeBatch(parts.map(({ id }) => get(`Rows(${id})`)))

    expect(result).toMatchObject({ isTruncated: false, allSucceeded: true })
  })

  it('row 119: its wrapped result has its boundary in the inner header', async () => {
    const wrapped = `HTTP/1.1 200 OK\r\nContent-Type: multipart/mixed; boundary=rb\r\n\r\n${multipartBody([
      { id: '1', status: 200, json: { ID: 1 } },
      { id: '2', status: 204 },
    ])}`
    const monitor = new Response(wrapped, { headers: { 'Content-Type': 'application/http; boundary=outer' } })
    const { client, sent } = scriptedClient([accepted, monitor], { maxVersion: '4.0' })
    const operation = await client.executeBatch(two())
    expect(operation).toMatchObject({ status: 'running', isAsync: true, monitorUrl: MONITOR })
    expect(operation.progress).toEqual({ percent: null, completed: 0, total: 2 })
    expect(operation.result).toBeUndefined()
    await operation.poll()

    expect(operation.result?.results[0]).toMatchObject({ outcome: 'succeeded', result: { ID: 1 } })
    expect(sent[1]?.headers.accept).toBe('application/http')
  })

  it('row 120: its unwrapped result has its boundary in the outer header', async () => {
    const parts = [
      { id: '1', status: 200, json: { ID: 1 } },
      { id: '2', status: 204 },
    ]
    const { client, sent } = scriptedClient([accepted, multipartAnswer(parts, { AsyncResult: '200' })], multipart)
    const operation = await client.executeBatch(two())
    await operation.poll()

    expect(operation.result?.allSucceeded).toBe(true)
    expect(sent[1]?.headers.accept).toBe('application/json')
  })

  it('a plain multipart answer of its monitor is the result, also without `AsyncResult`', async () => {
    const { client } = scriptedClient([accepted, multipartAnswer([{ status: 204 }, { status: 204 }])], multipart)
    const operation = await client.executeBatch(two())
    await operation.poll()

    expect(operation.result?.allSucceeded).toBe(true)
  })

  it('row 131: an error as its result is that of all requests, of which nobody knows what was done', async () => {
    const answer = Response.json(failure('Out of memory.'), { headers: { AsyncResult: '400' } })
    const { client } = scriptedClient([accepted, answer], json)
    const operation = await client.executeBatch(two())
    await operation.poll()

    expect(operation.error).toMatchObject({ kind: 'service', status: 400, message: 'Out of memory.' })
    expect(operation.record.batch?.items).toMatchObject([
      { outcome: 'lost', error: { status: 400 } },
      { outcome: 'lost', error: { status: 400 } },
    ])
  })

  it('its counts and percentage are those of the service while it works', async () => {
    const working = Response.json({ completed: 1, total: 2, percentComplete: 60 }, { status: 202 })
    const { client } = scriptedClient([accepted, working], json)
    const operation = await client.executeBatch(two())
    await operation.poll()

    expect(operation.progress).toEqual({ percent: 60, completed: 1, total: 2 })
  })

  it('goes on from its record in another page', async () => {
    const { client } = scriptedClient([accepted], json)
    const left = await client.executeBatch(two())
    const final = jsonBatchAnswer(
      [
        { id: '2', status: 204 },
        { id: '1', status: 200, body: { ID: 1 } },
      ],
      {},
      { AsyncResult: '200' },
    )
    const { client: other } = scriptedClient([final])
    const operation = other.resume<BatchResult>(JSON.parse(JSON.stringify(left)))
    await operation.poll()

    expect(operation.result?.items.map(({ outcome }) => outcome)).toEqual(['succeeded', 'succeeded'])
    expect(other.resume<BatchResult>(operation.record).result?.get('1')?.result).toEqual({ ID: 1 })
  })

  it('requests that were lost to our own impatience wait again when the operation is taken up again', async () => {
    const { client } = scriptedClient([accepted, accepted], json)
    const operation = await client.executeBatch(two(), { maxPolls: 1 })
    await operation.poll()
    expect(operation.record).toMatchObject({
      status: 'failed',
      batch: { items: [{ outcome: 'lost', error: { kind: 'timeout' } }, { outcome: 'lost' }] },
    })
    const final = jsonBatchAnswer(
      [
        { id: '2', status: 204 },
        { id: '1', status: 204 },
      ],
      {},
      { AsyncResult: '200' },
    )
    const { client: other } = scriptedClient([final])
    const again = other.resume<BatchResult>(operation.record)
    expect(again.record.batch?.items).toMatchObject([{ outcome: 'waiting', error: undefined }, { outcome: 'waiting' }])
    await again.poll()

    expect(again.result?.allSucceeded).toBe(true)
  })
})

describe('how a batch is sent', () => {
  const answers = [
    { id: '1', status: 204 },
    { id: '2', status: 204 },
  ]

  it('row 112: as JSON to a service that says that it takes it, without a word on failures', async () => {
    const metadata = `<edmx:Edmx Version="4.01" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
      <Schema Namespace="Ns" xmlns="http://docs.oasis-open.org/odata/ns/edm"><EntityContainer Name="C">
      <Annotation Term="Org.OData.Capabilities.V1.BatchSupport"><Record><PropertyValue Property="SupportedFormats">
      <Collection><String>multipart/mixed</String><String>application/json</String></Collection>
      </PropertyValue></Record></Annotation></EntityContainer></Schema></edmx:DataServices></edmx:Edmx>`
    const described = new Response(metadata, { headers: { 'content-type': 'application/xml' } })
    const { client, sent } = scriptedClient([described, jsonBatchAnswer(answers), jsonBatchAnswer(answers)])
    const operation = await client.executeBatch(two())
    await client.executeBatch(two())

    expect(sent.map(({ method, url }) => `${method} ${url}`)).toEqual([
      `GET ${SERVICE}$metadata`,
      `POST ${SERVICE}$batch`,
      `POST ${SERVICE}$batch`,
    ])
    expect(sent[1]?.headers).toMatchObject({
      'content-type': 'application/json',
      accept: 'application/json',
      'odata-version': '4.01',
      'odata-maxversion': '4.01',
      prefer: 'respond-async',
    })
    expect(operation.record.batch?.format).toBe('json')
  })

  it.each([
    {
      when: 'says nothing',
      metadata: Response.json({ $EntityContainer: 'Ns.C', Ns: { C: { $Kind: 'EntityContainer' } } }),
    },
    { when: 'has no metadata', metadata: new Response('', { status: 404 }) },
    { when: 'cannot be asked', metadata: 'lost' },
  ])('as multipart to a service that $when, which is asked to go on after failures', async ({ metadata }) => {
    const { client, sent } = scriptedClient([metadata, multipartAnswer(answers)])
    const operation = await client.executeBatch(two())

    expect(sent[1]?.headers).toMatchObject({
      'content-type': expect.stringMatching(/^multipart\/mixed; ?boundary=/),
      accept: 'multipart/mixed',
      'odata-version': '4.0',
      prefer: 'respond-async, continue-on-error, odata.continue-on-error',
    })
    expect(operation.record.batch?.format).toBe('multipart')
  })

  it('as multipart in version 4.0, and the service is not asked', async () => {
    const { client, sent } = scriptedClient([multipartAnswer(answers)], { maxVersion: '4.0' })
    await client.executeBatch(two(), { continueOnError: false, wait: 5, headers: { 'X-Trace': '7' } })

    expect(sent).toHaveLength(1)
    expect(sent[0]?.headers).toMatchObject({
      prefer: 'respond-async, wait=5',
      'odata-maxversion': '4.0',
      'x-trace': '7',
    })
  })

  it('without `respond-async` when it must be answered at once', async () => {
    const { client, sent } = scriptedClient([jsonBatchAnswer(answers)], json)
    await client.executeBatch(two(), { respondAsync: false })

    expect(sent[0]?.headers).not.toHaveProperty('prefer')
  })

  it('its own options come before those of the client', async () => {
    const { client, sent } = scriptedClient([jsonBatchAnswer(answers)], {
      batch: { format: 'multipart', urlForm: 'path' },
    })
    await client.executeBatch(two(), { format: 'json', urlForm: 'absolute' })

    expect(sent[0]?.body).toContain(`"url":"${SERVICE}Products(1)"`)
  })

  it('with the query of the service, and with boundaries that are new each time', async () => {
    const parts = [multipartAnswer(answers), multipartAnswer(answers)]
    const { client, sent } = scriptedClient(parts, { ...multipart, serviceUrl: `${SERVICE}?sap-client=100` })
    await client.executeBatch(two())
    await client.executeBatch(two())

    expect(sent[0]?.url).toBe(`${SERVICE}$batch?sap-client=100`)
    expect(sent[0]?.headers['content-type']).not.toBe(sent[1]?.headers['content-type'])
  })

  it('in multipart no request is asked to be worked on by itself', async () => {
    const own = () => [
      request('POST', 'Rebuild', {}, { respondAsync: true, returnPreference: 'minimal' }),
      request('POST', 'Rebuild', {}, { respondAsync: true }),
    ]
    const { client, sent } = scriptedClient([multipartAnswer(answers), jsonBatchAnswer(answers)])
    await client.executeBatch(own(), { format: 'multipart' })
    await client.executeBatch(own(), { format: 'json' })

    expect(sent[0]?.body.match(/^Prefer: .*$/gim)).toEqual(['Prefer: return=minimal'])
    expect(sent[1]?.body).toContain('"prefer":"return=minimal, respond-async"')
  })

  it('is sent again with fresh credentials after a 401, as any operation', async () => {
    const onUnauthorized = vi.fn()
    const { client, sent } = scriptedClient(['401 Unauthorized', jsonBatchAnswer(answers)], { ...json, onUnauthorized })
    const operation = await client.executeBatch(two())

    expect(operation.result?.allSucceeded).toBe(true)
    expect([sent.length, onUnauthorized.mock.calls.length]).toEqual([2, 1])
  })

  it('is never repeatable, whatever the client is told', async () => {
    const { client, sent } = scriptedClient([jsonBatchAnswer(answers)], { ...json, repeatability: true })
    await client.executeBatch(two())

    expect(sent[0]?.headers).not.toHaveProperty('repeatability-request-id')
  })

  it('through the builder, as its entries', async () => {
    const { client } = scriptedClient([jsonBatchAnswer(answers)], json)
    const operation = await client.createBatch().get<{ ID: number }>('Products(1)').remove('Products(2)').execute()

    expect(operation.result?.results).toMatchObject([{ id: '1' }, { id: '2' }])
  })

  it('with the code of a client that was spread into another', async () => {
    const { client } = scriptedClient([jsonBatchAnswer(answers)], json)
    const operation = prepareBatch({ ...client }, two())
    await operation.submit()

    expect(operation.result?.allSucceeded).toBe(true)
  })
})

describe('what is refused before anything is sent', () => {
  it('prepareBatch sends nothing, and submit does once', async () => {
    const { client, sent } = scriptedClient([jsonBatchAnswer([{ id: '1', status: 204 }])], json)
    const operation = prepareBatch(client, [remove('Products(1)')])
    expect([operation.status, sent.length]).toEqual(['pending', 0])
    expect(operation.record.batch?.items).toMatchObject([{ outcome: 'waiting', url: `${SERVICE}Products(1)` }])
    await Promise.all([operation.submit(), operation.submit()])

    expect(sent).toHaveLength(1)
  })

  it.each([
    ['no entries', () => [[], {}] as const, /no request|empty/i],
    ['a dependency that multipart cannot say', () => [[get('A'), get('B', { dependsOn: ['1'] })], {}] as const, /json/],
    ['a header that cannot be sent', () => [two(), { headers: { 'X-A': 'a\nb' } }] as const, /header/],
    ['a condition on the whole', () => [two(), { headers: { 'If-Match': '*' } }] as const, /If-Match.*etag/],
    ['a time that no timer keeps', () => [two(), { timeout: -1 }] as const, /timeout/],
    ['a concurrency that is none', () => [two(), { concurrency: 0 }] as const, /concurrency/],
    ['a size that is none', () => [two(), { maxBatchSize: 0 }] as const, /maxBatchSize/],
  ])('%s', async (_, given, message) => {
    const { client, sent } = scriptedClient([], { maxVersion: '4.0' })
    const [entries, options] = given()
    expect(() => prepareBatch(client, entries, options)).toThrow(message)
    expect(await rejection(client.executeBatch(entries, options))).toMatchObject({ name: 'ODataConfigurationError' })
    expect(sent).toHaveLength(0)
  })

  it('a dependency that multipart cannot say, when the format turns out at the service', async () => {
    const { client, sent } = scriptedClient([new Response('', { status: 404 })])
    const error = await rejection(client.executeBatch([get('A'), get('B', { dependsOn: ['1'] })]))

    expect(error).toMatchObject({
      name: 'ODataConfigurationError',
      record: { batch: { items: [{ outcome: 'not-executed' }, { outcome: 'not-executed' }] } },
    })
    expect(sent).toHaveLength(1)
  })

  it('a client that is none of this package', () => {
    const { serviceUrl } = createODataClient({ serviceUrl: SERVICE })
    expect(() => prepareBatch({ serviceUrl } as never, two())).toThrow(/createODataClient/)
  })

  it('a signal that is aborted before', async () => {
    const { client, sent } = scriptedClient([], json)
    const signal = AbortSignal.abort(new Error('left'))
    expect(await rejection(client.executeBatch(two(), { signal }))).toMatchObject({ message: 'left' })
    expect(sent).toHaveLength(0)
  })
})

describe('a batch that is cancelled', () => {
  it('before it is submitted is never sent, and none of its requests was executed', async () => {
    const { client, sent } = scriptedClient([], json)
    const operation = prepareBatch(client, two())
    expect(await operation.tryCancel()).toBe('cancelled')
    await operation.submit()

    expect(sent).toHaveLength(0)
    expect(operation.record.batch?.items.map(({ outcome }) => outcome)).toEqual(['not-executed', 'not-executed'])
  })

  it('while the service is asked for its format is never sent', async () => {
    let answer = (_: Response) => {}
    const asked = new Promise<Response>((resolve) => {
      answer = resolve
    })
    const { client, sent } = scriptedClient([() => asked])
    const operation = prepareBatch(client, two())
    const submitted = operation.submit()
    const cancelled = operation.tryCancel()
    answer(new Response('', { status: 404 }))

    expect(await cancelled).toBe('cancelled')
    await submitted
    expect(sent.map(({ url }) => url)).toEqual([`${SERVICE}$metadata`])
    expect(operation.record.batch?.items.map(({ outcome }) => outcome)).toEqual(['not-executed', 'not-executed'])
  })
})

it('a batch whose time is over before its format is known is never sent, and none of its requests was executed', async () => {
  const late = () => new Promise<Response>((resolve) => setTimeout(resolve, 5_000, new Response('', { status: 404 })))
  const { client, sent } = scriptedClient([late])
  const operation = prepareBatch(client, two(), { timeout: 3_000 })
  const submitted = operation.submit()
  await vi.advanceTimersByTimeAsync(5_000)
  await submitted

  expect(sent).toHaveLength(1)
  expect(operation.error).toMatchObject({ kind: 'timeout', message: 'Not finished after 5000 ms. It was not sent.' })
  expect(operation.record.batch?.items.map(({ outcome }) => outcome)).toEqual(['not-executed', 'not-executed'])
})

describe('any answer', () => {
  beforeEach(() => void vi.useRealTimers())

  const whole = multipartBody([
    { id: '1', status: 200, json: { ID: 1 } },
    [
      { id: '2', status: 201, json: {}, headers: { Location: 'Orders(1)' } },
      { id: '3', status: 204 },
    ],
    { id: '4', status: 404, json: failure('no') },
    { status: 202, headers: { Location: '/jobs/9' } },
  ])
  const jsonWhole = JSON.stringify({
    responses: [
      { id: '1', status: 200, body: { a: 1 } },
      { id: 4, status: 202, headers: { location: '/x' } },
    ],
    '@nextLink': 'https://api.example.com/v4/$batch?next',
  })
  const entries = () => [get('Products(1)'), changeSet([create('Orders', {}), remove('Orders(2)')]), get("Depots('X')")]
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc
      .tuple(fc.constantFrom(whole, jsonWhole), fc.nat(1_500), fc.nat(1_500), fc.string({ maxLength: 12 }))
      .map(([text, from, to, put]) => new TextEncoder().encode(text.slice(0, from) + put + text.slice(to))),
    fc.json().map((text) => new TextEncoder().encode(`{"responses":${text}}`)),
  )
  const types = fc.constantFrom('multipart/mixed; boundary=rb', 'multipart/mixed', 'application/json', 'text/plain', '')

  it('gives a result, leads on, or is a service’s or a protocol error: it never throws anything else', async () => {
    await fc.assert(
      fc.asyncProperty(bytes, types, fc.constantFrom(200, 201, 204, 400, 503), fc.boolean(), async (...given) => {
        const [body, type, status, isJson] = given
        const answer = new Response(status === 204 ? null : new Uint8Array(body), {
          status,
          headers: { 'content-type': type },
        })
        const { client } = scriptedClient([answer], isJson ? json : multipart)
        const operation = await client.executeBatch(entries()).catch((error: unknown) => {
          expect(isODataError(error) && /^(protocol|service)$/.test(error.kind)).toBe(true)
          return undefined
        })
        if (!operation) return
        expect(['completed', 'running']).toContain(operation.status)
        const items = operation.record.batch?.items ?? []
        expect(items.map(({ id }) => id)).toEqual(['1', '2', '3', '4'])
        if (operation.isCompleted) expect(items.some(({ outcome }) => outcome === 'waiting')).toBe(false)
        expect(JSON.parse(JSON.stringify(operation.record)).id).toBe(operation.id)
      }),
      { numRuns: 300 },
    )
  })
})
