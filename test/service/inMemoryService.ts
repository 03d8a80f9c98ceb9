import { createAsyncGateway } from './asyncGateway.js'
import { errorReply, jsonReply } from './backend.js'
import { createBatchBackend } from './batchBackend.js'
import { type BehaviourOptions, behaviourAsHeaders } from './behaviour.js'
import { createEngine } from './engine.js'
import type { GatewayReply } from './gateway.js'
import { createHttpFront, type HttpFront } from './httpFront.js'
import type { JobSnapshot } from './job.js'
import { createRequestLog, type RequestEntry } from './requestLog.js'

/** Options of the service: its manners, and how long it keeps results. */
export interface ODataServiceOptions extends BehaviourOptions {
  /** How long a finished job keeps its result, in ms; ten minutes by default. */
  readonly expiry?: number
}

/** The service before it is put on a server, or into a page. It needs nothing but what Node and browsers have in common. */
export interface InMemoryService {
  readonly front: HttpFront
  /** All jobs since the last reset, oldest first. */
  jobs(): JobSnapshot[]
  /** The last 1,000 requests since the last reset, oldest first, without those to the control endpoints. */
  requests(): readonly RequestEntry[]
  /** Stops all work, puts the data back, forgets jobs and requests. */
  reset(): Promise<void>
  /** Stops all work. */
  close(): Promise<void>
}

/** Path of the service root. */
export const basePath = '/odata/'

const controlPath = '$test/'

/**
 * Makes the service: the engine behind the asynchronous gateway, and control endpoints for browser tests:
 * `GET $test/jobs`, `GET $test/requests`, `POST $test/reset`, relative to the service root. `edmx` is the text of metadata.xml.
 */
export function createInMemoryService(
  edmx: string,
  { expiry = 600_000, ...behaviour }: ODataServiceOptions = {},
): InMemoryService {
  const engine = createEngine(basePath, edmx)
  const backend = createBatchBackend({ ...engine, basePath })
  const gateway = createAsyncGateway({ backend, basePath, expiry })
  const log = createRequestLog()

  async function reset(): Promise<void> {
    await gateway.reset()
    await engine.reset()
    log.clear()
  }

  async function control(endpoint: string): Promise<GatewayReply> {
    if (endpoint === 'GET jobs') return jsonReply(200, gateway.jobs())
    if (endpoint === 'GET requests') return jsonReply(200, log.entries())
    if (endpoint !== 'POST reset') return errorReply(404, 'NOT_FOUND', `There is no control endpoint "${endpoint}".`)
    await reset()
    return { status: 204, headers: {}, body: new Uint8Array() }
  }

  const front = createHttpFront({
    basePath,
    defaultHeaders: behaviourAsHeaders(behaviour),
    answer(request, clientGone) {
      const { method, url } = request
      return url.startsWith(controlPath)
        ? control(`${method} ${url.slice(controlPath.length)}`)
        : gateway.answer(request, clientGone)
    },
    onAnswer(entry) {
      if (!entry.url.startsWith(basePath + controlPath)) log.add(entry)
    },
  })

  return { front, jobs: gateway.jobs, requests: log.entries, reset, close: gateway.reset }
}
