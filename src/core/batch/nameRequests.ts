import type { BatchEntry, BatchRequest, ChangeSet } from './BatchRequest.js'
import { refuse } from './refuse.js'

/** A request of a batch with its names. */
export interface NamedRequest {
  readonly request: BatchRequest
  readonly id: string
  /** The change set that it belongs to, and its name. */
  readonly changeSet?: ChangeSet | undefined
  readonly group?: string | undefined
  /** What it is called in messages: `Request "3" (Save order)`. */
  readonly title: string
}

/** `request-id` of the grammar: `1*unreserved`. */
const IDENTIFIER = /^[\w.~-]+$/

/** With `$` before it each of these means something else (Protocol 11.7.3, URL Conventions 2 and 5.1.1.14). */
const RESERVED = /^(all|batch|crossjoin|entity|id|it|metadata|root|this)$/i

/**
 * All requests of a batch in their order, with those identifiers that they were given, else their position, from '1', or the next
 * number that is free. A change set is called `g1` and so on.
 */
export function nameRequests(entries: readonly BatchEntry[]): readonly NamedRequest[] {
  if (!Array.isArray(entries)) refuse('The requests of a batch must be a list: [get(...), create(...)].')
  if (entries.length === 0) refuse('The batch has no requests. Give it at least one, or send none.')
  const taken = new Set<string>()
  const seen = new Set<BatchEntry>()
  const requests: { request: BatchRequest; changeSet: ChangeSet | undefined }[] = []
  for (const entry of entries) {
    note(entry, taken, seen)
    const changeSet = entry.kind === 'change-set' ? entry : undefined
    for (const request of changeSet?.requests ?? [entry as BatchRequest]) {
      if (changeSet) note(request, taken, seen)
      if (request.kind !== 'request') refuse('A change set is in a change set. Put its requests into the outer one.')
      requests.push({ request, changeSet })
    }
    if (changeSet?.requests.length === 0) {
      refuse(`The change set${named(changeSet.id)} has no requests. Give it at least one, or leave it out.`)
    }
  }
  const nextId = freeNames('', taken)
  const nextGroup = freeNames('g', taken)
  const groups = new Map<ChangeSet, string>()
  return requests.map(({ request, changeSet }, index) => {
    const id = request.options.id ?? nextId(index + 1)
    const group = changeSet && (groups.get(changeSet) ?? changeSet.id ?? nextGroup(groups.size + 1))
    if (changeSet && group !== undefined) groups.set(changeSet, group)
    const { label } = request.options
    const title = `Request ${JSON.stringify(id)}${label === undefined ? '' : ` (${label.slice(0, 100)})`}`
    return { request, id, changeSet, group, title }
  })
}

/** Checks the name that an entry was given. */
function note(entry: BatchEntry, taken: Set<string>, seen: Set<BatchEntry>): void {
  const isChangeSet = entry?.kind === 'change-set'
  if (!isChangeSet && entry?.kind !== 'request') {
    refuse(
      `Entry ${seen.size + 1} of the batch is ${describe(entry)}, no request. Make each by \`get\`, \`create\`, \`changeSet\` and the like.`,
    )
  }
  const id = isChangeSet ? entry.id : entry.options.id
  if (seen.has(entry)) {
    refuse(
      `The same ${isChangeSet ? 'change set' : 'request'}${named(id)} is in the batch twice. Make one for each place.`,
    )
  }
  seen.add(entry)
  if (id === undefined) return
  if (!IDENTIFIER.test(id)) {
    refuse(`The identifier ${JSON.stringify(id)} cannot be sent. It may have letters, digits, and - . _ ~ only.`)
  }
  if (RESERVED.test(id)) {
    refuse(`The identifier ${JSON.stringify(id)} is reserved, as $${id} means something else. Take another one.`)
  }
  if (taken.has(id)) {
    refuse(`Two requests or change sets have the identifier ${JSON.stringify(id)}. Give each its own.`)
  }
  taken.add(id)
}

function describe(entry: unknown): string {
  return typeof entry === 'object' && entry ? 'another object' : String(entry).slice(0, 100)
}

/** Makes names that nobody has, each with the position or a higher number. */
function freeNames(prefix: string, taken: ReadonlySet<string>): (position: number) => string {
  let number = 0
  return (position) => {
    number = Math.max(number + 1, position)
    while (taken.has(`${prefix}${number}`)) number++
    return `${prefix}${number}`
  }
}

function named(id: string | undefined): string {
  return id === undefined ? '' : ` ${JSON.stringify(id)}`
}
