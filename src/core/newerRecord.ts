import { isTerminal, type OperationRecord } from './operation.js'
import { operationIdentity } from './operationIdentity.js'

/**
 * Of two records of one operation, made in two places, the one that knows more: an end, else more steps, else the later cancel.
 * The first one when they are not of the same operation, and when they know the same.
 */
export function newerRecord(own: OperationRecord, other: OperationRecord): OperationRecord {
  if (operationIdentity(own) !== operationIdentity(other) || isTerminal(own.status)) return own
  if (isTerminal(other.status)) return other
  const { revision: steps = 0, cancelRequestedAt: cancelled = 0 } = own
  const { revision: otherSteps = 0, cancelRequestedAt: otherCancelled = 0 } = other
  return otherSteps > steps || (otherSteps === steps && otherCancelled > cancelled) ? other : own
}
