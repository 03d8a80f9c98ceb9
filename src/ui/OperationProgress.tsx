'use client'

import { type ComponentPropsWithoutRef, forwardRef } from 'react'
import type { OperationRecord } from '../core/operation.js'
import { classNames, type OperationClassName } from './classNames.js'
import { type GetProgressPropsOptions, getProgressProps, type ProgressProps } from './getProgressProps.js'
import { operationPercent } from './operationPercent.js'
import { useMessageProps } from './useMessageProps.js'
import { useShownOperation } from './useShownOperation.js'
import { visuallyHidden } from './visuallyHidden.js'

/** Props of {@link OperationProgress}. Exactly one of `aria-label` and `aria-labelledby` names the bar. */
export type OperationProgressProps = Omit<
  ComponentPropsWithoutRef<'div'>,
  keyof ProgressProps | 'className' | 'children'
> &
  GetProgressPropsOptions & {
    /** `undefined`: nothing was started. */
    readonly operation: OperationRecord | undefined
    readonly className?: OperationClassName
    /** None: what is inside of a bar cannot be heard. */
    readonly children?: undefined
  }

/**
 * The bar of an operation. It shows no text: put its label beside it, and an {@link OperationStatus} below.
 * A wait of less than 300 ms is not shown, and one that is shown stays for at least 500 ms.
 * Sets `data-status`, `data-tone` and, while the percentage is unknown, `data-indeterminate`.
 *
 * @example
 * <OperationProgress operation={report.operation} aria-label="Annual report" />
 */
export const OperationProgress = forwardRef<HTMLDivElement, OperationProgressProps>(function OperationProgress(
  { operation: given, className, messages: ownMessages, locale: ownLocale, ...rest },
  ref,
) {
  const own = useMessageProps({ messages: ownMessages, locale: ownLocale })
  const { operation, messages } = useShownOperation(given, rest['aria-label'] ?? rest['aria-labelledby'], own.messages)
  const props = getProgressProps(operation, { ...rest, messages, locale: own.locale })
  const percent = operationPercent(operation)
  return (
    <div {...rest} {...props} ref={ref} className={classNames('odata-progress', className, operation)}>
      <span className="odata-progress-track">
        <span
          className="odata-progress-indicator"
          style={percent === null ? undefined : { inlineSize: `${percent}%` }}
        />
      </span>
      {/* NVDA passes over a progress bar without text. */}
      <span style={visuallyHidden}>{props['aria-valuetext']}</span>
    </div>
  )
})
