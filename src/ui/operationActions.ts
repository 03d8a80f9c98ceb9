import { isTerminal, type OperationRecord } from '../core/operation.js'
import type { BatchCounts } from './batchCounts.js'

/** What can be done with an operation. A button is shown when its callback is given and the state allows it. */
export interface OperationCallbackProps {
  /** While the operation is active and the service has not said that it cannot cancel. */
  readonly onCancel?: (() => unknown) | undefined
  /**
   * After the service answered with an error, and after a cancel: never while the work may go on, or may be done already
   * (no answer, gave up waiting, result lost). Leave it out when it would do nothing:
   * `onRetry={report.canRetry ? report.retry : undefined}`.
   */
  readonly onRetry?: (() => unknown) | undefined
  /**
   * After the end of a batch of which something failed or was not done; in place of `onRetry`, which would do again what is done.
   * Leave it out when it would do nothing: `onRetryFailed={save.canRetryFailed ? save.retryFailed : undefined}`.
   */
  readonly onRetryFailed?: (() => unknown) | undefined
  /** While the service works on it: asks at once instead of waiting; not without a network and while it waits for sign-in, as that would do nothing. */
  readonly onCheckNow?: (() => unknown) | undefined
  /** After the end. */
  readonly onDismiss?: (() => unknown) | undefined
}

/** One button. */
export interface OperationAction {
  /** The name of its message, too. */
  readonly name: 'cancel' | 'retry' | 'retryFailed' | 'checkNow' | 'dismiss'
  readonly isBusy: boolean
  readonly onClick: () => unknown
}

/** What can be done now. The last one is the one that matters most: it has the same place in every state. */
export function operationActions(
  { status, canCancel, error, pauseReason }: OperationRecord,
  { succeeded, failed, notDone, pending }: BatchCounts,
  { onCancel, onRetry, onRetryFailed, onCheckNow, onDismiss }: OperationCallbackProps,
): OperationAction[] {
  const isEnd = isTerminal(status)
  // A gateway that got no answer in time does not know what became of the request either.
  const isUnknown = error?.kind !== 'service' || (!error.code && (error.status === 502 || error.status === 504))
  // Once a batch was answered in part, what was done would be done twice.
  const isRepeatable =
    (status === 'cancelled' || (status === 'failed' && !isUnknown)) && !(succeeded + failed + pending)
  const all = [
    { name: 'dismiss', isOffered: isEnd, onClick: onDismiss },
    // Without a network or credentials asking does nothing; a pause of the reader's own is no reason not to ask.
    {
      name: 'checkNow',
      isOffered: status === 'running' && !/^(auth|offline)$/.test(`${pauseReason}`),
      onClick: onCheckNow,
    },
    { name: 'retry', isOffered: isRepeatable, onClick: onRetry },
    {
      name: 'retryFailed',
      isOffered: isEnd && failed + notDone > 0 && !(isRepeatable && onRetry),
      onClick: onRetryFailed,
    },
    { name: 'cancel', isOffered: !isEnd && canCancel, onClick: onCancel },
  ] as const
  return all.flatMap(({ name, isOffered, onClick }) =>
    isOffered && onClick ? [{ name, onClick, isBusy: name === 'cancel' && status === 'cancelling' }] : [],
  )
}
