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
    ['an action outside of the service', '../admin/Rebuild', {}],
  ])('refuses %s before anything is sent', async (_, action, parameters) => {
    const { client, sent } = scriptedClient([])
    const error = await rejection(client.callAction(action, parameters))
    expect(isODataConfigurationError(error)).toBe(true)
    expect(sent).toHaveLength(0)
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
