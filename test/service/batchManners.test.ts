import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type RunningODataService, startODataService } from './odataService.js'
import { changeSet, end, get, lines, multipartHeaders, part, post, statuses } from './rawBatch.js'
import { createServiceClient, monitorUrl } from './serviceClient.js'

let service: RunningODataService
let client: ReturnType<typeof createServiceClient>

beforeAll(async () => {
  service = await startODataService({ retryAfter: 0 })
  client = createServiceClient(service)
})
beforeEach(() => service.reset())
afterAll(() => service.close())

const multipart = (body: string, headers: Record<string, string> = {}) =>
  client.request('POST', '$batch', { ...multipartHeaders, ...headers }, body + end)
const json = (requests: unknown, headers: Record<string, string> = {}) => client.call('$batch', { requests }, headers)
const switched = (name: string) => ({ 'x-test-service': name })
const create = (id: number, body: object) => ({ id: String(id), method: 'post', url: 'Products', body })
const read = (id: number) => ({ id: String(id), method: 'get', url: 'Products(1)' })
const times = <T>(count: number, item: (index: number) => T) => Array.from({ length: count }, (_, index) => item(index))
const productCount = async () => Number(await (await client.request('GET', 'Products/$count')).text())

describe('a batch of 200 of which three cannot be done', () => {
  const wrong = new Map<number, object>([
    [20, { Name: 'A', Price: -1 }],
    [90, { Name: 'A', ID: 1 }],
    [199, { Name: 1 }],
  ])
  const requests = times(200, (index) => create(index, wrong.get(index) ?? { Name: `P${index}` }))
  const failed = [
    { id: '20', status: 400, body: { error: { code: 'NEGATIVE_PRICE', target: 'Price' } } },
    { id: '90', status: 409, body: { error: { code: 'DUPLICATE_KEY', target: 'ID' } } },
    { id: '199', status: 400, body: { error: { code: 'BAD_DATA', target: 'Name' } } },
  ]

  it('does the others, and says of each of the three why', async () => {
    const { responses } = await (await json(requests)).json()
    expect(responses).toHaveLength(200)
    expect(responses.filter(({ status }: { status: number }) => status !== 201)).toMatchObject(failed)
    expect(await productCount()).toBe(12 + 197)
  })

  it('does so asynchronously, too, and counts', async () => {
    const headers = { Prefer: 'respond-async', 'x-test-duration': '200', 'x-test-polls': '1' }
    const accepted = await json(requests, headers)
    expect(await accepted.json()).toMatchObject({ total: 200, completed: expect.any(Number) })
    await client.until(() => service.jobs()[0]?.completed === 200)
    const { responses } = await (await client.finish(accepted)).json()
    expect(responses.filter(({ status }: { status: number }) => status !== 201)).toMatchObject(failed)
  })

  it('can be sent again with what failed alone', async () => {
    await (await json(requests)).json()
    const { responses } = await (await json([create(20, { Name: 'A', Price: 1 })])).json()
    expect(responses).toMatchObject([{ id: '20', status: 201 }])
  })
})

describe('a batch that takes time', () => {
  const hang = { id: '2', method: 'post', url: 'RebuildIndex', headers: { 'x-test-outcome': 'hang' } }

  it('counts its requests in the body of the 202', async () => {
    const accepted = await json([read(1), hang, read(3)], { Prefer: 'respond-async' })
    await client.until(() => (service.jobs()[0]?.message ?? '').startsWith('Request 2 of 3: Indexing'))
    const url = monitorUrl(accepted) ?? ''
    expect(await (await fetch(url)).json()).toMatchObject({ percentComplete: 50, completed: 1, total: 3 })
  })

  it('counts them below properties when told to', async () => {
    const headers = { Prefer: 'respond-async', ...switched('progress-properties') }
    const accepted = await json([read(1), hang], headers)
    await client.until(() => service.jobs()[0]?.completed === 1)
    expect(await (await fetch(monitorUrl(accepted) ?? '')).json()).toMatchObject({
      properties: { completed: 1, total: 2 },
    })
  })

  it('row 128: hands polls and duration on to a request that runs by itself', async () => {
    const headers = { 'content-type': 'application/json', prefer: 'respond-async' }
    const alone = { id: '1', method: 'post', url: 'RebuildIndex', headers, body: {} }
    const response = await json([alone, read(2)], { 'x-test-polls': '2', 'x-test-duration': '20' })
    const [{ status, headers: found }, other] = (await response.json()).responses
    expect([status, other.status]).toEqual([202, 200])
    expect((await fetch(found.location)).status).toBe(202)
    const result = await client.finish(await fetch(found.location))
    expect([result.headers.get('asyncresult'), service.jobs()]).toMatchObject(['204', [{ polls: expect.any(Number) }]])
    expect(service.jobs()[0]?.polls).toBeGreaterThan(2)
  })
})

