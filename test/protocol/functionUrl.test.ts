import { describe, expect, it } from 'vitest'
import { functionUrl } from '../../src/protocol/functionUrl.js'
import { toTypedLiteral } from '../../src/protocol/literal.js'
import { wireTrace } from '../support/wireTrace.js'

const SERVICE = 'https://host/v4/'
const GUID = '3f2504e0-4f89-11d3-9a0c-0305e82c3301'

function url(path: string, parameters: Record<string, unknown> = {}, aliases = false, service = SERVICE): string {
  const result = functionUrl(service, path, parameters, aliases)
  if ('problem' in result) throw new Error(result.problem)
  return result.url.replace(SERVICE, '')
}

function problem(path: string, parameters: Record<string, unknown> = {}): string {
  const result = functionUrl(SERVICE, path, parameters, false)
  if ('url' in result) throw new Error(result.url)
  return result.problem
}

describe('a function without parentheses', () => {
  it.each<[string, string, Record<string, unknown>, string]>([
    ['no parameters', 'Fn', {}, 'Fn()'],
    ['empty parentheses of its own', 'Fn()', { a: 1 }, 'Fn(a=1)'],
    ['a bound function', 'Orders(7)/Ns.Fn', { a: 1 }, 'Orders(7)/Ns.Fn(a=1)'],
    ['a function of a function', 'Fn(a=1)/Ns.Other', { b: 2 }, 'Fn(a=1)/Ns.Other(b=2)'],
    ['a leading slash', '/Ns.Fn', {}, 'Ns.Fn()'],
    ['an absolute URL', `${SERVICE}Ns.Fn`, { a: 1 }, 'Ns.Fn(a=1)'],
    ['primitives', 'Fn', { a: -1.5, b: true, c: 10n, d: null }, 'Fn(a=-1.5,b=true,c=10,d=null)'],
    ['text, percent-encoded', 'Fn', { a: "O'Neil/1?#&" }, "Fn(a='O''Neil%2F1%3F%23%26')"],
    ['text that is a way out', 'Fn', { a: '/../..' }, "Fn(a='%2F..%2F..')"],
    ['a date', 'Fn', { a: new Date(0) }, 'Fn(a=1970-01-01T00%3A00%3A00.000Z)'],
    ['bytes', 'Fn', { a: Uint8Array.of(255) }, "Fn(a=binary'_w%3D%3D')"],
    ['a typed literal', 'Fn', { a: toTypedLiteral('Edm.Guid', GUID) }, `Fn(a=${GUID})`],
    ['a typed duration', 'Fn', { a: toTypedLiteral('Edm.Duration', 'PT5M') }, "Fn(a=duration'PT5M')"],
    ['undefined, which is left out', 'Fn', { a: undefined, b: 1 }, 'Fn(b=1)'],
    ['an object as an alias', 'Fn', { a: 1, b: { c: 2n } }, 'Fn(a=1,b=@b)?@b=%7B%22c%22:2%7D'],
    ['an array as an alias', 'Fn', { ids: [1, 'x'] }, 'Fn(ids=@ids)?@ids=%5B1,%22x%22%5D'],
    ['two aliases', 'Fn', { a: [], b: {} }, 'Fn(a=@a,b=@b)?@a=%5B%5D&@b=%7B%7D'],
    ['a name that is not ASCII', 'Fn', { ö: [] }, 'Fn(%C3%B6=@%C3%B6)?@%C3%B6=%5B%5D'],
    ['quotes and parentheses in a key before it', "A('(/)')/Ns.Fn", { a: 1 }, "A('(/)')/Ns.Fn(a=1)"],
    ['an at sign in a key before it', "A('@a')/Ns.Fn", { a: 1 }, "A('@a')/Ns.Fn(a=1)"],
    ['an alias in a key before it', 'A(@id)/Ns.Fn', { '@id': 7, a: 1 }, 'A(@id)/Ns.Fn(a=1)?@id=7'],
  ])('takes %s', (_, path, parameters, expected) => {
    expect(url(path, parameters)).toBe(expected)
  })

  it.each<[string, Record<string, unknown>, string]>([
    ['Fn?$top=5', { a: 1 }, 'Fn(a=1)?$top=5'],
    ['Fn?$top=5', { a: [1] }, 'Fn(a=@a)?$top=5&@a=%5B1%5D'],
    ['Fn()?', { a: [1] }, 'Fn(a=@a)?@a=%5B1%5D'],
  ])('row 137: keeps the query of %s', (path, parameters, expected) => {
    expect(url(path, parameters)).toBe(expected)
  })

  it('adds the query of the service', () => {
    expect(url('Fn?$top=5', { a: [] }, false, `${SERVICE}?sap-client=100`)).toBe(
      'Fn(a=@a)?$top=5&@a=%5B%5D&sap-client=100',
    )
  })

  it('writes all values as aliases when it is told so, so that no slash is in the path', () => {
    expect(url('Fn', { a: 'x/y', b: 1, c: {} }, true)).toBe('Fn(a=@a,b=@b,c=@c)?@a=%27x/y%27&@b=1&@c=%7B%7D')
  })
})

