import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { combineRecords } from '../../../src/core/batch/combineRecords.js'
import { piecesOf } from '../../../src/core/batch/piecesOf.js'
import { isOperationTimeoutError } from '../../../src/core/index.js'
import type { OperationRecord } from '../../../src/core/operation.js'
import { isVisibleChange } from '../../../src/react/isVisibleChange.js'
import { deferred } from '../../support/deferred.js'
import { rejection } from '../../support/scriptedClient.js'
import type { Answer } from '../../support/scriptedWire.js'
import { acceptedAt, done, doneLater, outcomes, piecesOnWire, waiting } from './piecesOnWire.js'

const NOW = Date.UTC(2026, 9, 5)

beforeEach(() => void vi.useFakeTimers({ now: NOW }))
afterEach(() => void vi.useRealTimers())

const advance = (delay: number) => vi.advanceTimersByTimeAsync(delay)

/** An answer that never comes; its connection ends with the request. */
const hanging: Answer = ({ signal }) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))

const refused = (status: number) => `${status} No
  Content-Type: application/json

  {"error":{"code":"no","message":"Not like this."}}`

describe('order', () => {
  it('sends a piece when the one before has ended, not when it is accepted', async () => {
    const { operation, asked } = piecesOnWire([
      acceptedAt('a'),
      acceptedAt('a'),
      doneLater('1,2'),
      acceptedAt('b'),
      doneLater('3,4'),
      done('5,6'),
    ])
    const completion = operation.waitForCompletion()
    await advance(10_000)
    const result = await completion
    expect(asked()).toEqual(['1,2', 'GET a', 'GET a', '3,4', 'GET b', '5,6'])
    expect(result.allSucceeded).toBe(true)
    expect(result.items.map(({ id }) => id)).toEqual(['1', '2', '3', '4', '5', '6'])
    expect(operation).toMatchObject({ status: 'completed', isAsync: true, result, error: undefined })
  })

  it('sends as many pieces at a time as it may, and the next one when any of them has ended', async () => {
    const { operation, asked } = piecesOnWire(
      [acceptedAt('a'), acceptedAt('b'), acceptedAt('a'), doneLater('3,4'), acceptedAt('c')],
      { concurrency: 2 },
    )
    await operation.submit()
    expect(asked()).toEqual(['1,2', '3,4'])
    await advance(2_000)
    await operation.poll()
    await advance(0)
    expect(asked()).toEqual(['1,2', '3,4', 'GET a', 'GET b', '5,6'])
    expect(outcomes(operation.record)).toBe('1 waiting, 2 waiting, 3 succeeded, 4 succeeded, 5 waiting, 6 waiting')
  })

  it('sends nothing before submit, whoever polls', async () => {
    const { operation, asked } = piecesOnWire([])
    expect(operation.pollDelay).toBe(false)
    expect(await operation.poll()).toBe(true)
    expect(asked()).toEqual([])
    expect(operation.status).toBe('pending')
  })

  it('sends each piece once, however often it is submitted and polled', async () => {
    const { operation, asked } = piecesOnWire([done('1,2'), done('3,4'), done('5,6')])
    operation.subscribe(() => {
      void operation.submit()
      void operation.poll()
    })
    await Promise.all([operation.submit(), operation.submit(), operation.poll()])
    const completion = operation.waitForCompletion()
    await advance(1_000)
    await completion
    expect(asked()).toEqual(['1,2', '3,4', '5,6'])
    expect(operation.status).toBe('completed')
  })

  it('leaves what comes after the first answer to whoever polls, so that a pause holds it back', async () => {
    const { operation, asked } = piecesOnWire([done('1,2'), acceptedAt('b')])
    await operation.submit()
    await advance(60_000)
    expect(asked()).toEqual(['1,2'])
    expect(operation).toMatchObject({ status: 'running', isAsync: false, pollDelay: 1, isDue: true })
    expect(await operation.poll()).toBe(true)
    expect(asked()).toEqual(['1,2', '3,4'])
    expect(operation.pollDelay).toBe(2_000)
  })

  it('polls only those that are due, and all of them when asked earlier', async () => {
    const { operation, asked } = piecesOnWire(
      [acceptedAt('a'), acceptedAt('b', 9), acceptedAt('a'), acceptedAt('a'), acceptedAt('b')],
      { concurrency: 2 },
    )
    await operation.submit()
    await advance(2_000)
    await operation.poll()
    expect(asked().slice(2)).toEqual(['GET a'])
    await operation.poll()
    expect(asked().slice(3)).toEqual(['GET a', 'GET b'])
  })

  it('ends a poll when the request that it has sent is answered, if nothing else is to be asked by then', async () => {
    const answer = deferred<string>()
    const { operation } = piecesOnWire([done('1,2'), () => answer.promise])
    await operation.submit()
    let isOver = false
    void operation.poll().then(() => {
      isOver = true
    })
    await advance(1_000)
    expect(isOver).toBe(false)
    expect(operation.pollDelay).toBe(false)
    answer.resolve(acceptedAt('b'))
    await advance(0)
    expect(isOver).toBe(true)
    expect(operation.pollDelay).toBe(2_000)
  })

  it('polls one piece while another one waits for its first answer', async () => {
    const { operation, asked } = piecesOnWire([acceptedAt('a'), hanging, acceptedAt('a'), acceptedAt('a')], {
      concurrency: 2,
    })
    void operation.submit()
    await advance(2_000)
    expect(operation.isDue).toBe(true)
    await operation.poll()
    await advance(2_000)
    await operation.poll()
    expect(asked()).toEqual(['1,2', '3,4', 'GET a', 'GET a'])
  })
})

