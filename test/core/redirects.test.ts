import { describe, expect, it, vi } from 'vitest'
import { accepted, MONITOR, rejection, scriptedClient, succeeded } from '../support/scriptedClient.js'

const created = '201 Created\nContent-Type: application/json\n\n{"ID":1}'
const redirect = (status: number, location: string) => `${status} Elsewhere\nLocation: ${location}`

describe('a redirect of the status monitor', () => {
  it.each([301, 302, 307, 308])('row 35: a %s on the same origin is followed, with all headers', async (status) => {
    const { client, sent } = scriptedClient([accepted, redirect(status, '/moved/7'), '202 Accepted\nLocation: next'])
    const operation = await client.callAction('Rebuild', {}, { headers: { 'X-Tenant': 'a' } })
    await operation.poll()
    expect(sent[2]).toMatchObject({ method: 'GET', url: 'https://api.example.com/moved/7' })
    expect(sent[2]?.headers).toEqual(sent[1]?.headers)
    expect(sent[2]?.headers).toMatchObject({ 'x-tenant': 'a', 'odata-maxversion': '4.01' })
    expect(operation.monitorUrl).toBe('https://api.example.com/moved/next')
  })

  it('row 35: what answered after redirects is the base, also when the answer itself does not say where it comes from', async () => {
    const answer = new Response(null, { status: 202, headers: { Location: 'next' } })
    const { client } = scriptedClient([accepted, redirect(307, '/moved/7'), answer])
    const operation = await client.callAction('Rebuild')
    await operation.poll()
    expect(operation.monitorUrl).toBe('https://api.example.com/moved/next')
  })

  it('one that is not followed, as it is enclosed in an answer, is no result, and the error says so', async () => {
    for (const [location, message] of [
      ['', /303, which is no result, and there is no `Location`/],
      ['\nLocation: /files/7', /303, which is no result, and its `Location` is not followed/],
    ] as const) {
      const { client, sent } = scriptedClient([accepted, `200 OK\nAsyncResult: 303${location}`])
      const operation = await client.callAction('Rebuild')
      await operation.poll()
      expect(operation.error).toMatchObject({ kind: 'protocol', message: expect.stringMatching(message) })
      expect(sent).toHaveLength(2)
    }
  })

  it('row 36: a 303 to the result is followed, and what is there is the result', async () => {
    const { client, sent } = scriptedClient([
      accepted,
      redirect(303, 'results/7'),
      '200 OK\nContent-Type: application/json\n\n{"ID":7}',
    ])
    const operation = await client.callAction('Rebuild')
    await operation.poll()
    expect(sent[2]).toMatchObject({ method: 'GET', url: 'https://api.example.com/jobs/results/7' })
    expect(operation).toMatchObject({ status: 'completed', result: { ID: 7 } })
  })

  it.each([
    ['another host', 'https://evil.example/7', 'https://evil.example'],
    ['another host without a scheme', '//evil.example/7', 'https://evil.example'],
    ['another port', 'https://api.example.com:8443/jobs/7', 'https://api.example.com:8443'],
    ['http', 'http://api.example.com/jobs/7', 'http://api.example.com'],
  ])(
    'row 37, trap 13: one to %s is refused: nothing is sent there, and the error says how to allow it',
    async (_, to, origin) => {
      const { client, sent } = scriptedClient([accepted, redirect(307, to)])
      const operation = await client.callAction('Rebuild')
      expect(await operation.poll()).toBe(false)
      expect(sent).toHaveLength(2)
      expect(operation.error).toMatchObject({ name: 'ODataProtocolError', kind: 'protocol', monitorUrl: MONITOR })
      expect(operation.error?.message).toContain(origin)
      expect(operation.error?.message).toContain('trustedOrigins')
    },
  )

  it('row 37: one that leads away at the second step is refused there', async () => {
    const { client, sent } = scriptedClient([accepted, redirect(302, '/b'), redirect(302, 'https://evil.example/7')])
    const operation = await client.callAction('Rebuild')
    await operation.poll()
    expect(operation.error).toMatchObject({ kind: 'protocol' })
    expect(sent.map(({ url }) => new URL(url).host)).not.toContain('evil.example')
  })

  it('row 37: one to an origin that is trusted is followed, with the headers', async () => {
    const trustedOrigins = ['https://jobs.example.com']
    const { client, sent } = scriptedClient([accepted, redirect(307, 'https://jobs.example.com/7'), succeeded], {
      trustedOrigins,
    })
    const operation = await client.callAction('Rebuild', {}, { headers: { 'X-Tenant': 'a' } })
    await operation.poll()
    expect(operation.status).toBe('completed')
    expect(sent[2]).toMatchObject({ url: 'https://jobs.example.com/7', headers: { 'x-tenant': 'a' } })
  })

  it('is followed twenty times, and no further', async () => {
    const { client, sent } = scriptedClient([
      accepted,
      ...Array.from({ length: 21 }, (_, at) => redirect(302, `/${at}`)),
    ])
    const operation = await client.callAction('Rebuild')
    await operation.poll()
    expect(operation.error).toMatchObject({ kind: 'protocol', message: expect.stringContaining('more than 20 times') })
    expect(sent).toHaveLength(22)
  })

  it('lets go of the body that comes with it', async () => {
    const cancel = vi.fn()
    const page = new Response(new ReadableStream({ cancel }), { status: 302, headers: { Location: '/moved/7' } })
    const { client } = scriptedClient([accepted, page, succeeded])
    const operation = await client.callAction('Rebuild')
    await operation.poll()
    expect(operation.status).toBe('completed')
    expect(cancel).toHaveBeenCalledTimes(1)
  })

  it.each(['302 Found', '302 Found\nLocation: javascript:alert(1)'])(
    '%j, which leads nowhere, is a poll without an answer',
    async (answer) => {
      const { client } = scriptedClient([accepted, answer, succeeded])
      const operation = await client.callAction('Rebuild')
      expect(await operation.poll()).toBe(true)
      expect(operation.record.pollError).toMatchObject({ kind: 'monitor', status: 302 })
      await operation.poll()
      expect(operation.status).toBe('completed')
    },
  )

  it('that answers a cancel is followed with the DELETE, and refused to a stranger without ending the operation', async () => {
    const { client, sent } = scriptedClient([
      accepted,
      redirect(307, 'https://evil.example/7'),
      redirect(307, '/moved/7'),
      '204 No Content',
    ])
    const operation = await client.callAction('Rebuild')
    expect(await operation.tryCancel()).toBe('failed')
    expect(operation.status).toBe('running')
    const { pollError } = JSON.parse(JSON.stringify(operation))
    expect(pollError).toMatchObject({ kind: 'protocol', message: expect.stringContaining('https://evil.example') })
    expect(await operation.tryCancel()).toBe('cancelled')
    expect(sent.slice(1).map(({ method, url }) => `${method} ${new URL(url).pathname}`)).toEqual([
      'DELETE /jobs/7',
      'DELETE /jobs/7',
      'DELETE /moved/7',
    ])
  })
})

