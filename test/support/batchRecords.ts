import type { BatchItemData, OperationRecord } from '../../src/core/index.js'
import { SERVICE } from './scriptedClient.js'

/** When the tests of batches begin. */
export const START = Date.UTC(2026, 9, 5)

/** A request of a batch that creates a row; `waiting`, with what a test changes of it. */
export function batchItem(id: string, change: Partial<BatchItemData> = {}): BatchItemData {
  return { id, method: 'POST', url: `${SERVICE}Rows`, outcome: 'waiting', ...change }
}

/** A request that the service works on by itself; its monitor wants to be asked after two seconds. */
export function pendingItem(id: string, change: Partial<OperationRecord> = {}): BatchItemData {
  const operation: OperationRecord = {
    ...batchRecord([]),
    id: `rows/${id}`,
    kind: 'request',
    url: `${SERVICE}Rows`,
    status: 'running',
    monitorUrl: monitorOf(id),
    progress: { percent: null },
    batch: undefined,
    nextPollAt: START + 2_000,
    settledAt: undefined,
    ...change,
  }
  return batchItem(id, { outcome: 'pending', status: 202, operation })
}

/** The status monitor of a {@link pendingItem}. */
export const monitorOf = (id: string) => `https://api.example.com/jobs/row-${id}`

/** A batch that has ended, with what a test changes of it. */
export function batchRecord(items: readonly BatchItemData[], change: Partial<OperationRecord> = {}): OperationRecord {
  return {
    id: 'rows',
    revision: 1,
    kind: 'batch',
    method: 'POST',
    url: `${SERVICE}$batch`,
    monitor: 'odata',
    status: 'completed',
    isAsync: true,
    canCancel: true,
    progress: { percent: 100, completed: items.length, total: items.length },
    submittedAt: START - 1_000,
    settledAt: START,
    pollCount: 0,
    pollFailures: 0,
    batch: { items },
    ...change,
  }
}
