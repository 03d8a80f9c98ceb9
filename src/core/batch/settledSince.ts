import type { BatchData, BatchItemData } from './BatchItem.js'

/** Places of the requests that had no outcome before and have one now. */
export function settledSince(before: BatchData | undefined, after: BatchData | undefined): readonly number[] {
  if (!before || !after || before === after) return []
  return [...after.items.keys()].filter((index) => isOpen(before.items[index]) && !isOpen(after.items[index]))
}

function isOpen(item: BatchItemData | undefined): boolean {
  return item?.outcome === 'waiting' || item?.outcome === 'pending'
}
