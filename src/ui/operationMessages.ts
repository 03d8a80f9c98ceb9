import type { OperationRecord } from '../core/operation.js'
import type { OperationFormat } from './operationFormat.js'
import { operationPercent } from './operationPercent.js'

/** What a message may need besides the operation: the formats of the locale, and what the operation is called. */
export interface MessageContext extends OperationFormat {
  /** The `label` of the component. */
  readonly label: string
}

/** Makes a text from the operation. */
export type OperationMessage = (operation: OperationRecord, context: MessageContext) => string

/** Every text of the components. An empty string leaves the text out. */
export interface OperationMessages {
  /** Nothing was started. */
  readonly idle: (operation: undefined, context: MessageContext) => string
  readonly pending: OperationMessage
  /** What the service does now. */
  readonly running: OperationMessage
  /** The service could not be asked last time; it is asked again. */
  readonly connectionLost: OperationMessage
  /** A cancel was asked for, and the service does not do that. */
  readonly cannotCancel: OperationMessage
  readonly cancelling: OperationMessage
  readonly cancelled: OperationMessage
  readonly completed: OperationMessage
  readonly completedAfterCancel: OperationMessage
  /** `error.kind` is `service`: the service's own words. */
  readonly serviceError: OperationMessage
  /** `error.kind` is `expired`. */
  readonly expired: OperationMessage
  /** `error.kind` is `timeout`. */
  readonly timeout: OperationMessage
  /** `error.kind` is `network`. */
  readonly networkError: OperationMessage
  /** `error.kind` is `monitor`. */
  readonly monitorError: OperationMessage
  /** `error.kind` is `protocol`. */
  readonly protocolError: OperationMessage
  /** `error.kind` is `configuration`. */
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
  /** Button. */
  readonly cancel: OperationMessage
  /** Button. */
  readonly retry: OperationMessage
  /** Button. */
  readonly checkNow: OperationMessage
  /** Button. */
  readonly dismiss: OperationMessage
}

/** Time from the start to the end in ms. */
const runtime = ({ submittedAt, settledAt = submittedAt }: OperationRecord) => settledAt - submittedAt

/** The texts in English. */
export const defaultMessages: OperationMessages = {
  idle: () => 'Not started.',
  pending: () => 'Sending the request…',
  running: ({ progress: { message, percent, completed } }) =>
    message || (percent === null && completed === undefined ? 'Working…' : ''),
  connectionLost: () => 'Connection lost. Trying again…',
  cannotCancel: () => 'This service can’t cancel it. It goes on.',
  cancelling: () => 'Cancelling…',
  cancelled: () => 'Cancelled. Work already done may remain.',
  completed: (operation, { duration }) =>
    runtime(operation) < 1000 ? 'Done.' : `Done in ${duration(runtime(operation))}.`,
  completedAfterCancel: () => 'Finished before it could be cancelled.',
  serviceError: ({ error }) => error?.message || 'The service could not do it.',
  expired: () => 'The result is no longer available.',
  timeout: (operation, { duration }) =>
    `No result after ${duration(runtime(operation))}. The service may still be working.`,
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