describe('the record', () => {
  it('is pending until the first answer, and running as long as any piece goes on or is still to be sent', async () => {
    const { operation } = piecesOnWire([done('1,2'), acceptedAt('b'), doneLater('3,4'), done('5,6')])
    const statuses: string[] = []
    operation.subscribe(() => statuses.push(`${operation.status} ${operation.record.pieces?.length}`))
    void operation.waitForCompletion()
    await advance(10_000)
    expect([...new Set(statuses)]).toEqual(['pending 1', 'running 1', 'running 2', 'running 3', 'completed 3'])
  })

  it('holds each piece that was sent, without its items', async () => {
    const { operation } = piecesOnWire([acceptedAt('a')])
    expect(operation.record.pieces).toEqual([])
    await operation.submit()
    expect(operation.record.pieces).toMatchObject([
      { id: 'save/piece-1', status: 'running', monitorUrl: expect.stringContaining('/jobs/a') },
    ])
    expect(operation.record.pieces?.[0]?.batch).toMatchObject({ items: [], itemIds: ['1', '2'] })
  })

  it('has a monitor only when all was sent and answered, as nobody else can send the rest', async () => {
    const { operation } = piecesOnWire([acceptedAt('a'), doneLater('1'), acceptedAt('b')], { pieces: [['1'], ['2']] })
    await operation.submit()
    expect(operation.status).toBe('running')
    expect(operation.monitorUrl).toBeUndefined()
    await operation.poll()
    expect(operation.monitorUrl).toMatch(/\/jobs\/b$/)
  })

  it('counts requests: those that are done, and of a piece under way as many as its service says', async () => {
    const { operation } = piecesOnWire([
      done('1,2'),
      acceptedAt('b'),
      `${acceptedAt('b')}
  Content-Type: application/json

  {"percentComplete":50}`,
      doneLater('3,4'),
      done('5,6'),
    ])
    const seen: string[] = []
    void operation.waitForCompletion({
      onProgress: ({ percent, completed, total }) => seen.push(`${percent}% ${completed}/${total}`),
    })
    await advance(10_000)
    expect(seen).toEqual(['33% 2/6', '50% 2/6', '66% 4/6', '100% 6/6'])
  })

  it('tells nothing visible after a poll that brought nothing new', async () => {
    const { operation } = piecesOnWire([acceptedAt('a'), acceptedAt('a')])
    const { batch } = operation.record
    await operation.submit()
    const before = operation.record
    expect(before.batch).toBe(batch)
    await operation.poll()
    expect(operation.record).not.toBe(before)
    expect(operation.record.batch).toBe(before.batch)
    expect(operation.record.pollCount).toBe(1)
    expect(isVisibleChange(before, operation.record)).toBe(false)
  })

  it('keeps the items of one piece when another one is answered', async () => {
    const { operation } = piecesOnWire([done('1,2'), done('3,4')])
    await operation.submit()
    const [first] = operation.record.batch?.items ?? []
    await operation.poll()
    expect(operation.record.batch?.items[0]).toBe(first)
    expect(outcomes(operation.record)).toMatch('3 succeeded, 4 succeeded, 5 waiting')
  })

  it('is plain JSON, with steps that are counted', async () => {
    const { operation } = piecesOnWire([done('1,2'), done('3,4', '4'), done('5,6')])
    const revisions: (number | undefined)[] = []
    operation.subscribe(() => revisions.push(operation.record.revision))
    await operation.waitForCompletion().catch(() => {})
    expect(revisions).toEqual([...revisions.keys()].map((step) => step + 1))
    expect(JSON.parse(JSON.stringify(operation))).toEqual(JSON.parse(JSON.stringify(operation.record)))
    expect(operation.getSnapshot()).toBe(operation.record)
  })

  it('is truncated when a piece is', async () => {
    const cut = `200 OK
  Content-Type: multipart/mixed; boundary=b

--b
Content-Type: application/http
Content-ID: 1

HTTP/1.1 204 No Content

--b
Content-Type: app`
    const { operation } = piecesOnWire([cut, done('3,4'), done('5,6')])
    const completion = operation.waitForCompletion()
    await advance(1_000)
    const result = await completion
    expect(result.isTruncated).toBe(true)
    expect(outcomes(operation.record)).toMatch('1 succeeded, 2 lost, 3 succeeded')
  })

  it('keeps what is not sent again as it is, in its place', async () => {
    const settled = [{ ...waiting('0'), outcome: 'succeeded', status: 201 } as const]
    const { operation } = piecesOnWire([done('1'), done('2')], { pieces: [['1'], ['2']], settled })
    const completion = operation.waitForCompletion()
    await advance(1_000)
    await completion
    expect(outcomes(operation.record)).toBe('0 succeeded, 1 succeeded, 2 succeeded')
    expect(operation.record.batch?.items[0]).toBe(settled[0])
    expect(operation.progress).toMatchObject({ completed: 3, total: 3 })
  })

  it('tells why a piece could not be polled', async () => {
    const { operation } = piecesOnWire([acceptedAt('a'), '503 Busy'])
    await operation.submit()
    await operation.poll()
    expect(operation.record).toMatchObject({ status: 'running', pollFailures: 1, pollError: { status: 503 } })
  })

  it('sends 1,000 requests in 10 pieces, three at a time', async () => {
    const ids = Array.from({ length: 1_000 }, (_, index) => `${index + 1}`)
    const pieces = Array.from({ length: 10 }, (_, index) => ids.slice(index * 100, index * 100 + 100))
    const { operation, sent } = piecesOnWire(
      pieces.map((piece) => done(piece.join())),
      { pieces, concurrency: 3 },
    )
    const completion = operation.waitForCompletion()
    await advance(1_000)
    const result = await completion
    expect(sent).toHaveLength(10)
    expect(result.allSucceeded).toBe(true)
    expect(result.items.map(({ id }) => id)).toEqual(ids)
  })
})

