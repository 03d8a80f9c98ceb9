import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import type FEMockserverClass from '@sap-ux/fe-mockserver-core'
import type { ODataRequest as ODataRequestClass } from '@sap-ux/fe-mockserver-core'
import type { DataAccess } from '@sap-ux/fe-mockserver-core/dist/data/dataAccess.js'
import {
  type Backend,
  type BackendReply,
  type BackendRequest,
  errorReply,
  negotiatedVersion,
  ODataFailure,
  replyOf,
  type WorkContext,
} from './backend.js'
import { type Behaviour, readBehaviour } from './behaviour.js'
import type { Data } from './checkData.js'
import { engineReply, serviceDocument, textReply } from './engineReply.js'
import { initialProducts, initialReports, type Product, type Report } from './mockData.js'
import { createStep, type OperationResult, operations, type Rows } from './operations.js'
import { readData } from './readData.js'
import { allowedMethods, type EntitySet, type Metadata, type Resource, resolveResource } from './resource.js'

// The package is CommonJS; loaded this way it looks the same under Node, Vite and Vitest.
const engine: { default: typeof FEMockserverClass; ODataRequest: typeof ODataRequestClass } = createRequire(
  import.meta.url,
)('@sap-ux/fe-mockserver-core')
type ODataRequest = InstanceType<typeof ODataRequestClass>

const tenant = 'tenant-default'
const metadataPath = fileURLToPath(new URL('./metadata.xml', import.meta.url))
const silent = { info() {}, error() {} }

/** The OData service itself, without asynchronous requests. */
export interface Engine {
  readonly backend: Backend
  /** Puts the mock data back to its beginning. */
  reset(): Promise<void>
  /** Remembers all rows; the function returned puts them back. */
  snapshot(): Promise<() => Promise<void>>
}

interface Call {
  readonly resource: Extract<Resource, { kind: 'operation' }>
  readonly context: WorkContext
  readonly behaviour: Behaviour
  /** What the operation's code threw: the engine would make a text of it. */
  error?: unknown
  result?: OperationResult | undefined
}

