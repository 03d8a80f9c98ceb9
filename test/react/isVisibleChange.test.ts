import { expect, it } from 'vitest'
import { isVisibleChange } from '../../src/react/isVisibleChange.js'
import { operationRecord } from '../ui/operationRecords.js'

const record = operationRecord()

it.each(['revision', 'nextPollAt', 'scheduledAt', 'deadlineAt', 'pollCount', 'pollFailures'])(
  'a record that differs in %s only looks the same',
  (field) => {
    expect(isVisibleChange(record, { ...record, [field]: 7 })).toBe(false)
  },
)

it('a record of another status looks otherwise', () => {
  expect(isVisibleChange(record, { ...record, status: 'cancelling' })).toBe(true)
})