describe('a function with parameters in its parentheses', () => {
  it.each<[string, string, Record<string, unknown>, string]>([
    ['the value of an alias', 'Fn(year=2027,scope=@s)', { s: [] }, 'Fn(year=2027,scope=@s)?@s=%5B%5D'],
    ['a name with its at sign', 'Fn(scope=@s)', { '@s': 1 }, 'Fn(scope=@s)?@s=1'],
    ['a primitive, which is a literal of a URL', 'Fn(a=@s)', { s: "O'N" }, 'Fn(a=@s)?@s=%27O%27%27N%27'],
    ['an advertised target without values', 'Fn(a=@a,b=@b)', {}, 'Fn(a=@a,b=@b)'],
    ['a percent-encoded alias', 'Fn(a=@%C3%B6)', { ö: 1 }, 'Fn(a=@%C3%B6)?@%C3%B6=1'],
    ['a part of the result', 'Fn(a=@a)/$count', { a: 1 }, 'Fn(a=@a)/$count?@a=1'],
  ])('takes %s', (_, path, parameters, expected) => {
    expect(url(path, parameters)).toBe(expected)
  })

  it('row 137: appends to the query of an advertised target', () => {
    expect(url('Fn(a=@a)?$top=5', { a: { b: 1 } })).toBe('Fn(a=@a)?$top=5&@a=%7B%22b%22:1%7D')
  })

  it('T3 is met byte for byte', () => {
    const [request] = wireTrace('T3')
    const [, target] = request!.startLine.split(' ')
    const service = 'https://api.example.com/fleet/v4/'
    const built = url('ForecastCosts(year=2027,scope=@s)', { s: { Depot: 'North' } }, false, service)
    expect(built).toBe(`https://api.example.com${target}`)
  })
})

describe('a value of an alias', () => {
  it('is encoded where a reader could end it, and readable else', () => {
    const text = url('Fn(a=@a)', { a: [':,/@$', '&#%+=;?', ' \u0000Ö'] })
    expect(text).toBe('Fn(a=@a)?@a=%5B%22:,/@$%22,%22%26%23%25%2B%3D%3B%3F%22,%22%20%5Cu0000%C3%96%22%5D')
  })
})

describe('a call that cannot be written', () => {
  it.each<[string, string, Record<string, unknown>, string]>([
    ['a parameter without a place', 'Fn(a=@a)', { b: 1 }, 'The parameter b is not mentioned as @b'],
    ['an alias in quotes, which is none', "Fn(a='@b')", { b: 1 }, 'not mentioned as @b'],
    ['an alias that only begins alike', 'Fn(a=@bb)', { b: 1 }, 'not mentioned as @b'],
    ['an alias without a place', 'Fn', { '@b': 1 }, 'not mentioned as @b'],
    ['a name that is none', 'Fn', { 'a=1,b': 1 }, '"a=1,b" is no name of a parameter'],
    ['no name', 'Fn', { '': 1 }, '"" is no name of a parameter'],
    ['only an at sign', 'Fn(a=@a)', { '@': 1 }, '"@" is no name of a parameter'],
    ['a function as a value', 'Fn', { a: () => 1 }, 'The parameter a has a value that no URL can say'],
    ['a symbol', 'Fn', { a: Symbol('x') }, 'The parameter a has a value'],
    ['an invalid date', 'Fn', { a: new Date(Number.NaN) }, 'The parameter a has a value'],
    ['half a character', 'Fn', { a: '\ud800' }, 'The parameter a has a value'],
    ['two values', 'Fn(a=@a)', { a: 1, '@a': 2 }, 'The alias @a would have two values'],
    ['a value that the query has already', 'Fn(a=@a)?@a=1', { a: 2 }, 'The alias @a would have two values'],
    ['parentheses that are not closed', 'Fn(a=1', {}, 'are not closed'],
    ['parentheses that were never opened', 'Fn)', {}, 'are not closed'],
    ['a quote that is not closed', "Fn(a='1)", {}, 'are not closed'],
    ['no path', '', {}, '"" is no path of a function'],
    ['no name at the end', 'Orders/', {}, '"Orders/" is no path of a function'],
    ['a way out', '../Fn', {}, '"../Fn" is no path of a function'],
    ['nothing', undefined as never, {}, '"" is no path of a function'],
  ])('%s', (_, path, parameters, expected) => {
    expect(problem(path, parameters)).toContain(expected)
  })
})
