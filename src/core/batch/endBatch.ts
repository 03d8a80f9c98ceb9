import type { ODataErrorData } from '../errors.js'
import type { OperationRecord } from '../operation.js'
import type { BatchData, BatchItemData } from './BatchItem.js'

/**
 * What becomes of the requests of a batch that still wait when it ends as a whole: none does any longer. Those that have an outcome
 * keep it.
 *
 * - It was never sent, as when it was cancelled before, or refused at once (`4xx`, with which a service does nothing: Protocol
 *   11.7.1): `not-executed`.
 * - Anything else, such as a cancel, a lost monitor, or an answer that does not speak of them: `lost`.
 */
export function endBatch(
  data: BatchData,
  { status, error, isAsync }: Pick<OperationRecord, 'status' | 'error' | 'isAsync'>,
): BatchData {
  if (!data.items.some(isWaiting)) return data
  // What was sent is not cancelled, and does not run out of time, before its first answer.
  const isEarly = isAsync === undefined && (status === 'cancelled' || error?.kind === 'timeout')
  const isUnsent = error?.kind === 'configuration' || isEarly
  const isRefused = error?.kind === 'service' && isAsync === false && (error.status ?? 500) < 500
  const isNotDone = isUnsent || isRefused
  const end = { outcome: isNotDone ? 'not-executed' : 'lost', error: error ?? reasonOf(status, isUnsent) } as const
  return { ...data, items: data.items.map((item) => (isWaiting(item) ? { ...item, ...end } : item)) }
}

const isWaiting = ({ outcome }: BatchItemData) => outcome === 'waiting'

function reasonOf(status: OperationRecord['status'], isUnsent: boolean): ODataErrorData {
  const isCancelled = status === 'cancelled'
  if (isUnsent) return { kind: 'cancelled', message: 'Not sent, as the batch was cancelled before.' }
  const reason = isCancelled
    ? 'The batch was cancelled before there was an answer to this request'
    : 'The service gave no answer to this request'
  const message = `${reason}: whether it was done is unknown. Look before you send it again.`
  return { kind: isCancelled ? 'cancelled' : 'protocol', message }
}
