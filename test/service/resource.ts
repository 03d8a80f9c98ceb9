import { ODataFailure } from './backend.js'
import { readFunctionParameters } from './functionParameters.js'
import { readLiteral } from './literal.js'

/** A parameter or property of the metadata. */
export interface Typed {
  readonly name: string
  readonly type: string
  readonly nullable?: boolean | undefined
}

/** A complex type of the metadata. */
interface ComplexType {
  readonly fullyQualifiedName: string
  readonly properties: readonly Typed[]
}

/** An enumeration type of the metadata. */
interface EnumType {
  readonly fullyQualifiedName: string
  readonly members: readonly { readonly name: string }[]
}

/** The types of the metadata that have members. */
export interface ModelTypes {
  readonly complexTypes: readonly ComplexType[]
  readonly enumTypes: readonly EnumType[]
}

/** An action or function of the metadata. */
export interface Operation {
  readonly name: string
  /** With the types of its parameters in parentheses. */
  readonly fullyQualifiedName: string
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
  getActionImportByFQN(name: string): { readonly action: Operation } | undefined
  getEntityContainerPath(): string
  readonly metadata: ModelTypes & { readonly actions: readonly Operation[] }
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
  const called = second === undefined ? undefined : readSegment(second)
  const set = metadata.getEntitySet(name)
  if (!set) {
    const operation = metadata.getActionImportByFQN(`${metadata.getEntityContainerPath()}/${name}`)?.action
    if (!operation || second !== undefined || (inner !== undefined && !operation.isFunction)) throw notFound(url)
    return { kind: 'operation', operation, parameters: readFunctionParameters(inner, searchParams, operation) }
  }
  const key = inner === undefined ? undefined : readKey(inner, set)
  const found = key === undefined ? resolveInCollection(set, second) : resolveInEntity(set, key, second)
  if (found) return found
  const bindingType = key === undefined ? `Collection(${set.entityTypeName})` : set.entityTypeName
  const operation = called && findBound(metadata, called.name, bindingType)
  if (!operation || (called.inner !== undefined && !operation.isFunction)) throw notFound(url)
  const parameters = readFunctionParameters(called.inner, searchParams, operation)
  return { kind: 'operation', operation, set, ...(key !== undefined && { key }), parameters }
}

function resolveInCollection(set: EntitySet, segment: string | undefined): Resource | undefined {
  if (segment === undefined) return { kind: 'collection', set }
  return segment === '$count' ? { kind: 'count', set } : undefined
}

function resolveInEntity(set: EntitySet, key: string | number, segment: string | undefined): Resource | undefined {
  if (segment === undefined) return { kind: 'entity', set, key }
  if (segment === '$value') return { kind: 'stream', set, key }
  const property = set.entityType.entityProperties.find(({ name }) => name === segment)
  return property && { kind: 'property', set, key, property }
}

/** The action or function that is bound to a type. The engine's own search misses functions with parameters. */
function findBound({ metadata }: Metadata, name: string, type: string): Operation | undefined {
  return metadata.actions.find(
    (operation) =>
      operation.isBound &&
      operation.fullyQualifiedName.split('(', 1)[0] === name &&
      operation.parameters[0]?.type === type,
  )
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
  const key = readLiteral(literal, property?.type ?? 'Edm.String')
  if (key === undefined || key === null) throw badPath(`${set.name}(${inner})`)
  return key as string | number
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
