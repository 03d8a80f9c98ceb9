import { describe, expect, it } from 'vitest'
import { parseHttpMessage } from '../../src/protocol/httpMessage.js'
import { readResult, unwrapValue } from '../../src/protocol/resultValue.js'
import { bytes, JSON_TYPE, MONITOR, reply } from './reply.js'

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
    ['HTML, which is named', { 'content-type': 'text/html' }, '<h1>', 'a web page, as a login or a gateway shows one'],
    ['HTML without a type', {}, '<h1>', 'no content type, 4 bytes'],
    [
      'row 65: a body that is still encoded',
      { ...JSON_TYPE, 'content-encoding': 'gzip' },
      Uint8Array.of(31, 139, 8, 0),
      'application/json, 4 bytes',
    ],
    [
      'row 65: text that is still encoded',
      { 'content-type': 'text/plain', 'content-encoding': 'gzip' },
      Uint8Array.of(31, 139, 8, 0),
      'packed by gzip',
    ],
    ['XHTML', { 'content-type': 'application/xhtml+xml' }, '<html/>', 'It is a web page'],
    ['a type that is none', { 'content-type': 'pdf' }, '%PDF', 'It must have a media type'],
    ['a type with more in it', { 'content-type': 'text\u0000/x,<p>' }, '<p>', 'It must have a media type'],
    ['a type that repeats', { 'content-type': 'application/json, application/json' }, '7', 'It must have a media type'],
  ])('%s is a problem, never an empty success', (_, headers, body, expected) => {
    const text = problem(200, headers, body)
    expect(text).toContain(expected)
    expect(text).toMatch(/^The result cannot be read \(.*\)\. It /)
  })

  it('keeps an own __proto__ of the service away from the prototypes', () => {
    const result = readResult(reply(200, JSON_TYPE, '{"value":{"__proto__":{"polluted":1},"ID":1}}'))
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    expect(result).toHaveProperty('value.ID', 1)
    expect('value' in result && Object.getPrototypeOf(result.value)).toBe(Object.prototype)
  })

  // Formerly read at any depth; but a record that has it could not be written as JSON any more.
  it.each([
    [500, 'value'],
    [501, 'problem'],
    [100_000, 'problem'],
  ])('gives for JSON of %i levels a %s', (depth, expected) => {
    expect(readResult(reply(200, JSON_TYPE, '['.repeat(depth) + ']'.repeat(depth)))).toHaveProperty(expected)
  })

  it('does not count brackets in text', () => {
    const text = `${'['.repeat(600)}\\"${'{'.repeat(600)}`
    expect(readResult(reply(200, JSON_TYPE, JSON.stringify({ value: text })))).toEqual({ value: text })
  })

  // Formerly a problem: what is no JSON, but is a result.
  it.each<[string, string, string | Uint8Array, string]>([
    ['text', 'text/plain', 'Öl', 'Öl'],
    ['JSON sent as text', 'text/plain', '3', '3'],
    ['text of another charset', 'text/csv; header=present; charset="ISO-8859-1"', Uint8Array.of(214, 108), 'Öl'],
    ['text of an unknown charset', 'text/plain;charset=x-none', 'Öl', 'Öl'],
    ['XML', 'application/xml', '<a/>', '<a/>'],
    ['XML of a vendor', 'application/atom+xml', '<a/>', '<a/>'],
    ['a PDF', 'Application/PDF; name="a,b"', '%PDF', 'data:application/pdf;base64,JVBERg=='],
    ['an image in XML', 'image/svg+xml', '<svg/>', 'data:image/svg+xml;base64,PHN2Zy8+'],
    [
      'zeros, which are no empty body',
      'application/octet-stream',
      new Uint8Array(3),
      'data:application/octet-stream;base64,AAAA',
    ],
    ['a type that only begins like JSON', 'application/json-seq', '3', 'data:application/json-seq;base64,Mw=='],
  ])('reads %s', (_, type, body, value) => {
    expect(readResult(reply(200, { 'content-type': type }, body))).toEqual({ value })
  })

  it('row 64: keeps a binary result byte by byte, from the message to the link', async () => {
    const image = Uint8Array.from({ length: 100_000 }, (_, index) => (index * 7) % 256)
    const head = bytes('HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n')
    const message = parseHttpMessage(new Uint8Array([...head, ...image]), MONITOR)
    const result = 'reply' in message ? readResult(message.reply) : message
    if (!('value' in result)) throw new Error(result.problem)
    expect(result.value).toMatch(/^data:image\/png;base64,/)
    const again = await (await fetch(`${result.value}`)).arrayBuffer()
    expect(Buffer.from(again).equals(image)).toBe(true)
  })

  it('makes a link of 50 MB', () => {
    const result = readResult(reply(200, { 'content-type': 'application/zip' }, new Uint8Array(50_000_001)))
    expect('value' in result && `${result.value}`.length).toBe('data:application/zip;base64,'.length + 66_666_668)
  })
})
