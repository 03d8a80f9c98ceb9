import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { BatchWireRequest } from '../../src/protocol/batchMessage.js'
import { writeMultipartBatch } from '../../src/protocol/writeMultipartBatch.js'
import { readBoundary, readParts } from '../service/multipart.js'

// The same cases each time, so that a failure is one of the code.
fc.configureGlobal({ seed: 7, numRuns: 300 })

const encode = (text: string) => new TextEncoder().encode(text)

/** Gives the names one after the other; the last one again and again. */
function boundaries(...names: string[]): () => string {
  let asked = 0
  return () => names[Math.min(asked++, names.length - 1)] ?? ''
}

function get(id: string, url: string, headers = {}): BatchWireRequest {
  return { id, method: 'GET', url, headers }
}

function post(id: string, body: string | Uint8Array, group?: string): BatchWireRequest {
  return { id, group, method: 'POST', url: 'Orders', headers: { 'content-type': 'text/plain' }, body }
}

function write(requests: readonly BatchWireRequest[], ...names: string[]) {
  return writeMultipartBatch(requests, boundaries(...names))
}

describe('a multipart batch', () => {
  it('has CRLF at each line and not one empty line more than must be', () => {
    expect(write([get('1', 'Orders(1)'), post('a.b', 'x\ny')], 'b_1')).toEqual({
      contentType: 'multipart/mixed; boundary=b_1',
      body: [
        '--b_1',
        'Content-Type: application/http',
        'Content-Transfer-Encoding: binary',
        'Content-ID: 1',
        '',
        'GET Orders(1) HTTP/1.1',
        '',
        '',
        '--b_1',
        'Content-Type: application/http',
        'Content-Transfer-Encoding: binary',
        'Content-ID: a.b',
        '',
        'POST Orders HTTP/1.1',
        'Content-Type: text/plain',
        'Content-Length: 3',
        '',
        'x\ny',
        '--b_1--',
        '',
      ].join('\r\n'),
    })
  })

  it('says in each part that it is binary, without which Olingo and OData.NET refuse it', () => {
    const { body } = write([get('1', 'A'), post('2', 'b', 'g'), post('3', 'c', 'g')], 'b_0', 'cs_1')
    expect(`${body}`.match(/^Content-Transfer-Encoding: binary\r$/gm)).toHaveLength(3)
  })

  it('has the neighbours of one group in a multipart of their own, and nobody else', () => {
    const requests = [
      post('1', 'a', 'g'),
      post('2', 'b', 'g'),
      post('3', 'c', 'h'),
      post('4', 'd'),
      post('5', 'e'),
      post('6', 'f', 'g'),
    ]
    const { body } = write(requests, 'b_0', 'cs_1', 'cs_2', 'cs_3')
    const shape = `${body}`.match(/^--.*$|boundary=.*$|(?<=Content-ID: ).*$/gm)
    expect(shape?.map((line) => line.trim()).join(' ')).toBe(
      '--b_0 boundary=cs_1 --cs_1 1 --cs_1 2 --cs_1-- --b_0 boundary=cs_2 --cs_2 3 --cs_2-- --b_0 4 --b_0 5 --b_0 boundary=cs_3 --cs_3 6 --cs_3-- --b_0--',
    )
  })

  it('row 96: Content-Length counts bytes, not characters', () => {
    expect(write([post('1', '{"Note":"Öl 🛢"}')], 'b_1').body).toContain('\r\nContent-Length: 19\r\n')
    expect(write([post('1', new Uint8Array(300))], 'b_1').body).toEqual(
      encode(
        `--b_1\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\nContent-ID: 1\r\n\r\nPOST Orders HTTP/1.1\r\nContent-Type: text/plain\r\nContent-Length: 300\r\n\r\n${'\0'.repeat(300)}\r\n--b_1--\r\n`,
      ),
    )
  })

  it('has the Content-Length of the body, whatever was given, and none without a body', () => {
    const headers = { 'content-length': '999' }
    expect(write([{ ...post('1', 'abc'), headers }], 'b_1').body).toMatch(/HTTP\/1.1\r\nContent-Length: 3\r\n\r\nabc/)
    expect(write([get('1', 'Orders', headers)], 'b_1').body).not.toContain('Content-Length')
    expect(write([post('1', '')], 'b_1').body).toContain('Content-Length: 0\r\n\r\n\r\n--b_1--')
  })

  it.each([
    ['accept', 'Accept'],
    ['if-none-match', 'If-None-Match'],
    ['odata-version', 'OData-Version'],
    ['odata-maxversion', 'OData-MaxVersion'],
    ['odata-isolation', 'OData-Isolation'],
    ['x-csrf-token', 'X-Csrf-Token'],
    ['__proto__', '__proto__'],
  ])('has the header %s under the name %s', (name, written) => {
    expect(write([get('1', 'Orders', { [name]: 'x' })], 'b_1').body).toContain(`\r\n${written}: x\r\n`)
  })

  it('is text when all bodies are, else bytes', () => {
    expect(write([get('1', 'Orders'), post('2', '🛢')], 'b_1').body).toBeTypeOf('string')
    const png = new Uint8Array([0x89, 0x50, 0x0d, 0x0a, 0x00, 0xff])
    const { body } = write([post('1', '🛢'), post('2', png)], 'b_1')
    expect(body).toBeInstanceOf(Uint8Array)
    expect(Buffer.from(body).includes(Buffer.from(png))).toBe(true)
    expect(Buffer.from(body).includes('\r\n\r\n🛢\r\n--b_1')).toBe(true)
  })
})

