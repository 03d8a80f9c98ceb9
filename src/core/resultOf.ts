import { createBatchResult } from './batch/createBatchResult.js'
import type { OperationRecord } from './operation.js'

/** The result of an operation. That of a batch is made from what became of its requests: the same object from the same data. */
export function resultOf<TResult>({ status, result, batch }: OperationRecord<TResult>): TResult | undefined {
  return batch && status === 'completed' ? (createBatchResult(batch) as TResult) : result
}
