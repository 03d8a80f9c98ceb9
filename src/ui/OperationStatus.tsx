'use client'

import { type ComponentPropsWithoutRef, forwardRef } from 'react'
import type { OperationRecord } from '../core/operation.js'
import { classNames, type OperationClassName } from './classNames.js'
import { describeOperation } from './describeOperation.js'
import type { MessageProps } from './operationMessages.js'
import { StatusIcon } from './StatusIcon.js'
import { StatusText } from './StatusText.js'
import { useMessageProps } from './useMessageProps.js'
import { useShownOperation } from './useShownOperation.js'

/** Props of {@link OperationStatus}. */
export type OperationStatusProps = Omit<ComponentPropsWithoutRef<'div'>, 'className' | 'children'> &
  MessageProps & {
    /** `undefined`: nothing was started. */
    readonly operation: OperationRecord | undefined
    /** What the operation is called, for what is announced: "Annual report: 50%". */
    readonly label: string
    readonly className?: OperationClassName
    readonly children?: undefined
  }

/**
 * What an operation does now and how far it is, or how it ended. Screen readers hear the start, each quarter, trouble and the
 * end, not each change of the text; an error is an alert. A wait of less than 300 ms is neither shown nor said, and one that is
 * shown stays for at least 500 ms. Keep it mounted from before the start: what appears together with its text may not be heard.
 *
 * @example
 * <OperationStatus operation={report.operation} label="Annual report" />
 */
export const OperationStatus = forwardRef<HTMLDivElement, OperationStatusProps>(function OperationStatus(
  { operation: given, label, className, messages: ownMessages, locale: ownLocale, ...rest },
  ref,
) {
  const own = useMessageProps({ messages: ownMessages, locale: ownLocale })
  const { operation, messages } = useShownOperation(given, label, own.messages)
  const description = describeOperation(operation, label, { ...own, messages })
  const { tone } = description
  return (
    <div
      {...rest}
      ref={ref}
      className={classNames('odata-status', className, operation)}
      data-status={operation?.status ?? 'idle'}
      data-tone={tone}
    >
      {tone && <StatusIcon tone={tone} />}
      <StatusText operation={operation} description={description} />
    </div>
  )
})
