import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createODataClient, type ODataClientOptions } from '../../src/core/index.js'
import { accepted, MONITOR, rejection, SERVICE, scriptedClient } from '../support/scriptedClient.js'
import type { Answer } from '../support/scriptedWire.js'

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 9, 5) }))
afterEach(() => void vi.useRealTimers())

const STRANGERS = [
  ['another host', 'https://evil.example/jobs/7', 'https://evil.example'],
  ['a host below that of the service', 'https://jobs.api.example.com/7', 'https://jobs.api.example.com'],
  [
    'a host that begins like that of the service',
    'https://api.example.com.evil.example/7',
    'api.example.com.evil.example',
  ],
  ['another host without a scheme', '//evil.example/jobs/7', 'https://evil.example'],
  ['another host by backslashes', '\\\\evil.example\\jobs', 'https://evil.example'],
  ['another port', 'https://api.example.com:444/jobs/7', 'https://api.example.com:444'],
  ['http', 'http://api.example.com/jobs/7', 'http://api.example.com'],
] as const

/** A client with a token and a cookie on every request. */
function secretClient(answers: readonly Answer[], options: Partial<ODataClientOptions> = {}) {
  const { http, sent } = scriptedClient(answers)
  const secret = http.extend({ headers: { Authorization: 'Bearer secret', Cookie: 'session=secret' } })
  return { sent, client: createODataClient({ serviceUrl: SERVICE, http: secret, ...options }) }
}

describe('credentials', () => {
  it.each(STRANGERS)(
    'rows 12 and 13: a first Location on %s gets nothing, and the error says how to allow it',
    async (_, to, origin) => {
      const { client, sent } = secretClient([`202 Accepted\nLocation: ${to}`])
      const error = await rejection(client.callAction('Rebuild', {}, { headers: { 'X-Api-Key': 'secret' } }))
      expect(error).toMatchObject({ name: 'ODataProtocolError', kind: 'protocol' })
      expect((error as Error).message).toContain(origin)
      expect((error as Error).message).toContain('trustedOrigins')
      await vi.advanceTimersByTimeAsync(3_600_000)
      expect(sent).toHaveLength(1)
    },
  )

  it.each(STRANGERS)('a later Location on %s gets nothing, neither a poll nor a cancel', async (_, to, origin) => {
    for (const verb of ['poll', 'tryCancel'] as const) {
      const { client, sent } = secretClient([accepted, `202 Accepted\nLocation: ${to}`])
      const operation = await client.callAction('Rebuild')
      await operation.poll()
      await operation[verb]()
      expect(operation.error).toMatchObject({ kind: 'protocol', message: expect.stringContaining(origin) })
      expect(sent).toHaveLength(2)
    }
  })

  it('a cancel that is to be watched at a stranger is watched at its own monitor', async () => {
    const { client, sent } = secretClient([accepted, '202 Accepted\nLocation: https://evil.example/c', '404 Not Found'])
    const operation = await client.callAction('Rebuild')
    expect(await operation.tryCancel()).toBe('requested')
    await operation.poll()
    expect(operation.status).toBe('cancelled')
    expect(sent[2]?.url).toBe(MONITOR)
  })

  it('go to a monitor on an origin that is trusted, and on every request', async () => {
    const trustedOrigins = ['https://jobs.example.com']
    const { client, sent } = secretClient(
      ['202 Accepted\nLocation: https://jobs.example.com/7', '202 Accepted', '204 No Content'],
      { trustedOrigins },
    )
    const operation = await client.callAction('Rebuild', {}, { headers: { 'X-Api-Key': 'secret' } })
    await operation.poll()
    await operation.tryCancel()
    for (const { headers } of sent) {
      expect(headers).toMatchObject({ authorization: 'Bearer secret', cookie: 'session=secret', 'x-api-key': 'secret' })
    }
    expect(sent.slice(1).map(({ method, url }) => `${method} ${url}`)).toEqual([
      'GET https://jobs.example.com/7',
      'DELETE https://jobs.example.com/7',
    ])
  })

  it('are not in the record', async () => {
    const { client } = secretClient([accepted, '403 Forbidden'])
    const operation = await client.callAction('Rebuild', {}, { headers: { 'X-Api-Key': 'secret' } })
    await operation.poll()
    expect(JSON.stringify(operation)).not.toContain('secret')
    expect(JSON.stringify(operation.error)).not.toContain('secret')
  })
})
