import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { BatchRequest, BatchRequestOptions, BatchUrlForm } from '../../../src/core/batch/BatchRequest.js'
import { create, func, get, remove, request, update } from '../../../src/core/batch/batchRequests.js'
import { planBatch } from '../../../src/core/batch/planBatch.js'
import { reference } from '../../../src/core/batch/reference.js'
import { isODataConfigurationError, type RequestMethod } from '../../../src/core/index.js'

const serviceUrl = 'https://host/odata/'

function plan(made: BatchRequest, { urlForm, root = serviceUrl }: { urlForm?: BatchUrlForm; root?: string } = {}) {
  const [planned] = planBatch([made], { serviceUrl: root, urlForm }).requests
  if (!planned) throw new Error('nothing is planned')
  return planned
}
const url = (path: string, urlForm?: BatchUrlForm, root?: string) =>
  plan(get(path), { ...(urlForm && { urlForm }), ...(root && { root }) }).wire.url
const headers = (options: BatchRequestOptions) => plan(update('A(1)', {}, options)).wire.headers

function refusal(made: BatchRequest): string {
  try {
    plan(made)
  } catch (error) {
    expect(isODataConfigurationError(error)).toBe(true)
    return (error as Error).message
  }
  return 'It was not refused.'
}

describe('URLs', () => {
  it('have the form that is asked for, of the batch or of the request', () => {
    const path = "Products('A B')?$select=Name"
    expect(url(path)).toBe("Products('A%20B')?$select=Name")
    expect(url(path, 'path')).toBe("/odata/Products('A%20B')?$select=Name")
    expect(url(path, 'absolute')).toBe("https://host/odata/Products('A%20B')?$select=Name")
    expect(plan(get(path, { urlForm: 'path' })).wire.url).toBe("/odata/Products('A%20B')?$select=Name")
  })

  it.each([
    ['Vehicles(17)?$select=ID,Mileage'],
    ["Depots('O''Neil')"],
    ["Depots?$filter=Name%20eq%20'North'&$expand=Items($select=ID;$top=1)"],
    ["Depots('O%27%27Neil')?$filter=Name%20eq%20'X'"],
    ['Items(Order=7,Line=2)/Ns.Approve'],
    ['$metadata'],
    ['$all'],
    ['$crossjoin(Products,Sales)'],
    ['$entity?$id=Products(0)'],
  ])('stay as they are written: %s', (path) => {
    expect(decodeURIComponent(url(path))).toBe(decodeURIComponent(path))
    if (!path.includes('%27')) expect(url(path)).toBe(path)
  })

  it('encode what no request line can hold', () => {
    expect(url('Products?$filter=Name eq \'Tee für "zwei" <3\'')).toBe(
      "Products?$filter=Name%20eq%20'Tee%20f%C3%BCr%20%22zwei%22%20%3C3'",
    )
    expect(url("Products('#1')")).toBe("Products('%231')")
    expect(url("Products('\ud800')")).toBe("Products('%EF%BF%BD')")
  })

  it('row 97: colons in the path are encoded when it is relative, those of the query are not', () => {
    const path = 'Events(2024-01-01T10:00:00Z)?$filter=At gt 2024-01-01T10:00:00Z'
    const query = '?$filter=At%20gt%202024-01-01T10:00:00Z'
    expect(url(path)).toBe(`Events(2024-01-01T10%3A00%3A00Z)${query}`)
    expect(url(path, 'path')).toBe(`/odata/Events(2024-01-01T10:00:00Z)${query}`)
    expect(url(path, 'absolute')).toBe(`https://host/odata/Events(2024-01-01T10:00:00Z)${query}`)
    expect(url('Events:1')).toBe('Events%3A1')
  })

  it('row 97: a reference is relative whatever form is asked for', () => {
    const order = create('Orders', {})
    const made = planBatch([order, get(reference(order, 'Events(10:00:00)'))], { serviceUrl, urlForm: 'absolute' })
    expect(made.requests[1]).toMatchObject({
      wire: { url: '$1/Events(10%3A00%3A00)' },
      item: { url: '$1/Events(10%3A00%3A00)' },
    })
  })

  it('carry the query of the service', () => {
    const root = 'https://host/odata?sap-client=100'
    expect(url('Products', undefined, root)).toBe('Products?sap-client=100')
    expect(url('Products?$top=1', 'path', root)).toBe('/odata/Products?$top=1&sap-client=100')
    expect(url('Products?sap-client=200', undefined, root)).toBe('Products?sap-client=200')
  })

  it('that are absolute stay on the origin of the service, and are written in the form that they can have', () => {
    expect(url('https://HOST/odata/Products(1)')).toBe('Products(1)')
    expect(url('https://host/odata/Products(1)', 'path')).toBe('/odata/Products(1)')
    expect(url('https://host/other/Products(1)')).toBe('/other/Products(1)')
    expect(url('https://host/odata/')).toBe('/odata/')
    expect(url('https://host/odata//evil')).toBe('/odata//evil')
    expect(url('https://host//evil', 'relative', 'https://host/')).toBe('https://host//evil')
    expect(refusal(get('https://other/odata/Products(1)'))).toContain('which is not on the origin of the service.')
    expect(refusal(get('http://host/odata/Products(1)'))).toContain('which is not on the origin of the service.')
  })

  it.each(['', '  ', '..', '../admin', 'Products/../../admin', '%2e%2e/admin', 'https://me:secret@host/odata/A'])(
    'that leave the service are refused: %j',
    (path) => {
      expect(refusal(get(path, { label: 'Read it' }))).toContain(
        `Request "1" (Read it) has the path ${JSON.stringify(path)}`,
      )
    },
  )

  it('that are missing are refused', () => {
    expect(refusal(get(undefined as unknown as string))).toContain('Request "1" has the path "".')
  })

  it('are refused when a reference would not stay with what it refers to', () => {
    const order = create('Orders', {})
    const refused = () => planBatch([order, get(reference(order, '../Products'))], { serviceUrl })
    expect(refused).toThrow('which does not stay with what it refers to')
  })

  it.each([
    '$batch',
    '/$batch',
    '%24batch',
    '$BATCH',
    '$batch?a=b',
    'https://host/odata/$batch',
    'https://host/b/$batch/',
  ])('of a batch are refused: %s', (path) => {
    expect(refusal(create(path, {}))).toContain('which is a batch in a batch.')
  })

  it.each(['A\r\nDELETE B', 'A\nB', 'A\0', 'A\u007f', 'A\tB', 'A?x=\r\n'])(
    'row 100: control characters in a URL are refused: %j',
    (path) => {
      expect(refusal(get(path))).toContain('in which there are control characters. Encode them.')
    },
  )

  it('of functions are written from their parameters', () => {
    const called = (made: BatchRequest) => plan(made).wire
    expect(called(func('Ns.Top', { Count: 10, Name: "O'Neil" }))).toMatchObject({
      method: 'GET',
      url: "Ns.Top(Count=10,Name='O''Neil')",
    })
    expect(called(func('Ns.Top', { At: new Date(0) })).url).toBe('Ns.Top(At=1970-01-01T00%3A00%3A00.000Z)')
    expect(called(func('Ns.Top', { Name: 'A/B' }, { aliases: true })).url).toBe("Ns.Top(Name=@Name)?@Name='A/B'")
    const order = create('Orders', {})
    const [, total] = planBatch([order, func(reference(order, 'Ns.Total'), { Year: 1 })], { serviceUrl }).requests
    expect(total?.wire).toMatchObject({ url: '$1/Ns.Total(Year=1)', dependsOn: ['1'] })
    expect(refusal(func('Ns.Top', { 'a b': 1 }, { label: 'Top' }))).toContain('Request "1" (Top): "a b" is no name')
    expect(refusal(func('Ns.Top(', {}))).toContain('are not closed')
  })
})

