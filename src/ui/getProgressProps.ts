import { type AsyncOperationStatus, isTerminal, type OperationRecord } from '../core/operation.js'
import { describeOperation, type OperationTone } from './describeOperation.js'
import type { MessageProps } from './operationMessages.js'
import { operationPercent } from './operationPercent.js'

/** A name for what can't have one of its own: the text itself, or the id of the element that holds it. */
export type AccessibleName =
  | { readonly 'aria-label': string; readonly 'aria-labelledby'?: undefined }
  | { readonly 'aria-labelledby': string; readonly 'aria-label'?: undefined }

/** Options of {@link getProgressProps}: the name, and the texts. */
export type GetProgressPropsOptions = AccessibleName & MessageProps

/** What {@link getProgressProps} returns. */
export interface ProgressProps {
  readonly role: 'progressbar'
  readonly 'aria-label': string | undefined
  readonly 'aria-labelledby': string | undefined
  readonly 'aria-valuemin': 0
  readonly 'aria-valuemax': 100
  /** `undefined` while the percentage is unknown. */
  readonly 'aria-valuenow': number | undefined
  readonly 'aria-valuetext': string
  readonly 'data-status': AsyncOperationStatus | 'idle'
  /** `''` while the operation is active and its percentage unknown. */
  readonly 'data-indeterminate': '' | undefined
  readonly 'data-tone': OperationTone | undefined
}

/**
 * What makes an element the progress bar of an operation (WAI-ARIA 1.2, `progressbar`). For the parts of another design system
 * {@link useOperationProps} gives more: the text, the buttons, and when to show them.
 *
 * @example
 * <div className="bar" {...getProgressProps(operation, { 'aria-label': 'Annual report' })} />
 */
export function getProgressProps(
  operation: OperationRecord | undefined,
  options: GetProgressPropsOptions,
): ProgressProps {
  const { 'aria-label': label, 'aria-labelledby': labelledBy } = options
  const { context, tone, text, numbers } = describeOperation(operation, label ?? '', options)
  const percent = operationPercent(operation)
  const isIndeterminate = operation !== undefined && !isTerminal(operation.status) && percent === null
  return {
    role: 'progressbar',
    'aria-label': label,
    'aria-labelledby': labelledBy,
    'aria-valuemin': 0,
    'aria-valuemax': 100,
    'aria-valuenow': percent ?? undefined,
    'aria-valuetext': context.list([text, ...numbers].filter((part) => part !== '')),
    'data-status': operation?.status ?? 'idle',
    'data-indeterminate': isIndeterminate ? '' : undefined,
    'data-tone': tone,
  }
}
