import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAsyncGateway } from './asyncGateway.js'
import { errorReply, jsonReply } from './backend.js'
import { createBatchBackend } from './batchBackend.js'
import { type BehaviourOptions, behaviourAsHeaders } from './behaviour.js'
import { createEngine } from './engine.js'
import type { GatewayReply } from './gateway.js'
import type { JobSnapshot } from './job.js'
import { createNodeHandler, type NodeHandler } from './nodeHandler.js'
import { createRequestLog, type RequestEntry } from './requestLog.js'

/** Options of {@link createODataService}: the service's manners, and how long it keeps results. */
export interface ODataServiceOptions extends BehaviourOptions {
  /** How long a finished job keeps its result, in ms; ten minutes by default. */
  readonly expiry?: number
}

/** A real OData V4 service with asynchronous requests, in this process and in memory. */
export interface ODataService {
  /** For `http.createServer` and Connect: serves everything below `/odata/`. */
  readonly handler: NodeHandler
  /** All jobs since the last reset, oldest first. */
  jobs(): JobSnapshot[]
  /** The last 1,000 requests since the last reset, oldest first, without those to the control endpoints. */
  requests(): readonly RequestEntry[]
  /** Stops all work, puts the data back, forgets jobs and requests. */
  reset(): Promise<void>
  /** Stops all work. */
  close(): Promise<void>
}

/** A service that listens. */
export interface RunningODataService extends Omit<ODataService, 'handler'> {
  /** Service root: `http://127.0.0.1:4004/odata/`. */
  readonly url: string
  /** `http://127.0.0.1:4004` */
  readonly origin: string
}

/** Path of the service root. */
export const basePath = '/odata/'

const controlPath = '$test/'

/**
 * Makes the service: the engine behind the asynchronous gateway, and control endpoints for browser tests:
 * `GET $test/jobs`, `GET $test/requests`, `POST $test/reset`, relative to the service root.
 */
export function createODataService({ expiry = 600_000, ...behaviour }: ODataServiceOptions = {}): ODataService {
  const engine = createEngine(basePath)
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

  const handler = createNodeHandler({
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

  return { handler, jobs: gateway.jobs, requests: log.entries, reset, close: gateway.reset }
}

/**
 * Starts the service on 127.0.0.1. Port 0, the default, takes any free one.
 *
 * @example
 * const service = await startODataService({ duration: 50 })
 * await fetch(`${service.url}Products`)
 * await service.close()
 */
export async function startODataService({
  port = 0,
  ...options
}: ODataServiceOptions & { readonly port?: number } = {}): Promise<RunningODataService> {
  const { handler, ...service } = createODataService(options)
  const server = createServer((request, response) => handler(request, response))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    ...service,
    origin,
    url: origin + basePath,
    async close() {
      await service.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
