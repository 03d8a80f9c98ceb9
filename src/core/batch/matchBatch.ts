import type { BatchResponse } from '../../protocol/batchMessage.js'
import type { HttpReply } from '../../protocol/httpReply.js'
import { isJsonObject, parseJson } from '../../protocol/json.js'
import type { ODataErrorData } from '../errors.js'
import { settled } from '../transitions.js'
import { type Assignment, assignAnswers, isWaiting, type ReadBatch } from './assignAnswers.js'
import type { BatchItemData } from './BatchItem.js'
import { type ItemContext, itemAnswered, lostItem } from './itemAnswered.js'

/** What {@link matchBatch} needs to know besides the requests and the answers. */
export interface MatchContext extends ItemContext {
  /** Will more answers come? */
  readonly isInterim: boolean
}

/**
 * Gives each request that waits its outcome from one response: by its own answer, and by what became of its change set, which is done
 * as a whole or not at all (Protocol 11.7.7.4, JSON Format 19.5). After the last response what has no answer was not executed when the
 * service stopped at an error, and lost when the response was cut; what waits even then is for `endBatch`.
 *
 * @returns the requests; or the problem as a sentence, when nobody can tell which answer belongs to which
 */
export function matchBatch(
  items: readonly BatchItemData[],
  reading: ReadBatch,
  context: MatchContext,
): readonly BatchItemData[] | { readonly problem: string } {
  const assignment = assignAnswers(items, reading)
  if ('problem' in assignment) return assignment
  const answered = settleSets(answerItems(items, assignment, reading, context), assignment, context)
  return context.isInterim ? answered : endMissing(answered, assignment, reading, context)
}

/** By their own answers. The base of each is the URL of its request, in which a reference is the `Location` that it stands for (4.02: 11.7.4). */
function answerItems(
  items: readonly BatchItemData[],
  { answers }: Assignment,
  { format }: ReadBatch,
  context: MatchContext,
): readonly BatchItemData[] {
  const targets = new Map<string, string>()
  return items.map((item, place) => {
    const [, id = '', path = ''] = /^\$([^/?]+)(.*)/s.exec(item.url) ?? []
    const url = id ? `${targets.get(id) ?? context.record.url}${path}` : item.url
    const answer = answers.get(place)
    // Only the answers outside of change sets of multipart need none (Protocol 11.7.7.5, JSON Format 19.5).
    const isGuess = answer && answer.id === undefined && (format === 'json' || item.changeSet !== undefined)
    const known = isGuess ? { ...item, isMatchedByPosition: true } : item
    const next = answer ? itemAnswered(known, answer, url, context) : item
    targets.set(item.id, (next.headers?.location ?? url).split('?', 1).join())
    return next
  })
}

/** A change set in which one failed has failed, whatever the others say; also when they said so in a response before. */
function settleSets(
  items: readonly BatchItemData[],
  { answers, setAnswers }: Assignment,
  context: MatchContext,
): readonly BatchItemData[] {
  const sets = new Map<string, BatchItemData[]>()
  const touched = new Set(setAnswers.keys())
  for (const [place, item] of items.entries()) {
    const { changeSet } = item
    if (changeSet === undefined) continue
    sets
      .set(changeSet, sets.get(changeSet) ?? [])
      .get(changeSet)
      ?.push(item)
    if (answers.has(place)) touched.add(changeSet)
  }
  if (touched.size === 0) return items
  const ends = new Map<string, BatchItemData>()
  for (const name of touched) {
    const members = sets.get(name) ?? []
    const answer = setAnswers.get(name)
    for (const end of answer ? answeredAsOne(members, answer, context) : answeredEach(members)) ends.set(end.id, end)
  }
  return items.map((item) => ends.get(item.id) ?? item)
}

