import { describe, expect, it } from 'vitest'
import {
  createODataClient,
  isODataConfigurationError,
  isODataError,
  isODataServiceError,
  ODataServiceError,
} from '../../src/core/index.js'
import { accepted, MONITOR, rejection, SERVICE, scriptedClient, succeeded } from '../support/scriptedClient.js'

const caught = (call: () => unknown): unknown => {
  try {
    call()
  } catch (error) {
    return error
  }
  return undefined
}

describe('bad input', () => {
  it.each(['', 'odata', '/odata/', 'ftp://host/odata', 'https://user:secret@host/', undefined, 7])(
    'refuses the serviceUrl %j and says what one looks like',
    (serviceUrl) => {
      const error = caught(() => createODataClient({ serviceUrl: serviceUrl as string }))
      expect(isODataConfigurationError(error)).toBe(true)
      expect((error as Error).message).toContain("like 'https://host/odata/'")
      expect((error as Error).message).toContain(JSON.stringify(serviceUrl) ?? 'undefined')
    },
  )

  it.each([0, Number.NaN, -1, 2 ** 40, Number.POSITIVE_INFINITY, '5'])(
    'refuses the pollInterval %s before anything is sent, and says what to give',
    async (pollInterval) => {
      const { client, sent } = scriptedClient([])
      const options = { pollInterval: pollInterval as number }
      const error = await rejection(client.callAction('Rebuild', {}, options))
      if (pollInterval === '5') return expect(error).toBeDefined()
      expect(isODataConfigurationError(error)).toBe(true)
      expect((error as Error).message).toContain(
        `\`pollInterval\` is ${pollInterval}. It must be from 1 to 2147483647 ms`,
      )
      expect(sent).toHaveLength(0)
      expect(
        caught(() => createODataClient({ serviceUrl: SERVICE, polling: { interval: options.pollInterval } })),
      ).toBeDefined()
    },
  )

  it.each(['timeout', 'requestTimeout'] as const)('refuses a %s that no timer keeps', (name) => {
    expect(caught(() => createODataClient({ serviceUrl: SERVICE, [name]: 2 ** 31 }))).toMatchObject({
      kind: 'configuration',
    })
    expect(caught(() => createODataClient({ serviceUrl: SERVICE, [name]: 0 }))).toMatchObject({ kind: 'configuration' })
  })

  it.each([
    ['an empty action', '', {}],
    ['a list of parameters', 'Rebuild', [1]],
    ['null for parameters', 'Rebuild', null],
    ['a date as parameters', 'Rebuild', new Date()],
    ['bytes as parameters', 'Rebuild', Uint8Array.of(1)],
    ['a blob as parameters', 'Rebuild', new Blob(['{}'])],
    ['a FormData as parameters', 'Rebuild', new FormData()],
    ['a Map as parameters', 'Rebuild', new Map([['Year', 2026]])],
    ['a parameter that is a Set', 'Rebuild', { Years: new Set([2026]) }],
    ['an action outside of the service', '../admin/Rebuild', {}],
  ])('refuses %s before anything is sent', async (_, action, parameters) => {
    const { client, sent } = scriptedClient([])
    const error = await rejection(client.callAction(action, parameters as object))
    expect(isODataConfigurationError(error)).toBe(true)
    expect(sent).toHaveLength(0)
  })

  it.each([
    ['a FormData', new FormData()],
    ['URL parameters', new URLSearchParams('a=b')],
    ['a Map', new Map([['a', 1]])],
    ['a stream', new ReadableStream()],
  ])('refuses %s as a body, and says what can be sent', async (_, body) => {
    const { client, sent } = scriptedClient([])
    expect(await rejection(client.request('POST', 'Orders', body))).toMatchObject({
      kind: 'configuration',
      message: expect.stringContaining('The body cannot be sent. Give plain objects'),
    })
    expect(sent).toHaveLength(0)
  })

  it.each([
    'jobs.example.com',
    'https://jobs.example.com/path',
    'https://jobs.example.com/?a',
    'https://*.example.com/#x',
    '/jobs',
    'ftp://jobs.example.com',
    '',
    undefined,
  ])('refuses %j as a trusted origin', (origin) => {
    const trustedOrigins = ['https://pages.example.net', origin as string]
    expect(caught(() => createODataClient({ serviceUrl: SERVICE, trustedOrigins }))).toMatchObject({
      kind: 'configuration',
      message: expect.stringContaining("an absolute origin without a path, like 'https://jobs.example.com'"),
    })
  })

  it.each(['https://jobs.example.com', 'https://jobs.example.com/', 'HTTP://Jobs.Example.com:8080'])(
    'takes %s as a trusted origin',
    (origin) => {
      expect(createODataClient({ serviceUrl: SERVICE, trustedOrigins: [origin] }).serviceUrl).toBe(SERVICE)
    },
  )

  it.each(['4', '4.1', '4.011', '4.0\n', 4.01, null])('refuses the maxVersion %j', (maxVersion) => {
    expect(caught(() => createODataClient({ serviceUrl: SERVICE, maxVersion: maxVersion as '4.0' }))).toMatchObject({
      kind: 'configuration',
      message: expect.stringContaining("It must be '4.0' or '4.01'"),
    })
  })

  it('keeps the URL of a monitor that it refuses to resume out of the message', () => {
    const { client } = scriptedClient([])
    const error = caught(() => client.resume({ monitorUrl: 'https://evil.example/7?token=s3cret' }))
    expect((error as Error).message).toContain('got one on https://evil.example.')
    expect((error as Error).message).not.toContain('s3cret')
  })

  it.each([
    undefined,
    null,
    {},
    { monitorUrl: '' },
    { monitorUrl: 'https://evil.example/7' },
    { status: 'running' },
    'x',
  ])('refuses to resume %j', (given) => {
    const { client } = scriptedClient([])
    expect(caught(() => client.resume(given as never))).toMatchObject({ kind: 'configuration' })
  })
})