describe('a piece that fails', () => {
  it('does not keep the others from being sent, and hides nothing of what was done', async () => {
    const { operation, asked } = piecesOnWire([done('1,2', '2'), refused(413), done('5,6')])
    const completion = operation.waitForCompletion()
    await advance(1_000)
    const result = await completion
    expect(asked()).toEqual(['1,2', '3,4', '5,6'])
    expect(operation.status).toBe('completed')
    expect(outcomes(operation.record)).toBe(
      '1 succeeded, 2 failed, 3 not-executed, 4 not-executed, 5 succeeded, 6 succeeded',
    )
    expect(result.get('3')?.error).toMatchObject({ kind: 'service', status: 413, message: 'Not like this.' })
    expect(result.firstError).toMatchObject({ message: 'Request 2 is bad.' })
  })

  it('fails the whole when all do, with the first error', async () => {
    const { operation } = piecesOnWire([refused(413), refused(400), refused(400)])
    const completion = rejection(operation.waitForCompletion())
    await advance(1_000)
    expect(await completion).toMatchObject({ kind: 'service', status: 413 })
    expect(operation.status).toBe('failed')
  })

  it.each([
    ['is not allowed', refused(403), 'not-executed'],
    ['gets no answer', 'lost', 'lost'],
  ] as const)('is the last one that is sent when it %s', async (_, answer, outcome) => {
    const { operation, asked } = piecesOnWire([done('1,2'), answer])
    const completion = operation.waitForCompletion()
    await advance(1_000)
    const result = await completion
    expect(asked()).toEqual(['1,2', '3,4'])
    expect(outcomes(operation.record)).toBe(
      `1 succeeded, 2 succeeded, 3 ${outcome}, 4 ${outcome}, 5 not-executed, 6 not-executed`,
    )
    expect(result.get('5')?.error?.message).toMatch(/^Not sent, as requests of this batch that were sent before/)
  })

  it('that is not allowed leaves those under way to their end', async () => {
    const { operation, asked } = piecesOnWire([refused(403), acceptedAt('b'), doneLater('2'), acceptedAt('c')], {
      pieces: [['1'], ['2', '3'], ['4']],
      concurrency: 2,
    })
    await operation.submit()
    expect(outcomes(operation.record)).toBe('1 not-executed, 2 waiting, 3 waiting, 4 not-executed')
    expect(operation.pollDelay).toBe(2_000)
    await operation.poll()
    expect(asked()).toEqual(['1', '2,3', 'GET b'])
    expect(outcomes(operation.record)).toBe('1 not-executed, 2 succeeded, 3 lost, 4 not-executed')
  })

  it('ends the whole at once when the first one is not allowed', async () => {
    const { operation, asked } = piecesOnWire([refused(401)])
    await operation.submit()
    expect(asked()).toEqual(['1,2'])
    expect(operation).toMatchObject({ status: 'failed', error: { status: 401 }, pollDelay: false })
    expect(await operation.poll()).toBe(false)
  })

  it('has its request sent with the signal of whoever waits for the first answer, and nothing after it when that is aborted', async () => {
    const { operation, asked, sent } = piecesOnWire([hanging])
    const abort = new AbortController()
    const waited = rejection(operation.waitForCompletion({ signal: abort.signal }))
    await advance(10)
    abort.abort()
    await waited
    await advance(0)
    expect(sent[0]?.signal.aborted).toBe(true)
    expect(asked()).toEqual(['1,2'])
    expect(operation).toMatchObject({ status: 'failed', error: { kind: 'network' } })
    expect(outcomes(operation.record)).toBe(
      '1 lost, 2 lost, 3 not-executed, 4 not-executed, 5 not-executed, 6 not-executed',
    )
  })

  it('stops the sending when the batch is to stop at errors, also by one request', async () => {
    const { operation, asked } = piecesOnWire([done('1,2', '2')], { continueOnError: false })
    await operation.submit()
    expect(asked()).toEqual(['1,2'])
    expect(operation.status).toBe('completed')
    expect(outcomes(operation.record)).toMatch('2 failed, 3 not-executed')
    expect(operation.result?.get('3')?.error?.message).toBe(
      'Not sent, as request "2" before it failed: Request 2 is bad.',
    )
  })

  it('does not stop the waiting: it can be waited for again after an abort', async () => {
    const { operation, asked } = piecesOnWire([done('1,2'), done('3,4'), done('5,6')])
    await operation.submit()
    const abort = new AbortController()
    const waited = rejection(operation.waitForCompletion({ signal: abort.signal }))
    abort.abort()
    await waited
    await advance(10_000)
    expect(operation.status).toBe('running')
    const completion = operation.waitForCompletion()
    await advance(1_000)
    expect((await completion).allSucceeded).toBe(true)
    expect(asked()).toEqual(['1,2', '3,4', '5,6'])
  })
})

