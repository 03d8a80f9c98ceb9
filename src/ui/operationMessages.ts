import type { BatchItemData } from '../core/batch/BatchItem.js'
import type { OperationRecord } from '../core/operation.js'
import { type BatchCounts, type BatchStanding, batchRemainders, isReadOnly, standingOf } from './batchCounts.js'
import type { OperationFormat } from './operationFormat.js'
import { operationPercent } from './operationPercent.js'
import { operationRuntime } from './operationRuntime.js'
import type { TrayMessages } from './trayMessages.js'

/** What a message may need besides the operation: the formats of the locale, what the operation is called, how its requests stand. */
export interface MessageContext extends OperationFormat {
  /** The `label` of the component. */
  readonly label: string
  /** Of a batch; else all are 0. */
  readonly counts: BatchCounts
}

/** Makes a text from the operation. */
export type OperationMessage = (operation: OperationRecord, context: MessageContext) => string

/** Makes a text from one request of a batch. */
export type BatchItemMessage = (item: BatchItemData, format: OperationFormat) => string

/** Every text of the components. An empty string leaves the text out. */
export interface OperationMessages extends TrayMessages {
  /** Nothing was started. */
  readonly idle: (operation: undefined, context: MessageContext) => string
  /** The request is sent, there is no answer yet. */
  readonly pending: OperationMessage
  /** What the service does now. */
  readonly running: OperationMessage
  /** The service could not be reached last time (`pollError.kind` is `network`); it is asked again. */
  readonly connectionLost: OperationMessage
  /** The service could be reached, but gave no usable answer (`pollError.kind` is `monitor`); it is asked again. */
  readonly serviceUnavailable: OperationMessage
  /** The service wants fresh credentials (`pauseReason` is `auth`); it is asked again when they are there. */
  readonly waitingForSignIn: OperationMessage
  /** There is no network (`pauseReason` is `offline`); it goes on, or is sent, when there is one again. */
  readonly offline: OperationMessage
  /** It is not asked for while the page is hidden (`pauseReason` is `hidden`). */
  readonly pausedWhileHidden: OperationMessage
  /** `pause()` was called, or nobody was there to look (`pauseReason` is `user` or `unmounted`). The service goes on. */
  readonly paused: OperationMessage
  /** A cancel was asked for, and the service does not do that. */
  readonly cannotCancel: OperationMessage
  /** A cancel was asked for, and came to nothing or was refused (`isCancelRefused`); it may be asked for again. */
  readonly cancelFailed: OperationMessage
  /** A cancel was asked for, the service has not said the last word. */
  readonly cancelling: OperationMessage
  /** The service cancelled it. Promise nothing about work already done. */
  readonly cancelled: OperationMessage
  /** Done; the result is there. */
  readonly completed: OperationMessage
  /** The same, when a cancel that the service could have done came too late. */
  readonly completedAfterCancel: OperationMessage
  /** `error.kind` is `service`: the service's own words. */
  readonly serviceError: OperationMessage
  /** `error.kind` is `expired`: the result is gone. */
  readonly expired: OperationMessage
  /** `error.kind` is `timeout`: we stopped waiting; the service may go on. */
  readonly timeout: OperationMessage
  /** `error.kind` is `network`: no answer to the request that starts it; it may or may not have started. */
  readonly networkError: OperationMessage
  /** `error.kind` is `monitor`: it cannot be followed any more; the service may go on. */
  readonly monitorError: OperationMessage
  /** `error.kind` is `protocol`: the answer cannot be used. */
  readonly protocolError: OperationMessage
  /** `error.kind` is `configuration`: nothing was sent. */
  readonly configurationError: OperationMessage
  /** The code of an error, shown small after it. */
  readonly errorCode: OperationMessage
  /** How far it is. Not asked for while that is unknown. */
  readonly percent: OperationMessage
  /** How many items are done. Not asked for while the service does not count. */
  readonly itemCount: OperationMessage
  /** Said before an error; not shown. */
  readonly failed: OperationMessage
  /** Said when the operation starts. */
  readonly started: OperationMessage
  /** Puts a text into a sentence that makes sense without the rest of the page. Said, not shown. */
  readonly announcement: (operation: OperationRecord, context: MessageContext, text: string) => string
  /** Said before the elapsed time; not shown. */
  readonly elapsed: OperationMessage
  /** Button: asks the service to cancel. */
  readonly cancel: OperationMessage
  /** Button: starts it again. */
  readonly retry: OperationMessage
  /** Button: asks how far it is, without waiting. */
  readonly checkNow: OperationMessage
  /** Button: takes it away after its end. */
  readonly dismiss: OperationMessage
  /** What became of a batch, at its end; after the reason when it was cancelled or failed and some of it was answered. */
  readonly batchSummary: OperationMessage
  /** How many requests of a batch have failed so far. Not asked for when none has. */
  readonly failedCount: OperationMessage
  /** Button: sends again what failed in a batch and what was not done. */
  readonly retryFailed: OperationMessage
  /** One request in the user's words. `path` is its URL below that of the service. */
  readonly itemName: (item: BatchItemData, format: OperationFormat, path: string) => string
  /** Where one request stands, in a word or two. */
  readonly itemState: BatchItemMessage
  /** Why one request was not done, shown below it: what the service said of it. */
  readonly itemReason: BatchItemMessage
  /** Button: lists all requests of a batch, not only those with a problem. */
  readonly showAll: OperationMessage
  /** Button: the other way round. */
  readonly showFewer: OperationMessage
  /** Button: lists more requests where there are very many. */
  readonly showMore: OperationMessage
  /** What the button says that started it, while it goes on: the `busyLabel` where none is given. */
  readonly busy: OperationMessage
  /** Button: opens the result. */
  readonly open: OperationMessage
}

