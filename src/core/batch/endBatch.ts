import type { ODataErrorData } from '../errors.js'
import type { OperationRecord } from '../operation.js'
import type { BatchData, BatchItemData } from './BatchItem.js'

/**
 * What becomes of the requests of a batch that still wait when it ends as a whole: none does any longer. Those that have an outcome
 * keep it.
 *
 * - It was never sent, or refused at once (`4xx`, with which a service does nothing: Protocol 11.7.1): `not-executed`.
 * - Anything else, such as a cancel, a lost monitor, or an answer that does not speak of them: `lost`.
 */
export function endBatch(
  data: BatchData,
  { status, error, isAsync }: Pick<OperationRecord, 'status' | 'error' | 'isAsync'>,
): BatchData {
  if (!data.items.some(isWaiting)) return data
  const isRefused =
    error?.kind === 'configuration' || (error?.kind === 'service' && isAsync === false && (error.status ?? 500) < 500)
  const end = { outcome: isRefused ? 'not-executed' : 'lost', error: error ?? unknown(status) } as const
  return { ...data, items: data.items.map((item) => (isWaiting(item) ? { ...item, ...end } : item)) }
}

const isWaiting = ({ outcome }: BatchItemData) => outcome === 'waiting'

function unknown(status: OperationRecord['status']): ODataErrorData {
  const isCancelled = status === 'cancelled'
  const reason = isCancelled
    ? 'The batch was cancelled before there was an answer to this request'
    : 'The service gave no answer to this request'
  const message = `${reason}: whether it was done is unknown. Look before you send it again.`
  return { kind: isCancelled ? 'cancelled' : 'protocol', message }
}
