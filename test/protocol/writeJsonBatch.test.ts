import { describe, expect, it } from 'vitest'
import type { BatchWireRequest } from '../../src/protocol/batchMessage.js'
import { writeJsonBatch } from '../../src/protocol/writeJsonBatch.js'

const encode = (text: string) => new TextEncoder().encode(text)

const get = { id: '1', method: 'GET', url: 'Orders', headers: {} }

function post(type: string | undefined, body: string | Uint8Array): BatchWireRequest {
  return { id: '1', method: 'POST', url: 'Orders', headers: type === undefined ? {} : { 'content-type': type }, body }
}

/** The `body` member as it is written. */
function bodyOf(type: string | undefined, body: string | Uint8Array): string {
  const text = writeJsonBatch([post(type, body)])
  return text.slice(text.indexOf('"body":') + '"body":'.length, -'}]}'.length)
}

describe('a JSON batch', () => {
  it('has all members of a request in a fixed order', () => {
    const request = {
      body: '{"ID":1}',
      headers: { 'content-type': 'application/json', 'if-match': 'W/"a7"' },
      url: '/odata/Orders(1)',
      method: 'PATCH',
      dependsOn: ['1', 'h'],
      group: 'g',
      id: '2',
    }
    expect(writeJsonBatch([get, request])).toBe(
      '{"requests":[{"id":"1","method":"get","url":"Orders"},' +
        '{"id":"2","atomicityGroup":"g","dependsOn":["1","h"],"method":"patch","url":"/odata/Orders(1)",' +
        '"headers":{"content-type":"application/json","if-match":"W/\\"a7\\""},"body":{"ID":1}}]}',
    )
  })

  it('leaves out what a request has not got', () => {
    const request = { ...get, group: undefined, dependsOn: [], body: undefined }
    expect(writeJsonBatch([request])).toBe('{"requests":[{"id":"1","method":"get","url":"Orders"}]}')
  })

  it('has headers in each member of a group, without which OData.NET breaks down', () => {
    expect(writeJsonBatch([{ ...get, method: 'DELETE', group: 'g' }])).toBe(
      '{"requests":[{"id":"1","atomicityGroup":"g","method":"delete","url":"Orders","headers":{}}]}',
    )
  })

  it.each<[string, string | undefined, string | Uint8Array, string]>([
    [
      'JSON as it is written, with all digits',
      'application/json',
      '{ "ID": 9007199254740993 }',
      '{ "ID": 9007199254740993 }',
    ],
    ['JSON with parameters', 'Application/JSON;odata.metadata=full', '[1.50]', '[1.50]'],
    ['a JSON type of its own', 'application/geo+json', '{}', '{}'],
    ['JSON without a type', undefined, '{}', '{}'],
    ['JSON as bytes', 'application/json', encode('{"Note":"Öl"}'), '{"Note":"Öl"}'],
    ['text', 'text/plain', 'a "b"\r\nÖl', '"a \\"b\\"\\r\\nÖl"'],
    ['text that looks like JSON', 'text/plain;charset=utf-8', '{}', '"{}"'],
    ['text as bytes', 'text/csv', encode('Öl;1'), '"Öl;1"'],
    ['bytes', 'image/png', new Uint8Array([0xfb, 0xff, 0xfe]), '"-__-"'],
    ['text of another type', 'application/xml', '<Öl/>', '"PMOWbC8-"'],
    ['no bytes', 'image/png', new Uint8Array(), '""'],
  ])('holds a body: %s', (_, type, body, written) => {
    expect(bodyOf(type, body)).toBe(written)
  })

  it.each(['', '{', '{}},{"id":"9"', 'undefined', '{} //', "{'a':1}", `${'['.repeat(100_000)}`])(
    'holds what claims to be JSON and is none as a JSON string: %j',
    (text) => {
      const batch = writeJsonBatch([post('application/json', text), get])
      expect(JSON.parse(batch)).toEqual({ requests: [expect.objectContaining({ body: text }), expect.anything()] })
    },
  )

  it('holds hostile names and values as they are, and touches no prototype', () => {
    const headers = JSON.parse('{"__proto__":"x","toJSON":"y","a\\r\\nb":"\\ud800"}')
    const batch = JSON.parse(writeJsonBatch([{ ...get, id: '"},{', group: '__proto__', headers, url: '\r\n"' }]))
    expect(Object.entries(batch.requests[0].headers)).toEqual(Object.entries(headers))
    expect(batch.requests[0]).toMatchObject({ id: '"},{', atomicityGroup: '__proto__', url: '\r\n"' })
    expect(Object.keys(Object.prototype)).toEqual([])
  })
})