const itemStates: Record<BatchStanding, string> = {
  waiting: 'Waiting',
  pending: 'Still going on',
  succeeded: 'Done',
  failed: 'Failed',
  notDone: 'Not done',
  unknown: 'Unknown',
}

/** Those that a single operation needs. */
export type PanelMessages = Omit<OperationMessages, keyof TrayMessages>

/** The texts in English. */
export const panelMessages: PanelMessages = {
  idle: () => 'Not started.',
  pending: () => 'Sending the request…',
  running: ({ progress: { message, percent, completed } }) =>
    message || (percent === null && completed === undefined ? 'Working…' : ''),
  connectionLost: () => 'Connection lost. Trying again…',
  serviceUnavailable: () => 'The service does not answer as it should. Trying again…',
  waitingForSignIn: () => 'Waiting for sign-in…',
  offline: () => 'Offline. Goes on when you are back online.',
  pausedWhileHidden: () => 'Paused while hidden.',
  paused: () => 'Paused. The service may go on.',
  cannotCancel: () => 'This service can’t cancel it. It goes on.',
  cancelFailed: () => 'Could not be cancelled. It goes on.',
  cancelling: () => 'Cancelling…',
  cancelled: () => 'Cancelled. Work already done may remain.',
  completed: (operation, { duration }) =>
    operationRuntime(operation) < 1000 ? 'Done.' : `Done in ${duration(operationRuntime(operation))}.`,
  completedAfterCancel: () => 'Finished before it could be cancelled.',
  serviceError: ({ error }) => error?.message || 'The service could not do it.',
  expired: () => 'The result is no longer available.',
  timeout: (operation, { duration }) =>
    `No result after ${duration(operationRuntime(operation))}. The service may still be working.`,
  networkError: () => 'No answer from the service. It may or may not have started.',
  monitorError: () => 'Its progress can no longer be read. The service may still be working.',
  protocolError: () => 'The answer of the service could not be read.',
  configurationError: () => 'The request could not be sent.',
  errorCode: ({ error }) => (error?.code ? `Error ${error.code}` : ''),
  percent: (operation, { percent }) => percent(operationPercent(operation) ?? 0),
  itemCount: ({ progress: { completed = 0, total } }, { number }) =>
    total === undefined ? number(completed) : `${number(completed)} of ${number(total)}`,
  failed: ({ error }, { label }) => (error?.kind === 'service' ? `${label} failed:` : `${label}:`),
  started: () => 'started.',
  announcement: (_, { label }, text) => `${label}: ${text}`,
  elapsed: () => 'Elapsed time',
  cancel: () => 'Cancel',
  retry: () => 'Retry',
  checkNow: () => 'Check now',
  dismiss: () => 'Dismiss',
  batchSummary: (operation, { number, list, counts }) =>
    `${list([
      `${number(counts.succeeded)} of ${number(counts.total)} ${isReadOnly(operation) ? 'read' : 'saved'}`,
      ...batchRemainders(counts).map((name) => `${number(counts[name])} ${itemStates[name].toLowerCase()}`),
    ])}.`,
  failedCount: (_, { number, counts }) => `${number(counts.failed)} failed`,
  retryFailed: (_, { number, counts: { failed, notDone } }) => `Retry failed (${number(failed + notDone)})`,
  itemName: ({ label, method }, _, path) => label || `${method} ${path}`,
  itemState: (item) => itemStates[standingOf(item)] ?? '',
  itemReason: ({ outcome, error }) => {
    const said = error?.message ?? ''
    if (outcome === 'failed') return said || 'The service could not do it.'
    if (outcome === 'rolled-back') return `Nothing of its group was saved. ${said}`.trim()
    return outcome === 'dependency-failed' ? 'Something that it needs failed.' : ''
  },
  showAll: (_, { number, counts }) => `Show all ${number(counts.total)}`,
  showFewer: () => 'Show fewer',
  showMore: () => 'Show more',
  busy: (_, { label }) => `${label}…`,
  open: () => 'Open',
}

/** Props of every component that shows text. */
export interface MessageProps {
  /** Texts that replace the English ones. */
  readonly messages?: Partial<OperationMessages> | undefined
  /**
   * BCP 47 tag for numbers and times. Give it when rendering on a server, whose own may differ from the browser's.
   * @default the locale of the browser
   */
  readonly locale?: string | undefined
}
