import { expect, it } from 'vitest'
import { newerRecord } from '../../src/core/newerRecord.js'
import type { OperationRecord } from '../../src/core/operation.js'

const record: OperationRecord = {
  id: 'report',
  revision: 5,
  kind: 'action',
  method: 'POST',
  url: 'https://api.example.com/v4/Reports/Rebuild',
  monitor: 'odata',
  status: 'running',
  canCancel: true,
  progress: { percent: null },
  submittedAt: 1_000,
  pollCount: 4,
  pollFailures: 0,
}
const completed = { status: 'completed', settledAt: 2_000 } as const
const cancelling = (cancelRequestedAt: number) => ({ status: 'cancelling', cancelRequestedAt }) as const

it.each<[string, 'own' | 'other', Partial<OperationRecord>, Partial<OperationRecord>]>([
  ['the one with more steps', 'other', {}, { revision: 6 }],
  ['our own when the other one has fewer steps', 'own', {}, { revision: 4 }],
  ['our own when both know the same', 'own', {}, {}],
  ['the one that has steps at all', 'other', { revision: undefined }, { revision: 1 }],
  ['an end, though it has fewer steps', 'other', { revision: 9 }, { ...completed, revision: 6 }],
  ['our own end, whatever the other one says', 'own', completed, { status: 'failed', revision: 9 }],
  ['the one that was cancelled, after as many steps', 'other', {}, cancelling(1_500)],
  ['the one that was cancelled later, after as many steps', 'other', cancelling(1_500), cancelling(1_600)],
  ['our own when the other one was cancelled before', 'own', cancelling(1_600), cancelling(1_500)],
  ['our own when the other one is a later run of the same id', 'own', {}, { submittedAt: 9_000, revision: 6 }],
  [
    'one of the same monitor, which each tab took up by itself',
    'other',
    { foundAt: '/jobs/7' },
    { foundAt: '/jobs/7', submittedAt: 9_000, revision: 6 },
  ],
  [
    'our own when the other one is of another monitor',
    'own',
    { foundAt: '/jobs/7' },
    { foundAt: '/jobs/8', revision: 6 },
  ],
  ['our own when the other one has another id', 'own', {}, { id: 'other', revision: 6 }],
  ['our own when the other one was sent elsewhere', 'own', {}, { url: 'https://elsewhere.example.com/', revision: 6 }],
])('of two records of one operation it takes %s', (_, newer, ownChange, otherChange) => {
  const own = { ...record, ...ownChange }
  const other = { ...record, ...otherChange }
  expect(newerRecord(own, other)).toBe(newer === 'own' ? own : other)
})
