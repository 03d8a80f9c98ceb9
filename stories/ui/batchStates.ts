import type { BatchItemData } from '../../src/core/batch/BatchItem.js'
import type { OperationRecord } from '../../src/core/operation.js'
import { batchItem, batchItems, batchRecord, rejected, settledBatch } from '../../test/ui/batchRecords.js'

const submittedAt = Date.now() - 72_000

const active = (items: readonly BatchItemData[], change: Partial<OperationRecord> = {}) =>
  batchRecord(items, { submittedAt, ...change })

const ended = (items: readonly BatchItemData[], change: Partial<OperationRecord> = {}) =>
  settledBatch(items, { submittedAt, settledAt: submittedAt + 134_000, ...change })

const failures = {
  12: rejected('The request has wrong data: Price must be Edm.Decimal or null.'),
  57: rejected('The request has wrong data: Name is missing.'),
  143: rejected('There is a product with the ID 4 already.'),
}

const lostFrom = (first: number, last: number): Record<number, Partial<BatchItemData>> =>
  Object.fromEntries(Array.from({ length: last - first + 1 }, (_, index) => [first + index, { outcome: 'lost' }]))

const group = { changeSet: 'order' }
const outOfStock = rejected('Only 3 of “Standing desk” are in stock.')

/** One record for each state of a batch that looks different. */
export const batchStates = {
  idle: undefined,
  pending: active(batchItems(200, 0), { status: 'pending', isAsync: undefined, submittedAt: Date.now() }),
  running: active(batchItems(200, 40)),
  interim: active(batchItems(200, 180, failures)),
  completed: ended(batchItems(200, 200)),
  threeFailed: ended(batchItems(200, 200, failures)),
  rolledBack: ended([
    batchItem(1, { label: 'Order 4711', outcome: 'rolled-back', error: outOfStock.error, ...group }),
    batchItem(2, { label: 'Desk lamp, 2 pieces', outcome: 'rolled-back', error: outOfStock.error, ...group }),
    batchItem(3, { label: 'Standing desk, 4 pieces', ...outOfStock, ...group }),
    batchItem(4, { label: 'Note for the storeroom', outcome: 'dependency-failed', status: 424 }),
    batchItem(5, { label: 'Address of the customer', outcome: 'succeeded', status: 204 }),
  ]),
  notExecuted: ended(
    batchItems(8, 2, {
      3: failures[57],
      ...Object.fromEntries([4, 5, 6, 7, 8].map((row) => [row, { outcome: 'not-executed' as const }])),
    }),
  ),
  truncated: ended(batchItems(200, 150, lostFrom(151, 200)), {
    batch: { items: batchItems(200, 150, lostFrom(151, 200)), isTruncated: true },
  }),
  pendingRequests: ended(batchItems(8, 8, { 3: { outcome: 'pending' }, 7: { outcome: 'pending' } })),
  cancelled: ended(batchItems(200, 40, lostFrom(41, 200)), {
    status: 'cancelled',
    cancelRequestedAt: submittedAt + 60_000,
    progress: { percent: 20, completed: 40, total: 200 },
  }),
  failedAsAWhole: ended(
    batchItems(8, 0).map((item) => ({ ...item, outcome: 'not-executed' as const })),
    {
      status: 'failed',
      isAsync: false,
      progress: { percent: 0, completed: 0, total: 8 },
      error: { kind: 'service', status: 413, code: 'TOO_MANY', message: 'A batch may have at most 5 requests.' },
    },
  ),
  readOnly: ended(
    ['Products', 'Products(4)?$select=ID,Name,Price', "Reports('R-1')/Title"].map((path, index) =>
      batchItem(index + 1, {
        method: 'GET',
        url: `https://service.example/odata/${path}`,
        label: undefined,
        outcome: 'succeeded',
        status: 200,
      }),
    ),
  ),
  thousand: ended(batchItems(1000, 1000, failures)),
} satisfies Record<string, OperationRecord | undefined>
