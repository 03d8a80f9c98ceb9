import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type RunningODataService, startODataService } from './odataService.js'
import { changeSet, end, get, lines, multipartHeaders, part, post, statuses } from './rawBatch.js'
import { createServiceClient, monitorUrl, readHttpMessage } from './serviceClient.js'

let service: RunningODataService
let client: ReturnType<typeof createServiceClient>

beforeAll(async () => {
  service = await startODataService({ retryAfter: 0 })
  client = createServiceClient(service)
})
beforeEach(() => service.reset())
afterAll(() => service.close())

const productCount = async () => Number(await (await client.request('GET', 'Products/$count')).text())

const multipart = (body: string, headers: Record<string, string> = {}) =>
  client.request('POST', '$batch', { ...multipartHeaders, ...headers }, body)

describe('multipart batch', () => {
  it('answers each request in its own part, in order and with its Content-ID', async () => {
    const response = await multipart(
      part(get('Products(1)'), 'one') + part(get('/odata/Products(2)', `Host: ${new URL(service.url).host}`)) + end,
    )
    expect(response.status).toBe(200)
    const [, boundary] = /^multipart\/mixed;boundary=(.+)$/.exec(response.headers.get('content-type') ?? '') ?? []
    const text = await response.text()
    expect(text.endsWith(`\r\n--${boundary}--\r\n`)).toBe(true)
    expect(statuses(text)).toEqual([200, 200])
    expect(text).toContain('Content-ID: one')
    expect(text.indexOf('Desk lamp')).toBeLessThan(text.indexOf('Floor lamp'))
  })

  it('stops at the first error, unless told to go on', async () => {
    const body = part(get('Products(1)')) + part(get('Products(99)')) + part(get('Products(2)')) + end
    expect(statuses(await (await multipart(body)).text())).toEqual([200, 404])
    const goOn = { Prefer: 'odata.continue-on-error' }
    expect(statuses(await (await multipart(body, goOn)).text())).toEqual([200, 404, 200])
  })

  it('runs a change set as a whole, references included', async () => {
    const set = changeSet(post('Products', '{"Name":"A"}'), post('$c0/Reporting.Reprice', '{"Percent":5}'))
    const text = await (await multipart(set + end)).text()
    expect(statuses(text)).toEqual([201, 200])
    expect(text).toMatch(/Content-Type: multipart\/mixed;boundary=/)
    expect(text).toContain('Content-ID: c1')
    expect(await productCount()).toBe(13)
  })

  it('undoes a change set that fails, and gives one error for it', async () => {
    const set = changeSet(post('Products', '{"Name":"A"}'), post('Products', '{"Name":1}'))
    const text = await (await multipart(set + end)).text()
    expect(statuses(text)).toEqual([400])
    expect(text).toContain('BAD_DATA')
    expect(await productCount()).toBe(12)
  })

  it('runs asynchronously as a whole, and gives multipart inside the wrapper', async () => {
    const body = part(post('RebuildIndex', '{}')) + part(get('Products(1)')) + end
    const accepted = await multipart(body, { Prefer: 'respond-async', 'x-test-duration': '20' })
    expect(accepted.status).toBe(202)
    const result = await client.finish(accepted, { Accept: 'application/http' })
    const message = readHttpMessage(await result.text())
    expect(message.statusLine).toBe('HTTP/1.1 200 OK')
    expect(message.fields.join()).toContain('Content-Type: multipart/mixed;boundary=')
    expect(statuses(message.body)).toEqual([204, 200])
  })

  it('stops in the middle when it is cancelled, and undoes an unfinished change set', async () => {
    const set = changeSet(
      post('Products', '{"Name":"A"}'),
      lines('POST RebuildIndex HTTP/1.1', 'x-test-outcome: hang', '', ''),
    )
    const accepted = await multipart(set + end, { Prefer: 'respond-async' })
    await client.until(() => (service.jobs()[0]?.message ?? '').startsWith('Request 2 of 2: Indexing'))
    expect(await productCount()).toBe(13)
    expect((await fetch(monitorUrl(accepted) ?? '', { method: 'DELETE' })).status).toBe(204)
    await client.until(() => service.jobs()[0]?.endedAt !== undefined)
    expect(await productCount()).toBe(12)
  })

  it.each([
    ['a body without any delimiter', 'nothing'],
    ['a missing closing delimiter', part(get('Products(1)'))],
    ['bare line feeds', (part(get('Products(1)')) + end).replaceAll('\r\n', '\n')],
    ['a part of another type', lines('--b', 'Content-Type: text/plain', '', 'x', end)],
    ['a part without type', lines('--b', '', 'GET Products HTTP/1.1', '', end)],
    ['no empty line after the fields', lines('--b', 'Content-Type: application/http', end)],
    ['no request line', part('Products(1)\r\n\r\n') + end],
    ['no empty line after the request', part('GET Products(1) HTTP/1.1') + end],
    ['credentials in a part', part(lines('GET Products(1) HTTP/1.1', 'Authorization: Basic eA==', '', '')) + end],
    ['a body cut short', part(lines('POST RebuildIndex HTTP/1.1', 'Content-Length: 9', '', '{}')) + end],
    ['more than the Content-Length says', part(post('RebuildIndex', '{}', 'Content-Length: 1')) + end],
    ['a Content-Length that is no number', part(post('RebuildIndex', '{}', 'Content-Length: 0x2')) + end],
    ['chunks in a part', part(post('RebuildIndex', '{}', 'Transfer-Encoding: chunked')) + end],
    ['a cookie in a part', part(get('Products(1)', 'Cookie: a=b')) + end],
    ['an absolute path without Host', part(get('/odata/Products(1)')) + end],
    ['a bare colon in a relative path', part(get("Reports('R:1')")) + end],
    ['a GET in a change set', changeSet(get('Products(1)')) + end],
    [
      'a change set in a change set',
      changeSet(get('Products(1)')).replace('application/http', 'multipart/mixed; boundary=x') + end,
    ],
    [
      'a change set whose members have no Content-ID',
      changeSet(post('RebuildIndex', '{}')).replace(/Content-ID.*\r\n/, '') + end,
    ],
    ['a Content-ID with a space', part(get('Products(1)'), 'a b') + end],
    ['an id twice', part(get('Products(1)'), 'one') + part(get('Products(2)'), 'one') + end],
  ])('is refused as a whole for %s', async (_, body) => {
    const response = await multipart(body)
    expect([400, 415]).toContain(response.status)
    expect((await response.json()).error.code).toMatch(/^(BAD_BATCH|MEDIA_TYPE_NOT_SUPPORTED)$/)
  })

  it.each([
    [415, 'text/plain'],
    [400, 'multipart/mixed'],
    [400, `multipart/mixed; boundary=${'x'.repeat(71)}`],
  ])('is answered %i for the Content-Type %s', async (status, type) => {
    expect((await multipart(part(get('Products(1)')) + end, { 'Content-Type': type })).status).toBe(status)
  })

  it('takes a quoted boundary, a preamble and an epilogue', async () => {
    const body = `preamble\r\n${part(get('Products(1)'))}${end}epilogue`
    const response = await multipart(body, { 'Content-Type': 'Multipart/Mixed; charset=utf-8; Boundary="b"' })
    expect(statuses(await response.text())).toEqual([200])
  })

  it('takes URLs in all three forms, if they are its own', async () => {
    const host = `Host: ${new URL(service.url).host}`
    const mine = [get('Products(1)'), get('/odata/Products(1)', host), get(`${service.url}Products(1)`)]
    const others = [get('http://other.example/odata/Products(1)'), get('/odata/Products(1)', 'Host: other.example')]
    const body = [...mine, ...others].map((request) => part(request)).join('') + end
    const response = await multipart(body, { Prefer: 'continue-on-error' })
    expect(statuses(await response.text())).toEqual([200, 200, 200, 404, 404])
  })

  it('row 96: counts bytes, not characters', async () => {
    const body = '{"Name":"Ä"}'
    const text = await (await multipart(part(post('Products', body, 'Content-Length: 13')) + end)).text()
    expect(statuses(text)).toEqual([201])
    expect((await multipart(part(post('Products', body, 'Content-Length: 12')) + end)).status).toBe(400)
  })

  it('row 97: takes a colon that is percent-encoded', async () => {
    const text = await (await multipart(part(get("Reports('R%3A1')")) + end)).text()
    expect(statuses(text)).toEqual([404])
    expect(text).toContain('Reports has no entity with the key R:1.')
  })

  it('does not do what refers to a request that failed', async () => {
    const body = part(post('Products', '{"Name":1}'), '1') + part(post('$1/Reporting.Reprice', '{"Percent":5}')) + end
    const text = await (await multipart(body, { Prefer: 'continue-on-error' })).text()
    expect(statuses(text)).toEqual([400, 424])
  })

  it('is refused with If-Match on the whole', async () => {
    expect((await multipart(part(get('Products(1)')) + end, { 'If-Match': '*' })).status).toBe(400)
  })

  it('can be answered as JSON', async () => {
    const response = await multipart(part(get('Products(1)'), 'y') + end, { Accept: 'application/json' })
    expect((await response.json()).responses).toMatchObject([{ id: 'y', status: 200, body: { Name: 'Desk lamp' } }])
  })

  it('ignores respond-async on single requests when the answer is multipart', async () => {
    const request = lines('POST RebuildIndex HTTP/1.1', 'Prefer: respond-async', '', '')
    expect(statuses(await (await multipart(part(request) + end)).text())).toEqual([204])
  })
})
