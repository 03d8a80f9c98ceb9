import { describe, expect, it } from 'vitest'
import { readResult, unwrapValue } from '../../src/protocol/resultValue.js'
import { JSON_TYPE, reply } from './reply.js'

function problem(...parts: Parameters<typeof reply>): string {
  const result = readResult(reply(...parts))
  if (!('problem' in result)) throw new Error(JSON.stringify(result))
  return result.problem
}

describe('unwrapValue', () => {
  it.each<[string, unknown, unknown]>([
    ['a primitive', { '@context': 'c#Edm.Int32', value: 431 }, 431],
    ['a primitive of 4.0', { '@odata.context': 'c#Edm.String', value: '' }, ''],
    ['false', { '@context': 'c', value: false }, false],
    ['null', { '@context': 'c', value: null }, null],
    ['a collection', { '@context': 'c', value: [{ ID: 1 }] }, [{ ID: 1 }]],
    ['an empty collection', { '@odata.context': 'c', value: [] }, []],
    ['a value without any metadata', { value: 3 }, 3],
    ['a value with annotations', { '@context': 'c', '@Example.Note': 1, 'value@type': '#Int64', value: '3' }, '3'],
    ['a collection with metadata', { '@odata.context': 'c', '@odata.metadataEtag': 'e', value: [] }, []],
  ])('row 136: takes out %s', (_, json, expected) => {
    expect(unwrapValue(json)).toEqual(expected)
  })

  it.each<[string, unknown]>([
    ['an entity', { '@context': 'c#Orders/$entity', ID: 7 }],
    ['an entity with a property value among others', { '@context': 'c#Orders/$entity', ID: 7, value: 3 }],
    ['a complex value', { '@odata.context': 'c#Ns.Address', City: 'Ulm' }],
    ['row 68: a collection with a next link', { '@context': 'c', value: [1], '@nextLink': 'n' }],
    ['row 68: a collection with a next link of 4.0', { '@odata.context': 'c', value: [1], '@odata.nextLink': 'n' }],
    ['a collection with a delta link', { '@odata.context': 'c', value: [1], '@odata.deltaLink': 'd' }],
    ['a collection with a count', { '@odata.context': 'c', value: [1], '@odata.count': 9 }],
    ['an object without a value', { '@context': 'c' }],
    ['an empty object', {}],
    ['an array', [{ value: 1 }]],
    ['text', 'value'],
    ['null', null],
  ])('row 136: leaves %s whole', (_, json) => {
    expect(unwrapValue(json)).toBe(json)
  })
})

describe('readResult', () => {
  it.each<[string, number, Record<string, string>, unknown, unknown]>([
    ['row 1, row 43: an entity', 200, JSON_TYPE, { '@context': 'c', ID: 1 }, { '@context': 'c', ID: 1 }],
    ['row 1, row 73: a value', 200, JSON_TYPE, { '@odata.context': 'c', value: 3 }, 3],
    ['row 1, row 45, row 57: 204', 204, {}, '', undefined],
    ['204 with a body, which means nothing', 204, { 'content-type': 'text/html' }, '<p>', undefined],
    ['row 59: 304', 304, JSON_TYPE, '', undefined],
    ['row 59: 304 with a body, which is not the result', 304, { 'content-type': 'text/html' }, '<p>', undefined],
    ['an empty 200', 200, JSON_TYPE, '', undefined],
    ['an empty 200 of another type', 200, { 'content-type': 'text/html' }, '', undefined],
    ['JSON with parameters', 200, { 'content-type': 'Application/JSON;odata.metadata=minimal' }, '7', 7],
    ['a +json type', 200, { 'content-type': 'application/vnd.example+json' }, [1], [1]],
    ['JSON without a type', 200, {}, { ID: 1 }, { ID: 1 }],
    ['null', 200, JSON_TYPE, 'null', null],
    ['UTF-8', 200, JSON_TYPE, '"Öl"', 'Öl'],
  ])('%s', (_, status, headers, body, value) => {
    expect(readResult(reply(status, headers, body))).toEqual({ value })
  })

  it.each<[string, Record<string, string>, unknown, string]>([
    ['row 67: JSON that is cut', JSON_TYPE, '{"ID":', 'application/json, 6 bytes'],
    ['a blank, which is no empty body', JSON_TYPE, ' \r\n\t', 'application/json, 4 bytes'],
    ['JSON followed by an error', JSON_TYPE, '{"ID":1}OData-Error', 'application/json, 19 bytes'],
    ['HTML', { 'content-type': 'text/html; charset=utf-8' }, '<h1>Sign in</h1>', 'text/html; charset=utf-8, 16 bytes'],
    ['HTML without a type', {}, '<h1>', 'no content type, 4 bytes'],
    ['JSON sent as text', { 'content-type': 'text/plain' }, '3', 'text/plain, 1 bytes'],
    ['a PDF', { 'content-type': 'application/pdf' }, Uint8Array.of(37, 80, 68, 70), 'application/pdf, 4 bytes'],
    [
      'zeros, which are no empty body',
      { 'content-type': 'application/octet-stream' },
      new Uint8Array(3),
      'application/octet-stream, 3 bytes',
    ],
    [
      'row 65: a body that is still encoded',
      { ...JSON_TYPE, 'content-encoding': 'gzip' },
      Uint8Array.of(31, 139, 8, 0),
      'application/json, 4 bytes',
    ],
    [
      'a type that only begins like JSON',
      { 'content-type': 'application/json-seq' },
      '3',
      'application/json-seq, 1 bytes',
    ],
  ])('%s is a problem, never an empty success', (_, headers, body, expected) => {
    const text = problem(200, headers, body)
    expect(text).toContain(expected)
    expect(text).toContain('Accept: application/json')
  })

  it('keeps an own __proto__ of the service away from the prototypes', () => {
    const result = readResult(reply(200, JSON_TYPE, '{"value":{"__proto__":{"polluted":1},"ID":1}}'))
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    expect(result).toHaveProperty('value.ID', 1)
    expect('value' in result && Object.getPrototypeOf(result.value)).toBe(Object.prototype)
  })

  it('reads JSON that is deeply nested', () => {
    const depth = 100_000
    expect(readResult(reply(200, JSON_TYPE, '['.repeat(depth) + ']'.repeat(depth)))).toHaveProperty('value')
  })
})
