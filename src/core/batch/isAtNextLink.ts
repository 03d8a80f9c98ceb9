import type { OperationRecord } from '../operation.js'

/** True when what is asked next is the rest of a batch's answer (JSON Format 19.6), and no status monitor. */
export function isAtNextLink({ batch, monitorUrl }: OperationRecord): boolean {
  return monitorUrl !== undefined && monitorUrl === batch?.nextLink
}