describe('a batch that is too large', () => {
  const tooLarge = { error: { code: 'BATCH_TOO_LARGE', message: 'The batch has 3 requests. Send at most 2 at once.' } }
  const limit = { 'x-test-batch-limit': '2' }

  it.each([
    ['JSON', () => json(times(3, read), limit)],
    ['multipart', () => multipart(times(3, () => part(get('Products(1)'))).join(''), limit)],
    [
      'multipart, in a change set',
      () => multipart(changeSet(...times(3, () => post('Products', '{"Name":"A"}'))), limit),
    ],
  ])('row 105: is answered 413 (%s)', async (_, send) => {
    const response = await send()
    expect([response.status, await response.json()]).toEqual([413, tooLarge])
    expect(await productCount()).toBe(12)
  })

  it('may have as many requests as the limit, which is 1,000 unless told otherwise', async () => {
    expect((await json(times(2, read), limit)).status).toBe(200)
    expect((await json(times(1001, read))).status).toBe(413)
    const chain = times(1000, (index) => ({ ...read(index), dependsOn: index > 0 ? [String(index - 1)] : [] }))
    expect((await (await json(chain)).json()).responses).toHaveLength(1000)
  })
})

describe('an odd answer to a batch', () => {
  const two = part(get('Products(1)'), 'one') + part(get('Products(2)'), 'two')

  it('row 93: ends in the middle of the last part (multipart)', async () => {
    const text = await (await multipart(two, switched('truncated-batch'))).text()
    expect(statuses(text)).toEqual([200, 200])
    expect(text).toContain('"Desk lamp"')
    expect(text).not.toMatch(/--\r\n$/)
    const whole = await (await multipart(two)).text()
    expect(text.length).toBeLessThan(whole.length)
    expect(text.length).toBeGreaterThan(whole.length / 2)
  })

  it('ends in the middle of the last response (JSON)', async () => {
    const text = await (await json([read(1), { ...read(2), url: 'Products(2)' }], switched('truncated-batch'))).text()
    expect(text).toContain('"Desk lamp"')
    expect(text).toContain('"id":"2"')
    expect(() => JSON.parse(text)).toThrow(SyntaxError)
  })

  it('row 92: has lines that end in LF', async () => {
    const set = changeSet(post('Products', '{"Name":"A"}'))
    const text = await (await multipart(two + set, switched('lf-batch'))).text()
    expect(statuses(text)).toEqual([200, 200, 201])
    expect(text).not.toContain('\r')
    expect(text).toMatch(/^--(\S+)\nContent-Type: application\/http\nContent-ID: one\n\nHTTP\/1\.1 200 OK\n/)
  })

  it('row 88: has no Content-ID', async () => {
    const set = changeSet(post('Products', '{"Name":"A"}'))
    const text = await (await multipart(two + set, switched('no-content-id'))).text()
    expect(statuses(text)).toEqual([200, 200, 201])
    expect(text).not.toContain('Content-ID')
  })
})

describe('a multipart batch that goes to the engine as it is', () => {
  const own = switched('engine-batch')

  it('is read and answered by the engine', async () => {
    const set = changeSet(post('Products', '{"Name":"A"}'), post('Products(1)/Reporting.Reprice', '{"Percent":100}'))
    const response = await multipart(part(get('Products(1)')) + set + part(get('Products(99)')), own)
    expect(response.headers.get('content-type')).toBe('multipart/mixed; boundary=b')
    const text = await response.text()
    expect(statuses(text)).toEqual([200, 201, 200, 404])
    expect(text).toContain('sap-tenantid')
    expect(text).toContain('"Price":79.8')
    expect(await productCount()).toBe(13)
  })

  it('runs asynchronously, too', async () => {
    const accepted = await multipart(part(get('Products(1)')), { ...own, Prefer: 'respond-async' })
    expect(accepted.status).toBe(202)
    expect(statuses(await (await client.finish(accepted)).text())).toEqual([200])
  })

  it('is not undone where a change set fails', async () => {
    const text = await (await multipart(changeSet(post('Products', '{"Name":"A"}'), post('Nothing', '{}')), own)).text()
    expect(statuses(text)).toEqual([500])
    expect(await productCount()).toBe(13)
  })

  it.each([
    ['a part of a type that the engine does not know', lines('--b', 'Content-Type: text/plain', '', 'x', '')],
    ['a type in capitals', part(get('Products(1)')).replace('application/http', 'Application/HTTP')],
    ['no part at all', 'nothing\r\n'],
    ['a part without type', lines('--b', '', 'GET Products HTTP/1.1', '', '')],
  ])('is refused for %s', async (_, body) => {
    const response = await multipart(body, own)
    expect([response.status, (await response.json()).error.code]).toEqual([400, 'BAD_BATCH'])
  })
})
