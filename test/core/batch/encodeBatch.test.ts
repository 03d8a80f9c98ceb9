import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { continueOnErrorPreference } from '../../../src/core/batch/continueOnErrorPreference.js'
import { encodeBatch } from '../../../src/core/batch/encodeBatch.js'
import { isODataConfigurationError } from '../../../src/core/index.js'
import { submitHeaders } from '../../../src/core/requestHeaders.js'
import type { BatchWireRequest } from '../../../src/protocol/batchMessage.js'
import { readBatch } from '../../service/batchRequest.js'
import { wireTrace } from '../../support/wireTrace.js'
import { withTransferEncoding } from '../../support/withTransferEncoding.js'

// The same cases each time, so that a failure is one of the code.
fc.configureGlobal({ seed: 7, numRuns: 300 })

const FORMATS = ['multipart', 'json'] as const
const HOST = 'host:8443'
const encode = (text: string) => new TextEncoder().encode(text)
const json = { 'content-type': 'application/json' }

/** Gives the names one after the other, then counts. */
function boundaries(...names: string[]): () => string {
  let asked = 0
  return () => names[asked++] ?? `b_${asked}`
}

function get(id: string, more: Partial<BatchWireRequest> = {}): BatchWireRequest {
  return { id, method: 'GET', url: 'Orders', headers: {}, ...more }
}

function post(id: string, body: string, more: Partial<BatchWireRequest> = {}): BatchWireRequest {
  return { id, method: 'POST', url: 'Orders', headers: json, body, ...more }
}

/** What a service reads. */
function read({ headers, body }: ReturnType<typeof encodeBatch>) {
  const bytes = typeof body === 'string' ? encode(body) : body
  return readBatch({ method: 'POST', url: '/odata/$batch', headers, body: bytes }, 1000)
}

describe('wire traces, byte for byte', () => {
  interface Trace {
    readonly requests: readonly BatchWireRequest[]
    readonly format: 'multipart' | 'json'
    readonly maxVersion: string
    readonly respondAsync: boolean
  }

  const traces: Record<string, Trace> = {
    T6: {
      format: 'multipart',
      maxVersion: '4.0',
      respondAsync: true,
      requests: [
        get('1', { url: 'Vehicles(17)?$select=ID,Mileage' }),
        {
          id: '2',
          group: 'g1',
          method: 'PATCH',
          url: 'Vehicles(17)',
          headers: { ...json, 'if-match': 'W/"a7"', prefer: 'return=minimal' },
          body: '{"Mileage":88412}',
        },
        post('3', '{"Vehicle":17,"Kind":"Tyres"}', { group: 'g1', url: 'ServiceOrders' }),
        get('4', { url: "Depots('X')" }),
      ],
    },
    T7: {
      format: 'json',
      maxVersion: '4.01',
      respondAsync: true,
      requests: [
        get('1', { url: 'Vehicles(17)?$select=Mileage', headers: { accept: 'application/json' } }),
        post('2', '{"Vehicle":17,"Kind":"Brakes"}', { group: 'g1', url: 'ServiceOrders' }),
        post('3', '{}', { group: 'g1', dependsOn: ['2'], url: '$2/Fleet.Approve' }),
        get('4', { dependsOn: ['g1'], url: "/fleet/v4/Depots('North')/Photo", headers: { accept: 'image/png' } }),
      ],
    },
    T8: {
      format: 'json',
      maxVersion: '4.01',
      respondAsync: false,
      requests: [
        post('a', '{}', { url: 'RebuildIndex', headers: { ...json, prefer: 'respond-async' } }),
        get('b', { url: 'Depots/$count', headers: { accept: 'text/plain' } }),
      ],
    },
  }

  it.each(Object.entries(traces))('%s', (name, { requests, format, maxVersion, respondAsync }) => {
    const [expected] = wireTrace(name)
    const { headers, body } = encodeBatch(requests, { format, createBoundary: boundaries('b_a1', 'cs_b1'), host: HOST })
    expect(body).toBe(withTransferEncoding(expected?.body ?? new Uint8Array()))
    const preference = continueOnErrorPreference(undefined, format, maxVersion)
    const { host: _, 'content-length': __, ...expectedHeaders } = expected?.headers ?? {}
    expect(submitHeaders({ respondAsync }, maxVersion, undefined, { headers, preference })).toEqual(expectedHeaders)
  })
})

