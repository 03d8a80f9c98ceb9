import type { BatchItemData } from '../../src/core/batch/BatchItem.js'
import type { OperationRecord } from '../../src/core/operation.js'
import { operationRecord, submittedAt } from './operationRecords.js'

/** URL of the service of the tests and stories. */
export const serviceUrl = 'https://service.example/odata/'

const names = ['Desk lamp', 'Bookcase', 'Office chair', 'Notebook A5', 'Pencil set', 'Monitor arm', 'Cable tray']

/** A request without an answer so far, which creates the product of a row (from 1), with what a test or story changes of it. */
export function batchItem(row: number, change: Partial<BatchItemData> = {}): BatchItemData {
  return {
    id: `${row}`,
    method: 'POST',
    url: `${serviceUrl}Products`,
    label: `Row ${row}: ${names[row % names.length]}`,
    outcome: 'waiting',
    ...change,
  }
}

/** Requests for so many rows, the first of them done, some of them otherwise. */
export function batchItems(
  total: number,
  done: number,
  changes: Readonly<Record<number, Partial<BatchItemData>>> = {},
): BatchItemData[] {
  return Array.from({ length: total }, (_, index) =>
    batchItem(index + 1, { ...(index < done && { outcome: 'succeeded', status: 201 }), ...changes[index + 1] }),
  )
}

/** What a service says of a row that it does not take. */
export function rejected(message: string): Partial<BatchItemData> {
  return { outcome: 'failed', status: 400, error: { kind: 'service', status: 400, code: 'BAD_DATA', message } }
}

/** A batch that the service works on, with what a test or story changes of it. */
export function batchRecord(items: readonly BatchItemData[], change: Partial<OperationRecord> = {}): OperationRecord {
  const completed = items.filter(({ outcome }) => outcome !== 'waiting').length
  const total = items.length
  return operationRecord({
    id: 'import',
    kind: 'batch',
    url: `${serviceUrl}$batch`,
    progress: { percent: Math.floor((100 * completed) / total), completed, total },
    batch: { items },
    ...change,
  })
}

/** The same at its end, 2 min 14 s after the start. */
export function settledBatch(items: readonly BatchItemData[], change: Partial<OperationRecord> = {}): OperationRecord {
  return batchRecord(items, {
    status: 'completed',
    nextPollAt: undefined,
    settledAt: submittedAt + 134_000,
    ...change,
  })
}
