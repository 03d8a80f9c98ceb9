import type { OperationRecord } from './operation.js'

/** The same text for all records of one run of an operation, whichever tab made them, and another one for each other run of its `id`. */
export function operationIdentity({ id, url, submittedAt, foundAt }: OperationRecord): string {
  return JSON.stringify([id, url, foundAt ?? submittedAt])
}
