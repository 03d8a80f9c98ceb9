import type { Query } from '@tanstack/react-query'
import type { BatchItemData } from '../core/batch/BatchItem.js'
import type { ODataErrorData } from '../core/errors.js'
import { isOperationRecord, isTerminal, type OperationRecord } from '../core/operation.js'
import { odataOperationKey } from './odataOperationKey.js'

/** Options of {@link persistOperations}. */
export interface PersistOperationsOptions {
  /** ms since the start after which an operation is not stored any more. @default 86400000 (a day) */
  readonly maxAge?: number | undefined
  /** Are operations that have ended stored, with their results? Unfinished ones always are. @default true */
  readonly results?: boolean | undefined
  /** Whose operations they are. What was stored under another key is thrown away when the page is loaded. @default '' */
  readonly userKey?: string | undefined
  /** Which other queries are stored as well. @default none */
  readonly shouldDehydrateQuery?: ((query: Query) => boolean) | undefined
}

/** What {@link persistOperations} returns: members of TanStack's `persistOptions`. */
export interface PersistOperationsResult {
  readonly maxAge: number
  readonly buster: string
  readonly dehydrateOptions: {
    readonly shouldDehydrateMutation: () => boolean
    // Not the whole class, which differs from release to release: the persister may come with another one.
    readonly shouldDehydrateQuery: (query: Pick<Query, 'queryKey' | 'state'>) => boolean
    readonly serializeData: (data: unknown) => unknown
  }
}

/**
 * The options for TanStack's `PersistQueryClientProvider` that store operations and nothing else, so that they are found again
 * after a reload. What a service sent as the body of an error is left out.
 *
 * @example
 * const persistOptions = { persister, ...persistOperations({ userKey: user.id }) }
 * <PersistQueryClientProvider client={queryClient} persistOptions={persistOptions}>
 */
export function persistOperations({
  maxAge = 86_400_000,
  results = true,
  userKey = '',
  shouldDehydrateQuery,
}: PersistOperationsOptions = {}): PersistOperationsResult {
  const [scope, kind] = odataOperationKey()
  // Data of other queries may look like a record.
  const stored = new WeakSet<OperationRecord>()
  return {
    maxAge,
    buster: userKey,
    dehydrateOptions: {
      shouldDehydrateMutation: () => false,
      shouldDehydrateQuery(query) {
        const { queryKey, state } = query
        if (queryKey[0] !== scope || queryKey[1] !== kind) return shouldDehydrateQuery?.(query as Query) ?? false
        const record: unknown = state.data
        if (!isOperationRecord(record) || Date.now() - record.submittedAt > maxAge) return false
        stored.add(record)
        return results || !isTerminal(record.status)
      },
      serializeData: (data) => (isOperationRecord(data) && stored.has(data) ? withoutBodies(data) : data),
    },
  }
}

function withoutBodies(record: OperationRecord): OperationRecord {
  const { error, pollError, batch, pieces } = record
  return {
    ...record,
    error: withoutBody(error),
    pollError: withoutBody(pollError),
    batch: batch && { ...batch, items: batch.items.map(withoutItemBodies) },
    pieces: pieces?.map(withoutBodies),
  }
}

function withoutItemBodies(item: BatchItemData): BatchItemData {
  return { ...item, error: withoutBody(item.error), operation: item.operation && withoutBodies(item.operation) }
}

function withoutBody(error: ODataErrorData | undefined): ODataErrorData | undefined {
  if (!error) return undefined
  const { body: _, ...rest } = error
  return rest
}
