import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type RunningODataService, startODataService } from './odataService.js'
import { changeSet, end, get, multipartHeaders, part, post, statuses } from './rawBatch.js'
import { createServiceClient, monitorUrl, readHttpMessage } from './serviceClient.js'

let service: RunningODataService
let client: ReturnType<typeof createServiceClient>

beforeAll(async () => {
  service = await startODataService({ retryAfter: 0 })
  client = createServiceClient(service)
})
beforeEach(() => service.reset())
afterAll(() => service.close())

const interim = { Prefer: 'respond-async', 'x-test-service': 'interim-results' }
const finished = (count: number) => client.until(() => service.jobs()[0]?.completed === count)
const ended = () => client.until(() => service.jobs()[0]?.state === 'finished')

describe('interim results of a multipart batch', () => {
  const hang = 'x-test-outcome: hang'
  const submit = (body: string, headers: Record<string, string> = {}) =>
    client.request('POST', '$batch', { ...multipartHeaders, ...interim, ...headers }, body + end)
  /** The monitor that the last part tells of. */
  const newest = (text: string) => /^Location: (\S+)/m.exec(text.slice(text.lastIndexOf('HTTP/1.1 202')))?.[1] ?? ''

  it('rows 121 and 122: are the parts that are done and a last one of 202, until there are no more', async () => {
    const set = changeSet(post('Products', '{"Name":"A"}', 'x-test-polls: 2'), post('Products', '{"Name":"B"}'))
    const accepted = await submit(part(get('Products(1)'), '1') + set + part(get('Products(99)', 'x-test-polls: 3')))
    expect(accepted.status).toBe(202)
    await finished(1)

    const first = await fetch(monitorUrl(accepted) ?? '')
    expect([first.status, first.headers.get('asyncresult')]).toEqual([200, '200'])
    const firstText = await first.text()
    expect(statuses(firstText)).toEqual([200, 202])
    expect(firstText).toMatch(/HTTP\/1\.1 202 Accepted\r\n(?:.+\r\n)*Retry-After: 0\r\n/)
    expect(newest(firstText)).not.toBe(monitorUrl(accepted))

    const nothingNew = await fetch(newest(firstText))
    expect([nothingNew.status, await nothingNew.json()]).toMatchObject([202, { completed: 1, total: 4 }])
    await finished(3)

    const second = await fetch(newest(firstText), { headers: { Accept: 'application/http' } })
    const message = readHttpMessage(await second.text())
    expect(message.fields.join()).toContain('Content-Type: multipart/mixed;boundary=')
    expect(statuses(message.body)).toEqual([201, 201, 202])
    await ended()

    const last = await (await fetch(newest(message.body))).text()
    expect(statuses(last)).toEqual([404])
    const again = await (await fetch(newest(firstText))).text()
    expect(statuses(again)).toEqual([201, 201, 202])
    expect(statuses(await (await fetch(monitorUrl(accepted) ?? '')).text())).toEqual([200, 202])
  })

  it('never tear a change set', async () => {
    const accepted = await submit(changeSet(post('RebuildIndex', '{}'), post('RebuildIndex', '{}', hang)))
    await finished(1)
    expect((await fetch(monitorUrl(accepted) ?? '')).status).toBe(202)
  })

  it('are not given by a monitor that was never asked for them', async () => {
    const accepted = await submit(part(get('Products(1)')) + part(get('Products(2)', hang)), { 'x-test-service': '' })
    await finished(1)
    expect((await fetch(monitorUrl(accepted) ?? '')).status).toBe(202)
  })

  it('row 133: DELETE of the newest monitor cancels the rest', async () => {
    const accepted = await submit(part(post('Products', '{"Name":"A"}')) + part(post('RebuildIndex', '{}', hang)))
    await finished(1)
    const location = newest(await (await fetch(monitorUrl(accepted) ?? '')).text())
    expect((await fetch(location, { method: 'DELETE' })).status).toBe(204)
    expect(service.jobs()).toMatchObject([{ state: 'cancelled', aborted: true }])
    expect((await fetch(location)).status).toBe(404)
    expect(await (await client.request('GET', 'Products/$count')).text()).toBe('13')
  })

  it('row 134: go with a batch that stops at an error', async () => {
    const body = part(get('Products(1)')) + part(get('Products(99)', 'x-test-polls: 1')) + part(get('Products(2)'))
    const accepted = await submit(body)
    await finished(1)
    const location = newest(await (await fetch(monitorUrl(accepted) ?? '')).text())
    await ended()
    expect(statuses(await (await fetch(location)).text())).toEqual([404])
  })
})

