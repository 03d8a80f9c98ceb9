import type { BatchEntry } from './BatchRequest.js'
import type { NamedRequest } from './nameRequests.js'
import { refuse } from './refuse.js'

/** What a request depends on. */
export interface Dependency {
  /** Its own name. */
  readonly name: string
  /** What stands in `dependsOn` for it: for a member of another change set that change set (JSON Format 19.1). */
  readonly listed: string
}

/** Finds what a request depends on, which must come before it. */
export function dependencyFinder(
  requests: readonly NamedRequest[],
): (dependent: NamedRequest, on: BatchEntry | string) => Dependency {
  const names = new Map<BatchEntry | string, string>()
  /** By name: where it ends, and the change set that it is, or belongs to. */
  const places = new Map<string, { end: number; group: string | undefined }>()
  requests.forEach(({ request, id, changeSet, group }, end) => {
    names.set(request, id)
    places.set(id, { end, group })
    if (!changeSet || group === undefined) return
    names.set(changeSet, group)
    places.set(group, { end, group })
  })
  return ({ id, group, title }, on) => {
    const name = typeof on === 'string' ? on : (names.get(on) ?? '')
    const place = places.get(name)
    if (!place) {
      const what = typeof on === 'string' ? JSON.stringify(on) : describe(on)
      return refuse(`${title} depends on ${what}, which is not in this batch. Put it in before.`)
    }
    const isSibling = place.group !== undefined && place.group === group && name !== group
    const listed = isSibling ? name : (place.group ?? name)
    if ((places.get(listed)?.end ?? 0) >= (places.get(id)?.end ?? 0)) {
      refuse(`${title} depends on ${JSON.stringify(name)}, which does not come before it. Put it before.`)
    }
    return { name, listed }
  }
}

function describe(on: BatchEntry): string {
  if (on.kind === 'change-set') return 'a change set'
  const { method, path } = on
  return `the request ${method} ${typeof path === 'string' ? path.slice(0, 100) : 'of a reference'}`
}
