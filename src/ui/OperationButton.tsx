'use client'

import {
  type ComponentPropsWithoutRef,
  type ForwardedRef,
  forwardRef,
  type MouseEvent,
  type ReactElement,
  type ReactNode,
  type RefAttributes,
  useId,
} from 'react'
import { isTerminal, type OperationRecord } from '../core/operation.js'
import { classNames, type OperationClassName } from './classNames.js'
import { describeOperation } from './describeOperation.js'
import { OperationProgress } from './OperationProgress.js'
import { OperationStatus } from './OperationStatus.js'
import { type OperationCallbackProps, operationActions } from './operationActions.js'
import type { MessageProps } from './operationMessages.js'
import { operationPercent } from './operationPercent.js'
import { SteadyText } from './SteadyText.js'
import { useKeptFocus } from './useKeptFocus.js'
import { useMessageProps } from './useMessageProps.js'
import { useShownOperation } from './useShownOperation.js'
import { visuallyHidden } from './visuallyHidden.js'

type WithResult<TResult, TReturn> = (
  result: Exclude<TResult, undefined>,
  operation: OperationRecord<TResult>,
) => TReturn

/** Props of {@link OperationButton}. What is not listed goes to its button, `className` and `style` too. */
export type OperationButtonProps<TResult = unknown> = Omit<
  ComponentPropsWithoutRef<'button'>,
  'className' | 'children' | 'onClick' | 'aria-busy' | 'aria-disabled' | 'aria-label' | 'aria-labelledby'
> &
  MessageProps &
  Pick<OperationCallbackProps, 'onCancel' | 'onDismiss'> & {
    /** `undefined`: nothing was started. */
    readonly operation: OperationRecord<TResult> | undefined
    /** What the button does: "Generate report". */
    readonly label: string
    /** Starts it, the first time and again. Leave it out in a form that starts it when it is submitted, with `type="submit"`. */
    readonly onStart?: (() => unknown) | undefined
    /**
     * Opens the result: after the end the button does that, until the operation is dismissed or started again. Not for an
     * operation that returned nothing.
     */
    readonly onOpen?: WithResult<TResult, unknown> | undefined
    /** What to show of the result beside the button; not called for an operation that returned nothing. */
    readonly renderResult?: WithResult<TResult, ReactNode> | undefined
    /**
     * What the button says while it works: "Generating…".
     * @default "…" after the `label`
     */
    readonly busyLabel?: string | undefined
    /**
     * What the button says when there is something to open: "Open report".
     * @default "Open"
     */
    readonly doneLabel?: string | undefined
    readonly className?: OperationClassName
  }

/** For the texts that are not shown yet, and need their room. */
const notStarted: OperationRecord = {
  ...{ id: '', kind: 'action', method: 'POST', url: '', monitor: '', status: 'pending', canCancel: true },
  ...{ progress: { percent: null }, submittedAt: 0, pollCount: 0, pollFailures: 0 },
}

/**
 * A button that starts an operation, shows how far it is, and opens the result; after an error it says "Retry" where that is
 * safe. It has the same width in all states, and the focus stays on it. Cancel, then Dismiss, is beside it, in a place that is
 * kept free; what went wrong is said behind that.
 *
 * Waits of less than 300 ms are not shown, and a double click does nothing twice.
 *
 * @example
 * <OperationButton label="Generate report" busyLabel="Generating…" doneLabel="Open report" operation={report.operation}
 *   onStart={() => report.start({ Year: 2026 })} onCancel={report.cancel} onDismiss={report.reset}
 *   onOpen={({ Url }, { url }) => window.open(new URL(Url, url))} />
 */
