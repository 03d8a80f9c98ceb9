import type { ODataErrorKind } from '../core/errors.js'
import { isTerminal, type OperationRecord, type PauseReason } from '../core/operation.js'
import { batchCounts } from './batchCounts.js'
import { operationFormat } from './operationFormat.js'
import {
  type MessageContext,
  type MessageProps,
  type OperationMessages,
  type PanelMessages,
  panelMessages,
} from './operationMessages.js'
import { operationPercent } from './operationPercent.js'

/** What colour and icon say. No tone: nothing to point out. */
export type OperationTone = 'positive' | 'negative' | 'caution' | 'neutral'

/** How an operation is put into words. */
export interface OperationDescription {
  readonly messages: PanelMessages
  readonly context: MessageContext
  readonly tone: OperationTone | undefined
  /** What goes on, or how it ended. May be empty when the numbers say it. */
  readonly text: string
  /** How far it is: the percentage, the number of items. */
  readonly numbers: readonly string[]
}

const errorMessages = {
  configuration: 'configurationError',
  service: 'serviceError',
  monitor: 'monitorError',
  expired: 'expired',
  timeout: 'timeout',
  protocol: 'protocolError',
  network: 'networkError',
  cancelled: 'cancelled',
} satisfies Record<ODataErrorKind, keyof OperationMessages>

const pauseMessages = {
  auth: 'waitingForSignIn',
  offline: 'offline',
  hidden: 'pausedWhileHidden',
  user: 'paused',
  unmounted: 'paused',
} as const satisfies Record<PauseReason, keyof OperationMessages>

/** What is not as it should be while the service goes on with it; the names of its messages, too. */
type OperationTrouble =
  | (typeof pauseMessages)[PauseReason]
  | 'cancelFailed'
  | 'connectionLost'
  | 'serviceUnavailable'
  | 'cannotCancel'

type StatusMessage =
  | OperationTrouble
  | 'pending'
  | 'running'
  | 'cancelling'
  | 'cancelled'
  | 'completed'
  | 'completedAfterCancel'
  | (typeof errorMessages)[ODataErrorKind]

const tones: Partial<Record<StatusMessage, OperationTone>> = {
  waitingForSignIn: 'caution',
  offline: 'caution',
  pausedWhileHidden: 'neutral',
  paused: 'neutral',
  cancelFailed: 'caution',
  connectionLost: 'caution',
  serviceUnavailable: 'caution',
  cancelled: 'neutral',
  completed: 'positive',
  completedAfterCancel: 'positive',
  serviceError: 'negative',
  expired: 'negative',
  protocolError: 'negative',
  configurationError: 'negative',
  // The operation itself may be fine.
  timeout: 'caution',
  networkError: 'caution',
  monitorError: 'caution',
}

/** The troubles of an operation, the one that the reader should know of first. */
export function operationTroubles(operation: OperationRecord): readonly OperationTrouble[] {
  const { status, canCancel, cancelRequestedAt, pollError, pauseReason } = operation
  if (isTerminal(status)) return []
  const troubles: OperationTrouble[] = []
  // A cancel waits for that, too. A stored record may come from a newer version.
  const pause = pauseReason && (pauseMessages[pauseReason] ?? 'paused')
  if (pause && (status !== 'cancelling' || pauseReason === 'auth')) troubles.push(pause)
  if (status !== 'running') return troubles
  // Before the poll error that it comes with: a click that came to nothing must not look like one that was not noticed.
  if (cancelRequestedAt !== undefined && canCancel) troubles.push('cancelFailed')
  if (pollError) troubles.push(pollError.kind === 'monitor' ? 'serviceUnavailable' : 'connectionLost')
  if (cancelRequestedAt !== undefined && !canCancel) troubles.push('cannotCancel')
  return troubles
}

function statusMessage(operation: OperationRecord): StatusMessage {
  const { status, error, canCancel, cancelRequestedAt } = operation
  // A stored record may come from a newer version.
  if (status === 'failed') return errorMessages[error?.kind ?? 'service'] ?? 'serviceError'
  // A cancel that was refused did not come too late.
  if (status === 'completed') return cancelRequestedAt && canCancel ? 'completedAfterCancel' : 'completed'
  return operationTroubles(operation)[0] ?? status
}

/** Puts an operation into words: the one place that decides which message fits which record. */
export function describeOperation(
  operation: OperationRecord | undefined,
  label: string,
  { messages: own, locale }: MessageProps,
): OperationDescription {
  const messages = { ...panelMessages, ...own }
  const counts = batchCounts(operation)
  const context = { ...operationFormat(locale), label, counts }
  if (operation === undefined) {
    return { messages, context, tone: undefined, text: messages.idle(operation, context), numbers: [] }
  }
  const name = statusMessage(operation)
  const { status, progress } = operation
  const { total, succeeded, failed, notDone, unknown, pending } = counts
  const numbers: string[] = []
  if (status === 'running') {
    const isCounted = progress.completed !== undefined
    // The count of a batch is exact, and its failures want the room.
    if (operationPercent(operation) !== null && !(total && isCounted))
      numbers.push(messages.percent(operation, context))
    if (isCounted) numbers.push(messages.itemCount(operation, context))
    if (failed) numbers.push(messages.failedCount(operation, context))
  }
  let tone = tones[name]
  const texts = [total && name === 'completed' ? '' : messages[name](operation, context)]
  if (isTerminal(status) && (status === 'completed' ? total : succeeded + failed + pending)) {
    texts.push(messages.batchSummary(operation, context))
    if (tone === 'positive' && failed + notDone + unknown) tone = succeeded ? 'caution' : 'negative'
    else if (tone === 'positive' && pending) tone = undefined
  }
  return {
    messages,
    context,
    tone,
    text: texts.filter(Boolean).join(' '),
    numbers: numbers.filter(Boolean),
  }
}