describe('a boundary', () => {
  const boundaryOf = (requests: BatchWireRequest[], ...names: string[]) => {
    const { contentType, body } = write(requests, ...names)
    const boundary = readBoundary(contentType)
    expect(readParts(Buffer.from(body).toString('latin1'), boundary)).toHaveLength(requests.length)
    return boundary
  }

  it.each<[string, BatchWireRequest[]]>([
    ['a text', [post('1', 'x\r\n--b_1--\r\ny')]],
    ['bytes', [post('1', new Uint8Array([0xff, ...encode('\r\n--b_1\r\n'), 0xff]))]],
    ['a member of a change set', [post('1', 'b_1', 'g')]],
    ['a header', [get('1', 'Orders', { '--b_1': '--b_1' })]],
  ])('is made anew while it occurs in %s', (_, requests) => {
    expect(boundaryOf(requests, 'b_1', 'b_1', 'b_2')).toBe('b_2')
  })

  it('becomes another one when always the same is created', () => {
    expect(boundaryOf([post('1', '--b_1')], 'b_1')).not.toBe('b_1')
    const long = 'b'.repeat(70)
    expect(boundaryOf([post('1', `\r\n--${long}\r\n`)], long)).toHaveLength(70)
  })

  it.each([
    ['long', 'b'.repeat(200)],
    ['of characters that must be quoted', 'b 1;"\r\nX: y'],
    ['not ASCII', 'Öl🛢'],
    ['empty', ''],
  ])('that is %s becomes a plain token of at most 70 characters', (_, name) => {
    expect(boundaryOf([get('1', 'Orders')], name)).toMatch(/^[\w-]{1,70}$/)
  })

  it.each([
    [['b_1', 'b_1', 'b_2'], 'b_2'],
    [['b_1', 'b_12', 'cs_1'], 'cs_1'],
  ])('of a change set does not begin like that of the batch: of %j it is %s', (names, expected) => {
    expect(write([post('1', 'x', 'g')], ...names).body).toContain(`boundary=${expected}\r\n\r\n--${expected}\r\n`)
  })

  it('of a change set may occur outside of it', () => {
    expect(write([post('1', 'cs_1'), post('2', 'x', 'g')], 'b_1', 'cs_1').body).toContain('boundary=cs_1\r\n')
  })
})

describe('whatever the requests hold', () => {
  const pieces = fc.constantFrom('\r\n', '\n', '\r', '--b_1', '--b_2', '--', 'b_', ' ', ':', 'X: y', 'Ö', '🛢', '\ud800')
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.array(pieces, { maxLength: 8 }).map((list) => list.join('')),
  )
  const requests = fc.array(
    fc.record<BatchWireRequest>({
      id: text,
      group: fc.constantFrom(undefined, undefined, 'g', 'h'),
      method: fc.constantFrom('GET', 'POST'),
      url: text,
      headers: fc.dictionary(fc.constantFrom('accept', 'x-a', 'content-length', '__proto__'), text, {
        noNullPrototype: true,
      }),
      body: fc.oneof(text, fc.uint8Array({ maxLength: 20 }), text.map(encode), fc.constant(undefined)),
    }),
    { minLength: 1, maxLength: 6 },
  )

  it('each part holds one request with its body, and nothing gets out of it', () => {
    let asked = 0
    fc.assert(
      fc.property(requests, (given) => {
        const { contentType, body } = writeMultipartBatch(given, () => `b_${asked++ % 4}`)
        const units = readParts(Buffer.from(body).toString('latin1'), readBoundary(contentType))
        const parts = units.flatMap((unit) => {
          const type = unit.fields['content-type'] ?? ''
          return type === 'application/http' ? [unit] : readParts(unit.content, readBoundary(type))
        })
        expect(parts).toHaveLength(given.length)
        for (const [index, { content }] of parts.entries()) {
          const { method, headers, body: sent = '' } = given[index]!
          const [head = ''] = content.split('\r\n\r\n', 1)
          const [requestLine, ...fields] = head.split('\r\n')
          expect(requestLine).toMatch(new RegExp(`^${method} \\S* HTTP/1.1$`))
          const names = Object.keys(headers).filter((name) => name !== 'content-length')
          if (given[index]!.body !== undefined) names.push('content-length')
          expect(fields.map((field) => field.split(':', 1)[0]?.toLowerCase())).toEqual(names)
          expect(content.slice(head.length)).toBe(`\r\n\r\n${Buffer.from(sent as string).toString('latin1')}`)
        }
      }),
    )
  })

  it('a megabyte of it is written', () => {
    for (const piece of ['\r\n', ' ', '\ud800', '🛢', '-', 'x-', '\\', '$']) {
      const much = piece.repeat(1_000_000 / piece.length)
      const { body } = write([{ id: much, method: 'POST', url: much, headers: { [much]: much }, body: much }], 'b_1')
      expect(`${body}`).toMatch(/^--b_1\r\n.*\r\n--b_1--\r\n$/s)
    }
  })
})
