import type { KyInstance } from 'ky'
import type { ServiceCapabilities } from '../protocol/capabilities.js'
import type { HttpHeaders, HttpReply } from '../protocol/httpReply.js'
import { requestUrl } from '../protocol/requestUrl.js'
import type { AskOptions } from './createAsyncOperation.js'
import { createAuthorized } from './createAuthorized.js'
import { decodeContent } from './decodeContent.js'
import type { Environment } from './environment.js'
import { toError } from './errors.js'
import type { OperationRecord } from './operation.js'
import type { Polling } from './schedule.js'
import { createSend, type RequestBody } from './send.js'
import { repeatabilityHeaders, sendAgain } from './sendAgain.js'
import { noAnswer, settled } from './transitions.js'
import type { WireExchange } from './WireExchange.js'

/** What a connection is made of. */
export interface ConnectionOptions {
  readonly http: KyInstance
  readonly serviceUrl: string
  readonly maxVersion: string
  readonly isTrusted: (url: string) => boolean
  readonly requestTimeout: number
  readonly maxResponseSize: number
  readonly onUnauthorized: (() => unknown) | undefined
  readonly onExchange: ((exchange: WireExchange) => void) | undefined
  readonly environment: Environment
}

/** How an operation is sent. */
export interface SubmitOptions {
  readonly headers: HttpHeaders
  readonly body: RequestBody | undefined
  readonly timeout: number
  readonly repeatability: boolean | 'detect'
  readonly polling: Polling
  readonly signal: AbortSignal | undefined
}

/** All that a client sends, and what it learned of the service from the answers. */
export interface Connection {
  /** Sends the request that starts an operation. */
  submit(record: OperationRecord, options: SubmitOptions): Promise<HttpReply>
  /** Sends a request to the status monitor of an operation. */
  ask(operationId: string, method: string, url: string, headers: HttpHeaders, options: AskOptions): Promise<HttpReply>
  decode(reply: HttpReply): Promise<HttpReply>
  getCapabilities(): Promise<ServiceCapabilities>
}

/** Makes the {@link Connection} of a client. */
export function createConnection(options: ConnectionOptions): Connection {
  const { serviceUrl, maxVersion, environment, requestTimeout, maxResponseSize } = options
  const send = createSend(options.http, options)
  const authorized = createAuthorized(options.onUnauthorized, environment)
  /** Does the service run a repeated request once? As its last answer to one of that name says: a gateway may send two to different places. */
  const awareness = new Map<string, boolean>()
  let capabilities: Promise<ServiceCapabilities> | undefined

  async function fetchCapabilities(): Promise<ServiceCapabilities> {
    const url = requestUrl(serviceUrl, '$metadata') as string
    const headers = { accept: 'application/xml, application/json;q=0.5', 'odata-maxversion': maxVersion }
    const limit = { timeout: Math.max(requestTimeout, 60_000), limitedBy: 'requestTimeout' }
    const record = { url, method: 'GET' } as OperationRecord
    const reply = await authorized(() => send({ kind: 'metadata', method: 'GET', url, headers, ...limit })).catch(
      (error) => {
        const { kind, message } = noAnswer(error)
        throw toError({ kind, message: `No answer to GET ${url}: ${message}` })
      },
    )
    const { error } = reply.status < 300 ? {} : settled(record, reply)
    // Few apps ask, so that the reader of metadata is in no bundle of those that don't.
    const { readCapabilities } = await import('../protocol/capabilities.js')
    const read = readCapabilities(reply)
    if (read && !error) return read
    throw toError(error ?? { kind: 'protocol', message: `The answer to GET ${url} is no CSDL, neither XML nor JSON.` })
  }

  function getCapabilities(): Promise<ServiceCapabilities> {
    capabilities ??= fetchCapabilities().catch((error) => {
      capabilities = undefined
      throw error
    })
    return capabilities
  }

  /** `undefined` when the metadata cannot be had at the moment. */
  async function supportsRepeatability(name: string): Promise<boolean | undefined> {
    const known = awareness.get(name)
    if (known !== undefined) return known
    return getCapabilities().then(
      ({ repeatabilitySupported, repeatableTargets }) =>
        repeatabilitySupported === true || repeatableTargets.includes(name),
      (error) => (error.kind === 'network' ? undefined : false),
    )
  }

  return {
    async submit(record, { headers: given, body, repeatability, polling, signal, timeout }) {
      const { id, method, url, deadlineAt = Infinity } = record
      const name = lastSegment(url)
      // A service that refuses such requests can still run them without.
      const isRefused = repeatability === 'detect' && awareness.get(name) === false
      const isRepeatable = repeatability && !isRefused && method !== 'GET' && name !== '$batch'
      const repeatable = isRepeatable ? repeatabilityHeaders(environment.createId(), environment.now()) : {}
      const headers = { ...repeatable, ...given }
      const request = { kind: 'submit', operationId: id, method, url, headers, body } as const
      const exchange = () => {
        const left = Math.max(deadlineAt - environment.now(), 1)
        const limit = left < timeout ? { timeout: left, limitedBy: 'timeout' } : { timeout, limitedBy: 'submitTimeout' }
        return authorized(() => send({ ...request, ...limit }, signal), {
          deadlineAt: record.deadlineAt,
          signal,
        })
      }
      if (!isRepeatable) return exchange()
      const isSupported = async () => repeatability === true || supportsRepeatability(name)
      const reply = await sendAgain(exchange, record, { polling, environment, signal, isSupported })
      const { 'repeatability-result': result } = reply.headers
      // Only "rejected" by 501 says that the service cannot do it (Repeatable Requests 5).
      if (result) awareness.set(name, !(reply.status === 501 && /^rejected$/i.test(result)))
      return reply
    },

    ask(operationId, method, url, headers, { signal, deadlineAt, onUnauthorized }) {
      const kind = method === 'DELETE' ? 'cancel' : 'poll'
      const limit = { timeout: requestTimeout, limitedBy: 'requestTimeout' }
      const exchange = () => send({ kind, operationId, method, url, headers, ...limit }, signal)
      return authorized(exchange, { deadlineAt, signal, onUnauthorized })
    },

    decode: async (reply) => (reply.headers['content-encoding'] ? decodeContent(reply, maxResponseSize) : reply),

    getCapabilities,
  }
}

/** The name at the end of a path, without key or parameters. */
function lastSegment(url: string): string {
  const [name = ''] = new URL(url).pathname.split('/').pop()?.split('(', 1) ?? []
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
