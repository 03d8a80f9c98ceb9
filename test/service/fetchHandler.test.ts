import { readFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createFetchHandler } from './fetchHandler.js'
import { createInMemoryService } from './inMemoryService.js'
import { type RunningODataService, startODataService } from './odataService.js'
import { multipartHeaders, part, post } from './rawBatch.js'
import { createReloadableHandler } from './reloadableHandler.js'
import { createServiceClient, year } from './serviceClient.js'

const edmx = readFileSync(new URL('./metadata.xml', import.meta.url), 'utf8')
const url = 'https://docs.example.com/odata/'

const monitorOf = ({ headers }: Response) => headers.get('location') ?? ''

/** A service in a page, and a client there. */
function openPage(options = {}) {
  const service = createInMemoryService(edmx, { retryAfter: 0, ...options })
  const answer = createFetchHandler(service.front)
  const send: typeof fetch = (...given) => answer(new Request(...given))
  return { ...createServiceClient({ url }, send), service, answer, send }
}

describe('a service in a page', () => {
  let server: RunningODataService
  beforeAll(async () => {
    server = await startODataService({ retryAfter: 0 })
  })
  beforeEach(() => server.reset())
  afterAll(() => server.close())

  /** Status, headers and body, without what is different each time. */
  async function described(response: Response, origin: string) {
    const ids = /[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}|(?<="CreatedAt":")[^"]+/g
    const {
      connection,
      date,
      'keep-alive': alive,
      'content-length': size,
      'transfer-encoding': encoding,
      ...headers
    } = Object.fromEntries(response.headers)
    const content = JSON.stringify(headers) + (await response.text())
    return `${response.status} ${content.replaceAll(origin, '').replace(ids, '~')}`
  }

  const json = { 'Content-Type': 'application/json' }
  const batch = JSON.stringify({
    requests: [
      { id: '1', method: 'get', url: 'Products(1)' },
      { id: '2', method: 'post', url: 'Products', body: { Name: 'Stapler', Price: -1 } },
    ],
  })
  it.each<[string, string, Record<string, string>?, string?]>([
    ['GET', ''],
    ['GET', '$metadata'],
    ['GET', "Products?$filter=Category eq 'Furniture'&$orderby=Price desc&$top=2&$count=true"],
    ['GET', 'Products(1)', { 'OData-MaxVersion': '4.0' }],
    ['HEAD', 'Products(1)'],
    ['GET', "PrintProducts(Format='png')"],
    ['GET', 'Products/$count', { Origin: 'https://app.example.com' }],
    ['GET', 'Nothing'],
    ['OPTIONS', 'Products', { Origin: 'https://app.example.com' }],
    ['DELETE', 'Products'],
    ['DELETE', 'Products(1)'],
    ['POST', 'Products', json, '{"Name":"Stapler"}'],
    ['POST', 'Products', json, '{"Name"'],
    ['POST', 'Products', json, ' '.repeat(1024 * 1024 + 1)],
    ['POST', 'GenerateLargeReport', json, JSON.stringify(year)],
    [
      'POST',
      'GenerateLargeReport',
      { ...json, Prefer: 'respond-async', 'x-test-outcome': 'hang' },
      JSON.stringify(year),
    ],
    ['POST', '$batch', json, batch],
    ['POST', '$batch', multipartHeaders, `${part(post('Products', '{"Name":"Größe"}'), '1')}--b--\r\n`],
    [
      'POST',
      '$batch',
      { ...multipartHeaders, 'x-test-service': 'engine-batch' },
      `${part('GET Products(1) HTTP/1.1\r\n\r\n')}--b--\r\n`,
    ],
  ])('answers %s %s as a server does', async (method, path, headers, body) => {
    const there = await createServiceClient(server).request(method, path, headers, body)
    const here = await openPage().request(method, path, headers, body)
    expect(await described(here, 'https://docs.example.com')).toBe(await described(there, server.origin))
  })

  it('ends an answer without end when the client goes', async () => {
    const { body } = await openPage().submit('RebuildIndex', {}, { 'x-test-service': 'large-accepted-body' })
    const reader = body!.getReader()
    expect(new TextDecoder().decode((await reader.read()).value)).toMatch(/^\{"status":"running"/)
    expect((await reader.read()).value).toHaveLength(64 * 1024)
    await reader.cancel()
    expect(await reader.read()).toEqual({ done: true, value: undefined })
  })
})

describe('a job of a page', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] }))
  afterEach(() => void vi.useRealTimers())

  const submission = { 'x-test-duration': '10000' }
  const poll = async (page: { send: typeof fetch }, monitor: string) => {
    const response = await page.send(monitor)
    const { percentComplete, ID, error } = await response.json()
    return [response.status, percentComplete ?? ID ?? error.code]
  }

  it('runs to its end, and is stopped by a cancel', async () => {
    const page = openPage()
    const [first, second] = [
      await page.submit('GenerateLargeReport', year, submission),
      await page.submit('RebuildIndex', {}),
    ]
    await vi.advanceTimersByTimeAsync(6_000)
    expect(await poll(page, monitorOf(first))).toEqual([202, 60])
    expect((await page.send(monitorOf(second), { method: 'DELETE' })).status).toBe(409)
    await vi.advanceTimersByTimeAsync(4_000)
    expect(await poll(page, monitorOf(first))).toEqual([200, 'R-2'])

    const third = await page.submit('GenerateLargeReport', year, submission)
    expect((await page.send(monitorOf(third), { method: 'DELETE' })).status).toBe(204)
    expect(page.service.jobs().at(-1)).toMatchObject({ state: 'cancelled', aborted: true })
  })

  /** What a tab keeps when its page is loaded again. */
  function openTab() {
    const kept = new Map<string, string>()
    const storage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
    }
    return async () => {
      const { answer, service } = openPage()
      const reloadable = await createReloadableHandler(answer, storage)
      const send: typeof fetch = (...given) => reloadable(new Request(...given))
      // The jobs catch up.
      await vi.advanceTimersByTimeAsync(0)
      return { ...createServiceClient({ url }, send), send, service }
    }
  }

  it('goes on after reloads where it would be by now', async () => {
    const load = openTab()
    const answered = (await load()).submit('GenerateLargeReport', year, {
      ...submission,
      Prefer: 'respond-async, wait=1',
    })
    await vi.advanceTimersByTimeAsync(1_000)
    const monitor = monitorOf(await answered)
    await vi.advanceTimersByTimeAsync(2_000)
    expect(await poll(await load(), monitor)).toEqual([202, 30])
    await vi.advanceTimersByTimeAsync(3_000)
    const page = await load()
    expect(await poll(page, monitor)).toEqual([202, 60])
    await vi.advanceTimersByTimeAsync(4_000)
    expect(await poll(page, monitor)).toEqual([200, 'R-2'])
    expect(page.service.jobs()).toMatchObject([{ method: 'POST', url: 'GenerateLargeReport', state: 'finished' }])
    expect(await poll(await load(), monitor)).toEqual([200, 'R-2'])
  })

  it('is found again at a monitor that changed before the reload', async () => {
    const load = openTab()
    const page = await load()
    const accepted = await page.submit('GenerateLargeReport', year, {
      ...submission,
      'x-test-service': 'changing-location',
    })
    const newest = monitorOf(await page.send(monitorOf(accepted)))
    expect(newest).not.toBe(monitorOf(accepted))
    await vi.advanceTimersByTimeAsync(5_000)
    expect(await poll(await load(), newest)).toEqual([202, 50])
  })

  it.each([
    [
      'it was cancelled',
      async (page: { send: typeof fetch }, monitor: string) => page.send(monitor, { method: 'DELETE' }),
    ],
    ['ten minutes have passed', () => vi.advanceTimersByTimeAsync(600_000)],
  ])('is forgotten by a reload when %s', async (_, happen) => {
    const load = openTab()
    const page = await load()
    const monitor = monitorOf(await page.submit('GenerateLargeReport', year, submission))
    await happen(page, monitor)
    const next = await load()
    expect(await poll(next, monitor)).toEqual([404, 'MONITOR_NOT_FOUND'])
    expect(next.service.jobs()).toEqual([])
  })
})