describe('headers', () => {
  it('come in one order, by lower-case name, and are merged with what the options say', () => {
    const given = headers({
      headers: { 'X-Own': ' a ', Prefer: 'odata.maxpagesize=5', Accept: 'text/plain' },
      etag: '"1"',
      returnPreference: 'representation',
      respondAsync: true,
    })
    expect(Object.entries(given)).toEqual([
      ['content-type', 'application/json'],
      ['accept', 'text/plain'],
      ['if-match', '"1"'],
      ['prefer', 'odata.maxpagesize=5, return=representation, respond-async'],
      ['x-own', 'a'],
    ])
  })

  it('of the caller win', () => {
    const own = { 'Content-Type': 'application/json;IEEE754Compatible=true', 'If-Match': '"2"' }
    expect(headers({ headers: own, etag: '"1"' })).toEqual({
      'content-type': 'application/json;IEEE754Compatible=true',
      'if-match': '"2"',
    })
  })

  it('may be called as a member that objects have by themselves', () => {
    const given = headers({ headers: JSON.parse('{"__proto__":"x","constructor":"y"}') })
    expect(Object.entries(given).slice(1)).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ])
  })

  it.each([
    ['a line break in a value', { 'X-Own': 'secret\r\nAuthorization: x' }],
    ['a bare line feed in a value', { 'X-Own': 'secret\nx' }],
    ['a NUL in a value', { 'X-Own': 'secret\0' + 'x' }],
    ['a control character in a value', { 'X-Own': 'secret\u0001x' }],
    ['a character beyond Latin-1', { 'X-Own': 'secret €' }],
    ['a line break in a name', { 'X-Own\r\nB': 'secret' }],
    ['a colon in a name', { 'X:Own': 'secret' }],
    ['no name', { '': 'secret' }],
  ])('row 100: %s is refused without a word of the value', (_, given) => {
    const message = refusal(get('A', { headers: given, label: 'Read it' }))
    expect(message).toContain('Request "1" (Read it) has a header')
    expect(message).toContain('A name must be a token, a value one line of Latin-1 characters.')
    expect(message).not.toContain('secret')
  })

  it('row 100: a line break in an etag is refused', () => {
    expect(refusal(update('A(1)', {}, { etag: '"1"\r\nX: y' }))).toContain('has an `etag` that cannot be sent.')
  })

  it('are refused when one is there twice', () => {
    expect(refusal(get('A', { headers: { Accept: 'a/b', accept: 'c/d' } }))).toContain('has the header "accept" twice.')
  })
})