describe('cancel', () => {
  it('cancels every piece under way and never sends the others', async () => {
    const { operation, asked } = piecesOnWire([done('1,2'), acceptedAt('b'), '204 No Content'])
    await operation.submit()
    await operation.poll()
    expect(await operation.tryCancel()).toBe('cancelled')
    expect(asked()).toEqual(['1,2', '3,4', 'DELETE b'])
    expect(operation.status).toBe('cancelled')
    expect(outcomes(operation.record)).toBe('1 succeeded, 2 succeeded, 3 lost, 4 lost, 5 not-executed, 6 not-executed')
    expect(await operation.tryCancel()).toBe('too-late')
  })

  it('needs no request when nothing is under way', async () => {
    const { operation, asked } = piecesOnWire([done('1,2')])
    await operation.submit()
    expect(await operation.tryCancel()).toBe('cancelled')
    expect(asked()).toEqual(['1,2'])
    expect(operation.status).toBe('cancelled')
    expect(operation.record.batch?.items[2]).toMatchObject({ outcome: 'not-executed', error: { kind: 'cancelled' } })
  })

  it('needs no request before anything was sent, and nothing is sent after it', async () => {
    const { operation, asked } = piecesOnWire([])
    expect(await operation.tryCancel()).toBe('cancelled')
    await operation.submit()
    expect(asked()).toEqual([])
    expect(outcomes(operation.record)).not.toMatch('waiting')
  })

  it('waits for the answer to what was just sent', async () => {
    const answer = deferred<string>()
    const { operation, asked } = piecesOnWire([() => answer.promise, '204 No Content'])
    void operation.submit()
    await advance(10)
    const cancel = operation.tryCancel()
    const again = operation.tryCancel()
    expect(operation.status).toBe('cancelling')
    answer.resolve(acceptedAt('a'))
    expect(await Promise.all([cancel, again])).toEqual(['cancelled', 'cancelled'])
    expect(asked()).toEqual(['1,2', 'DELETE a'])
  })

  it.each([
    ['failed', 'running', ['204 No Content', '503 Busy']],
    ['unsupported', 'running', ['405 No', '204 No Content']],
    ['failed', 'running', ['405 No', '503 Busy']],
    ['requested', 'cancelling', ['204 No Content', '202 Accepted']],
    ['cancelled', 'cancelled', ['204 No Content', '204 No Content']],
  ] as const)(
    'is %s when that is the least that a piece says, and then the whole is %s',
    async (outcome, status, answers) => {
      const { operation } = piecesOnWire([acceptedAt('a'), acceptedAt('b'), ...answers], { concurrency: 2 })
      await operation.submit()
      expect(await operation.tryCancel()).toBe(outcome)
      expect(operation.status).toBe(status)
      expect(outcomes(operation.record)).toMatch('5 not-executed, 6 not-executed')
    },
  )

  it('that comes to nothing leaves the pieces that go on to their end, and sends no others', async () => {
    const { operation, asked } = piecesOnWire([acceptedAt('a'), '405 No', doneLater('1,2')])
    await operation.submit()
    await operation.tryCancel()
    const completion = rejection(operation.waitForCompletion())
    await advance(5_000)
    expect(await completion).toMatchObject({ kind: 'cancelled' })
    expect(asked()).toEqual(['1,2', 'DELETE a', 'GET a'])
    expect(outcomes(operation.record)).toMatch('1 succeeded, 2 succeeded, 3 not-executed')
  })

  it('is too late when everything was done meanwhile', async () => {
    const { operation } = piecesOnWire([acceptedAt('a'), doneLater('1')], { pieces: [['1']] })
    await operation.submit()
    expect(await operation.tryCancel()).toBe('too-late')
    expect(operation.status).toBe('completed')
  })
})

