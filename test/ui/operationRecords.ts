import type { ODataErrorData } from '../../src/core/errors.js'
import type { OperationRecord } from '../../src/core/operation.js'

/** Epoch ms at which the operations of the tests and stories were submitted. */
export const submittedAt = Date.UTC(2026, 0, 15, 9, 30)

/** An operation that the service works on, with what a test or story changes of it. */
export function operationRecord<TResult = unknown>(
  change: Partial<OperationRecord<TResult>> = {},
): OperationRecord<TResult> {
  return {
    id: 'annual-report',
    kind: 'action',
    method: 'POST',
    url: 'https://service.example/odata/Reports/Sales.GenerateLargeReport',
    monitor: 'odata',
    status: 'running',
    isAsync: true,
    monitorUrl: 'https://service.example/odata/jobs/1',
    cancelUrl: undefined,
    canCancel: true,
    progress: { percent: null },
    submittedAt,
    nextPollAt: submittedAt + 80_000,
    deadlineAt: undefined,
    cancelRequestedAt: undefined,
    settledAt: undefined,
    pollCount: 12,
    pollFailures: 0,
    pollError: undefined,
    result: undefined,
    response: undefined,
    error: undefined,
    ...change,
  }
}

/** The same at its end, 2 min 14 s after the start. */
export function settledRecord<TResult = unknown>(
  change: Partial<OperationRecord<TResult>> & Pick<OperationRecord<TResult>, 'status'>,
): OperationRecord<TResult> {
  return operationRecord<TResult>({ nextPollAt: undefined, settledAt: submittedAt + 134_000, ...change })
}

/** The same, failed. */
export function failedRecord(error: ODataErrorData, change: Partial<OperationRecord> = {}): OperationRecord {
  return settledRecord({ status: 'failed', error, ...change })
}
