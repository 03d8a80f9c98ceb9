import { describe, expect, it } from 'vitest'
import { accepted, rejection, SERVICE, scriptedClient } from '../support/scriptedClient.js'

const EXPOSE = 'Access-Control-Expose-Headers: Location, Retry-After, AsyncResult, Preference-Applied, OData-Version'

/** An answer from another origin as a browser shows it: with the headers that it lets through. */
function shown(status: number, body: string | null, headers: Record<string, string>): Response {
  const response = new Response(body, { status, headers })
  Object.defineProperty(response, 'type', { value: 'cors' })
  return response
}

const json = { 'Content-Type': 'application/json' }

describe('a browser that hides headers', () => {
  it('rows 8 and 74: a 202 whose Location cannot be read is named, with the headers to expose, and nothing is sent again', async () => {
    const { client, sent } = scriptedClient([shown(202, '{}', json)])
    const error = await rejection(client.callAction('Rebuild'))
    expect(error).toMatchObject({ name: 'ODataProtocolError', kind: 'protocol', status: 202 })
    expect((error as Error).message).toContain(EXPOSE)
    expect((error as Error).message).toContain('do not send it again')
    expect(sent).toHaveLength(1)
  })

  it.each([
    ['JSON', '{"error":{"code":"E","message":"No."}}', json],
    ['JSON that looks like a result', '{"ID":1}', json],
    ['text', 'done', { 'Content-Type': 'text/plain' }],
    ['nothing', null, {}],
  ])(
    'row 74: a final answer of %s whose AsyncResult may be hidden is neither a success nor a failure',
    async (_, body, headers) => {
      const { client } = scriptedClient([accepted, shown(200, body, headers)])
      const operation = await client.callAction('Rebuild')
      await operation.poll()
      expect(operation.error).toMatchObject({ kind: 'protocol' })
      expect(operation.error?.message).toContain(EXPOSE)
      expect(operation.error?.message).toContain("maxVersion: '4.0'")
    },
  )

  it("row 74: with maxVersion '4.0' the result needs no headers", async () => {
    const answer = shown(200, 'HTTP/1.1 409 Conflict\r\n\r\n', { 'Content-Type': 'application/http' })
    const { client, sent } = scriptedClient([accepted, answer], { maxVersion: '4.0' })
    const operation = await client.callAction('Rebuild')
    await operation.poll()
    expect(sent[1]?.headers.accept).toBe('application/http')
    expect(operation.error).toMatchObject({ kind: 'service', status: 409 })
  })

  it('an answer with AsyncResult is read, whatever else is hidden', async () => {
    const { client } = scriptedClient([accepted, shown(200, '{"ID":1}', { ...json, AsyncResult: '200' })])
    const operation = await client.callAction('Rebuild')
    await operation.poll()
    expect(operation).toMatchObject({ status: 'completed', result: { ID: 1 } })
  })

  it('a plain answer that shows other headers is taken as the result, as nothing is hidden then', async () => {
    const { client } = scriptedClient([accepted, shown(200, '{"ID":1}', { ...json, 'OData-Version': '4.01' })])
    const operation = await client.callAction('Rebuild')
    await operation.poll()
    expect(operation.status).toBe('completed')
  })

  it('a 202 without Retry-After is asked again at the own pace', async () => {
    const { client } = scriptedClient([accepted, shown(202, null, {})])
    const operation = await client.callAction('Rebuild')
    expect(await operation.poll()).toBe(true)
    expect(operation.record).toMatchObject({ status: 'running', monitorUrl: operation.monitorUrl, pollCount: 1 })
  })

  it('a request that CORS forbids ends as network, and the message says that CORS may be the reason', async () => {
    const { client } = scriptedClient(['lost'])
    const error = await rejection(client.callAction('Rebuild'))
    expect(error).toMatchObject({ kind: 'network', cause: expect.any(TypeError) })
    expect((error as Error).message).toContain('CORS')
    expect((error as Error).message).toContain(`POST ${SERVICE}Rebuild`)
  })
})