export const OperationButton = /* @__PURE__ */ forwardRef(function OperationButton<TResult>(
  {
    operation: given,
    label,
    busyLabel,
    doneLabel,
    onStart,
    onCancel,
    onDismiss,
    onOpen,
    renderResult,
    className,
    messages: ownMessages,
    locale: ownLocale,
    ...rest
  }: OperationButtonProps<TResult>,
  ref: ForwardedRef<HTMLButtonElement>,
) {
  const ownId = useId()
  const id = rest.id ?? ownId
  const focus = useKeptFocus('[aria-busy]')
  const own = useMessageProps({ messages: ownMessages, locale: ownLocale })
  const { operation, messages: shownMessages } = useShownOperation(given, label, own.messages)
  const words = { ...own, messages: shownMessages }
  const { messages, context, tone } = describeOperation(operation, label, words)
  const status = operation?.status ?? 'idle'
  const isActive = status !== 'idle' && !isTerminal(status)
  const result = status === 'completed' ? (operation?.result as Exclude<TResult, undefined> | undefined) : undefined
  const canOpen = onOpen !== undefined && result !== undefined

  const actions = operation
    ? operationActions(operation, context.counts, { onCancel, onDismiss, onRetry: () => {} })
    : []
  const beside = actions.find(({ name }) => name !== 'retry')
  const canRetry = status === 'failed' && actions.some(({ name }) => name === 'retry')

  const record = operation ?? notStarted
  const texts = {
    start: label,
    busy: busyLabel ?? messages.busy(record, context),
    cancelling: messages.cancelling(record, context),
    retry: messages.retry(record, context),
    open: doneLabel ?? messages.open(record, context),
  }
  const passive = status === 'cancelling' ? 'cancelling' : 'busy'
  const action = isActive ? passive : canOpen ? 'open' : canRetry ? 'retry' : 'start'
  const isCounting = action === 'busy' && operationPercent(operation) !== null
  // What the label says already is only for screen readers.
  const isPlain = tone ? canOpen : !(status === 'running' && record.cancelRequestedAt !== undefined)

  const besideTexts = [
    ...(onCancel ? [messages.cancel(record, context)] : []),
    ...(onDismiss ? [messages.dismiss(record, context)] : []),
  ]

  const click = (event: MouseEvent) => {
    // Once: what is shown may be over, and the second click of a double click may meet another label.
    if (!isActive && event.detail < 2 && operation === given) {
      if (!canOpen || !operation) return onStart?.()
      onOpen(result, operation)
    }
    event.preventDefault()
  }

  return (
    <div className="odata-start" data-status={status} data-tone={tone} {...focus.group}>
      <span className="odata-start-main">
        <button
          type="button"
          {...rest}
          ref={ref}
          id={id}
          className={classNames('odata-button', className, operation)}
          data-action={action}
          aria-busy={isActive}
          // `disabled` would drop the focus.
          aria-disabled={isActive || undefined}
          onClick={click}
        >
          <SteadyText
            texts={[
              label,
              `${texts.busy} ${context.percent(99)}`,
              ...(onCancel ? [texts.cancelling] : []),
              texts.retry,
              ...(onOpen ? [texts.open] : []),
            ]}
          >
            {texts[action]}
            {/* Not part of the name, which would be read again with each step. */}
            {isCounting && <bdi aria-hidden="true"> {messages.percent(record, context)}</bdi>}
          </SteadyText>
        </button>
        {isActive && <OperationProgress operation={operation} aria-label={label} {...words} />}
      </span>
      {beside && operation ? (
        <button
          key={beside.name}
          type="button"
          className="odata-button"
          data-action={beside.name}
          aria-describedby={id}
          aria-disabled={beside.isBusy || undefined}
          onClick={({ detail }) => !beside.isBusy && detail < 2 && operation === given && beside.onClick()}
        >
          <SteadyText texts={besideTexts}>{messages[beside.name](operation, context)}</SteadyText>
        </button>
      ) : (
        besideTexts.length > 0 && (
          <span className="odata-button" aria-hidden="true" style={{ visibility: 'hidden' }}>
            <SteadyText texts={besideTexts} />
          </span>
        )
      )}
      <OperationStatus operation={operation} label={label} {...words} style={isPlain ? visuallyHidden : undefined} />
      {operation && result !== undefined && renderResult?.(result, operation)}
    </div>
  )
}) as <TResult = unknown>(props: OperationButtonProps<TResult> & RefAttributes<HTMLButtonElement>) => ReactElement
