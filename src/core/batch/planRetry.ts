import { isJsonObject } from '../../protocol/json.js'
import { resolveLocation } from '../../protocol/location.js'
import type { BatchItemData } from './BatchItem.js'
import { formatBatchUrl, readReference, serviceRoot } from './batchUrl.js'
import type { BatchPlan, PlannedRequest } from './planBatch.js'

const RETRIED = /^(failed|rolled-back|dependency-failed|not-executed)$/

/**
 * What of a batch to send again: the requests that certainly were not done. Of a change set it is all, or none when one was done,
 * or may have been. Left out is, too, what depends on a request that neither has succeeded nor is sent again.
 *
 * What a request depends on and has succeeded is no longer mentioned, and a reference to it becomes the URL of what it created or
 * returned; when that is not known, the request is left out.
 *
 * @param items what has become of the requests of the plan
 */
export function planRetry(plan: BatchPlan, items: readonly BatchItemData[]): readonly PlannedRequest[] {
  const root = serviceRoot(plan.serviceUrl)
  const byId = new Map(items.map((item) => [item.id, item]))
  /** Names of requests and change sets that have succeeded, and where what they created or returned is. */
  const done = new Set<string>()
  const places = new Map<string, string | undefined>()
  const names = new Set<string>()
  const again: PlannedRequest[] = []
  for (const unit of unitsOf(plan.requests)) {
    const known = unit.map(({ wire }) => byId.get(wire.id))
    if (known.every((item) => item?.outcome === 'succeeded')) {
      unit.forEach(({ wire }, index) => {
        places.set(wire.id, placeOf(known[index], places))
        done.add(wire.id).add(wire.group ?? wire.id)
      })
    } else if (isSafe(known)) {
      const siblings = new Set(unit.map(({ wire }) => wire.id))
      const isSent = (name: string) => names.has(name) || siblings.has(name)
      const renewed = unit.map((request) => renew(request, isSent, done, places, root))
      // All members of a change set or none.
      if (renewed.every((request) => request !== undefined)) {
        for (const request of renewed) {
          names.add(request.wire.id).add(request.wire.group ?? request.wire.id)
          again.push(request)
        }
      }
    }
  }
  return again
}

/** Each request by itself, and those of a change set together. */
function unitsOf(requests: readonly PlannedRequest[]): readonly (readonly PlannedRequest[])[] {
  const units: PlannedRequest[][] = []
  for (const request of requests) {
    const { group } = request.wire
    const last = units.at(-1)
    if (last && group !== undefined && group === last[0]?.wire.group) last.push(request)
    else units.push([request])
  }
  return units
}

/** True when certainly none was done; when one of a change set was, the others must have been, whatever is said of them. */
function isSafe(items: readonly (BatchItemData | undefined)[]): boolean {
  return items.every((item) => RETRIED.test(item?.outcome ?? 'lost'))
}

/** A request as it is sent again; `undefined` when it depends on what is not there. */
function renew(
  request: PlannedRequest,
  isSent: (name: string) => boolean,
  done: ReadonlySet<string>,
  places: ReadonlyMap<string, string | undefined>,
  root: string,
): PlannedRequest | undefined {
  const { wire, item, urlForm } = request
  const { dependsOn = [] } = wire
  if (!dependsOn.every((name) => isSent(name) || done.has(name))) return undefined
  const kept = dependsOn.filter(isSent)
  const next = { ...wire, dependsOn: kept.length > 0 ? kept : undefined }
  const reference = readReference(wire.url)
  if (!reference || isSent(reference.id)) return { ...request, wire: next }
  const place = places.get(reference.id)
  const absolute = place && place + reference.rest
  const url = absolute && formatBatchUrl(absolute, root, urlForm)
  return url ? { ...request, item: { ...item, url: absolute }, wire: { ...next, url } } : undefined
}

/**
 * Where what a request created or returned is (Protocol 11.7.4), without a query: where its answer says, else, of one that is about
 * a URL of its own, that URL.
 */
function placeOf(item: BatchItemData | undefined, places: ReadonlyMap<string, string | undefined>): string | undefined {
  if (!item) return undefined
  const { method, headers = {}, result } = item
  const reference = readReference(item.url)
  const before = reference && places.get(reference.id)
  const base = reference ? before && before + reference.rest : item.url
  if (!base) return undefined
  const said: Readonly<Record<string, unknown>> = isJsonObject(result) ? result : {}
  const context = resolveLocation(textOf(said['@odata.context'] ?? said['@context']), base) ?? base
  const place =
    resolveLocation(headers.location, base) ??
    resolveLocation(textOf(said['@odata.id'] ?? said['@id']), context) ??
    resolveLocation(headers['odata-entityid'], base) ??
    (/^(GET|PATCH|PUT)$/.test(method) ? base : undefined)
  const [path = ''] = place?.split('?') ?? []
  return (path.endsWith('/') ? path.slice(0, -1) : path) || undefined
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
