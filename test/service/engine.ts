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
import { complexReply, engineReply, serviceDocument, streamReply, textReply } from './engineReply.js'
import { initialProducts, initialReports } from './mockData.js'
import { createStep, type OperationResult, operations } from './operations.js'
import { readData } from './readData.js'
import { allowedMethods, type Metadata, type Operation, type Resource, resolveResource } from './resource.js'
import { createTables, entityTag } from './tables.js'

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

type Entity = Extract<Resource, { kind: 'entity' | 'stream' }>

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

  const executeAction = async (_definition: object, data: Data, _keys: object, request: ODataRequest) => {
    const call = calls.get(request)
    if (!call) throw new Error('An operation was called from nowhere.')
    try {
      const { operation, key } = call.resource
      const step = createStep(operation.name, call.context, call.behaviour)
      const result = await operations[operation.name]?.run({ parameters: data, key, rows, step })
      if (result && 'content' in result) throw new Error('An operation gave bytes to the engine.')
      call.result = result
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

  const tables = createTables(access, tenant, basePath)
  const { rows } = tables

  const backend: Backend = (request) =>
    replyOf(undefined, async () => {
      const metadata = (await access()).getMetadata() as unknown as Metadata
      const behaviour = readBehaviour(request.headers)
      const resource = resolveResource(request.url, metadata)
      const allow = allowedMethods(resource)
      if (!allow.split(', ').includes(request.method)) {
        return errorReply(405, 'METHOD_NOT_ALLOWED', `Use ${allow} here.`, { headers: { allow } })
      }
      if ('key' in resource && resource.set && !(await tables.find(resource.set, resource.key as string | number))) {
        return errorReply(404, 'NOT_FOUND', `${resource.set.name} has no entity with the key ${resource.key}.`)
      }
      const data = readData(request, resource, metadata.metadata)
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
      const content = tables.content(resource.set, resource.key)
      if (content === undefined) throw new ODataFailure(404, 'NO_CONTENT', 'This entity has no content to download.')
      return textReply('text/csv;charset=utf-8', content, version)
    }
    if (resource.kind === 'operation' && isBeyondEngine(resource.operation)) {
      return performAlone(resource, data ?? {}, behaviour, context, version)
    }
    if (resource.kind === 'entity') await checkMatch(request, resource)
    const odata = await engineRequest(request, resource, data)
    const call: Call | undefined = resource.kind === 'operation' ? { resource, context, behaviour } : undefined
    if (call) calls.set(odata, call)
    await odata.handleRequest()
    context.signal.throwIfAborted()
    if (call?.error) throw call.error
    const created = behaviour.outcome === 'void' ? undefined : call?.result?.created
    const reply = engineReply(odata, request, resource, basePath, created)
    const row = resource.kind === 'entity' && (await tables.find(resource.set, resource.key))
    return row ? { ...reply, headers: { ...reply.headers, etag: entityTag(row) } } : reply
  }

  /** Refuses a change of an entity that is another than the client knows (Protocol 8.2.4): the engine does so for drafts only. */
  async function checkMatch({ method, headers }: BackendRequest, { set, key }: Entity): Promise<void> {
    const tags = headers['if-match']?.split(',').map((tag) => tag.trim())
    if (!tags || method === 'GET' || method === 'HEAD') return
    const row = await tables.find(set, key)
    if (row && (tags.includes('*') || tags.includes(entityTag(row)))) return
    throw new ODataFailure(412, 'CHANGED_MEANWHILE', `${set.name}(${key}) has been changed. Read it again.`)
  }

  /** The engine reads no complex parameters and gives no bytes. */
  async function performAlone(
    { operation, key }: Call['resource'],
    parameters: Data,
    behaviour: Behaviour,
    context: WorkContext,
    version: ReturnType<typeof negotiatedVersion>,
  ): Promise<BackendReply> {
    const step = createStep(operation.name, context, behaviour)
    const result = await operations[operation.name]?.run({ parameters, key, rows, step })
    context.signal.throwIfAborted()
    if (!result || behaviour.outcome === 'void') {
      return { status: 204, headers: { 'odata-version': version }, body: new Uint8Array() }
    }
    return 'content' in result
      ? streamReply(result.contentType, result.content, version, result.fileName)
      : complexReply(result.value, operation.returnType, basePath, version)
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

  return { backend, reset: tables.reset, snapshot: tables.snapshot }
}

/** Functions that return no entities. */
function isBeyondEngine({ isFunction, returnType }: Operation): boolean {
  return isFunction && (returnType === 'Edm.Stream' || returnType === 'Reporting.CostForecast')
}
