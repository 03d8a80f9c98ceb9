import type { AsyncOperation, CancelOutcome } from '../AsyncOperation.js'
import { createListeners } from '../createListeners.js'
import type { Environment } from '../environment.js'
import { toError } from '../errors.js'
import { newerRecord } from '../newerRecord.js'
import { isTerminal, type OperationRecord } from '../operation.js'
import { resultOf } from '../resultOf.js'
import { delayUntilPoll } from '../schedule.js'
import { shareTask } from '../shareTask.js'
import { waitForCompletion } from '../waitForCompletion.js'
import type { BatchResult } from './BatchResult.js'
import { combineRecords, type WholeChange } from './combineRecords.js'
import { piecesOf } from './piecesOf.js'
import { CANCELLED_BEFORE, LEFT_BEFORE, late, reasonToStop } from './whyNotSent.js'

/** What an operation over several pieces needs. */
export interface PiecesContext {
  readonly environment: Environment
  /** Pieces under way at a time. @default 1 */
  readonly concurrency?: number | undefined
  /** ms for all pieces together, from when the first is sent. The pieces must have none of their own. @default no limit */
  readonly timeout?: number | undefined
  /** Makes the operation of a piece that another page has sent: `client.resume`. */
  readonly resume: (piece: OperationRecord) => AsyncOperation
}

/** From the one that says least: what became of the cancel of a whole when pieces say different things. */
const weakest = ['failed', 'unsupported', 'requested'] as const

/**
 * Makes one operation over several batches, none of which is sent yet: each is sent when one before has *ended*. `submit` sends the
 * first ones; whoever polls sends the others, so that nothing more is sent by an operation that is paused or that nobody waits for.
 *
 * No more is sent after a cancel, after the time is over, after a piece that got no answer or was not allowed (`401`, `403`), and, with
 * `continueOnError: false`, after the first request that failed: what was not sent then is `not-executed`.
 *
 * @param start - Holds all items: `waiting` those of the pieces, and others that keep their outcome.
 */