describe('interim results of a JSON batch', () => {
  const index = (id: string, headers: Record<string, string> = {}) => ({
    id,
    method: 'post',
    url: 'RebuildIndex',
    headers: { 'content-type': 'application/json', ...headers },
    body: {},
  })
  const submit = (requests: unknown, headers: Record<string, string> = {}) =>
    client.submit('$batch', { requests }, { ...interim, ...headers })
  const ids = ({ responses }: { responses: { id: string }[] }) => responses.map(({ id }) => id)
  const prefer = { headers: { Prefer: 'respond-async' } }

  it('row 126: have a next link, which leads to a new monitor', async () => {
    const accepted = await submit([
      index('1'),
      index('2', { 'x-test-polls': '2' }),
      index('3', { 'x-test-polls': '2' }),
    ])
    await finished(1)
    const first = await fetch(monitorUrl(accepted) ?? '')
    expect([first.status, first.headers.get('asyncresult')]).toEqual([200, '200'])
    const { '@nextLink': nextLink, ...some } = await first.json()
    expect(ids(some)).toEqual(['1'])
    expect(nextLink).toContain(`${service.url}$batch?$skiptoken=`)

    const next = await fetch(nextLink, prefer)
    expect([next.status, next.headers.get('preference-applied')]).toEqual([202, 'respond-async'])
    expect(monitorUrl(next)).not.toBe(monitorUrl(accepted))
    const rest = await client.finish(next)
    expect(rest.headers.get('asyncresult')).toBe('200')
    await ended()
    // However many pieces there are, each response is in one of them.
    const pieces = [some, await rest.json()]
    for (let link = pieces[1]['@nextLink']; link !== undefined; link = pieces.at(-1)['@nextLink']) {
      pieces.push(await (await fetch(link)).json())
    }
    expect(pieces.flatMap(ids)).toEqual(['1', '2', '3'])
    expect(await (await fetch(monitorUrl(accepted) ?? '')).json()).toMatchObject({ '@nextLink': nextLink })
  })

  it('row 127: have a next link that gives the rest at once when it is there', async () => {
    const accepted = await submit([index('1'), index('2', { 'x-test-polls': '1' })])
    await finished(1)
    const { '@nextLink': nextLink } = await (await fetch(monitorUrl(accepted) ?? '')).json()
    await ended()
    const rest = await fetch(nextLink, prefer)
    expect([rest.status, rest.headers.has('asyncresult')]).toEqual([200, false])
    const body = await rest.json()
    expect(ids(body)).toEqual(['2'])
    expect(body).not.toHaveProperty('@nextLink')
  })

  it('have a next link that gives what is done, and another one, without respond-async', async () => {
    const hang = { 'x-test-outcome': 'hang' }
    const accepted = await submit([index('1'), index('2', { 'x-test-polls': '1' }), index('3', hang)])
    await finished(1)
    const first = await (await fetch(monitorUrl(accepted) ?? '')).json()
    await finished(2)
    const second = await (await fetch(first['@nextLink'])).json()
    expect(ids(second)).toEqual(['2'])
    expect(second['@nextLink']).not.toBe(first['@nextLink'])
    const location = monitorUrl(await fetch(second['@nextLink'], prefer)) ?? ''
    expect((await fetch(location, { method: 'DELETE' })).status).toBe(204)
    expect((await fetch(second['@nextLink'])).status).toBe(404)
  })

  it('have a next link that waits for the rest without respond-async when nothing new is done', async () => {
    const accepted = await submit([index('1'), index('2', { 'x-test-polls': '2' })])
    await finished(1)
    const { '@nextLink': nextLink } = await (await fetch(monitorUrl(accepted) ?? '')).json()
    const rest = fetch(nextLink)
    await fetch(monitorUrl(accepted) ?? '')
    expect(ids(await (await rest).json())).toEqual(['2'])
  })

  it('row 116: call it @odata.nextLink in 4.0', async () => {
    const accepted = await submit([index('1'), index('2', { 'x-test-outcome': 'hang' })], { 'OData-MaxVersion': '4.0' })
    await finished(1)
    const first = await (await fetch(monitorUrl(accepted) ?? '')).json()
    expect(Object.keys(first)).toEqual(['responses', '@odata.nextLink'])
  })

  it('have next links that are gone when nobody knows them', async () => {
    expect((await client.request('GET', '$batch?$skiptoken=x')).status).toBe(404)
    expect((await client.request('GET', '$batch')).status).toBe(405)
  })
})
