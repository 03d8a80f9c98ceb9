import type { CancelReading } from '../monitors/MonitorProtocol.js'
import type { CancelOutcome } from './AsyncOperation.js'
import type { ODataErrorData } from './errors.js'
import type { OperationRecord } from './operation.js'
import { type Change, nextPoll, type StepContext, withdrawCancel } from './transitions.js'

/** What the service said to a cancel, or why it could not be asked. */
export type CancelAnswer = CancelReading & { readonly error?: ODataErrorData | undefined }

/** What an answer to a cancel makes of the operation, and of the click. */
export function cancelAnswered(
  record: OperationRecord,
  answer: CancelAnswer,
  context: StepContext & { readonly isTrusted: (url: string) => boolean },
): { outcome: CancelOutcome; change: Change } {
  const now = context.environment.now()
  switch (answer.state) {
    case 'cancelled':
      return { outcome: 'cancelled', change: { status: 'cancelled' } }
    case 'requested': {
      const { monitorUrl, retryAfter } = answer
      // The same URL again breaks the standard, but then its own answer tells how the cancel went.
      const isOther = monitorUrl !== undefined && monitorUrl !== record.monitorUrl && context.isTrusted(monitorUrl)
      const cancelUrl = isOther ? monitorUrl : undefined
      return { outcome: 'requested', change: { cancelUrl, ...nextPoll(record, retryAfter, context) } }
    }
    case 'unsupported':
      return { outcome: 'unsupported', change: withdrawCancel(now, { canCancel: false }) }
    case 'refused':
    case 'too-late':
    case 'finished':
      // What had ended before is not cancelled, whatever its monitor says later.
      return { outcome: 'too-late', change: withdrawCancel(now, { isCancelRefused: true }) }
    case 'failed':
      // What the service answered with a refusal it did not do; what got no answer it may have done.
      return {
        outcome: 'failed',
        change: withdrawCancel(now, {
          pollError: answer.error,
          isCancelRefused: (answer.error?.status ?? 500) < 500 || undefined,
          ...(answer.retryAfter !== undefined && nextPoll(record, answer.retryAfter, context)),
        }),
      }
  }
}
