import type { ODataErrorData } from '../errors.js'
import { type AsyncOperationProgress, isTerminal, type OperationRecord } from '../operation.js'
import { type Change, transition } from '../transitions.js'
import type { BatchItemData } from './BatchItem.js'
import { withoutItems } from './piecesOf.js'

/** What happened to the whole besides what its pieces tell. */
export interface WholeChange extends Pick<Change, 'cancelRequestedAt'> {
  /** Why the requests that were not sent so far never will be. */
  readonly unsent?: ODataErrorData | undefined
}

/**
 * The next record of a batch that was split, from the newest records of the pieces that had not ended so far, and of those that are
 * new. The same object when they tell nothing new.
 *
 * It is completed when one piece is: what became of the others is told by their items, and nothing that was done is hidden. Before
 * that comes an end of ours (`timeout`, `monitor`), from which `client.resume` goes on, and a cancel.
 */
export function combineRecords(
  known: OperationRecord,
  newest: readonly OperationRecord[],
  now: number,
  { unsent, ...change }: WholeChange = {},
): OperationRecord {
  if (isTerminal(known.status)) return known
  const { batch, progress } = known
  const told = new Map(newest.flatMap((piece) => piece.batch?.items.map((item) => [item.id, item] as const) ?? []))
  let isAllSent = true
  const items = shared(
    batch?.items,
    (batch?.items ?? []).map((item) => {
      const next = told.get(item.id)
      if (next) return next.outcome === item.outcome ? item : next
      if (!isWaiting(item)) return item
      if (unsent) return { ...item, outcome: 'not-executed', error: unsent }
      isAllSent = false
      return item
    }),
  )
  const isTruncated = newest.some((piece) => piece.batch?.isTruncated) || batch?.isTruncated
  const isSame = items === batch?.items && isTruncated === batch.isTruncated
  const pieces = shared(known.pieces, nextPieces(known.pieces, newest))
  const active = newest.filter(({ status }) => !isTerminal(status))
  const isEnd = isAllSent && active.length === 0
  const end = isEnd ? endOf({ ...known, ...change, pieces }, items, now) : { status: statusOf(pieces, active) }
  const next = active.reduce<OperationRecord | undefined>(
    (first, piece) => ((piece.nextPollAt ?? Infinity) < (first?.nextPollAt ?? Infinity) ? piece : first),
    undefined,
  )
  const pollError = active.find((piece) => piece.pollError)?.pollError
  const combined: Change = {
    ...change,
    ...end,
    pieces,
    batch: isSame ? batch : { ...batch, items, isTruncated },
    progress: progressOf(progress, items, active, end.status === 'completed'),
    isAsync: pieces.some(({ isAsync }) => isAsync) || pieces.find(({ isAsync }) => isAsync === false)?.isAsync,
    // Until all is sent and answered, only the page that sends it can go on with it.
    monitorUrl: isAllSent && active.every((piece) => piece.monitorUrl) ? active[0]?.monitorUrl : undefined,
    canCancel: isEnd ? known.canCancel : !isAllSent || active.some(({ canCancel }) => canCancel),
    // What only an answer can tell is due for whoever does not wait for that answer: it may never come.
    nextPollAt: next ? next.nextPollAt : Math.min(known.nextPollAt ?? now, now),
    scheduledAt: next ? next.scheduledAt : known.scheduledAt,
    deadlineAt: active.find((piece) => piece.deadlineAt)?.deadlineAt ?? known.deadlineAt,
    pollCount: pieces.reduce((sum, { pollCount }) => sum + pollCount, 0),
    pollFailures: active.reduce((most, { pollFailures }) => Math.max(most, pollFailures), 0),
    pollError: pollError?.message === known.pollError?.message ? known.pollError : pollError,
    pauseReason: active.find((piece) => piece.pauseReason)?.pauseReason,
  }
  const names = Object.keys(combined) as (keyof OperationRecord)[]
  return names.every((name) => combined[name] === known[name]) ? known : transition(known, combined, now)
}

const isWaiting = ({ outcome }: BatchItemData) => outcome === 'waiting'

/** The list that is known when the next one is the same. */
function shared<T>(known: readonly T[] | undefined, next: readonly T[]): readonly T[] {
  return known?.length === next.length && next.every((one, index) => one === known[index]) ? known : next
}

/** New ones come last. */
function nextPieces(known: OperationRecord['pieces'] = [], newest: readonly OperationRecord[]): OperationRecord[] {
  const told = new Map(newest.map((piece) => [piece.id, piece]))
  const next = known.map((piece) => {
    const newer = told.get(piece.id)
    told.delete(piece.id)
    return newer ? withoutItems(newer, piece) : piece
  })
  for (const piece of told.values()) next.push(withoutItems(piece, undefined))
  return next
}

function statusOf(pieces: readonly OperationRecord[], active: readonly OperationRecord[]): OperationRecord['status'] {
  if (active.some(({ status }) => status === 'cancelling')) return 'cancelling'
  return pieces.every(({ status }) => status === 'pending') ? 'pending' : 'running'
}

/** How it ends, when nothing is under way and nothing left to be sent. */
function endOf(
  { cancelRequestedAt, deadlineAt = Infinity, pieces = [] }: OperationRecord,
  items: readonly BatchItemData[],
  now: number,
): Pick<OperationRecord, 'status' | 'error'> {
  const sent = new Set(pieces.flatMap(({ batch }) => batch?.itemIds ?? []))
  const unsent = items.find(({ id, outcome }) => outcome === 'not-executed' && !sent.has(id))?.error
  const isLate = unsent?.kind === 'timeout' && now >= deadlineAt
  const ours = pieces.find(({ error }) => error && /^(timeout|monitor)$/.test(error.kind))?.error
  const ended = ours ?? (isLate ? unsent : undefined)
  if (ended) return { status: 'failed', error: ended }
  const isCancelled = cancelRequestedAt !== undefined && unsent?.kind === 'cancelled'
  if (isCancelled || pieces.some(({ status }) => status === 'cancelled')) return { status: 'cancelled' }
  const error = pieces.find((piece) => piece.error)?.error ?? unsent
  if (!error || pieces.some(({ status }) => status === 'completed')) return { status: 'completed' }
  return { status: 'failed', error }
}

/** Each request counts the same; those of a piece under way as far as its service tells. Never backwards. */
function progressOf(
  known: AsyncOperationProgress,
  items: readonly BatchItemData[],
  active: readonly OperationRecord[],
  isCompleted: boolean,
): AsyncOperationProgress {
  const total = items.length
  let completed = countAnswered(items)
  let share = completed
  for (const { batch, progress } of active) {
    const own = batch?.items ?? []
    const answered = countAnswered(own)
    const counted = Math.max(Math.min(progress.completed ?? 0, own.length), answered)
    completed += counted - answered
    share += Math.max(((progress.percent ?? 0) / 100) * own.length, counted) - answered
  }
  const reached = Math.min(Math.floor((share / total) * 100), 99)
  const percent = isCompleted ? 100 : share > 0 ? Math.max(reached, known.percent ?? 0) : known.percent
  const message = active.find(({ progress }) => progress.message)?.progress.message
  const next: AsyncOperationProgress = { percent, completed, total, ...(message !== undefined && { message }) }
  const names = ['percent', 'completed', 'total', 'message'] as const
  return names.every((name) => next[name] === known[name]) ? known : next
}

function countAnswered(items: readonly BatchItemData[]): number {
  return items.reduce((count, item) => (isWaiting(item) ? count : count + 1), 0)
}
