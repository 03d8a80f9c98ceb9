import { type BackendRequest, ODataFailure } from './backend.js'
import type { EntitySet, Resource } from './resource.js'
import { entityTag } from './tables.js'

type Find = (set: EntitySet, key: string | number) => Promise<object | undefined>

/**
 * Refuses a change of an entity that is another than the client knows (Protocol 8.2.4), which the engine does for drafts only, and
 * to create one that is there, which the engine would have twice. Throws an {@link ODataFailure} (409, 412).
 */
export async function checkRow(
  { method, headers }: BackendRequest,
  resource: Resource,
  newKey: unknown,
  find: Find,
): Promise<void> {
  if (resource.kind === 'collection' && newKey !== undefined) {
    const { set } = resource
    if (!(await find(set, newKey as string | number))) return
    throw new ODataFailure(409, 'DUPLICATE_KEY', `${set.name} has an entity with the key ${newKey}.`, { target: 'ID' })
  }
  const tags = headers['if-match']?.split(',').map((tag) => tag.trim())
  if (resource.kind !== 'entity' || !tags || method === 'GET' || method === 'HEAD') return
  const row = await find(resource.set, resource.key)
  if (row && (tags.includes('*') || tags.includes(await entityTag(row)))) return
  const message = `${resource.set.name}(${resource.key}) has been changed. Read it again.`
  throw new ODataFailure(412, 'CHANGED_MEANWHILE', message)
}
