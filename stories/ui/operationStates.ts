import type { ODataErrorData } from '../../src/core/errors.js'
import type { OperationRecord } from '../../src/core/operation.js'
import { operationRecord } from '../../test/ui/operationRecords.js'

/** What the operation of the stories gives back. */
export interface Report {
  readonly Url: string
  readonly Name: string
}

const submittedAt = Date.now() - 72_000

const active = (change: Partial<OperationRecord<Report>>) => operationRecord<Report>({ submittedAt, ...change })

const ended = (change: Partial<OperationRecord<Report>>) =>
  active({ nextPollAt: undefined, settledAt: submittedAt + 134_000, ...change })

const failed = (error: ODataErrorData, change: Partial<OperationRecord<Report>> = {}) =>
  ended({ status: 'failed', error, progress: { percent: 42 }, ...change })

const connectionError: ODataErrorData = { kind: 'network', message: 'GET jobs/1 got no answer.' }
const result: Report = { Url: '#annual-report.pdf', Name: 'annual-report.pdf' }
const halfWay = { percent: 42, message: 'Rendering pages' }

/** One record for each state that looks different. */
export const operationStates = {
  idle: undefined,
  pending: active({ status: 'pending', isAsync: undefined, submittedAt: Date.now() }),
  running: active({}),
  percent: active({ progress: halfWay }),
  items: active({ progress: { percent: 90, completed: 180, total: 200, message: 'Rendering pages' } }),
  connectionLost: active({ progress: halfWay, pollError: connectionError, pollFailures: 2 }),
  serviceUnavailable: active({
    progress: halfWay,
    pollError: { kind: 'monitor', message: 'The status monitor answered 503.', status: 503 },
    pollFailures: 2,
  }),
  waitingForSignIn: active({ progress: halfWay, pauseReason: 'auth' }),
  offline: active({ progress: halfWay, pauseReason: 'offline' }),
  pausedWhileHidden: active({ progress: halfWay, pauseReason: 'hidden' }),
  paused: active({ progress: halfWay, pauseReason: 'user' }),
  cancelling: active({ status: 'cancelling', progress: halfWay, cancelRequestedAt: submittedAt + 60_000 }),
  cannotCancel: active({ progress: halfWay, canCancel: false, cancelRequestedAt: submittedAt + 60_000 }),
  cancelFailed: active({
    progress: halfWay,
    cancelRequestedAt: submittedAt + 60_000,
    pollError: { kind: 'network', message: 'DELETE jobs/1 got no answer.' },
  }),
  completed: ended({ status: 'completed', progress: { percent: 100 }, result }),
  completedAfterCancel: ended({
    status: 'completed',
    progress: { percent: 100 },
    result,
    cancelRequestedAt: submittedAt + 120_000,
  }),
  cancelled: ended({ status: 'cancelled', progress: halfWay, cancelRequestedAt: submittedAt + 120_000 }),
  service: failed({
    kind: 'service',
    message: 'The fiscal year 2026 has no closed periods, so there is nothing to report on.',
    code: 'NO_CLOSED_PERIOD',
    status: 422,
  }),
  expired: failed({ kind: 'expired', message: 'The status monitor is gone (404).' }),
  timeout: failed({ kind: 'timeout', message: 'Not finished in time.' }, { settledAt: submittedAt + 600_000 }),
  network: failed(
    { kind: 'network', message: 'POST got no answer.' },
    { progress: { percent: null }, settledAt: submittedAt + 30_000 },
  ),
  monitor: failed({ kind: 'monitor', message: 'No usable answer 10 times in a row.' }),
  protocol: failed({ kind: 'protocol', message: 'The result is no JSON.' }, { progress: { percent: null } }),
} satisfies Record<string, OperationRecord<Report> | undefined>