describe('the parts of a batch', () => {
  const forbidden = [
    ['Authorization', 'Bearer eyJ'],
    ['Proxy-Authorization', 'Basic eDp5'],
    ['Cookie', 'session=1'],
    ['Expect', '100-continue'],
    ['From', 'me@example.com'],
    ['Max-Forwards', '1'],
    ['Range', 'bytes=0-1'],
    ['TE', 'trailers'],
    ['Host', 'elsewhere.example.com'],
    ['Connection', 'close'],
    ['Transfer-Encoding', 'chunked'],
    ['Content-Length', '1'],
    ['Repeatability-Request-ID', '1'],
    ['Repeatability-First-Sent', 'Mon, 05 Oct 2026 07:00:00 GMT'],
  ]

  it.each(FORMATS)('row 98: of %s have no credentials and nothing that is not allowed there, in any case', (format) => {
    const lower = forbidden.map(([name = '', value]) => [name.toLowerCase(), value])
    const headers = Object.fromEntries([...forbidden, ...lower, ['x-range', 'kept'], ['te-x', 'kept']])
    const { body } = encodeBatch([get('1', { headers })], { format, createBoundary: boundaries(), host: HOST })
    const [part] = read({ headers: { accept: '', 'odata-version': '', 'content-type': typeOf(format) }, body })
    expect(part?.headers).toEqual({
      'x-range': 'kept',
      'te-x': 'kept',
      ...(format === 'multipart' && { accept: 'application/json' }),
    })
  })

  const typeOf = (format: string) => (format === 'json' ? 'application/json' : 'multipart/mixed; boundary=b_1')

  it('row 98: the batch itself keeps them', () => {
    const { headers } = encodeBatch([get('1')], { format: 'multipart', createBoundary: boundaries(), host: HOST })
    const own = { Authorization: 'Bearer eyJ', 'Content-Type': 'text/plain' }
    expect(submitHeaders({ headers: own }, '4.01', undefined, { headers, preference: undefined })).toEqual({
      accept: 'multipart/mixed',
      authorization: 'Bearer eyJ',
      'content-type': 'multipart/mixed; boundary=b_1',
      'odata-maxversion': '4.01',
      'odata-version': '4.0',
      prefer: 'respond-async',
    })
  })

  it('row 99: of multipart accept JSON, unless they have an Accept of their own', () => {
    const requests = [get('1'), get('2', { headers: { accept: 'image/png' } }), { ...get('3'), method: 'DELETE' }]
    const parts = read(encodeBatch(requests, { format: 'multipart', createBoundary: boundaries(), host: HOST }))
    expect(parts.map(({ headers }) => headers.accept)).toEqual(['application/json', 'image/png', 'application/json'])
  })

  it('row 99: of JSON accept what the batch accepts, which is JSON', () => {
    const { headers, body } = encodeBatch([get('1')], { format: 'json', createBoundary: boundaries(), host: HOST })
    expect(headers.accept).toBe('application/json')
    expect(body).not.toContain('accept')
  })

  it('of multipart say which version their JSON has, unless they do already', () => {
    const own = { ...json, 'odata-version': '4.01' }
    const requests = [
      get('1'),
      post('2', '{}'),
      post('3', '{}', { headers: own }),
      post('4', 'x', { headers: { 'content-type': 'text/plain' } }),
    ]
    const parts = read(encodeBatch(requests, { format: 'multipart', createBoundary: boundaries(), host: HOST }))
    expect(parts.map(({ headers }) => headers['odata-version'])).toEqual([undefined, '4.0', '4.01', undefined])
  })

  it('of multipart name the host where the URL is an absolute path', () => {
    const requests = [get('1', { url: '/odata/Orders' }), get('2'), get('3', { url: 'https://host/odata/Orders' })]
    const options = { createBoundary: boundaries(), host: HOST }
    const parts = read(encodeBatch(requests, { format: 'multipart', ...options }))
    expect(parts.map(({ headers }) => headers.host)).toEqual([HOST, undefined, undefined])
    expect(encodeBatch(requests, { format: 'json', ...options }).body).not.toContain(HOST)
  })

  it.each(FORMATS)('of %s refer to others by the URL as it is given', (format) => {
    const requests = [post('1', '{}'), get('2', { url: '$1/Items?$top=1', dependsOn: ['1'] })]
    expect(read(encodeBatch(requests, { format, createBoundary: boundaries(), host: HOST }))[1]?.url).toBe(
      '$1/Items?$top=1',
    )
  })
})

