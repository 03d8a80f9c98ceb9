import { describe, expect, it } from 'vitest'
import { toTypedLiteral } from '../../src/protocol/literal.js'
import { writeJson } from '../../src/protocol/writeJson.js'

const typed = (type: string, text: string) => toTypedLiteral(type, text)

describe('writeJson', () => {
  it.each<[string, unknown, string]>([
    ['row 135: no member', {}, '{}'],
    [
      'parameters of all kinds',
      { a: 1, b: 'Öl "x"', c: true, d: null, e: [1, { f: [] }] },
      '{"a":1,"b":"Öl \\"x\\"","c":true,"d":null,"e":[1,{"f":[]}]}',
    ],
    ['members that are undefined, functions or symbols', { a: undefined, b: 1, c: () => 1, d: Symbol('x') }, '{"b":1}'],
    ['gaps in an array', { a: [1, undefined, 3], b: new Array(2) }, '{"a":[1,null,3],"b":[null,null]}'],
    ['a bigint with all its digits', { a: 9007199254740993n, b: [-1n] }, '{"a":9007199254740993,"b":[-1]}'],
    ['a date', { a: new Date(Date.UTC(2026, 9, 5)) }, '{"a":"2026-10-05T00:00:00.000Z"}'],
    // Formerly null, which is another value.
    [
      'numbers that JSON lacks as the text that OData has for them',
      { a: Number.NaN, b: Number.POSITIVE_INFINITY, c: Number.NEGATIVE_INFINITY },
      '{"a":"NaN","b":"INF","c":"-INF"}',
    ],
    ['numbers of any size', [-0, 1e21, 1.5e-7], '[0,1e+21,1.5e-7]'],
    ['bytes as base64url', { a: Uint8Array.of(255, 239, 190, 1) }, '{"a":"_---AQ=="}'],
    ['bytes that know how to write themselves otherwise', [Buffer.from([255])], '["_w=="]'],
    [
      'an Int64 and a Decimal as digits',
      [typed('Edm.Int64', '9007199254740993'), typed('Edm.Decimal', '1.10')],
      '[9007199254740993,1.10]',
    ],
    [
      'digits without zeros before them',
      [typed('Edm.Int64', '-007'), typed('Edm.Decimal', '00.50'), typed('Edm.Int64', '000')],
      '[-7,0.50,0]',
    ],
    [
      'other typed literals as their bare text',
      [typed('Edm.Duration', 'PT5M'), typed('Edm.Date', '2026-10-05'), typed('Sales.Color', 'Red,Green')],
      '["PT5M","2026-10-05","Red,Green"]',
    ],
    ['an object with toJSON', { toJSON: () => ({ a: 1n }) }, '{"a":1}'],
    [
      'an object of a class',
      new (class Order {
        ID = 1
      })(),
      '{"ID":1}',
    ],
    ['an object without a prototype', Object.assign(Object.create(null), { a: 1 }), '{"a":1}'],
    ['an own __proto__', JSON.parse('{"__proto__":1}'), '{"__proto__":1}'],
    ['names that need escapes', { 'a"\n': 1 }, '{"a\\"\\n":1}'],
    ['text that looks like digits with a mark', { a: '\u00001', b: '1n' }, '{"a":"\\u00001","b":"1n"}'],
    ['half a character', '\ud800', '"\\ud800"'],
    ['an array', [{ Year: 2026 }], '[{"Year":2026}]'],
    ['text', 'Year', '"Year"'],
    ['a number', 7, '7'],
    ['a bigint', 7n, '7'],
    ['a boolean', false, 'false'],
    ['null', null, 'null'],
  ])('writes %s', (_, value, expected) => {
    expect(writeJson(value)).toBe(expected)
  })

  it('writes what occurs twice, but not within itself', () => {
    const shared = { x: 1 }
    expect(writeJson({ a: shared, b: [shared, shared] })).toBe('{"a":{"x":1},"b":[{"x":1},{"x":1}]}')
  })

  const loop: Record<string, unknown> = {}
  loop.a = [{ loop }, { loop }]
  const itself = { toJSON: (): unknown => itself }
  const nested = (levels: number) => JSON.parse('['.repeat(levels) + ']'.repeat(levels))

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['a function', () => ({})],
    ['a symbol', Symbol('x')],
    ['what contains itself', loop],
    ['what gives itself', itself],
    ['an invalid date', new Date(Number.NaN)],
    ['an invalid date inside', { a: [new Date(Number.NaN)] }],
    [
      'what throws',
      {
        toJSON: () => {
          throw new Error('no')
        },
      },
    ],
    ['what holds its content elsewhere', new Map([['a', 1]])],
    ['such a thing inside', { a: [{ b: new Set([1]) }] }],
    ['a form', new FormData()],
    ['URL parameters', new URLSearchParams('a=b')],
    ['a blob', { File: new Blob(['x']) }],
    ['a buffer', new ArrayBuffer(1)],
    ['numbers that are no bytes', Float64Array.of(1)],
    ['a stream', new ReadableStream()],
    ['a promise', Promise.resolve(1)],
    ['a regular expression', /x/],
    ['501 levels', nested(501)],
    ['100 000 levels', nested(100_000)],
  ])('has no text for %s', (_, value) => {
    expect(writeJson(value)).toBeUndefined()
  })

  it('writes 500 levels', () => {
    expect(writeJson(nested(500))).toBe('['.repeat(500) + ']'.repeat(500))
  })
})
