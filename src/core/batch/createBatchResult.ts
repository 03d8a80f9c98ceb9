import { toError } from '../errors.js'
import type { BatchData, BatchItem, BatchItemData, BatchItemResult, FailedItem, SucceededItem } from './BatchItem.js'
import type { BatchResult } from './BatchResult.js'

const views = new WeakMap<BatchItemData, BatchItem>()
const lists = new WeakMap<BatchData, readonly BatchItem[]>()
const batchResults = new WeakMap<BatchData, BatchResult>()

/**
 * All requests of a batch and what has become of each so far, in the order in which they were given. The same data gives the same
 * list, and an item that did not change is the same object as before.
 */
export function batchItems(data: BatchData): readonly BatchItem[] {
  return remembered(lists, data, () => data.items.map((item) => remembered(views, item, () => view(item))))
}

/** The result of a batch that has ended. The same data gives the same object. */
export function createBatchResult(data: BatchData): BatchResult {
  return remembered(batchResults, data, () => {
    // At the end nothing waits any more.
    const items = batchItems(data) as readonly BatchItemResult[]
    const byId = new Map(items.map((item) => [item.id, item]))
    const succeeded = items.filter((item): item is SucceededItem => item.outcome === 'succeeded')
    const failed = items.filter((item): item is FailedItem => item.error !== undefined)
    return {
      results: nest(items),
      items,
      get: (id) => byId.get(id),
      succeeded,
      failed,
      allSucceeded: succeeded.length === items.length,
      hasErrors: failed.length > 0,
      isTruncated: data.isTruncated ?? false,
      firstError: (failed.find(({ outcome }) => outcome === 'failed') ?? failed[0])?.error,
    }
  })
}

function view({ id, changeSet, method, url, label, outcome, status, headers = {}, ...data }: BatchItemData): BatchItem {
  const { result, error, operation, isMatchedByPosition } = data
  const common = { id, changeSet, method, url, label, outcome, status, headers, isMatchedByPosition }
  return { ...common, result, error: error && toError(error), operation } as BatchItem
}

/** The members of a change set stand next to each other; a list takes their place. */
function nest(items: readonly BatchItemResult[]): BatchResult['results'] {
  const results: (BatchItemResult | BatchItemResult[])[] = []
  let members: BatchItemResult[] = []
  for (const item of items) {
    if (item.changeSet === undefined) results.push(item)
    else if (item.changeSet === members[0]?.changeSet) members.push(item)
    else {
      members = [item]
      results.push(members)
    }
  }
  return results as BatchResult['results']
}

function remembered<TData extends object, TMade>(made: WeakMap<TData, TMade>, data: TData, make: () => TMade): TMade {
  const known = made.get(data) ?? make()
  made.set(data, known)
  return known
}