describe('timeout', () => {
  it('counts for all pieces together, from when the first is sent', async () => {
    const { operation, asked } = piecesOnWire(
      [acceptedAt('a'), doneLater('1,2'), acceptedAt('b'), acceptedAt('b'), acceptedAt('b')],
      { timeout: 5_000 },
    )
    await advance(60_000)
    const begin = Date.now()
    const completion = rejection(operation.waitForCompletion())
    await advance(10_000)
    const error = await completion
    expect(isOperationTimeoutError(error)).toBe(true)
    expect(asked()).toEqual(['1,2', 'GET a', '3,4', 'GET b', 'GET b'])
    expect(operation.record).toMatchObject({ deadlineAt: begin + 5_000, settledAt: begin + 5_000 })
    expect(outcomes(operation.record)).toBe('1 succeeded, 2 succeeded, 3 lost, 4 lost, 5 not-executed, 6 not-executed')
  })

  it('sends nothing more when it is over', async () => {
    const { operation, asked } = piecesOnWire([done('1,2')], { timeout: 5_000 })
    await operation.submit()
    await advance(5_000)
    expect(await operation.poll()).toBe(false)
    expect(asked()).toEqual(['1,2'])
    expect(operation.error).toMatchObject({ kind: 'timeout' })
    expect(outcomes(operation.record)).toMatch('2 succeeded, 3 not-executed')
  })

  it('can be waited on: pieces that were under way go on, with what they have done', async () => {
    const { operation, resume, asked } = piecesOnWire(
      [acceptedAt('a'), acceptedAt('b'), acceptedAt('a'), doneLater('3,4'), doneLater('1,2')],
      { timeout: 2_000, concurrency: 2 },
    )
    await operation.submit()
    await advance(2_000)
    await operation.poll()
    expect(operation.error).toMatchObject({ kind: 'timeout' })
    const again = resume(operation.record)
    expect(again.status).toBe('running')
    const completion = again.waitForCompletion()
    await advance(5_000)
    const result = await completion
    expect(asked()).toEqual(['1,2', '3,4', 'GET a', 'GET b', 'GET a'])
    expect(outcomes(again.record)).toBe(
      '1 succeeded, 2 succeeded, 3 succeeded, 4 succeeded, 5 not-executed, 6 not-executed',
    )
    expect(result.get('5')?.error).toMatchObject({ kind: 'timeout' })
  })
})

