import { describe, expect, it } from 'vitest'
import { actionBody, actionUrl } from '../../src/protocol/actionRequest.js'

const SERVICE = 'https://host/odata/v4/'

describe('actionUrl', () => {
  it.each<[string, string, string, string]>([
    ['an action bound to a collection', SERVICE, 'Reports/Ns.Generate', 'https://host/odata/v4/Reports/Ns.Generate'],
    [
      'an action bound to an entity',
      SERVICE,
      'Products(1)/Ns.Discontinue',
      'https://host/odata/v4/Products(1)/Ns.Discontinue',
    ],
    ['an action import', SERVICE, 'Rebuild', 'https://host/odata/v4/Rebuild'],
    ['spaces around', SERVICE, ' Rebuild ', 'https://host/odata/v4/Rebuild'],
    ['a service without its last slash', 'https://host/odata/v4', 'Rebuild', 'https://host/odata/v4/Rebuild'],
    ['a service at the root of the host', 'https://host', 'Rebuild', 'https://host/Rebuild'],
    ['a service with a double slash', 'https://host//odata', 'Rebuild', 'https://host//odata/Rebuild'],
    ['a leading slash', SERVICE, '/Rebuild', 'https://host/odata/v4/Rebuild'],
    [
      'leading slashes, which lead to no other host',
      SERVICE,
      '//evil.example/Rebuild',
      'https://host/odata/v4/evil.example/Rebuild',
    ],
    ['a colon in the first segment', SERVICE, 'Products(a:1)/Ns.X', 'https://host/odata/v4/Products(a:1)/Ns.X'],
    ['a segment like a scheme', SERVICE, 'javascript:alert(1)', 'https://host/odata/v4/javascript:alert(1)'],
    [
      'characters that URLs have to encode',
      SERVICE,
      "Products('Öl %')/Ns.X",
      "https://host/odata/v4/Products('%C3%96l%20%')/Ns.X",
    ],
    ['a number sign in a key', SERVICE, "Products('a#b')/Ns.X", "https://host/odata/v4/Products('a%23b')/Ns.X"],
    ['dots that stay inside', SERVICE, 'Reports/../Rebuild', 'https://host/odata/v4/Rebuild'],
    ['dots in a key', SERVICE, "Files('..')/Ns.X", "https://host/odata/v4/Files('..')/Ns.X"],
    [
      'the query of the service',
      'https://host/odata?sap-client=100#x',
      'Rebuild',
      'https://host/odata/Rebuild?sap-client=100',
    ],
    [
      'both queries',
      'https://host/odata/?sap-client=100&x=1',
      'Rebuild?$top=a b',
      'https://host/odata/Rebuild?$top=a%20b&sap-client=100&x=1',
    ],
    [
      'a query that has the parameter itself',
      'https://host/odata/?sap-client=100&x=1',
      'Rebuild?sap-client=200',
      'https://host/odata/Rebuild?sap-client=200&sap-client=100&x=1',
    ],
    ['an absolute URL below the service root', SERVICE, `${SERVICE}Ns.X?y=1`, 'https://host/odata/v4/Ns.X?y=1'],
    [
      'the service root in a key',
      SERVICE,
      `Links('${SERVICE}')/Ns.X`,
      "https://host/odata/v4/Links('https://host/odata/v4/')/Ns.X",
    ],
    [
      'an absolute URL and the query of the service',
      'https://host/odata?sap-client=100',
      'https://host/odata/Ns.X',
      'https://host/odata/Ns.X?sap-client=100',
    ],
  ])('takes %s', (_, service, action, expected) => {
    expect(actionUrl(service, action)).toBe(expected)
  })

  it.each<[string, unknown]>([
    ['nothing', ''],
    ['a blank', '  '],
    ['a slash', '/'],
    ['a dot', '.'],
    ['a way out', '../Rebuild'],
    ['a way out of another segment', 'Reports/../../other/Rebuild'],
    ['a way out with a leading slash', '/../Rebuild'],
    ['a way out in percent signs', '%2e%2E/Rebuild'],
    ['a way out with backslashes', 'a\\..\\..\\Rebuild'],
    ['a way to a sibling that begins alike', '../v40/Rebuild'],
    ['a way out of an absolute URL', 'https://host/odata/v4/../Rebuild'],
    ['undefined', undefined],
  ])('refuses %s', (_, action) => {
    expect(actionUrl(SERVICE, action as string)).toBeUndefined()
  })

  it.each([
    ['another host', 'https://evil.example/odata/v4/Rebuild'],
    ['another port', 'https://host:444/odata/v4/Rebuild'],
    ['another scheme', 'http://host/odata/v4/Rebuild'],
    ['the host as a user name', 'https://host@evil.example/Rebuild'],
    ['a user name', 'https://me@host/odata/v4/Rebuild'],
    ['another path of the host', 'https://host/other/Ns.X'],
  ])('takes %s for a path below the service root', (_, action) => {
    expect(actionUrl(SERVICE, action)).toBe(SERVICE + action)
  })
})

