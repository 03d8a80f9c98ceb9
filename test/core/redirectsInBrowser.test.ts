import { afterEach, describe, expect, it, vi } from 'vitest'
import { createODataClient } from '../../src/core/index.js'
import { accepted, SERVICE, succeeded } from '../support/scriptedClient.js'
import { type Answer, scriptedWire } from '../support/scriptedWire.js'

afterEach(() => void vi.unstubAllGlobals())

/** A client that notes how each request is to be fetched. */
function watchedClient(answers: readonly Answer[]) {
  const { http, sent } = scriptedWire(...answers)
  const modes: string[] = []
  const watched = http.extend({
    hooks: { beforeRequest: [({ request: { mode, redirect } }) => void modes.push(`${mode} ${redirect}`)] },
  })
  return { sent, modes, client: createODataClient({ serviceUrl: SERVICE, http: watched }) }
}

describe('in a browser, which hides where a redirect leads', () => {
  const hidden = () => {
    const response = new Response(null)
    Object.defineProperty(response, 'type', { value: 'opaqueredirect' })
    return response
  }

  it('one of the own origin is followed by the browser, which is told to stay there', async () => {
    vi.stubGlobal('location', new URL(`${SERVICE}page`))
    const { client, modes } = watchedClient([accepted, hidden(), succeeded])
    const operation = await client.callAction('Rebuild')
    await operation.poll()
    expect(operation.status).toBe('completed')
    expect(modes).toEqual(['same-origin follow', 'cors manual', 'same-origin follow'])
  })

  it('one of the own origin that leads away is refused', async () => {
    vi.stubGlobal('location', new URL(`${SERVICE}page`))
    const { client } = watchedClient([accepted, hidden(), 'lost'])
    const operation = await client.callAction('Rebuild')
    await operation.poll()
    expect(operation.error).toMatchObject({
      kind: 'protocol',
      message: expect.stringContaining('away from its origin'),
    })
  })

  it('one of another origin is not followed', async () => {
    vi.stubGlobal('location', new URL('https://app.example/page'))
    const { client, modes } = watchedClient([accepted, hidden()])
    const operation = await client.callAction('Rebuild')
    await operation.poll()
    expect(operation.error).toMatchObject({
      kind: 'protocol',
      message: expect.stringContaining('a browser does not tell'),
    })
    expect(modes).toEqual(['cors manual', 'cors manual'])
  })
})