describe('after a reload', () => {
  it('goes on with what the service works on; what was not sent never is', async () => {
    const { operation, resume, asked } = piecesOnWire([done('1,2'), acceptedAt('b'), doneLater('3,4')])
    await operation.submit()
    await operation.poll()
    const again = resume(operation.record)
    expect(outcomes(again.record)).toMatch('5 waiting')
    const completion = again.waitForCompletion()
    await advance(5_000)
    const result = await completion
    expect(asked()).toEqual(['1,2', '3,4', 'GET b'])
    expect(outcomes(again.record)).toBe(
      '1 succeeded, 2 succeeded, 3 succeeded, 4 succeeded, 5 not-executed, 6 not-executed',
    )
    expect(result.get('5')?.error?.message).toMatch(/^Not sent, as the page/)
  })

  it('does not know what became of a request that was left without an answer', async () => {
    const { operation, resume, asked } = piecesOnWire([done('1,2'), hanging])
    await operation.submit()
    void operation.poll()
    await advance(0)
    const again = resume(operation.record)
    expect(again.isDue).toBe(true)
    expect(await again.poll()).toBe(false)
    expect(asked()).toEqual(['1,2', '3,4'])
    expect(again.status).toBe('completed')
    expect(outcomes(again.record)).toBe('1 succeeded, 2 succeeded, 3 lost, 4 lost, 5 not-executed, 6 not-executed')
    expect(again.result?.get('3')?.error).toMatchObject({ kind: 'network' })
  })

  it('fails when it was left before anything was sent', async () => {
    const { operation, resume, asked } = piecesOnWire([])
    const again = resume(operation.record)
    expect(await rejection(again.waitForCompletion())).toMatchObject({ kind: 'network' })
    expect(asked()).toEqual([])
    expect(outcomes(again.record)).not.toMatch(/waiting|lost/)
  })

  it('leaves an end as it is', async () => {
    const { operation, resume } = piecesOnWire([done('1,2', '1'), done('3,4'), done('5,6')])
    const completion = operation.waitForCompletion()
    await advance(1_000)
    await completion
    const again = resume(operation.record)
    expect(again.record).toEqual(JSON.parse(JSON.stringify(operation.record)))
    expect(again.pollDelay).toBe(false)
    expect(await again.poll()).toBe(false)
    expect(await again.tryCancel()).toBe('too-late')
  })

  it('cancels what has a monitor, and cannot cancel what only the other page knows', async () => {
    const { operation, resume, asked } = piecesOnWire([acceptedAt('a'), hanging, '204 No Content'], { concurrency: 2 })
    void operation.submit()
    await advance(0)
    const other = resume(operation.record)
    expect(await other.tryCancel()).toBe('failed')
    expect(asked()).toEqual(['1,2', '3,4', 'DELETE a'])
  })
})

