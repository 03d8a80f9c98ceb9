import type { BatchReading, BatchResponse, BatchResponseUnit } from '../../protocol/batchMessage.js'
import type { BatchItemData } from './BatchItem.js'

/** A batch response that could be read. */
export type ReadBatch = Exclude<BatchReading, { problem: string }>

/** Which answers belong to which requests. */
export interface Assignment {
  /** By the place of the request in the list. */
  readonly answers: ReadonlyMap<number, BatchResponse>
  /** One answer in place of a whole change set, by its name. */
  readonly setAnswers: ReadonlyMap<string, BatchResponse>
  /** Places of the requests that the last answer is about. */
  readonly last: readonly number[]
  /** Are there answers of which nobody knows what they belong to? */
  readonly hasStrays: boolean
}

/** Requests that have no answer yet. */
export const isWaiting = ({ outcome }: BatchItemData): boolean => outcome === 'waiting'

/**
 * Finds the request to each answer, among those that still wait: by identifier first, then by position (Protocol 11.7.7.5, JSON
 * Format 19.5). A position counts only as long as every identifier that is there agrees with it; an answer with an identifier that is
 * unknown, or there a second time, never takes the place of another.
 *
 * @returns the problem as a sentence when there are more answers than requests
 */
export function assignAnswers(
  items: readonly BatchItemData[],
  { units, format }: Pick<ReadBatch, 'units' | 'format'>,
): Assignment | { readonly problem: string } {
  const { waiting, answered, sets, slots } = survey(items, format)
  const slotOf = new Map(slots.flatMap((slot, index) => slot.map((place) => [place, index] as const)))
  // Some services tell again what they have told before. A change set without answers has its place, too.
  const isOld = ({ id }: BatchResponse) => id !== undefined && answered.has(id)
  const news = units.filter((unit) => membersOf(unit).length === 0 || !membersOf(unit).every(isOld))
  const found = news.map((unit) => {
    const places = membersOf(unit).map(({ id }) => waiting.get(id ?? '') ?? sets.get(setNamed(unit) ?? '')?.[0])
    const slot = slotOf.get(places.find((place) => place !== undefined) ?? -1)
    return slot ?? (membersOf(unit).some(({ id }) => id !== undefined) ? UNKNOWN : undefined)
  })
  const count = news.reduce((sum, unit) => sum + membersOf(unit).length, 0)
  const isInOrder =
    found.every((slot, index) => slot === undefined || slot === UNKNOWN || slot === index) &&
    // One answer may stand for a change set in JSON, too, and then what comes after it is not where it seems to be.
    (format === 'multipart' || count === waiting.size || sets.size === 0)
  if (count > waiting.size || (isInOrder && found.lastIndexOf(undefined) >= slots.length)) {
    const problem = `The service gave ${count} answers to ${waiting.size} request${waiting.size === 1 ? '' : 's'}, so that it is not known which belongs to which. It must answer each request once.`
    return { problem }
  }

  const isSet = ([first = UNKNOWN]: readonly number[] = []) => items[first]?.changeSet !== undefined
  // After answers that do not have the form of the batch, positions tell nothing.
  const end = news.findIndex((unit, index) => {
    if ('members' in unit) return !isSet(slots[index])
    return (slots[index]?.length ?? 0) > 1 && unit.id === undefined && (unit.reply?.status ?? 500) < 400
  })
  const answers = new Map<number, BatchResponse>()
  const setAnswers = new Map<string, BatchResponse>()
  let last: readonly number[] = []

  /** The first answer counts. */
  function assign(place: number | undefined, response: BatchResponse): void {
    if (place !== undefined && !answers.has(place)) answers.set(place, response)
  }

  function setNamed(unit: BatchResponseUnit): string | undefined {
    if ('members' in unit) return undefined
    const { id, group, reply } = unit
    const name = id ?? ((reply?.status ?? 0) >= 400 ? group : undefined)
    return name !== undefined && sets.has(name) ? name : undefined
  }

  for (const [index, unit] of news.entries()) {
    const slot = slots[found[index] ?? (isInOrder && (end < 0 || index <= end) ? index : UNKNOWN)] ?? []
    last = slot
    if ('members' in unit) {
      const ids = unit.members.map(({ id }) => (id === undefined ? undefined : (waiting.get(id) ?? UNKNOWN)))
      const isSameOrder =
        isSet(slot) && ids.length === slot.length && ids.every((place, at) => (place ?? slot[at]) === slot[at])
      unit.members.forEach((member, at) => void assign(ids[at] ?? (isSameOrder ? slot[at] : undefined), member))
      // Whichever it was, all have failed with it.
      const failure = unit.members.find(({ id, reply }) => id === undefined && reply && reply.status >= 400)
      const set = items[slot[0] ?? UNKNOWN]?.changeSet
      if (failure && !isSameOrder && set !== undefined && !setAnswers.has(set)) setAnswers.set(set, failure)
    } else if (unit.id !== undefined && waiting.has(unit.id)) {
      last = [waiting.get(unit.id) as number]
      assign(last[0], unit)
    } else {
      const set = setNamed(unit) ?? (slot.length > 1 ? items[slot[0] as number]?.changeSet : undefined)
      if (set === undefined) assign(slot[0], unit)
      else {
        last = sets.get(set) ?? slot
        if (!setAnswers.has(set)) setAnswers.set(set, unit)
      }
    }
  }
  answers.delete(UNKNOWN)
  return { answers, setAnswers, last, hasStrays: count > answers.size + setAnswers.size }
}

/** The slot and the place of an answer with an identifier that no request has. */
const UNKNOWN = -1

function membersOf(unit: BatchResponseUnit): readonly BatchResponse[] {
  return 'members' in unit ? unit.members : [unit]
}

interface Survey {
  /** Places of the requests that wait, by their identifiers. */
  readonly waiting: ReadonlyMap<string, number>
  /** Identifiers of the others. */
  readonly answered: ReadonlySet<string>
  /** Places of the members that wait, by the name of their change set. */
  readonly sets: ReadonlyMap<string, readonly number[]>
  /** Where answers may stand, as places: in multipart the members of a change set have one slot together, in JSON each has its own. */
  readonly slots: readonly (readonly number[])[]
}

function survey(items: readonly BatchItemData[], format: ReadBatch['format']): Survey {
  const waiting = new Map<string, number>()
  const answered = new Set<string>()
  const sets = new Map<string, number[]>()
  const slots: (readonly number[])[] = []
  for (const [place, item] of items.entries()) {
    const { id, changeSet } = item
    if (!isWaiting(item)) {
      answered.add(id)
      continue
    }
    waiting.set(id, place)
    const known = changeSet === undefined ? undefined : sets.get(changeSet)
    const slot = known ?? [place]
    known?.push(place)
    if (changeSet !== undefined && !known) sets.set(changeSet, slot as number[])
    if (format === 'json') slots.push([place])
    else if (!known) slots.push(slot)
  }
  return { waiting, answered, sets, slots }
}
