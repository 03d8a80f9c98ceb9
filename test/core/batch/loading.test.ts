import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { isODataError, type OperationRecord } from '../../../src/core/index.js'
import { jsonBatchAnswer } from '../../support/batchAnswers.js'
import { MONITOR, rejection, SERVICE, scriptedClient } from '../../support/scriptedClient.js'

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 9, 5, 7) }))
afterEach(() => {
  vi.useRealTimers()
  vi.doUnmock('../../../src/core/batch/batchAnswered.js')
  vi.doUnmock('../../../src/core/batch/resumePiecesOperation.js')
  vi.resetModules()
})

const items = ['1', '2'].map((id) => ({
  id,
  method: 'DELETE',
  url: `${SERVICE}Drafts(${id})`,
  outcome: 'waiting' as const,
}))

const record = (more: Partial<OperationRecord>): OperationRecord => ({
  ...{ id: 'save', kind: 'batch', method: 'POST', url: `${SERVICE}$batch`, monitor: 'odata', status: 'running' },
  ...{ canCancel: true, progress: { percent: null }, submittedAt: Date.now(), pollCount: 0, pollFailures: 0 },
  ...more,
})

const final = () =>
  jsonBatchAnswer(
    [
      { id: '1', status: 204 },
      { id: '2', status: 204 },
    ],
    {},
    { AsyncResult: '200' },
  )

it('the code that reads a batch is loaded before its monitor is asked, and a failure of that is a failed poll', async () => {
  vi.doMock('../../../src/core/batch/batchAnswered.js', () => {
    throw new TypeError('Failed to fetch dynamically imported module')
  })
  const { client, sent } = scriptedClient([final()])
  const operation = client.resume(record({ batch: { items }, monitorUrl: MONITOR, isAsync: true }))

  expect(await operation.poll()).toBe(true)
  expect(operation.record).toMatchObject({ status: 'running', pollFailures: 1, pollError: { kind: 'network' } })
  expect(sent).toHaveLength(0)
  vi.doUnmock('../../../src/core/batch/batchAnswered.js')
  expect(await operation.poll()).toBe(false)

  expect(operation.record).toMatchObject({ status: 'completed', batch: { items: [{ outcome: 'succeeded' }, {}] } })
  expect(sent).toHaveLength(1)
})

const split = () => {
  const piece = record({
    ...{ id: 'save/piece-1', batch: { items: [], itemIds: ['1', '2'] }, monitorUrl: MONITOR, isAsync: true },
  })
  return record({ batch: { items }, pieces: [piece] })
}

it('the code that goes on with a batch in pieces is loaded by the first poll, and a failure of that is a failed poll', async () => {
  vi.doMock('../../../src/core/batch/resumePiecesOperation.js', () => {
    throw new TypeError('Failed to fetch dynamically imported module')
  })
  const { client, sent } = scriptedClient([final()])
  const operation = client.resume(split())
  const listener = vi.fn()
  operation.subscribe(listener)
  expect([operation.isDue, operation.id, operation.isCompleted]).toEqual([true, 'save', false])

  expect(await operation.poll()).toBe(true)
  expect(operation.record).toMatchObject({ pollFailures: 1, pollError: { kind: 'network' } })
  expect(listener).toHaveBeenCalledTimes(1)
  expect(await operation.tryCancel()).toBe('failed')
  expect(sent).toHaveLength(0)
  vi.doUnmock('../../../src/core/batch/resumePiecesOperation.js')
  expect(await operation.poll()).toBe(false)

  expect(operation.result).toMatchObject({ allSucceeded: true })
  expect(operation.record).toBe(operation.getSnapshot())
  expect(operation.pollDelay).toBe(false)
  expect(await operation.tryCancel()).toBe('too-late')
})

it('a batch in pieces follows another page before its code is loaded, and after', async () => {
  const { client, sent } = scriptedClient(['204 No Content'])
  const operation = client.resume(split())
  const told = { ...split(), revision: 3, progress: { percent: 7 } }
  operation.follow(told)
  expect(operation.record).toBe(told)
  await operation.submit()
  expect(await operation.tryCancel()).toBe('cancelled')
  expect(sent).toMatchObject([{ method: 'DELETE', url: MONITOR }])

  expect(operation.status).toBe('cancelled')
  expect(operation.error).toBeUndefined()
  expect(await operation.poll()).toBe(false)
})

it('a batch in pieces whose code does not come is given up in the end, as a monitor that cannot be asked', async () => {
  vi.doMock('../../../src/core/batch/resumePiecesOperation.js', () => {
    throw new TypeError('Failed to fetch dynamically imported module')
  })
  const { client } = scriptedClient([], { polling: { maxFailures: 2 } })
  const operation = client.resume(split())
  expect(await operation.poll()).toBe(true)
  expect(await operation.poll()).toBe(false)

  expect(operation.record).toMatchObject({ batch: { items: [{ outcome: 'lost' }, { outcome: 'lost' }] } })
  expect(await rejection(operation.waitForCompletion())).toMatchObject({ kind: 'monitor', record: operation.record })
  expect(isODataError(operation.error)).toBe(true)
  expect(await operation.poll()).toBe(false)
})
