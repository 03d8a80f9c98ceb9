import type { OperationRecord } from '../core/operation.js'

/** The fields that change at every poll though nothing happened that anyone could see. */
const bookkeeping: ReadonlySet<string> = new Set<keyof OperationRecord>([
  'revision',
  'nextPollAt',
  'scheduledAt',
  'deadlineAt',
  'pollCount',
  'pollFailures',
  // What they tell is in the record of the whole.
  'pieces',
])

/** False when two records of an operation differ in nothing that a user could see. */
export function isVisibleChange(before: OperationRecord | undefined, after: OperationRecord | undefined): boolean {
  if (before === after) return false
  if (before === undefined || after === undefined) return true
  return (Object.keys({ ...before, ...after }) as (keyof OperationRecord)[]).some(
    (key) =>
      !bookkeeping.has(key) &&
      !Object.is(before[key], after[key]) &&
      !(key === 'pollError' && before[key]?.message === after[key]?.message) &&
      // What another tab tells is a copy.
      !(key === 'progress' && JSON.stringify(before[key]) === JSON.stringify(after[key])),
  )
}
