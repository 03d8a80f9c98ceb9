import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { typedLiteral } from '../../src/core/index.js'
import { accepted, MONITOR, rejection, SERVICE, scriptedClient, succeeded } from '../support/scriptedClient.js'

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 9, 5) }))
afterEach(() => void vi.useRealTimers())

const NOTHING = '204 No Content'
const GUID = '3f2504e0-4f89-11d3-9a0c-0305e82c3301'

const CYCLE: unknown[] = []
CYCLE.push(CYCLE)

/** The path and query that a call is sent to. */
async function sentTo(
  path: string,
  parameters?: object,
  options?: { readonly aliases?: boolean },
  serviceUrl = SERVICE,
): Promise<string | undefined> {
  const { client, sent } = scriptedClient([NOTHING], { serviceUrl })
  await client.callFunction(path, parameters, options)
  return sent[0]?.url.replace(SERVICE, '')
}

describe('calling a function', () => {
  it('is a GET without a body that may be answered later', async () => {
    const { client, sent } = scriptedClient([accepted])
    const operation = await client.callFunction('Sales.Forecast', { Year: 2027 })

    expect(operation).toMatchObject({ status: 'running', isAsync: true, monitorUrl: MONITOR })
    expect(operation.record).toMatchObject({
      kind: 'function',
      method: 'GET',
      url: `${SERVICE}Sales.Forecast(Year=2027)`,
    })
    expect(sent).toHaveLength(1)
    expect(sent[0]).toMatchObject({ method: 'GET', body: '' })
    expect(sent[0]?.headers).toEqual({
      accept: 'application/json',
      'odata-maxversion': '4.01',
      prefer: 'respond-async',
    })
  })

  it('gives the result of the monitor', async () => {
    const { client } = scriptedClient([accepted, '200 OK\nAsyncResult: 200\n\n{"@context":"c","value":[3,5]}'])
    const operation = await client.callFunction<number[]>('Sales.Forecast')
    expect(await operation.poll()).toBe(false)
    expect(operation.result).toEqual([3, 5])
  })

  it.each<[string, unknown, string]>([
    ['text', "O'Neil & Sons/Zürich", "'O''Neil%20%26%20Sons%2FZ%C3%BCrich'"],
    ['text that looks like the end of the call', "')/Other(", "''')%2FOther('"],
    ['an empty text', '', "''"],
    ['an integer', 7, '7'],
    ['a negative number', -0.5, '-0.5'],
    ['a large number', 1e21, '1e21'],
    ['infinity', Number.NEGATIVE_INFINITY, '-INF'],
    ['not a number', Number.NaN, 'NaN'],
    ['a bigint', 9007199254740993n, '9007199254740993'],
    ['true', true, 'true'],
    ['false', false, 'false'],
    ['null', null, 'null'],
    ['a Date', new Date(Date.UTC(2026, 0, 31)), '2026-01-31T00%3A00%3A00.000Z'],
    ['bytes', Uint8Array.of(251, 255, 191), "binary'-_-_'"],
    ['an Edm.Guid', typedLiteral('Edm.Guid', GUID), GUID],
    ['an Edm.Int64', typedLiteral('Edm.Int64', '-9223372036854775808'), '-9223372036854775808'],
    ['an Edm.Decimal', typedLiteral('Edm.Decimal', '0.10'), '0.10'],
    ['an Edm.Date', typedLiteral('Edm.Date', '2026-01-31'), '2026-01-31'],
    ['an Edm.TimeOfDay', typedLiteral('Edm.TimeOfDay', '07:59:59.999'), '07%3A59%3A59.999'],
    [
      'an Edm.DateTimeOffset',
      typedLiteral('Edm.DateTimeOffset', '2026-01-31T07:00:00+01:00'),
      '2026-01-31T07%3A00%3A00%2B01%3A00',
    ],
    ['an Edm.Duration', typedLiteral('Edm.Duration', 'PT5M'), "duration'PT5M'"],
    ['an Edm.Binary', typedLiteral('Edm.Binary', '-_-_'), "binary'-_-_'"],
    ['an enumeration', typedLiteral('Sales.Color', 'Red,Green'), "Sales.Color'Red%2CGreen'"],
  ])('writes %s into the parentheses, and into the query when aliases are asked for', async (_, value, literal) => {
    expect(decodeURIComponent((await sentTo('Fn', { p: value })) ?? '')).toBe(`Fn(p=${decodeURIComponent(literal)})`)
    const inQuery = await sentTo('Fn', { p: value }, { aliases: true })
    expect(inQuery).toMatch(/^Fn\(p=@p\)\?@p=/)
    expect(new URL(SERVICE + inQuery).searchParams.get('@p')).toBe(decodeURIComponent(literal))
  })

  it.each<[string, unknown, unknown]>([
    ['an object', { Depot: 'North', Since: new Date(0) }, { Depot: 'North', Since: '1970-01-01T00:00:00.000Z' }],
    ['a collection', [3, null, 'a&b=c#d+e'], [3, null, 'a&b=c#d+e']],
    ['an empty collection', [], []],
    ['a collection of objects', [{ ID: 1 }, { ID: 2, Tags: ['x'] }], [{ ID: 1 }, { ID: 2, Tags: ['x'] }]],
    [
      'typed literals inside an object',
      { g: typedLiteral('Edm.Guid', GUID), n: typedLiteral('Edm.Int64', '7') },
      { g: GUID, n: 7 },
    ],
    ['numbers that JSON has no word for', { x: Number.POSITIVE_INFINITY }, { x: 'INF' }],
  ])('writes %s as JSON into the query, behind an alias', async (_, value, json) => {
    const target = await sentTo('Fn', { a: 1, p: value })
    expect(target).toMatch(/^Fn\(a=1,p=@p\)\?@p=/)
    const { searchParams } = new URL(SERVICE + target)
    expect([...searchParams.keys()]).toEqual(['@p'])
    expect(JSON.parse(searchParams.get('@p') ?? '')).toEqual(json)
  })

  it.each([
    ['no parameters', 'Sales.Fn', undefined, 'Sales.Fn()'],
    ['parameters that are undefined', 'Sales.Fn', { a: undefined }, 'Sales.Fn()'],
    ['empty parentheses', 'Sales.Fn()', { a: 1 }, 'Sales.Fn(a=1)'],
    ['a bound function', "Products('A1')/Sales.Fn", { a: 1 }, "Products('A1')/Sales.Fn(a=1)"],
  ])('takes %s', async (_, path, parameters, target) => {
    expect(await sentTo(path, parameters)).toBe(target)
  })

  it.each([
    ['Sales.Fn?$top=5', { a: 1 }, 'Sales.Fn(a=1)?$top=5'],
    ['Sales.Fn?$top=5', { a: [1] }, 'Sales.Fn(a=@a)?$top=5&@a=%5B1%5D'],
    [
      `${SERVICE}Sales.Fn(a=@a,b=@b)?sap-client=100`,
      { a: 1, b: 'x' },
      'Sales.Fn(a=@a,b=@b)?sap-client=100&@a=1&@b=%27x%27',
    ],
  ])('row 137: the query of the target %s is kept, and aliases follow it', async (path, parameters, target) => {
    expect(await sentTo(path, parameters)).toBe(target)
  })

  it('row 137: the query of the service root goes along', async () => {
    expect(await sentTo('Fn', { a: [] }, {}, `${SERVICE}?sap-client=100`)).toBe('Fn(a=@a)?@a=%5B%5D&sap-client=100')
  })

  it.each<[string, string, object]>([
    ['a name that is none', 'Fn', { 'a)/Evil(': 1 }],
    ['a value that no URL can say', 'Fn', { a: Symbol('s') }],
    ['an invalid Date', 'Fn', { a: new Date(Number.NaN) }],
    ['a value that contains itself', 'Fn', { a: CYCLE }],
    ['parentheses that are not closed', 'Fn(a=@a', { a: 1 }],
    ['a parameter that the parentheses do not mention', 'Fn(a=@a)', { b: 1 }],
    ['no function', '', {}],
    ['a way out of the service', '../other/Fn', {}],
  ])('refuses %s before anything is sent, and says what to give', async (_, path, parameters) => {
    const { client, sent } = scriptedClient([])
    const error = await rejection(client.callFunction(path, parameters))
    expect(error).toMatchObject({ name: 'ODataConfigurationError', kind: 'configuration' })
    expect((error as Error).message).toMatch(/Give|Close|Mention/)
    expect(sent).toHaveLength(0)
  })

  it('a 404 of the function itself is its error, not a monitor that is gone', async () => {
    const { client } = scriptedClient([
      accepted,
      '200 OK\nAsyncResult: 404\n\n{"error":{"code":"NONE","message":"None."}}',
    ])
    const operation = await client.callFunction('Sales.Cheapest')
    await operation.poll()
    expect(operation.error).toMatchObject({ kind: 'service', status: 404, code: 'NONE' })
  })

  it('prepareFunction sends nothing until it is submitted', async () => {
    const { client, sent } = scriptedClient([succeeded])
    const operation = client.prepareFunction('Sales.Fn', { a: 1 })
    expect(sent).toHaveLength(0)
    expect(operation.status).toBe('pending')
    await operation.submit()
    expect(sent[0]?.url).toBe(`${SERVICE}Sales.Fn(a=1)`)
    expect(operation.status).toBe('completed')
  })
})