describe('a record', () => {
  it('row 40: goes through JSON and is taken up again', async () => {
    const { client, sent } = scriptedClient([accepted, succeeded])
    const operation = await client.callAction('Rebuild', {}, { id: 'nightly' })
    const stored = JSON.parse(JSON.stringify(operation))
    const resumed = client.resume(stored)
    expect(resumed.id).toBe('nightly')
    await resumed.poll()
    expect(resumed.result).toMatchObject({ ID: 1 })
    expect(sent[1]?.url).toBe(MONITOR)
  })

  it('that never got an answer has an unknown outcome, and nothing is sent again', async () => {
    const { client, sent } = scriptedClient([])
    const stored = JSON.parse(JSON.stringify(client.prepareAction('Rebuild')))
    const resumed = client.resume(stored)
    expect(resumed.error).toMatchObject({ kind: 'network' })
    expect(sent).toHaveLength(0)
  })

  it.each(['jobs/7', '', 'javascript:0'])(
    'with the monitor %j, which is no URL to ask, ends without a request',
    async (monitorUrl) => {
      const { client, sent } = scriptedClient([accepted])
      const { record } = await client.callAction('Rebuild')
      const resumed = client.resume({ ...record, monitorUrl })
      expect(await resumed.tryCancel()).toBe('too-late')
      expect(resumed.status).toBe('failed')
      expect(sent).toHaveLength(1)
    },
  )

  it('with an error of a kind that this version does not know still has an error', async () => {
    const { client } = scriptedClient([accepted])
    const { record } = await client.callAction('Rebuild')
    const error = { kind: 'newer' as never, message: 'From the future.' }
    expect(client.resume({ ...record, status: 'failed', error }).error).toMatchObject({ message: 'From the future.' })
  })

  it('that has ended stays as it is', async () => {
    const { client, sent } = scriptedClient([accepted, succeeded])
    const operation = await client.callAction('Rebuild')
    await operation.poll()
    const resumed = client.resume(JSON.parse(JSON.stringify(operation)))
    expect(resumed.status).toBe('completed')
    expect(await resumed.poll()).toBe(false)
    expect(sent).toHaveLength(2)
  })

  it('is the same object until something happens, and a new one then', async () => {
    const { client } = scriptedClient([accepted, succeeded])
    const operation = await client.callAction('Rebuild')
    const before = operation.getSnapshot()
    expect(operation.getSnapshot()).toBe(before)
    const seen: unknown[] = []
    const unsubscribe = operation.subscribe(() => seen.push(operation.getSnapshot()))
    await operation.poll()
    unsubscribe()
    expect(seen).toHaveLength(1)
    expect(seen[0]).not.toBe(before)
    expect(before.status).toBe('running')
  })
})

describe('errors', () => {
  it('are told apart across copies of the package, by kind', () => {
    const error = new ODataServiceError({ kind: 'service', message: 'No.', status: 409, code: 'E' })
    expect(isODataServiceError(error)).toBe(true)
    expect(isODataConfigurationError(error)).toBe(false)
    expect(isODataError(Object.assign(new Error('x'), { kind: 'service' }))).toBe(false)
    expect(String(error)).toBe('ODataServiceError: No.')
  })

  it('keep the URL of the monitor out of their message', async () => {
    const { client } = scriptedClient([accepted, '403 Forbidden'])
    const operation = await client.callAction('Rebuild')
    await operation.poll()
    expect(operation.error?.message).not.toContain(MONITOR)
    expect(operation.error).toMatchObject({ monitorUrl: MONITOR })
  })
})
