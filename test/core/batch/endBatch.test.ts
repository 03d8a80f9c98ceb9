import { describe, expect, it } from 'vitest'
import type { BatchData, BatchItemData } from '../../../src/core/batch/BatchItem.js'
import { endBatch } from '../../../src/core/batch/endBatch.js'
import type { ODataErrorData } from '../../../src/core/index.js'

const done: BatchItemData = { id: '1', method: 'GET', url: 'https://host/odata/A', outcome: 'succeeded', status: 200 }
const open: BatchItemData = { id: '2', method: 'GET', url: 'https://host/odata/B', outcome: 'waiting' }
const data: BatchData = { items: [done, open], isTruncated: true }
const error = (kind: ODataErrorData['kind'], status?: number): ODataErrorData => ({
  kind,
  message: 'No.',
  ...(status && { status }),
})

describe('a batch that ends', () => {
  it('keeps each outcome that there is, and all else that it knows', () => {
    const ended = endBatch(data, { status: 'failed', error: error('expired') })
    expect(ended.items[0]).toBe(done)
    expect(ended.isTruncated).toBe(true)
  })

  it('is the same when nothing waits', () => {
    const answered = { items: [done] }
    expect(endBatch(answered, { status: 'completed' })).toBe(answered)
  })

  it.each([
    ['it is cancelled', { status: 'cancelled', isAsync: true }, 'lost', 'cancelled'],
    ['it was cancelled before it was sent', { status: 'cancelled' }, 'not-executed', 'cancelled'],
    ['the service does not speak of it', { status: 'completed' }, 'lost', 'protocol'],
    ['the monitor is gone', { status: 'failed', error: error('expired', 404), isAsync: true }, 'lost', 'expired'],
    ['there was no answer', { status: 'failed', error: error('network') }, 'lost', 'network'],
    ['it broke down at once', { status: 'failed', error: error('service', 500), isAsync: false }, 'lost', 'service'],
    ['it failed later', { status: 'failed', error: error('service', 400), isAsync: true }, 'lost', 'service'],
    [
      'it was refused at once',
      { status: 'failed', error: error('service', 413), isAsync: false },
      'not-executed',
      'service',
    ],
    ['it was never sent', { status: 'failed', error: error('configuration') }, 'not-executed', 'configuration'],
  ] as const)('says what became of a request without an answer when %s', (_, end, outcome, kind) => {
    expect(endBatch(data, end).items[1]).toMatchObject({ id: '2', outcome, error: { kind } })
  })

  it('says of a cancelled one that the work may have been done', () => {
    const [, lost] = endBatch(data, { status: 'cancelled', isAsync: true }).items
    expect(lost?.error?.message).toContain('whether it was done is unknown')
  })
})
