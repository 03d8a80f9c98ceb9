import type { OperationRecord } from '../core/operation.js'

/** Time from the start of an operation to its end, in ms. */
export function operationRuntime({ submittedAt, settledAt = submittedAt }: OperationRecord): number {
  return settledAt - submittedAt
}
