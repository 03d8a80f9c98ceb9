import { isTerminal, type OperationRecord } from '../operation.js'
import { operationIdentity } from '../operationIdentity.js'
import type { BatchItemData } from './BatchItem.js'

/** What was made last from each record. */
const followed = new WeakMap<OperationRecord, readonly [from: BatchItemData, made: BatchItemData]>()

/**
 * A request that the service works on by itself, by the newest record of its operation: it has succeeded, failed, or is lost as soon as
 * that has ended. The same two give the same object; the record of another run gives the request as it is.
 */
export function followItem(item: BatchItemData, newest: OperationRecord | undefined): BatchItemData {
  const { operation } = item
  if (!operation || !newest || newest === operation) return item
  const known = followed.get(newest)
  if (known?.[0] === item) return known[1]
  if (operationIdentity(newest) !== operationIdentity(operation)) return item
  const made = isTerminal(newest.status) ? ended(item, newest) : { ...item, operation: newest }
  followed.set(newest, [item, made])
  return made
}

function ended(item: BatchItemData, { status, error, result, response }: OperationRecord): BatchItemData {
  const { operation: _, ...request } = item
  if (status === 'completed') return { ...request, ...response, outcome: 'succeeded', result }
  if (error?.kind === 'service') return { ...request, ...response, outcome: 'failed', error }
  const message = 'The request was cancelled at the service: whether something of it was done is unknown.'
  return { ...request, outcome: 'lost', error: error ?? { kind: 'cancelled', message } }
}
