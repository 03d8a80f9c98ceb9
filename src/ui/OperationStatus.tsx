'use client'

import { type ComponentPropsWithoutRef, Fragment, forwardRef } from 'react'
import type { OperationRecord } from '../core/operation.js'
import { classNames, type OperationClassName } from './classNames.js'
import { describeOperation } from './describeOperation.js'
import type { MessageProps } from './operationMessages.js'
import { StatusIcon } from './StatusIcon.js'
import { useAnnouncement } from './useAnnouncement.js'
import { useShownOperation } from './useShownOperation.js'
import { visuallyHidden } from './visuallyHidden.js'

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
  { operation: given, label, className, messages: ownMessages, locale, ...rest },
  ref,
) {
  const { operation, messages: shownMessages } = useShownOperation(given, label, ownMessages)
  const description = describeOperation(operation, label, { messages: shownMessages, locale })
  const announcement = useAnnouncement(operation, description)
  const { messages, context, tone, text, numbers } = description
  const code = operation?.status === 'failed' ? messages.errorCode(operation, context) : ''
  return (
    <div
      {...rest}
      ref={ref}
      className={classNames('odata-status', className, operation)}
      data-status={operation?.status ?? 'idle'}
      data-tone={tone}
    >
      {tone && <StatusIcon tone={tone} />}
      {operation?.status === 'failed' ? (
        <div role="alert" className="odata-status-error">
          <span style={visuallyHidden}>{messages.failed(operation, context)} </span>
          <span className="odata-status-text" dir="auto">
            {text}
          </span>
          {code && (
            <>
              {' '}
              <span className="odata-status-code">{code}</span>
            </>
          )}
        </div>
      ) : (
        <>
          {text && (
            <span className="odata-status-text" dir="auto" title={text}>
              {text}
            </span>
          )}
          {numbers.length > 0 && (
            <span className="odata-status-numbers">
              {numbers.map((number, index) => (
                <Fragment key={number}>
                  {(index > 0 || text) && ' · '}
                  <bdi>{number}</bdi>
                </Fragment>
              ))}
            </span>
          )}
        </>
      )}
      <span role="status" style={visuallyHidden}>
        {announcement}
      </span>
    </div>
  )
})
