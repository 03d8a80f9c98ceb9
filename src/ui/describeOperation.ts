import type { ODataErrorKind } from '../core/errors.js'
import type { OperationRecord } from '../core/operation.js'
import { operationFormat } from './operationFormat.js'
import { defaultMessages, type MessageContext, type MessageProps, type OperationMessages } from './operationMessages.js'
import { operationPercent } from './operationPercent.js'

/** What colour and icon say. No tone: nothing to point out. */
export type OperationTone = 'positive' | 'negative' | 'caution' | 'neutral'

/** How an operation is put into words. */
export interface OperationDescription {
  readonly messages: OperationMessages
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

type StatusMessage =
  | 'pending'
  | 'running'
  | 'connectionLost'
  | 'cannotCancel'
  | 'cancelling'
  | 'cancelled'
  | 'completed'
  | 'completedAfterCancel'
  | (typeof errorMessages)[ODataErrorKind]

const tones: Partial<Record<StatusMessage, OperationTone>> = {
  connectionLost: 'caution',
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

/** True when a cancel was asked for and refused for good. */
export function isCancelRefused({ status, canCancel, cancelRequestedAt }: OperationRecord): boolean {
  return status === 'running' && !canCancel && cancelRequestedAt !== undefined
}

function statusMessage(operation: OperationRecord): StatusMessage {
  const { status, error, pollError, cancelRequestedAt } = operation
  if (status === 'failed') return errorMessages[error?.kind ?? 'service']
  if (status === 'completed') return cancelRequestedAt === undefined ? 'completed' : 'completedAfterCancel'
  if (status !== 'running') return status
  if (pollError) return 'connectionLost'
  return isCancelRefused(operation) ? 'cannotCancel' : 'running'
}

/** Puts an operation into words: the one place that decides which message fits which record. */
export function describeOperation(
  operation: OperationRecord | undefined,
  label: string,
  { messages: own, locale }: MessageProps,
): OperationDescription {
  const messages = { ...defaultMessages, ...own }
  const context = { ...operationFormat(locale), label }
  if (operation === undefined) {
    return { messages, context, tone: undefined, text: messages.idle(operation, context), numbers: [] }
  }
  const name = statusMessage(operation)
  const numbers: string[] = []
  if (operation.status === 'running') {
    if (operationPercent(operation) !== null) numbers.push(messages.percent(operation, context))
    if (operation.progress.completed !== undefined) numbers.push(messages.itemCount(operation, context))
  }
  return {
    messages,
    context,
    tone: tones[name],
    text: messages[name](operation, context),
    numbers: numbers.filter((number) => number !== ''),
  }
}