describe('actionBody', () => {
  it.each<[string, unknown, string]>([
    ['row 135: no parameters', undefined, '{}'],
    ['row 135: null', null, '{}'],
    ['row 135: no member', {}, '{}'],
    [
      'parameters of all kinds',
      { a: 1, b: 'Öl "x"', c: true, d: null, e: [1, { f: [] }] },
      '{"a":1,"b":"Öl \\"x\\"","c":true,"d":null,"e":[1,{"f":[]}]}',
    ],
    ['members that are undefined or functions', { a: undefined, b: 1, c: () => 1 }, '{"b":1}'],
    ['gaps in an array', { a: [1, undefined, 3], b: new Array(2) }, '{"a":[1,null,3],"b":[null,null]}'],
    ['a bigint with all its digits', { a: 9007199254740993n, b: [-1n] }, '{"a":9007199254740993,"b":[-1]}'],
    ['a date', { a: new Date(Date.UTC(2026, 9, 5)) }, '{"a":"2026-10-05T00:00:00.000Z"}'],
    [
      'numbers that JSON lacks',
      { a: Number.NaN, b: Number.POSITIVE_INFINITY, c: Number.NEGATIVE_INFINITY },
      '{"a":null,"b":null,"c":null}',
    ],
    ['an object with toJSON', { toJSON: () => ({ a: 1n }) }, '{"a":1}'],
    ['an object without a prototype', Object.assign(Object.create(null), { a: 1 }), '{"a":1}'],
    ['an own __proto__', JSON.parse('{"__proto__":1}'), '{"__proto__":1}'],
    ['names that need escapes', { 'a"\n': 1 }, '{"a\\"\\n":1}'],
  ])('writes %s', (_, parameters, expected) => {
    expect(actionBody(parameters)).toBe(expected)
  })

  it('writes what occurs twice, but not within itself', () => {
    const shared = { x: 1 }
    expect(actionBody({ a: shared, b: [shared, shared] })).toBe('{"a":{"x":1},"b":[{"x":1},{"x":1}]}')
  })

  it.each<[string, unknown]>([
    ['an array', [{ Year: 2026 }]],
    ['text', 'Year'],
    ['text that begins like an object', '{}'],
    ['a number', 7],
    ['a bigint', 7n],
    ['a boolean', false],
    ['a function', () => ({})],
    ['a symbol', Symbol('x')],
    ['a date', new Date(0)],
  ])('refuses %s', (_, parameters) => {
    expect(actionBody(parameters)).toBeUndefined()
  })

  it('refuses parameters that contain themselves', () => {
    const loop: Record<string, unknown> = {}
    loop.a = [{ loop }]
    expect(actionBody(loop)).toBeUndefined()
  })
})
