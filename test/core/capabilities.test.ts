import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { rejection, SERVICE, scriptedClient } from '../support/scriptedClient.js'

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 9, 5) }))
afterEach(() => void vi.useRealTimers())

const xml = `200 OK
  Content-Type: application/xml

  <edmx:Edmx Version="4.01" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
    <Schema Namespace="Sales" xmlns="http://docs.oasis-open.org/odata/ns/edm"><EntityContainer Name="Container">
      <Annotation Term="Org.OData.Core.V1.ODataVersions" String="4.0 4.01"/>
      <Annotation Term="Org.OData.Capabilities.V1.AsynchronousRequestsSupported"/>
    </EntityContainer></Schema></edmx:DataServices></edmx:Edmx>`

describe('getCapabilities', () => {
  it('reads the metadata below the service root, with the version of the client', async () => {
    const { client, sent } = scriptedClient([xml], { maxVersion: '4.0', serviceUrl: `${SERVICE}?sap-client=100` })
    expect(await client.getCapabilities()).toMatchObject({
      odataVersions: ['4.0', '4.01'],
      asynchronousRequestsSupported: true,
      batchSupport: undefined,
      repeatabilitySupported: undefined,
    })
    expect(sent).toHaveLength(1)
    expect(sent[0]).toMatchObject({ method: 'GET', url: `${SERVICE}$metadata?sap-client=100` })
    expect(sent[0]?.headers).toMatchObject({ 'odata-maxversion': '4.0' })
    expect(sent[0]?.headers).not.toHaveProperty('prefer')
  })

  it('reads JSON as well', async () => {
    const json = JSON.stringify({
      $Version: '4.01',
      $EntityContainer: 'Sales.Container',
      Sales: {
        Container: { $Kind: 'EntityContainer', '@Org.OData.Capabilities.V1.AsynchronousRequestsSupported': false },
      },
    })
    const { client } = scriptedClient([`200 OK\nContent-Type: application/json\n\n${json}`])
    expect(await client.getCapabilities()).toMatchObject({ asynchronousRequestsSupported: false })
  })

  it('is fetched once, by calls at the same time and later ones', async () => {
    const { client, sent } = scriptedClient([xml])
    const [first, second] = await Promise.all([client.getCapabilities(), client.getCapabilities()])
    await vi.advanceTimersByTimeAsync(3_600_000)
    expect(second).toBe(first)
    expect(await client.getCapabilities()).toBe(first)
    expect(sent).toHaveLength(1)
  })

  it.each([
    ['lost', 'lost', 'network', 'No answer to GET https://api.example.com/v4/$metadata'],
    ['a 403', '403 Forbidden\n\n{"error":{"code":"F","message":"Not for you."}}', 'service', 'Not for you.'],
    ['HTML', '200 OK\nContent-Type: text/html\n\n<html><body>Sign in</body></html>', 'protocol', 'is no CSDL'],
    ['nothing', '204 No Content', 'protocol', 'is no CSDL'],
    ['broken XML', '200 OK\nContent-Type: application/xml\n\n<edmx:Edmx', 'protocol', 'is no CSDL'],
    ['JSON of something else', '200 OK\nContent-Type: application/json\n\n[1]', 'protocol', 'is no CSDL'],
  ])('%s is an error of the right kind, and is not kept', async (_, answer, kind, message) => {
    const { client, sent } = scriptedClient([answer, xml])
    const error = await rejection(client.getCapabilities())
    expect(error).toMatchObject({ kind })
    expect((error as Error).message).toContain(message)
    expect(await client.getCapabilities()).toMatchObject({ asynchronousRequestsSupported: true })
    expect(sent).toHaveLength(2)
  })

  it('asks once for fresh credentials', async () => {
    const onUnauthorized = vi.fn()
    const { client } = scriptedClient(['401 Unauthorized', xml], { onUnauthorized })
    expect(await client.getCapabilities()).toMatchObject({ asynchronousRequestsSupported: true })
    expect(onUnauthorized).toHaveBeenCalledOnce()
  })

  it('is given up after the time limit of a request, or a minute if that is longer', async () => {
    const { client, sent } = scriptedClient([
      ({ signal }) => new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    ])
    const failed = rejection(client.getCapabilities())
    await vi.advanceTimersByTimeAsync(59_999)
    expect(sent[0]?.signal.aborted).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(await failed).toMatchObject({ kind: 'network' })
  })
})
