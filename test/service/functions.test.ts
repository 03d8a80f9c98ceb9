import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type RunningODataService, startODataService } from './odataService.js'
import { createServiceClient, readHttpMessage } from './serviceClient.js'

let service: RunningODataService
let client: ReturnType<typeof createServiceClient>

beforeAll(async () => {
  service = await startODataService({ retryAfter: 0 })
  client = createServiceClient(service)
})
beforeEach(() => service.reset())
afterAll(() => service.close())

const scope = { Category: 'Lighting', Since: '2025-01-01', WithStock: true }
const guid = '3f2504e0-4f89-11d3-9a0c-0305e82c3301'

/** A path with values for aliases. */
const withAliases = (path: string, aliases: Record<string, unknown> = {}) => {
  const values = { '@Scope': scope, '@Factors': [1, 1.5], ...aliases }
  const query = Object.entries(values).map(
    ([name, value]) => `${name}=${encodeURIComponent(typeof value === 'string' ? value : JSON.stringify(value))}`,
  )
  return `${path}?${query.join('&')}`
}
const call = 'ForecastCosts(Year=2026,Scope=@Scope,Factors=@Factors'

describe('a function with complex parameters and collections', () => {
  it('takes them by alias, and every primitive type as a literal', async () => {
    const literals = [
      `Note=${encodeURIComponent("'O''Neil, Sons/Co'")}`,
      'Budget=9007199254740991',
      'AsOf=2026-01-02T03:04:05Z',
      `Scenario=${guid}`,
      "Horizon=duration'P1DT2H'",
      "Method=Reporting.ForecastMethod'Seasonal'",
    ]
    const response = await client.request('GET', withAliases(`${call},${literals.join(',')})`))
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({
      '@context': '/odata/$metadata#Reporting.CostForecast',
      Year: 2026,
      Scope: scope,
      Factors: [1, 1.5],
      Note: "O'Neil, Sons/Co",
      Budget: 9007199254740991,
      AsOf: '2026-01-02T03:04:05Z',
      Scenario: guid,
      Horizon: 'P1DT2H',
      Method: 'Seasonal',
      Costs: [8526, 12789],
    })
  })

  it('takes primitive values by alias too', async () => {
    const path = 'ForecastCosts(Year=@y,Scope=@Scope,Factors=@Factors,Note=@n)'
    const response = await client.request('GET', withAliases(path, { '@y': '2026', '@n': "'a,b'" }))
    expect(await response.json()).toMatchObject({ Year: 2026, Note: 'a,b', Scope: scope })
  })

  it('may be bound to an entity', async () => {
    const path = withAliases(`Products(3)/Reporting.${call})`)
    expect(await (await client.request('GET', path)).json()).toMatchObject({ ProductID: 3, Costs: [2691, 4036.5] })
    expect((await client.request('GET', withAliases(`Products(99)/Reporting.${call})`))).status).toBe(404)
  })

  it('runs asynchronously', async () => {
    const headers = { Prefer: 'respond-async', 'x-test-duration': '20' }
    const accepted = await client.request('GET', withAliases(`${call})`), headers)
    expect(accepted.status).toBe(202)
    const result = await client.finish(accepted)
    expect([result.headers.get('asyncresult'), (await result.json()).Costs]).toEqual(['200', [8526, 12789]])
  })

  it.each([
    ['no member of the enumeration', `${call},Method='Wild')`, {}],
    ['a text without quotes', `${call},Note=text)`, {}],
    ['a number in quotes', `ForecastCosts(Year='2026',Scope=@Scope,Factors=@Factors)`, {}],
    ['no GUID', `${call},Scenario=1)`, {}],
    ['no duration', `${call},Horizon=duration'1 day')`, {}],
    ['a number that is no longer exact', `${call},Budget=9007199254740992)`, {}],
    ['a parameter twice', `${call},Year=2027)`, {}],
    ['an unknown parameter', `${call},Colour='red')`, {}],
    ['no alias for a complex value', `ForecastCosts(Year=2026,Scope={},Factors=@Factors)`, {}],
    ['an alias without a value', `${call},Note=@none)`, {}],
    ['an unknown member', `${call})`, { '@Scope': { ...scope, Colour: 'red' } }],
    ['a missing member', `${call})`, { '@Scope': {} }],
    ['a polluting member', `${call})`, { '@Scope': '{"Category":"x","__proto__":{"a":1}}' }],
    ['a text among numbers', `${call})`, { '@Factors': [1, 'two'] }],
    ['an object for a collection', `${call})`, { '@Factors': {} }],
    ['JSON that breaks off', `${call})`, { '@Factors': '[1,' }],
  ])('is answered 400 for %s', async (_, path, aliases) => {
    const response = await client.request('GET', withAliases(path, aliases))
    expect(response.status).toBe(400)
    expect((await response.json()).error).toMatchObject({ code: expect.stringMatching(/^BAD_/) })
  })
})

describe('a function that returns a stream', () => {
  it.each([
    ["PrintProducts(Format='png')", 'image/png', '\x89PNG\r\n'],
    ["PrintProducts(Format='pdf')", 'application/pdf', '%PDF-1.4'],
    ["Products/Reporting.PrintProducts(Format='pdf')", 'application/pdf', '%PDF-1.4'],
  ])('%s gives bytes of the type %s', async (path, type, beginning) => {
    const response = await client.request('GET', path)
    expect(response.headers.get('content-type')).toBe(type)
    expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="products\.(png|pdf)"$/)
    const bytes = Buffer.from(await response.arrayBuffer())
    expect(bytes.toString('latin1').startsWith(beginning)).toBe(true)
  })

  it('gives the same bytes asynchronously, plain and wrapped', async () => {
    const path = "PrintProducts(Format='png')"
    const bytes = Buffer.from(await (await client.request('GET', path)).arrayBuffer())
    const accepted = await client.request('GET', path, { Prefer: 'respond-async' })
    const plain = await client.finish(accepted)
    expect(plain.headers.get('content-type')).toBe('image/png')
    expect(Buffer.from(await plain.arrayBuffer())).toEqual(bytes)

    const wrapped = await client.finish(accepted, { Accept: 'application/http' })
    const message = readHttpMessage(Buffer.from(await wrapped.arrayBuffer()).toString('latin1'))
    expect(message.fields).toContain('Content-Type: image/png')
    expect(Buffer.from(message.body, 'latin1')).toEqual(bytes)
  })

  it('is answered 400 for an unknown format', async () => {
    expect((await client.request('GET', "PrintProducts(Format='gif')")).status).toBe(400)
  })
})