/** One answer is for all. It may name the one that failed. */
function answeredAsOne(
  members: readonly BatchItemData[],
  answer: BatchResponse,
  context: MatchContext,
): readonly BatchItemData[] {
  const { problem } = answer
  if (problem !== undefined) return members.map((member) => lostItem(member, problem))
  const { reply } = answer
  const { status, headers } = reply
  const { error } = settled(context.record, reply)
  if (error?.kind !== 'service') {
    const message = `The service answered its change set as a whole with ${status}, which is no failure: whether it was done is unknown.`
    return members.map((member) => lostItem(member, message, reply))
  }
  const blamed = blamedMember(members, reply)
  return members.map((member) => {
    const outcome = status === 424 ? 'dependency-failed' : blamed && blamed !== member ? 'rolled-back' : 'failed'
    return { ...member, status, headers, outcome, error }
  })
}

/** The member that an error names: as `$id` or `$id/...` in a `target`, or by the annotation `ContentID` (Core vocabulary). */
function blamedMember(members: readonly BatchItemData[], reply: HttpReply): BatchItemData | undefined {
  const json = parseJson(reply)
  const error = isJsonObject(json) && isJsonObject(json.error) ? json.error : {}
  const entries = [error, ...(Array.isArray(error.details) ? error.details : [])].filter(isJsonObject)
  const names = new Set(
    entries.flatMap((entry) => [
      /^\$([^/]+)/.exec(typeof entry.target === 'string' ? entry.target : '')?.[1],
      ...Object.keys(entry).flatMap((key) => (/^@.*\bContentID$/.test(key) ? [entry[key]] : [])),
    ]),
  )
  return members.find(({ id }) => names.has(id))
}

function answeredEach(members: readonly BatchItemData[]): readonly BatchItemData[] {
  // Nothing of it may be worked on by itself (Protocol 11.7.7.6).
  const isBroken = members.some(({ status }) => status === 202)
  if (isBroken) {
    const message = 'The service answered 202 in a change set, which must be done at once or not at all.'
    return members.map(({ operation: _, ...member }) => lostItem(member, message))
  }
  const { error } =
    members.find(({ outcome }) => outcome === 'failed') ??
    members.find(({ outcome }) => outcome === 'dependency-failed') ??
    {}
  if (!error) return members
  return members.map((member) => {
    const isOwn = member.outcome === 'failed' || (member.outcome === 'dependency-failed' && error.status === 424)
    return isOwn ? member : rolledBack(member, error)
  })
}

function rolledBack({ result: _, ...member }: BatchItemData, error: ODataErrorData): BatchItemData {
  return { ...member, outcome: 'rolled-back', error }
}

/** No more answers come. */
function endMissing(
  items: readonly BatchItemData[],
  { last, hasStrays }: Assignment,
  { truncation, format: responseFormat }: ReadBatch,
  { record }: MatchContext,
): readonly BatchItemData[] {
  const first = items.findIndex(isWaiting)
  if (first < 0) return items
  if (truncation !== undefined) {
    const message = `${truncation} Whether this request was done is unknown: look before you send it again.`
    return items.map((item) => (isWaiting(item) ? lostItem(item, message) : item))
  }
  // They may be those that are missing.
  if (hasStrays) return items
  const { format = responseFormat, continueOnError } = record.batch ?? {}
  const hasFailed = ({ outcome }: BatchItemData) => outcome === 'failed' || outcome === 'dependency-failed'
  // Multipart is answered in order, and an error that stopped it comes last; JSON in any order (Protocol 11.7.7.5, JSON Format 19.4).
  const stop =
    format === 'multipart'
      ? (last.length ? last : [first - 1]).find((place) => items[place] && hasFailed(items[place]))
      : continueOnError === false
        ? items.findIndex(hasFailed)
        : undefined
  const stopped = stop === undefined ? undefined : items[stop]
  if (stop === undefined || !stopped?.error) return items
  const { id, error } = stopped
  const message = `Not executed: the service stopped at request "${id}": ${error.message}`
  const end = {
    outcome: 'not-executed',
    error: { kind: error.kind, message, ...(error.status && { status: error.status }) },
  } as const
  // The others of a change set of which one was done must have been done as well.
  const begun = new Set(items.flatMap(({ outcome, changeSet = '' }) => (outcome === 'succeeded' ? [changeSet] : [])))
  return items.map((item, place) => {
    const { changeSet } = item
    const isOpen = isWaiting(item) && !(changeSet && begun.has(changeSet))
    return isOpen && (format === 'json' || place > stop) ? { ...item, ...end } : item
  })
}
