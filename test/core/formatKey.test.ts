import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatKey, formatLiteral, isODataConfigurationError, typedLiteral } from '../../src/core/index.js'
import { SERVICE, scriptedClient } from '../support/scriptedClient.js'

const GUID = '3F2504E0-4f89-11d3-9a0c-0305e82c3301'

describe('a literal in a URL', () => {
  it.each([
    ['text in quotes', 'abc', "'abc'"],
    ['quotes doubled', "O'Neil", "'O''Neil'"],
    ['what a URL reads otherwise, encoded', 'a/b?c#d%e&f+g', "'a%2Fb%3Fc%23d%25e%26f%2Bg'"],
    ['text that is not ASCII', 'Öl', "'%C3%96l'"],
    ['no text', '', "''"],
    ['a number', -1.5, '-1.5'],
    ['a large number without its plus', 1e21, '1e21'],
    ['infinity', Number.POSITIVE_INFINITY, 'INF'],
    ['less than everything', Number.NEGATIVE_INFINITY, '-INF'],
    ['not a number', Number.NaN, 'NaN'],
    ['all digits of a bigint', 9_007_199_254_740_993n, '9007199254740993'],
    ['true', true, 'true'],
    ['null', null, 'null'],
    ['a Date', new Date(Date.UTC(2026, 9, 5, 7, 12, 9)), '2026-10-05T07%3A12%3A09.000Z'],
    ['bytes', Uint8Array.of(255, 239, 190, 1), "binary'_---AQ%3D%3D'"],
    ['a Guid', typedLiteral('Edm.Guid', GUID), GUID],
    ['the largest Int64', typedLiteral('Edm.Int64', '9223372036854775807'), '9223372036854775807'],
    ['the smallest Int64', typedLiteral('Edm.Int64', '-9223372036854775808'), '-9223372036854775808'],
    ['a Decimal', typedLiteral('Edm.Decimal', '-12345678901234567890.10'), '-12345678901234567890.10'],
    ['an Int64', typedLiteral('Edm.Int64', '9007199254740993'), '9007199254740993'],
    ['a Date without time', typedLiteral('Edm.Date', '2026-10-05'), '2026-10-05'],
    ['a TimeOfDay', typedLiteral('Edm.TimeOfDay', '07:12:09.5'), '07%3A12%3A09.5'],
    [
      'a DateTimeOffset',
      typedLiteral('Edm.DateTimeOffset', '2026-10-05T07:12:09+02:00'),
      '2026-10-05T07%3A12%3A09%2B02%3A00',
    ],
    ['a Duration', typedLiteral('Edm.Duration', '-P1DT2H3M4.5S'), "duration'-P1DT2H3M4.5S'"],
    ['Binary', typedLiteral('Edm.Binary', 'T0RhdGE='), "binary'T0RhdGE%3D'"],
    ['an enumeration', typedLiteral('Sales.Color', 'Red,Green'), "Sales.Color'Red%2CGreen'"],
  ])('%s', (_, value, literal) => {
    expect(formatLiteral(value)).toBe(literal)
  })

  it.each([
    ['Edm.Guid', '3f2504e0'],
    ['Edm.Guid', "3f2504e0-4f89-11d3-9a0c-0305e82c3301' or 1 eq 1"],
    ['Edm.Int64', '1.5'],
    ['Edm.Int64', '9223372036854775808'],
    ['Edm.Int64', '-9223372036854775809'],
    ['Edm.Decimal', '1e5'],
    ['Edm.Date', '05.10.2026'],
    ['Edm.TimeOfDay', '7:12'],
    ['Edm.DateTimeOffset', '2026-10-05T07:12:09'],
    ['Edm.Duration', 'P'],
    ['Edm.Duration', 'P1Y'],
    ['Edm.Binary', 'a+b/'],
    ['Edm.String', 'abc'],
    ['toString', 'abc'],
    ['Sales.Color', "Red' or 'x"],
    ['Color', 'Red'],
  ])('refuses a text of the type %s: %j', (type, text) => {
    const refused = () => typedLiteral(type, text)
    expect(refused).toThrow(`${JSON.stringify(text)} is no literal of the type ${JSON.stringify(type)}. The types are`)
    try {
      refused()
    } catch (error) {
      expect(isODataConfigurationError(error)).toBe(true)
    }
  })

  it.each([undefined, {}, [], Symbol('x'), new Date(Number.NaN), () => 1, '\ud800', Object.create(null)])(
    'refuses a value that has none: case %#',
    (value) => {
      expect(() => formatLiteral(value as never)).toThrow('has no literal in a URL. Give a string')
    },
  )
})

describe('a key', () => {
  it.each([
    ['of one value', 7, '(7)'],
    ['of text', "O'Neil/Sons", "('O''Neil%2FSons')"],
    ['of bytes', Uint8Array.of(1), "(binary'AQ%3D%3D')"],
    ['of a Guid', typedLiteral('Edm.Guid', GUID), `(${GUID})`],
    ['of several values', { Order: 7, Line: 'a' }, "(Order=7,Line='a')"],
    ['of two that are called type and literal', { type: 'a', literal: 'b' }, "(type='a',literal='b')"],
  ])('%s', (_, key, text) => {
    expect(formatKey(key)).toBe(text)
  })

  it.each([[{}], [{ 'a=1,b': 1 }], [{ '': 1 }], [{ A: undefined }], [undefined], [[7]]])('refuses %j', (key) => {
    expect(() => formatKey(key as never)).toThrow()
  })

  it('of any text stays in its segment, and is the text again when it is read', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const url = new URL(`Products${formatKey(text)}/Sales.Discontinue`, SERVICE)
        const [, , set = '', action] = url.pathname.split('/')
        expect(action).toBe('Sales.Discontinue')
        expect(decodeURIComponent(set).slice("Products('".length, -"')".length).replaceAll("''", "'")).toBe(text)
      }),
      { seed: 7, numRuns: 500 },
    )
  })

  it('takes a bound action to its entity', async () => {
    const { client, sent } = scriptedClient(['204 No Content'])
    await client.callAction(`Products${formatKey("../$batch?x='")}/Sales.Discontinue`)
    expect(sent[0]?.url).toBe(`${SERVICE}Products('..%2F%24batch%3Fx%3D''')/Sales.Discontinue`)
  })
})