describe('dependsOn', () => {
  const encodeMultipart = (requests: BatchWireRequest[], continueOnError?: boolean) =>
    encodeBatch(requests, { format: 'multipart', createBoundary: boundaries(), host: HOST, continueOnError })

  it.each<[string, BatchWireRequest[]]>([
    ['a request that its URL refers to', [post('1', '{}'), get('2', { url: '$1', dependsOn: ['1'] })]],
    [
      'the change set of a request that its URL refers to',
      [post('1', '{}', { group: 'g' }), get('2', { url: '$1/Items?$top=1', dependsOn: ['g'] })],
    ],
    [
      'what another member of its change set refers to',
      [
        post('1', '{}'),
        post('2', '{}', { group: 'g', dependsOn: ['1'] }),
        post('3', '{}', { group: 'g', url: '$1/Items', dependsOn: ['1'] }),
      ],
    ],
    [
      'a member of its change set',
      [post('1', '{}', { group: 'g' }), post('2', '{}', { group: 'g', dependsOn: ['1'] })],
    ],
  ])('can be said in multipart on %s', (_, requests) => {
    expect(read(encodeMultipart(requests))).toHaveLength(requests.length)
  })

  it.each<[string, string, BatchWireRequest[]]>([
    ['3', '1', [post('1', '{}'), post('2', '{}'), get('3', { url: '$2/Items', dependsOn: ['2', '1'] })]],
    ['2', '1', [post('1', '{}'), get('2', { url: '$11/Items', dependsOn: ['1'] })]],
    ['2', 'g', [post('1', '{}', { group: 'g' }), get('2', { dependsOn: ['g'] })]],
    ['2', '1', [post('1', '{}'), post('2', '{}', { group: 'g', dependsOn: ['1'] })]],
  ])('of request %s on %s cannot be said in multipart, where the service goes on', (id, name, requests) => {
    for (const continueOnError of [undefined, true]) {
      try {
        encodeMultipart(requests, continueOnError)
        expect.unreachable()
      } catch (error) {
        expect(isODataConfigurationError(error) && error.message).toBe(
          `Request "${id}" depends on "${name}", which a multipart batch cannot say: the service goes on after a failure. Set \`format: 'json'\`, or \`continueOnError: false\`, with which the service stops at the first failure.`,
        )
      }
    }
    expect(read(encodeMultipart(requests, false))).toHaveLength(requests.length)
    expect(encodeBatch(requests, { format: 'json', createBoundary: boundaries(), host: HOST }).body).toContain(
      'dependsOn',
    )
  })
})

describe('continueOnError', () => {
  it.each<[boolean | undefined, 'multipart' | 'json', string, string | undefined]>([
    [undefined, 'multipart', '4.0', 'odata.continue-on-error'],
    [undefined, 'multipart', '4.01', 'continue-on-error, odata.continue-on-error'],
    [true, 'multipart', '4.0', 'odata.continue-on-error'],
    [false, 'multipart', '4.0', undefined],
    [false, 'multipart', '4.01', undefined],
    [undefined, 'json', '4.01', undefined],
    [true, 'json', '4.01', 'continue-on-error, odata.continue-on-error'],
    [false, 'json', '4.01', 'continue-on-error=false, odata.continue-on-error=false'],
  ])('%s is said in %s %s as %s', (continueOnError, format, maxVersion, preference) => {
    expect(continueOnErrorPreference(continueOnError, format, maxVersion)).toBe(preference)
  })

  it("goes along with the caller's own preferences, and none is sent when there are none", () => {
    const { headers } = encodeBatch([get('1')], { format: 'multipart', createBoundary: boundaries(), host: HOST })
    const batch = { headers, preference: 'odata.continue-on-error' }
    const own = { headers: { Prefer: 'odata.maxpagesize=5' }, wait: 5 }
    expect(submitHeaders(own, '4.0', undefined, batch).prefer).toBe(
      'odata.maxpagesize=5, respond-async, odata.continue-on-error, wait=5',
    )
    const nothing = submitHeaders({ respondAsync: false }, '4.0', undefined, { headers, preference: undefined })
    expect(nothing).not.toHaveProperty('prefer')
  })
})

