import type { AsyncOperationProgress } from '../operation.js'
import type { BatchItemData } from './BatchItem.js'

/** How far a batch is: at least as far as its requests have an outcome, and never back. */
export function batchProgress(known: AsyncOperationProgress, items: readonly BatchItemData[]): AsyncOperationProgress {
  const total = items.length
  const done = items.filter(({ outcome }) => outcome !== 'waiting').length
  const completed = Math.min(total, Math.max(done, known.completed ?? 0))
  const percent = done ? Math.max(Math.min(99, Math.floor((100 * done) / total)), known.percent ?? 0) : known.percent
  return { ...known, percent, completed, total }
}