describe('bodies', () => {
  const written = (body: object | string, type?: string) => {
    const own = type ? { headers: { 'Content-Type': type } } : {}
    const { wire } = plan(request('PUT', 'A(1)/Value', body, own))
    return [wire.headers['content-type'], wire.body]
  }

  it('are JSON, text, or bytes', () => {
    expect(written({ ID: 9007199254740993n, Rate: Number.NaN })).toEqual([
      'application/json',
      '{"ID":9007199254740993,"Rate":"NaN"}',
    ])
    expect(written([1, 2])).toEqual(['application/json', '[1,2]'])
    expect(written('text')).toEqual(['text/plain', 'text'])
    expect(written(Uint8Array.of(1, 2))).toEqual(['application/octet-stream', Uint8Array.of(1, 2)])
    expect(written(Uint8Array.of(1, 2).buffer, 'image/png')).toEqual(['image/png', Uint8Array.of(1, 2)])
    expect(written(new DataView(Uint8Array.of(1, 2, 3).buffer, 1, 1))[1]).toEqual(Uint8Array.of(2))
  })

  it('are text when their type says so, though they are given as bytes', () => {
    const bytes = new TextEncoder().encode('{"Name":"Tür"}')
    expect(written(bytes, 'application/json')).toEqual(['application/json', '{"Name":"Tür"}'])
    expect(written(bytes, 'text/plain')[1]).toBe('{"Name":"Tür"}')
    expect(written(bytes, 'application/vnd.x+json')[1]).toBe('{"Name":"Tür"}')
  })

  it.each([
    ['a Map', new Map([['a', 1]])],
    ['a stream', new ReadableStream()],
    ['a FormData', new FormData()],
    ['null', null],
    ['a Set within', { Years: new Set([2026]) }],
    ['an invalid Date', [new Date(Number.NaN)]],
  ])('are refused when they cannot be written: %s', (_, body) => {
    expect(refusal(create('A', body as object))).toContain(
      'Request "1" has a body that cannot be sent. Give plain objects',
    )
  })

  it('are refused as a Blob, with what to give instead', () => {
    expect(refusal(create('A', new Blob(['text'])))).toContain(
      'Give its bytes: `new Uint8Array(await blob.arrayBuffer())`',
    )
  })

  it.each([
    ['{"a":', 'application/json', 'no JSON'],
    ['', 'application/json;charset=utf-8', 'no JSON'],
    [Uint8Array.of(0xff), 'application/json', 'no JSON'],
    [Uint8Array.of(0xff), 'text/plain', 'no text in UTF-8'],
  ])('are refused when they are not what their type says: %j as %s', (body, type, problem) => {
    const made = create('A', body, { headers: { 'Content-Type': type } })
    expect(refusal(made)).toContain(`has a body that is ${problem}, as its \`Content-Type\` says.`)
  })

  it.each(['GET', 'DELETE'] satisfies RequestMethod[])('row 118: a %s with a body is refused', (method) => {
    expect(refusal(request(method, 'A(1)', { a: 1 }))).toContain(`Request "1" is a ${method} with a body.`)
    expect(refusal(request(method, 'A(1)', ''))).toContain('with a body')
    expect(plan(remove('A(1)')).wire.body).toBeUndefined()
  })
})

describe('any input', () => {
  it('row 100: gives a plan without a control character in a line, or a configuration error', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('A(1)', '$1/B', 'A?b=c', 'https://host/odata/A'),
    )
    const input = fc.record({
      path: text,
      options: fc.record(
        { id: text, etag: text, label: text, headers: fc.dictionary(text, text) },
        { requiredKeys: [] },
      ),
      body: fc.oneof(fc.anything(), text),
    })
    fc.assert(
      fc.property(input, ({ path, options, body }) => {
        try {
          const { wire } = plan(request('POST', path, body as object, options))
          const lines = [wire.id, wire.url, ...Object.entries(wire.headers).flat()]
          for (const line of lines) expect(line).not.toMatch(/[\r\n\0]/)
          expect(wire.url).toMatch(/^[!-~]+$/)
        } catch (error) {
          if (!isODataConfigurationError(error)) throw error
        }
      }),
      { numRuns: 500 },
    )
  })
})