describe('what is written is what a service reads', () => {
  const lookalike = fc
    .array(fc.constantFrom('\r\n', '\n', '--', 'b_1', 'b_2', '--b_1--', '"', '}', 'Content-ID: 1', 'Ö', '🛢', ' '), {
      maxLength: 8,
    })
    .map((pieces) => pieces.join(''))
  const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 30 }), lookalike)
  const content: fc.Arbitrary<Pick<BatchWireRequest, 'headers' | 'body'>> = fc.oneof(
    fc.record({
      headers: fc.constantFrom(json, { 'content-type': 'application/json;odata.metadata=minimal' }),
      body: fc.oneof(
        fc.json(),
        text.map((value) => JSON.stringify({ value })),
      ),
    }),
    fc.record({
      headers: fc.constantFrom({ 'content-type': 'text/plain' }, { 'content-type': 'text/csv' }),
      body: text,
    }),
    fc.record({
      headers: fc.constant({ 'content-type': 'image/png' }),
      body: fc.oneof(fc.uint8Array({ maxLength: 40 }), lookalike.map(encode)),
    }),
  )
  const headers = fc.dictionary(
    fc.constantFrom('accept', 'if-match', 'prefer', 'odata-maxversion', 'x-a', '__proto__', 'constructor'),
    fc.stringMatching(/^[!-~Öé☃]([ -~Öé☃]{0,20}[!-~Öé☃])?$/),
    { noNullPrototype: true },
  )
  const url = fc.stringMatching(/^[!-9;-~]{1,20}$/).filter((value) => !value.startsWith('$'))
  const write: fc.Arbitrary<Omit<BatchWireRequest, 'id'>> = fc
    .record({ method: fc.constantFrom('POST', 'PATCH', 'PUT'), url, headers, content })
    .map(({ content: { headers: type, body }, ...request }) => ({
      ...request,
      headers: { ...request.headers, ...type },
      body,
    }))
  const bare: fc.Arbitrary<Omit<BatchWireRequest, 'id'>> = fc.record({
    method: fc.constantFrom('GET', 'DELETE'),
    url,
    headers,
  })
  const units = fc.array(fc.oneof(fc.tuple(fc.oneof(write, bare)), fc.array(write, { minLength: 1, maxLength: 3 })), {
    minLength: 1,
    maxLength: 5,
  })
  const requests = fc.tuple(units, fc.boolean()).map(([lists, isGrouped]) => {
    const all = lists.flatMap((list, index) =>
      list.map((request): Omit<BatchWireRequest, 'id'> => {
        const isMember = list.length > 1 || (isGrouped && request.body !== undefined)
        return { ...request, group: isMember ? `g-${index}` : undefined }
      }),
    )
    return all.map((request, index) => {
      const before = all[index - 1]?.group
      const name = before === undefined || before === request.group ? `${index}` : before
      return { ...request, id: `${index + 1}`, dependsOn: index % 2 ? [name] : [] }
    })
  })

  /** For each request the place of the first one of its group, whatever that is called. */
  const grouping = (list: readonly { readonly group?: string | undefined }[]) =>
    list.map(({ group }) => group && list.findIndex((other) => other.group === group))

  /** A body as the service has it: JSON is written again there, and `null` is none (JSON Format 19.1). */
  const bodyRead = ({ headers: { 'content-type': type }, body }: BatchWireRequest, format: string) => {
    if (format === 'json' && type?.startsWith('application/json')) {
      return body === 'null' ? '' : JSON.stringify(JSON.parse(`${body}`))
    }
    return Buffer.from((body ?? '') as string).toString('utf8')
  }

  it.each(FORMATS)('in %s', (format) => {
    fc.assert(
      fc.property(requests, (given) => {
        const encoded = encodeBatch(given, {
          format,
          createBoundary: boundaries('b_1', 'b_1'),
          host: HOST,
          continueOnError: false,
        })
        const parts = read(encoded)
        expect(parts.map(({ id }) => id)).toEqual(given.map(({ id }) => id))
        expect(grouping(parts)).toEqual(grouping(given))
        for (const [index, part] of parts.entries()) {
          const request = given[index]!
          const { method, url: target, dependsOn } = request
          expect(part).toMatchObject({ method, url: target })
          expect(part.dependsOn).toEqual(format === 'json' ? dependsOn : [])
          expect(Buffer.from(part.body).toString('utf8')).toBe(bodyRead(request, format))
          // The service reads headers of a part as Latin-1.
          const values = Object.entries(part.headers).map(([name, value]) => [
            name,
            format === 'json' ? value : Buffer.from(value, 'latin1').toString('utf8'),
          ])
          expect(values).toEqual(expect.arrayContaining(Object.entries(request.headers)))
        }
      }),
    )
  })
})
