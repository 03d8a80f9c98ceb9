import { DataAccess } from '@sap-ux/fe-mockserver-core/dist/data/dataAccess.js'
import { ODataMetadata } from '@sap-ux/fe-mockserver-core/dist/data/metadata.js'
import importedODataRequest from '@sap-ux/fe-mockserver-core/dist/request/odataRequest.js'
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
import { checkRow } from './checkRow.js'
import { createEngineBatch } from './engineBatch.js'
import { complexReply, engineReply, serviceDocument, streamReply, textReply } from './engineReply.js'
import { initialProducts, initialReports } from './mockData.js'
import { createStep, type OperationResult, operations } from './operations.js'
import { readData } from './readData.js'
import { allowedMethods, type Metadata, type Operation, type Resource, resolveResource } from './resource.js'
import { createTables, entityTag } from './tables.js'

type ODataRequestClass = typeof importedODataRequest
// The default of a CommonJS module: in Node the module itself, in a bundle what it exports as `default`.
const ODataRequest = (importedODataRequest as { default?: ODataRequestClass }).default ?? importedODataRequest
type ODataRequest = InstanceType<ODataRequestClass>

const tenant = 'tenant-default'
const silent = { info() {}, error() {} } as never

/** The OData service itself, without asynchronous requests. */
export interface Engine {
  readonly backend: Backend
  /** Reads, runs and answers a batch as a whole, with the engine's own parser and encoder. */
  readonly engineBatch: (batch: BackendRequest) => Promise<BackendReply>
  /** Puts the mock data back to its beginning. */
  reset(): Promise<void>
  /** Remembers all rows; the function returned puts them back. */
  snapshot(): Promise<() => Promise<void>>
}

type Key = string | number

interface Call {
  readonly resource: Extract<Resource, { kind: 'operation' }>
  readonly context: WorkContext
  readonly behaviour: Behaviour
  /** What the operation's code threw: the engine would make a text of it. */
  error?: unknown
  result?: OperationResult | undefined
}

/** Starts the engine with its own rows, in memory. `edmx` is the text of metadata.xml. */
export function createEngine(basePath: string, edmx: string): Engine {
  const calls = new WeakMap<ODataRequest, Call>()

  const executeAction = async (
    definition: Operation,
    data: Data,
    keys: { ID?: Key } | undefined,
    request: ODataRequest,
  ) => {
    const call = calls.get(request) ?? engineCall(definition, keys?.ID)
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
  }
  /** Gives the engine its files from memory. */
  const fileLoader = {
    exists: async (path: string) => path.slice(1) in contributors,
    existsSync: () => false,
    syncSupported: () => false,
    loadJS: async (path: string) => contributors[path.slice(1)]?.(),
  }
  const service = { urlPath: basePath.slice(0, -1), mockdataPath: '/', noETag: true }
  const starting = ODataMetadata.parse(edmx, `${basePath}$metadata`).then(
    // No other services, so no registry of them.
    (metadata) => new DataAccess(service as never, metadata, fileLoader as never, silent, undefined as never),
  )
  const access = () => starting

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
      if ('key' in resource && resource.set && !(await tables.find(resource.set, resource.key as Key))) {
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
    if (resource.kind === 'metadata') return textReply('application/xml', edmx, version)
    if (resource.kind === 'stream') {
      const content = tables.content(resource.set, resource.key)
      if (content === undefined) throw new ODataFailure(404, 'NO_CONTENT', 'This entity has no content to download.')
      return textReply('text/csv;charset=utf-8', content, version)
    }
    if (resource.kind === 'operation' && isBeyondEngine(resource.operation)) {
      return performAlone(resource, data ?? {}, behaviour, context, version)
    }
    await checkRow(request, resource, data?.ID, tables.find)
    const odata = await engineRequest(request, resource, data)
    const call: Call | undefined = resource.kind === 'operation' ? { resource, context, behaviour } : undefined
    if (call) calls.set(odata, call)
    await odata.handleRequest()
    context.signal.throwIfAborted()
    if (call?.error) throw call.error
    const created = behaviour.outcome === 'void' ? undefined : call?.result?.created
    const reply = engineReply(odata, request, resource, basePath, created)
    const row = resource.kind === 'entity' && (await tables.find(resource.set, resource.key))
    return row ? { ...reply, headers: { ...reply.headers, etag: await entityTag(row) } } : reply
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
      return new ODataRequest(
        { method, url: url.pathname + url.search, headers: {}, body, tenantId: tenant },
        dataAccess,
      )
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'unreadable'
      throw new ODataFailure(400, 'BAD_QUERY', `The URL cannot be read: ${reason}`)
    }
  }

  return { backend, engineBatch: createEngineBatch(access, tenant), reset: tables.reset, snapshot: tables.snapshot }
}

/** A call that the engine makes by itself, in a batch of its own. */
function engineCall(operation: Operation, key: Key | undefined): Call {
  const context = { signal: new AbortController().signal, report() {} }
  const resource = { kind: 'operation', operation, parameters: {}, ...(key !== undefined && { key }) } as const
  return { resource, context, behaviour: readBehaviour({}) }
}

/** Functions that return no entities. */
function isBeyondEngine({ isFunction, returnType }: Operation): boolean {
  return isFunction && (returnType === 'Edm.Stream' || returnType === 'Reporting.CostForecast')
}