describe('another page', () => {
  it('follows what the one that sends tells, and polls nothing of it by itself', async () => {
    const { operation, resume, asked } = piecesOnWire([done('1,2'), acceptedAt('b'), doneLater('3,4'), done('5,6')])
    const other = resume(operation.record)
    operation.subscribe(() => other.follow(structuredClone(operation.record)))
    const completion = operation.waitForCompletion()
    await advance(10_000)
    await completion
    expect(asked()).toEqual(['1,2', '3,4', 'GET b', '5,6'])
    expect(other.record).toEqual(operation.record)
    expect(other.result?.allSucceeded).toBe(true)
  })

  it('says what became of it when the one that sends is gone', async () => {
    const { operation, resume, asked } = piecesOnWire([done('1,2'), hanging])
    const other = resume(operation.record)
    operation.subscribe(() => other.follow(structuredClone(operation.record)))
    await operation.submit()
    void operation.poll()
    await advance(0)
    expect(operation.isDue).toBe(false)
    expect(other.isDue).toBe(true)
    expect(await other.poll()).toBe(false)
    expect(asked()).toEqual(['1,2', '3,4'])
    expect(outcomes(other.record)).toBe('1 succeeded, 2 succeeded, 3 lost, 4 lost, 5 not-executed, 6 not-executed')
  })

  it('that polls in its place is followed, and each tells the other no more than once', async () => {
    const { operation, resume, asked } = piecesOnWire(
      [acceptedAt('a'), acceptedAt('b'), acceptedAt('a'), doneLater('3,4'), acceptedAt('a'), doneLater('1,2')],
      {
        pieces: [
          ['1', '2'],
          ['3', '4'],
        ],
        concurrency: 2,
      },
    )
    await operation.submit()
    const other = resume(operation.record)
    let told = 0
    operation.subscribe(() => {
      told++
      other.follow(structuredClone(operation.record))
    })
    other.subscribe(() => {
      told++
      operation.follow(structuredClone(other.record))
    })
    await advance(2_000)
    await other.poll()
    await advance(0)
    expect(outcomes(operation.record)).toBe('1 waiting, 2 waiting, 3 succeeded, 4 succeeded')
    expect(operation.record).toEqual(other.record)
    await operation.poll()
    await advance(2_000)
    await operation.poll()
    expect(asked()).toEqual(['1,2', '3,4', 'GET a', 'GET b', 'GET a', 'GET a'])
    expect(other.status).toBe('completed')
    expect(told).toBeLessThan(20)
  })

  it('that has asked at the same time is not contradicted for ever', async () => {
    const { operation, resume } = piecesOnWire(
      [acceptedAt('a'), acceptedAt('b'), ...[2, 2, 5, 5].map((delay) => acceptedAt('c', delay)), doneLater('1')],
      { pieces: [['1'], ['2']], concurrency: 2 },
    )
    await operation.submit()
    const other = resume(operation.record)
    await operation.poll()
    await advance(2_000)
    await other.poll()
    let told = 0
    for (const [one, another] of [
      [operation, other],
      [other, operation],
    ] as const) {
      one.subscribe(() => {
        told++
        another.follow(structuredClone(one.record))
      })
    }
    await operation.poll()
    expect(told).toBeLessThan(10)
    expect(other.record).toEqual(operation.record)
  })

  it('that tells the end of a piece has the next one sent here', async () => {
    const { operation, asked } = piecesOnWire([acceptedAt('a'), acceptedAt('b')], { pieces: [['1'], ['2']] })
    await operation.submit()
    const { record } = operation
    const [piece] = piecesOf(record) as [OperationRecord]
    const items = [{ ...waiting('1'), outcome: 'succeeded', status: 204 } as const]
    const ended: OperationRecord = { ...piece, revision: 9, status: 'completed', batch: { items } }
    const listener = vi.fn()
    operation.subscribe(listener)
    operation.follow(structuredClone(combineRecords(record, [ended], NOW)))
    expect(listener).toHaveBeenCalledTimes(1)
    expect(operation).toMatchObject({ status: 'running', isDue: true })
    await operation.poll()
    expect(asked()).toEqual(['1', '2'])
    expect(outcomes(operation.record)).toBe('1 succeeded, 2 waiting')
  })

  it('that cancels keeps the one with the requests from sending them', async () => {
    const { operation, resume, asked } = piecesOnWire([acceptedAt('a'), '204 No Content'])
    await operation.submit()
    const other = resume(operation.record)
    expect(await other.tryCancel()).toBe('cancelled')
    operation.follow(structuredClone(other.record))
    expect(operation.status).toBe('cancelled')
    await operation.poll()
    expect(asked()).toEqual(['1,2', 'DELETE a'])
  })

  it('that cancels too late does not take back what was sent meanwhile', async () => {
    const { operation, resume, asked } = piecesOnWire([acceptedAt('a'), '405 No', doneLater('1'), acceptedAt('b')], {
      pieces: [['1'], ['2'], ['3']],
    })
    await operation.submit()
    const other = resume(operation.record)
    expect(await other.tryCancel()).toBe('unsupported')
    expect(outcomes(other.record)).toBe('1 waiting, 2 not-executed, 3 not-executed')
    await operation.poll()
    operation.follow({ ...structuredClone(other.record), revision: 99 })
    expect(outcomes(operation.record)).toBe('1 succeeded, 2 waiting, 3 not-executed')
    expect(operation.record.revision).toBe(100)
    expect(asked()).toEqual(['1', 'DELETE a', 'GET a', '2'])
  })

  it('is not followed when it knows less, or is about another run', async () => {
    const { operation, resume } = piecesOnWire([done('1,2'), done('3,4')])
    const before = operation.record
    await operation.submit()
    const { record } = operation
    operation.follow(resume(before).record)
    operation.follow({ ...record, submittedAt: 1, revision: 99, status: 'failed' })
    expect(operation.record).toBe(record)
  })
})

describe('listeners', () => {
  it('that fail are heard of by the page, and change nothing', async () => {
    const { operation } = piecesOnWire([done('1')], { pieces: [['1']] })
    let calls = 0
    const end = operation.subscribe(() => {
      throw new Error('mine')
    })
    operation.subscribe(() => {
      calls++
    })
    await operation.submit()
    await expect(advance(0)).rejects.toThrow('mine')
    expect(calls).toBeGreaterThan(0)
    expect(operation.status).toBe('completed')
    end()
  })

  it('hear nothing after they have left', async () => {
    const { operation } = piecesOnWire([done('1')], { pieces: [['1']] })
    let calls = 0
    operation.subscribe(() => {
      calls++
    })()
    await operation.submit()
    expect(operation.isCompleted).toBe(true)
    expect(calls).toBe(0)
  })
})