export function createPiecesOperation(
  start: OperationRecord,
  pieces: readonly AsyncOperation[],
  { environment, concurrency = 1, timeout, resume }: PiecesContext,
): AsyncOperation<BatchResult> {
  const { now } = environment
  const { subscribe, notify } = createListeners(environment)
  /** Those that were sent, or taken up from another page. */
  const joined = new Map<string, AsyncOperation>()
  /** Those of them that have not ended. */
  const open = new Set<AsyncOperation>()
  /** What waits for the answer to a request. */
  const sending = new Set<Promise<void>>()
  let unsent = [...pieces]
  // The time begins when the first one is sent.
  let record: OperationRecord = pieces.length > 0 ? { ...start, pieces: [], deadlineAt: undefined } : start
  let isStarted = false
  let isFollowing = false
  let submitting: Promise<void> | undefined
  let cancelling: Promise<CancelOutcome> | undefined

  const getSnapshot = () => record as OperationRecord<BatchResult>
  const isCompleted = () => isTerminal(record.status)

  function replace(next: OperationRecord): void {
    if (next === record) return
    record = next
    notify()
  }

  /** Takes note of what the pieces tell. */
  function update(change?: WholeChange): void {
    if (isFollowing) return
    const newest = newestPieces(record, open)
    dropEnded()
    const reason =
      change?.unsent ?? (unsent.length > 0 ? reasonToStop(newest, record.batch?.continueOnError) : undefined)
    if (reason) unsent = []
    replace(combineRecords(record, newest, now(), { ...change, unsent: reason }))
  }

  function dropEnded(): void {
    for (const piece of open) if (piece.isCompleted) open.delete(piece)
  }

  /** The pieces that have not ended in `whole`, and those `known` here. */
  function newestPieces(whole: OperationRecord, known: Iterable<AsyncOperation>): readonly OperationRecord[] {
    const others = piecesOf(whole, ({ id, status }) => !joined.has(id) && !isTerminal(status))
    return [...others, ...Array.from(known, (piece) => piece.record)]
  }

  function join(piece: AsyncOperation): void {
    joined.set(piece.id, piece)
    open.add(piece)
    piece.subscribe(() => update())
  }

  /** Goes on with pieces that another page has sent. */
  function takeUp(isWanted: (piece: OperationRecord) => boolean): void {
    for (const piece of piecesOf(record, (one) => !joined.has(one.id) && isWanted(one))) join(resume(piece))
  }

  function canSend(): boolean {
    return isStarted && !isCompleted() && unsent.length > 0 && open.size < concurrency
  }

  function sendNext(signal?: AbortSignal): void {
    const { deadlineAt } = record
    if (unsent.length > 0 && deadlineAt !== undefined && now() >= deadlineAt) update({ unsent: late(timeout) })
    while (canSend()) send(unsent.shift() as AsyncOperation, signal)
  }

  function send(piece: AsyncOperation, signal?: AbortSignal): void {
    const { record: prepared } = piece
    const deadlineAt = record.deadlineAt ?? (timeout && now() + timeout)
    if (deadlineAt) piece.follow({ ...prepared, deadlineAt, revision: (prepared.revision ?? 0) + 1 })
    join(piece)
    const answered = piece.submit({ signal }).finally(() => sending.delete(answered))
    sending.add(answered)
    // It is in the record before it can be on the wire.
    update()
  }

  async function submit(signal?: AbortSignal): Promise<void> {
    isStarted = true
    sendNext(signal)
    await Promise.all(sending)
  }

  const poll = shareTask(async (signal) => {
    const isEarly = !isDue()
    takeUp(isOpen)
    // Only who polls may say that nobody will send the rest: as long as another page is there, that one polls and sends.
    if (unsent.length === 0) update({ unsent: LEFT_BEFORE })
    sendNext()
    const asked = [...open].filter((piece) => isEarly || piece.isDue)
    await Promise.all(asked.map((piece) => piece.poll({ signal })))
    sendNext()
    if (sending.size > 0 && !isCompleted() && pollDelay() === false) await Promise.race(sending)
  })

  function pollDelay(): number | false {
    if (canSend()) return 1
    // An answer to what was sent from here comes by itself.
    const isAnswerAwaited = sending.size > 0 && [...open].every((piece) => piece.record.nextPollAt === undefined)
    return isAnswerAwaited ? false : delayUntilPoll(record, now())
  }

  const isDue = () => pollDelay() === 1

  async function tryCancel(): Promise<CancelOutcome> {
    if (isCompleted()) return 'too-late'
    if (record.status === 'cancelling') return 'requested'
    // One without a monitor is known only to the page that waits for its answer.
    takeUp((piece) => isOpen(piece) && piece.monitorUrl !== undefined)
    update({ unsent: CANCELLED_BEFORE, cancelRequestedAt: now() })
    const active = newestPieces(record, open)
    const outcomes = await Promise.all(active.map(({ id }) => joined.get(id)?.tryCancel() ?? 'failed'))
    const outcome = weakest.find((one) => outcomes.includes(one))
    return outcome ?? (record.status === 'cancelled' ? 'cancelled' : 'too-late')
  }

  function follow(other: OperationRecord): void {
    if (newerRecord(record, other) !== other) return
    isFollowing = true
    for (const piece of piecesOf(other)) joined.get(piece.id)?.follow(piece)
    isFollowing = false
    dropEnded()
    const waiting = new Set(other.batch?.items.filter(({ outcome }) => outcome === 'waiting').map(({ id }) => id))
    unsent = unsent.filter((piece) => piece.record.batch?.items.some(({ id }) => waiting.has(id)))
    const told = new Map(other.pieces?.map(({ id, revision = 0 }) => [id, revision]))
    // What is the same in both is not combined anew, or two pages would tell each other for ever.
    const knowsMore = [...joined.values()].some(({ id, record: { revision = 0 } }) => revision > (told.get(id) ?? -1))
    replace(knowsMore ? combineRecords(other, newestPieces(other, joined.values()), now()) : other)
  }

  const operation: AsyncOperation<BatchResult> = {
    get record() {
      return getSnapshot()
    },
    get id() {
      return record.id
    },
    get status() {
      return record.status
    },
    get isAsync() {
      return record.isAsync
    },
    get isCompleted() {
      return isCompleted()
    },
    get progress() {
      return record.progress
    },
    get result() {
      return resultOf(getSnapshot())
    },
    get error() {
      return record.error && toError(record.error, { record })
    },
    get monitorUrl() {
      return record.monitorUrl
    },
    get pollDelay() {
      return pollDelay()
    },
    get isDue() {
      return isDue()
    },
    getSnapshot,
    toJSON: getSnapshot,
    follow,
    subscribe,
    submit({ signal } = {}) {
      submitting ??= submit(signal)
      return submitting
    },
    async poll({ signal } = {}) {
      // What was only prepared is left to `submit`.
      if (!isCompleted() && (isStarted || unsent.length === 0)) await poll(signal)
      return !isCompleted()
    },
    tryCancel() {
      cancelling ??= tryCancel().finally(() => {
        cancelling = undefined
      })
      return cancelling
    },
    waitForCompletion: (options) => waitForCompletion(operation, environment, options),
  }
  return operation
}

/** Is there anything to wait for? An end of ours is none. */
function isOpen({ status, error }: OperationRecord): boolean {
  return !isTerminal(status) || /^(timeout|monitor)$/.test(`${error?.kind}`)
}
