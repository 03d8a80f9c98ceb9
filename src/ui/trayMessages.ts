import type { OperationFormat } from './operationFormat.js'
import type { TrayCounts } from './trayCounts.js'

/** Makes a text from how many operations of a tray stand where. */
export type TrayMessage = (counts: TrayCounts, format: OperationFormat) => string

/** The texts of an {@link OperationTray} around those of its panels. */
export interface TrayMessages {
  /** Title of the list. */
  readonly trayTitle: TrayMessage
  /** Name of the button that opens it: how many operations go on, how many results and failures are new. */
  readonly traySummary: TrayMessage
  /** There is no operation in it. */
  readonly trayEmpty: TrayMessage
  /** Button: takes away all that are at their end. */
  readonly dismissFinished: TrayMessage
  /** Button: asks, and then cancels all that can be cancelled. */
  readonly cancelAll: TrayMessage
  /** What is asked before that. */
  readonly cancelAllQuestion: TrayMessage
  /** Button: cancels none of them. */
  readonly keepRunning: TrayMessage
}

/** The texts in English. */
export const trayMessages: TrayMessages = {
  trayTitle: () => 'Operations',
  traySummary: ({ active, results, failures }, { number, plural, list }) =>
    [
      'Operations',
      list([
        ...(active ? [`${number(active)} running`] : []),
        ...(results ? [`${number(results)} new ${plural(results, { one: 'result', other: 'results' })}`] : []),
        ...(failures ? [`${number(failures)} failed`] : []),
      ]),
    ]
      .filter(Boolean)
      .join(': '),
  trayEmpty: () => 'No operations.',
  dismissFinished: () => 'Dismiss finished',
  cancelAll: () => 'Cancel all',
  cancelAllQuestion: ({ cancellable }, { number, plural }) =>
    `Cancel ${number(cancellable)} ${plural(cancellable, { one: 'operation', other: 'operations' })}?`,
  keepRunning: () => 'Keep running',
}
