import type { ODataRequest } from '@sap-ux/fe-mockserver-core'
import { type BackendReply, type BackendRequest, errorReply, jsonReply, negotiatedVersion } from './backend.js'
import { readPreferences } from './preferences.js'
import type { Resource } from './resource.js'

type Version = ReturnType<typeof negotiatedVersion>

const jsonType: Record<Version, string> = {
  '4.0': 'application/json;odata.metadata=minimal',
  '4.01': 'application/json;metadata=minimal',
}

/** The service document (JSON Format section 5). */
export function serviceDocument(basePath: string, sets: readonly string[], version: Version): BackendReply {
  const value = sets.map((name) => ({ name, kind: 'EntitySet', url: name }))
  return odataReply(200, { '@odata.context': `${basePath}$metadata`, value }, version)
}

/** A reply with a text. */
export function textReply(contentType: string, text: string, version: Version): BackendReply {
  return streamReply(contentType, new TextEncoder().encode(text), version)
}

/** A reply with bytes, to be saved as `fileName` if there is one. */
export function streamReply(contentType: string, body: Uint8Array, version: Version, fileName?: string): BackendReply {
  const headers = { 'content-type': contentType, 'odata-version': version }
  const disposition = fileName === undefined ? {} : { 'content-disposition': `attachment; filename="${fileName}"` }
  return { status: 200, headers: { ...headers, ...disposition }, body }
}

/** A reply with a value of a complex type, which the engine knows nothing of. */
export function complexReply(value: object, type: string, basePath: string, version: Version): BackendReply {
  return odataReply(200, { '@odata.context': `${basePath}$metadata#${type}`, ...value }, version)
}

/**
 * Makes the reply from what the engine found: the version that was asked for, a context URL that holds,
 * OData errors instead of texts, `Location` for a created entity, `return=minimal`.
 */
export function engineReply(
  odata: ODataRequest,
  request: BackendRequest,
  resource: Resource,
  basePath: string,
  createdPath: string | undefined,
): BackendReply {
  const version = negotiatedVersion(request.headers)
  const found: unknown = odata.getResponseData(false)
  const { statusCode } = odata
  if (statusCode >= 400) {
    const message = typeof found === 'string' && found !== '' ? found : 'There is no such resource.'
    return errorReply(statusCode, statusCode === 404 ? 'NOT_FOUND' : 'ENGINE_ERROR', message)
  }
  if (resource.kind === 'count') return textReply('text/plain', String(found), version)

  const created = createdPath ?? (statusCode === 201 ? entityPath(resource, found) : undefined)
  const headers: Record<string, string> = created ? { location: basePath + created } : {}
  const isEmpty = statusCode === 204 || odata.responseData === undefined
  const isMinimal = request.method !== 'GET' && prefersMinimal(request)
  if (isEmpty || isMinimal) {
    headers['odata-version'] = version
    if (created) headers['odata-entityid'] = basePath + created
    if (isMinimal && !isEmpty) headers['preference-applied'] = 'return=minimal'
    return { status: 204, headers, body: new Uint8Array() }
  }
  const { '@odata.context': _, '@odata.count': count, ...members } = found as Record<string, unknown>
  // The engine counts whether it was asked or not.
  if (odata.countRequested && count !== undefined) members['@odata.count'] = count
  return odataReply(
    created ? 201 : 200,
    { '@odata.context': contextUrl(resource, basePath, created !== undefined), ...members },
    version,
    headers,
  )
}

function odataReply(
  status: number,
  value: unknown,
  version: Version,
  headers: Record<string, string> = {},
): BackendReply {
  const payload = version === '4.0' ? value : withoutPrefix(value)
  return jsonReply(status, payload, { 'content-type': jsonType[version], 'odata-version': version, ...headers })
}

/** Control information as 4.01 writes it: `@context` for `@odata.context` (JSON Format section 4.5). */
function withoutPrefix(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPrefix)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name.replace('@odata.', '@'), withoutPrefix(member)]),
  )
}

function entityPath(resource: Resource, entity: unknown): string | undefined {
  if (resource.kind !== 'collection') return undefined
  const { ID } = entity as { ID: string | number }
  return `${resource.set.name}(${typeof ID === 'number' ? ID : `'${encodeURIComponent(ID.replaceAll("'", "''"))}'`})`
}

function contextUrl(resource: Resource, basePath: string, isCreated: boolean): string {
  const isEntity = resource.kind === 'collection' && isCreated
  return `${basePath}$metadata#${fragment(resource)}${isEntity ? '/$entity' : ''}`
}

function fragment(resource: Resource): string {
  if (resource.kind === 'collection') return resource.set.name
  if (resource.kind === 'entity') return `${resource.set.name}/$entity`
  if (resource.kind === 'property') {
    const key = typeof resource.key === 'number' ? resource.key : `'${resource.key}'`
    return `${resource.set.name}(${key})/${resource.property.name}`
  }
  if (resource.kind !== 'operation') return ''
  const sets: Record<string, string> = { 'Reporting.Product': 'Products', 'Reporting.Report': 'Reports' }
  const { returnType, returnCollection } = resource.operation
  const set = sets[returnType.replace(/^Collection\((.*)\)$/, '$1')]
  if (!set) return returnType
  return returnCollection ? set : `${set}/$entity`
}

function prefersMinimal({ headers }: BackendRequest): boolean {
  return readPreferences(headers.prefer).some(({ name, value }) => name === 'return' && value === 'minimal')
}
