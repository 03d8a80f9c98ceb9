import { type BackendRequest, ODataFailure } from './backend.js'
import { checkMembers, type Data, readJsonObject } from './checkData.js'
import { operations } from './operations.js'
import type { ModelTypes, Resource } from './resource.js'

const writing = ['POST', 'PATCH', 'PUT']

/**
 * The parameters of an operation or the members of an entity, checked; `undefined` for a request that has none.
 * Throws an `ODataFailure` for wrong ones.
 */
export function readData(request: BackendRequest, resource: Resource, types: ModelTypes): Data | undefined {
  const contentType = request.headers['content-type']
  if (resource.kind === 'operation') {
    const { operation, parameters } = resource
    const data = operation.isFunction ? parameters : readJsonObject(request.body, contentType)
    const declared = operation.parameters.slice(operation.isBound ? 1 : 0)
    checkMembers(
      data,
      declared,
      declared.filter((parameter) => parameter.nullable === false),
      types,
    )
    operations[operation.name]?.check?.(data)
    return data
  }
  if (!('set' in resource) || !writing.includes(request.method)) return undefined
  const data = readJsonObject(request.body, contentType)
  const { keys, entityProperties } = resource.set.entityType
  const keyNames = keys.map(({ name }) => name)
  const required = entityProperties.filter(({ name, nullable }) => nullable === false && !keyNames.includes(name))
  checkMembers(data, entityProperties, request.method === 'POST' ? required : [], types)
  if (Number(data.Price) < 0) {
    throw new ODataFailure(400, 'NEGATIVE_PRICE', `Price is ${data.Price}. Give 0 or more.`, { target: 'Price' })
  }
  // The key of an existing entity is in the URL and cannot be changed.
  if (request.method !== 'POST') for (const name of keyNames) delete data[name]
  return data
}