describe("an answer that the app's own fetch brought from another origin", () => {
  const stray = (status: number) => () => {
    const response = new Response(null, { status })
    Object.defineProperty(response, 'url', { value: 'https://evil.example/7' })
    return response
  }

  it('is not used at a poll, and ends the operation', async () => {
    const { client } = scriptedClient([accepted, stray(202)])
    const operation = await client.callAction('Rebuild')
    await operation.poll()
    expect(operation.error).toMatchObject({
      kind: 'protocol',
      message: expect.stringContaining('https://evil.example'),
    })
  })

  it('is not used at a cancel, which then could not be asked', async () => {
    const { client } = scriptedClient([accepted, stray(204)])
    const operation = await client.callAction('Rebuild')
    expect(await operation.tryCancel()).toBe('failed')
    expect(operation.record).toMatchObject({ status: 'running', pollError: { kind: 'protocol' } })
    expect(operation.record.pollError?.message).toContain('https://evil.example')
  })
})

describe('a redirect of the first request', () => {
  it.each([307, 308])('a %s is followed with the same method and body', async (status) => {
    const { client, sent } = scriptedClient([redirect(status, '/v5/Rebuild'), created])
    const operation = await client.callAction('Rebuild', { Year: 2026 })
    expect(sent[1]).toMatchObject({ method: 'POST', url: 'https://api.example.com/v5/Rebuild', body: '{"Year":2026}' })
    expect(sent[1]?.headers).toEqual(sent[0]?.headers)
    expect(operation.result).toEqual({ ID: 1 })
  })

  it.each([301, 302, 303])(
    'a %s of a POST is followed by a GET, without the body and what is about it',
    async (status) => {
      const { client, sent } = scriptedClient([redirect(status, '/results/7'), created])
      await client.callAction('Rebuild', { Year: 2026 })
      expect(sent[1]).toMatchObject({ method: 'GET', url: 'https://api.example.com/results/7', body: '' })
      expect(sent[1]?.headers).not.toHaveProperty('content-type')
      expect(sent[1]?.headers).toMatchObject({ accept: 'application/json' })
    },
  )

  it.each([
    [301, 'PATCH'],
    [302, 'DELETE'],
    [303, 'GET'],
  ] as const)('a %s of another method is followed as fetch does', async (status, expected) => {
    const { client, sent } = scriptedClient([redirect(status, '/moved'), '204 No Content'])
    const method = status === 302 ? 'DELETE' : 'PATCH'
    await client.request(method, 'Orders(7)', method === 'PATCH' ? { Status: 'Closed' } : undefined)
    expect(sent[1]).toMatchObject({ method: expected, url: 'https://api.example.com/moved' })
  })

  it('the Location of a 202 is resolved against where the redirect led', async () => {
    const { client } = scriptedClient([redirect(307, '/v5/Rebuild'), '202 Accepted\nLocation: jobs/7'])
    const operation = await client.callAction('Rebuild')
    expect(operation.monitorUrl).toBe('https://api.example.com/v5/jobs/7')
  })

  it('to another origin is refused: neither headers nor body leave', async () => {
    const { client, sent } = scriptedClient([redirect(307, 'https://evil.example/')])
    const error = await rejection(client.callAction('Rebuild', { Secret: 1 }))
    expect(error).toMatchObject({ kind: 'protocol', message: expect.stringContaining('https://evil.example') })
    expect(sent).toHaveLength(1)
  })

  it.each(['302 Found', '302 Found\nLocation: javascript:alert(1)', '300 Multiple Choices'])(
    '%j, which leads nowhere, is no success',
    async (answer) => {
      const { client } = scriptedClient([answer])
      const error = await rejection(client.callAction('Rebuild'))
      expect(error).toMatchObject({ kind: 'protocol', status: Number(answer.slice(0, 3)) })
    },
  )
})