/** Starts the engine with its own metadata and rows, in this process and in memory. */
export function createEngine(basePath: string): Engine {
  const calls = new WeakMap<ODataRequest, Call>()
  const streams = new Map<string, string>()

  const executeAction = async (_definition: object, data: Data, _keys: object, request: ODataRequest) => {
    const call = calls.get(request)
    if (!call) throw new Error('An operation was called from nowhere.')
    try {
      const { operation, key } = call.resource
      const step = createStep(operation.name, call.context, call.behaviour)
      call.result = await operations[operation.name]?.run({ parameters: data, key, rows, step })
      return call.behaviour.outcome === 'void' ? undefined : call.result?.value
    } catch (error) {
      call.error = error
      throw error
    }
  }

  const contributors: Record<string, () => object> = {
    'Products.js': () => ({ getInitialDataSet: initialProducts, executeAction }),
    'Reports.js': () => ({ getInitialDataSet: initialReports, executeAction }),
    'EntityContainer.js': () => ({ executeAction }),
    metadataProvider: () =>
      class {
        loadMetadata = async (path: string) => readFileSync(path, 'utf8')
        addI18nPath() {}
      },
  }
  /** Gives the engine its files from memory. */
  class FileLoader {
    exists = async (path: string) => basename(path) in contributors
    existsSync = () => false
    syncSupported = () => false
    loadJS = async (path: string) => contributors[basename(path)]?.()
  }

  const server = new engine.default({
    // The engine wants the class itself here, though it declares a name.
    fileLoader: FileLoader as unknown as string,
    logger: silent as never,
    services: [
      { urlPath: basePath.slice(0, -1), metadataPath, mockdataPath: '/', noETag: true, logger: silent as never },
    ],
  })

  const access = async () => {
    await server.isReady
    return server.getServiceRegistry().getService(basePath.slice(0, -1)) as DataAccess
  }

  async function table(name: string) {
    const set = await (await access()).getMockEntitySet(name)
    const data = set.getMockData(tenant)
    const request = {} as never
    return {
      rows: () => data.getAllEntries(request),
      add: (row: object) => data.addEntry(row, request),
      remove: (row: { ID: string | number }) => data.removeEntry({ ID: row.ID }, request),
      update: (row: { ID: string | number }) => data.updateEntry({ ID: row.ID }, row, row, request),
    }
  }

  const rows: Rows = {
    products: async () => (await (await table('Products')).rows()) as Product[],
    saveProduct: async (product) => (await table('Products')).update(product),
    async addReport(report, content) {
      const reports = await table('Reports')
      const numbers = ((await reports.rows()) as Report[]).map(({ ID }) => Number(ID.slice(2)) || 0)
      const ID = `R-${Math.max(0, ...numbers) + 1}`
      const row = { ID, ...report, DownloadUrl: `${basePath}Reports('${ID}')/$value` }
      await reports.add(row)
      streams.set(ID, content)
      return row
    },
  }

  async function exists(set: EntitySet, key: string | number): Promise<boolean> {
    const all = (await (await table(set.name)).rows()) as { ID: string | number }[]
    return all.some(({ ID }) => ID === key)
  }

  const backend: Backend = (request) =>
    replyOf(undefined, async () => {
      const metadata = (await access()).getMetadata() as unknown as Metadata
      const behaviour = readBehaviour(request.headers)
      const resource = resolveResource(request.url, metadata)
      const allow = allowedMethods(resource)
      if (!allow.split(', ').includes(request.method)) {
        return errorReply(405, 'METHOD_NOT_ALLOWED', `Use ${allow} here.`, { headers: { allow } })
      }
      if ('key' in resource && resource.set && !(await exists(resource.set, resource.key as string | number))) {
        return errorReply(404, 'NOT_FOUND', `${resource.set.name} has no entity with the key ${resource.key}.`)
      }
      const data = readData(request, resource)
      return (context: WorkContext) =>
        replyOf(context.signal, () => perform(request, resource, data, behaviour, context))
    })

  async function perform(
    request: BackendRequest,
    resource: Resource,
    data: Data | undefined,
    behaviour: Behaviour,
    context: WorkContext,
  ): Promise<BackendReply> {
    const version = negotiatedVersion(request.headers)
    if (resource.kind !== 'operation') {
      const step = createStep(resource.kind, context, behaviour)
      for (let done = 0; done < 10; done++) await step(done, 10, request.method === 'GET' ? 'Reading' : 'Writing')
    }
    if (resource.kind === 'service') return serviceDocument(basePath, ['Products', 'Reports'], version)
    if (resource.kind === 'metadata') return textReply('application/xml', readFileSync(metadataPath, 'utf8'), version)
    if (resource.kind === 'stream') {
      const content = resource.set.name === 'Reports' ? streams.get(String(resource.key)) : undefined
      if (content === undefined) throw new ODataFailure(404, 'NO_CONTENT', 'This entity has no content to download.')
      return textReply('text/csv;charset=utf-8', content, version)
    }
    const odata = await engineRequest(request, resource, data)
    const call: Call | undefined = resource.kind === 'operation' ? { resource, context, behaviour } : undefined
    if (call) calls.set(odata, call)
    await odata.handleRequest()
    context.signal.throwIfAborted()
    if (call?.error) throw call.error
    const created = behaviour.outcome === 'void' ? undefined : call?.result?.created
    return engineReply(odata, request, resource, basePath, created)
  }

  async function engineRequest(
    request: BackendRequest,
    resource: Resource,
    data: Data | undefined,
  ): Promise<ODataRequest> {
    const url = new URL(request.url, 'http://service/')
    // Both are the engine's own: one logs, the other changes the tenant.
    for (const name of ['logs', 'sap-client']) url.searchParams.delete(name)
    if (resource.kind === 'operation' && resource.operation.isFunction) {
      const parameters = Object.entries(data ?? {}).map(
        ([name, value]) => `${name}=${encodeURIComponent(String(value))}`,
      )
      url.pathname = `${resource.operation.name}(${parameters.join(',')})`
    }
    const method = request.method === 'HEAD' ? 'GET' : request.method
    const body = method === 'GET' ? undefined : data
    const dataAccess = await access()
    try {
      return new engine.ODataRequest(
        { method, url: url.pathname + url.search, headers: {}, body, tenantId: tenant },
        dataAccess,
      )
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'unreadable'
      throw new ODataFailure(400, 'BAD_QUERY', `The URL cannot be read: ${reason}`)
    }
  }

  return {
    backend,
    async reset() {
      streams.clear()
      ;(await access()).reloadData()
    },
    async snapshot() {
      const names = ['Products', 'Reports']
      const saved = new Map(
        await Promise.all(names.map(async (name) => [name, await (await table(name)).rows()] as const)),
      )
      return async () => {
        // What others changed meanwhile goes too: the engine has no transactions.
        for (const [name, old] of saved) {
          const current = await table(name)
          for (const row of await current.rows()) await current.remove(row)
          for (const row of old) await current.add(row)
        }
      }
    },
  }
}
