import type { BatchData } from './BatchItem.js'

/**
 * The batch as it stood before waiting for it was given up, which `endBatch` counts as lost: waiting goes on. What was lost in a run
 * before this one, no monitor tells of any more.
 */
export function reopenBatch(batch: BatchData): BatchData {
  const items = batch.items.map((item) =>
    item.outcome === 'lost' && !item.isOfEarlierRun && /^(timeout|monitor)$/.test(`${item.error?.kind}`)
      ? { ...item, outcome: 'waiting' as const, error: undefined }
      : item,
  )
  return { ...batch, items }
}
