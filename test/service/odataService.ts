import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { basePath, createInMemoryService, type InMemoryService, type ODataServiceOptions } from './inMemoryService.js'
import { createNodeHandler, type NodeHandler } from './nodeHandler.js'

/** A real OData V4 service with asynchronous requests, in this process and in memory. */
export interface ODataService extends Omit<InMemoryService, 'front'> {
  /** For `http.createServer` and Connect: serves everything below `/odata/`. */
  readonly handler: NodeHandler
}

/** A service that listens. */
export interface RunningODataService extends Omit<ODataService, 'handler'> {
  /** Service root: `http://127.0.0.1:4004/odata/`. */
  readonly url: string
  /** `http://127.0.0.1:4004` */
  readonly origin: string
}

/** Makes the service for a server in Node. */
export function createODataService(options?: ODataServiceOptions): ODataService {
  const edmx = readFileSync(fileURLToPath(new URL('./metadata.xml', import.meta.url)), 'utf8')
  const { front, ...service } = createInMemoryService(edmx, options)
  return { ...service, handler: createNodeHandler(front) }
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
