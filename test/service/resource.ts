import { ODataFailure } from './backend.js'

/** A parameter or property of the metadata. */
export interface Typed {
  readonly name: string
  readonly type: string
  readonly nullable?: boolean | undefined
}

/** An action or function of the metadata. */
interface Operation {
  readonly name: string
  readonly isFunction: boolean
  readonly isBound: boolean
  readonly returnType: string
  readonly returnCollection: boolean
  /** The binding parameter first, if it is bound. */
  readonly parameters: readonly Typed[]
}

/** An entity set of the metadata. */
export interface EntitySet {
  readonly name: string
  readonly entityTypeName: string
  readonly entityType: { readonly keys: readonly Typed[]; readonly entityProperties: readonly Typed[] }
}

/** What of the metadata is needed to understand a path. */
export interface Metadata {
  getEntitySet(name: string): EntitySet | undefined
  getActionByFQN(name: string): Operation | undefined
  getActionImportByFQN(name: string): { readonly action: Operation } | undefined
  getEntityContainerPath(): string
}

/** What a path below the service root stands for. */
export type Resource =
  | { readonly kind: 'service' | 'metadata' }
  | { readonly kind: 'collection' | 'count'; readonly set: EntitySet }
  | { readonly kind: 'entity' | 'stream'; readonly set: EntitySet; readonly key: string | number }
  | { readonly kind: 'property'; readonly set: EntitySet; readonly key: string | number; readonly property: Typed }
  | {
      readonly kind: 'operation'
      readonly operation: Operation
      readonly set?: EntitySet
      readonly key?: string | number
      /** Parameters in the path, as a function has them. */
      readonly parameters: Readonly<Record<string, unknown>>
    }

const allowed: Record<Exclude<Resource['kind'], 'operation'>, string> = {
  service: 'GET, HEAD',
  metadata: 'GET, HEAD',
  collection: 'GET, HEAD, POST',
  count: 'GET, HEAD',
  entity: 'GET, HEAD, PATCH, PUT, DELETE',
  stream: 'GET, HEAD',
  property: 'GET, HEAD',
}

/** The methods that a resource knows, as an `Allow` header has them. */
export function allowedMethods(resource: Resource): string {
  if (resource.kind !== 'operation') return allowed[resource.kind]
  return resource.operation.isFunction ? 'GET' : 'POST'
}

/** Finds what `url` stands for. Throws an {@link ODataFailure}: 404 for an unknown path, 400 for one that cannot be read. */
export function resolveResource(url: string, metadata: Metadata): Resource {
  const { pathname, searchParams } = new URL(url, 'http://service/')
  const [first = '', second, ...rest] = pathname.slice(1).split('/').map(decode)
  if (rest.length > 0) throw notFound(url)
  if (first === '' && second === undefined) return { kind: 'service' }
  if (first === '$metadata' && second === undefined) return { kind: 'metadata' }

  const { name, inner } = readSegment(first)
  const set = metadata.getEntitySet(name)
  if (!set) {
    const operation = metadata.getActionImportByFQN(`${metadata.getEntityContainerPath()}/${name}`)?.action
    if (!operation || second !== undefined || (inner !== undefined && !operation.isFunction)) throw notFound(url)
    return { kind: 'operation', operation, parameters: readPathParameters(inner, searchParams, operation) }
  }
  if (inner === undefined) return resolveInCollection(set, second, metadata, url)
  const key = readKey(inner, set)
  return resolveInEntity(set, key, second, metadata, url)
}

function resolveInCollection(set: EntitySet, segment: string | undefined, metadata: Metadata, url: string): Resource {
  if (segment === undefined) return { kind: 'collection', set }
  if (segment === '$count') return { kind: 'count', set }
  const operation = metadata.getActionByFQN(`${segment}(Collection(${set.entityTypeName}))`)
  if (!operation) throw notFound(url)
  return { kind: 'operation', operation, set, parameters: {} }
}

function resolveInEntity(
  set: EntitySet,
  key: string | number,
  segment: string | undefined,
  metadata: Metadata,
  url: string,
): Resource {
  if (segment === undefined) return { kind: 'entity', set, key }
  if (segment === '$value') return { kind: 'stream', set, key }
  const property = set.entityType.entityProperties.find(({ name }) => name === segment)
  if (property) return { kind: 'property', set, key, property }
  const operation = metadata.getActionByFQN(`${segment}(${set.entityTypeName})`)
  if (!operation) throw notFound(url)
  return { kind: 'operation', operation, set, key, parameters: {} }
}

/** `TopProducts(Count=3)` as name and what is in the parentheses. */
function readSegment(segment: string): { name: string; inner: string | undefined } {
  const open = segment.indexOf('(')
  if (open === -1) return { name: segment, inner: undefined }
  if (!segment.endsWith(')')) throw badPath(segment)
  return { name: segment.slice(0, open), inner: segment.slice(open + 1, -1) }
}

function readKey(inner: string, set: EntitySet): string | number {
  const [property] = set.entityType.keys
  const literal = property && inner.startsWith(`${property.name}=`) ? inner.slice(property.name.length + 1) : inner
  const key = readLiteral(literal)
  if (property?.type === 'Edm.Int32' ? typeof key !== 'number' : typeof key !== 'string')
    throw badPath(`${set.name}(${inner})`)
  return key as string | number
}

/** Function parameters, `p=1` or `p=@alias` with the alias in the query (URL Conventions 4.3). */
function readPathParameters(inner: string | undefined, query: URLSearchParams, operation: Operation) {
  const parameters: Record<string, unknown> = Object.create(null)
  for (const pair of inner ? inner.split(',') : []) {
    const [name = '', text = ''] = pair.split('=', 2)
    const literal = text.startsWith('@') ? query.get(text) : text
    if (literal === null) throw badPath(`${operation.name}(${inner})`)
    parameters[name] = readLiteral(literal)
  }
  return parameters
}

/** A literal of a URL: a quoted string, a number, `true`, `false`, `null`. */
function readLiteral(text: string): string | number | boolean | null {
  if (/^'(?:[^']|'')*'$/.test(text)) return text.slice(1, -1).replaceAll("''", "'")
  if (/^-?\d{1,15}(?:\.\d{1,15})?$/.test(text)) return Number(text)
  if (text === 'true' || text === 'false') return text === 'true'
  if (text === 'null') return null
  if (/^\d{4}-\d{2}-\d{2}/.test(text)) return text
  throw badPath(text)
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw badPath(segment)
  }
}

function notFound(url: string): ODataFailure {
  return new ODataFailure(404, 'NOT_FOUND', `There is no resource ${shorten(url)}.`)
}

function badPath(part: string): ODataFailure {
  return new ODataFailure(400, 'BAD_PATH', `The URL cannot be read at "${shorten(part)}".`)
}

const shorten = (text: string) => (text.length > 200 ? `${text.slice(0, 200)}...` : text)
