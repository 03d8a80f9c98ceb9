'use client'

import {
  type ComponentPropsWithoutRef,
  type ForwardedRef,
  forwardRef,
  type ReactElement,
  type ReactNode,
  type RefAttributes,
  useId,
} from 'react'
import type { OperationRecord } from '../core/operation.js'
import { classNames, type OperationClassName } from './classNames.js'
import { describeOperation } from './describeOperation.js'
import { ElapsedTime } from './ElapsedTime.js'
import { OperationProgress } from './OperationProgress.js'
import { OperationStatus } from './OperationStatus.js'
import { type OperationCallbackProps, operationActions } from './operationActions.js'
import type { MessageProps } from './operationMessages.js'
import { useKeptFocus } from './useKeptFocus.js'
import { useMessageProps } from './useMessageProps.js'
import { useShownOperation } from './useShownOperation.js'

/** Props of {@link OperationPanel}. */
export type OperationPanelProps<TResult = unknown> = Omit<
  ComponentPropsWithoutRef<'section'>,
  'className' | 'aria-label' | 'aria-labelledby'
> &
  MessageProps &
  OperationCallbackProps & {
    /** `undefined`: nothing was started. */
    readonly operation: OperationRecord<TResult> | undefined
    /** What the operation is called: the title of the panel, and its accessible name. */
    readonly label: string
    /**
     * Makes the title a heading of this level.
     * @default no heading
     */
    readonly headingLevel?: 1 | 2 | 3 | 4 | 5 | 6 | undefined
    /**
     * What to show of the result, below everything else, when the operation is completed. Not called when it returned nothing
     * (`result` is `undefined`). Relative links in a result are relative to `operation.url`.
     */
    readonly renderResult?:
      | ((result: Exclude<TResult, undefined>, operation: OperationRecord<TResult>) => ReactNode)
      | undefined
    /** Shown below everything else in every state. */
    readonly children?: ReactNode
    /** One line where there is room, for tables and toolbars; a group instead of a landmark. */
    readonly compact?: boolean | undefined
    readonly className?: OperationClassName
  }

/**
 * An operation from start to end: what it is called, how far it is, what it does, the time gone by, its result or error, and
 * what can be done about it. Nothing but the last line changes its height from state to state.
 *
 * A wait of less than 300 ms is not shown: what was there before stays until the answer. A wait that is shown stays for at
 * least 500 ms. Buttons do nothing while what is shown is over.
 *
 * Focus that was on a button which is gone moves to the button in its place, else to the title.
 *
 * @example
 * <OperationPanel label="Annual report" operation={report.operation} onCancel={report.cancel}
 *   onRetry={report.canRetry ? report.retry : undefined}
 *   renderResult={({ Url }, { url }) => <a href={new URL(Url, url).href}>Open</a>} />
 */
export const OperationPanel = forwardRef(function OperationPanel<TResult>(
  {
    operation: given,
    label,
    headingLevel,
    renderResult,
    children,
    compact = false,
    className,
    onCancel,
    onRetry,
    onRetryFailed,
    onCheckNow,
    onDismiss,
    messages: ownMessages,
    locale: ownLocale,
    ...rest
  }: OperationPanelProps<TResult>,
  ref: ForwardedRef<HTMLElement>,
) {
  const titleId = useId()
  const focus = useKeptFocus()
  const own = useMessageProps({ messages: ownMessages, locale: ownLocale })
  const { operation, messages: shownMessages } = useShownOperation(given, label, own.messages)
  const words = { ...own, messages: shownMessages }
  const description = describeOperation(operation, label, words)
  const { messages, context } = description
  const Title = headingLevel ? (`h${headingLevel}` as const) : 'div'

  const callbacks = { onCancel, onRetry, onRetryFailed, onCheckNow, onDismiss }

  const title = (
    <Title key="title" ref={focus.fallback} id={titleId} className="odata-panel-title" tabIndex={-1}>
      {label}
    </Title>
  )
  const actions = (
    <div key="actions" className="odata-panel-actions" {...focus.group}>
      {operation &&
        operationActions(operation, context.counts, callbacks).map(({ name, isBusy, onClick }) => (
          <button
            key={name}
            type="button"
            className="odata-button"
            data-action={name}
            aria-describedby={titleId}
            // `disabled` would drop the focus.
            aria-disabled={isBusy || undefined}
            // The second click of a double click may meet the next button in the same place; and what is shown may be over.
            onClick={({ detail }) => !isBusy && detail < 2 && operation === given && onClick()}
          >
            {messages[name](operation, context)}
          </button>
        ))}
    </div>
  )
  const bar = <OperationProgress key="bar" operation={operation} aria-labelledby={titleId} {...words} />
  const line = (
    <div key="line" className="odata-panel-line">
      <OperationStatus operation={operation} label={label} {...words} />
      {operation && operation.status !== 'completed' && <ElapsedTime operation={operation} description={description} />}
    </div>
  )
  const slot = (
    <div key="slot" className="odata-panel-slot">
      {operation?.status === 'completed' &&
        operation.result !== undefined &&
        renderResult?.(operation.result as Exclude<TResult, undefined>, operation)}
      {children}
    </div>
  )
  return (
    <section
      // A page with a table of operations is not a page with as many landmarks.
      role={compact ? 'group' : undefined}
      {...rest}
      ref={ref}
      aria-labelledby={titleId}
      className={classNames('odata-panel', className, operation)}
      data-status={operation?.status ?? 'idle'}
      data-compact={compact ? '' : undefined}
    >
      {compact ? (
        [title, bar, line, slot, actions]
      ) : (
        <>
          <div className="odata-panel-head">
            {title}
            {actions}
          </div>
          {bar}
          {line}
          {slot}
        </>
      )}
    </section>
  )
}) as <TResult = unknown>(props: OperationPanelProps<TResult> & RefAttributes<HTMLElement>) => ReactElement
