'use client'

import type { FocusEvent, MouseEvent, ReactNode } from 'react'
import { type AsyncOperationStatus, isTerminal, type OperationRecord } from '../core/operation.js'
import { describeOperation, type OperationTone } from './describeOperation.js'
import { getProgressProps, type ProgressProps } from './getProgressProps.js'
import { type OperationAction, type OperationCallbackProps, operationActions } from './operationActions.js'
import type { MessageProps } from './operationMessages.js'
import { operationPercent } from './operationPercent.js'
import { type PropGetter, propGetter } from './propGetter.js'
import { StatusText } from './StatusText.js'
import { useKeptFocus } from './useKeptFocus.js'
import { useMessageProps } from './useMessageProps.js'
import { useShownOperation } from './useShownOperation.js'

/** Options of {@link useOperationProps}: a name, what the buttons do, and the texts. */
export interface UseOperationPropsOptions extends OperationCallbackProps, MessageProps {
  /** What the operation is called: the accessible name of the bar and of the group around all parts. */
  readonly label: string
}

/** For the element around all parts. */
export interface OperationRootProps {
  readonly role: 'group'
  readonly 'aria-label': string
  /** It takes the focus when the button that had it goes away and no other is there. */
  readonly tabIndex: -1
  readonly 'data-status': AsyncOperationStatus | 'idle'
  readonly 'data-tone': OperationTone | undefined
  readonly onFocus: (event: FocusEvent<HTMLElement>) => void
  readonly onBlur: (event: FocusEvent<HTMLElement>) => void
}

/** For the element with the text. */
export interface OperationStatusTextProps {
  /** The text, and what screen readers hear of it. */
  readonly children: ReactNode
  readonly 'data-status': AsyncOperationStatus | 'idle'
  readonly 'data-tone': OperationTone | undefined
}

/** For a button. */
export interface OperationActionProps {
  readonly type: 'button'
  readonly children: string
  readonly 'data-action': OperationAction['name']
  /** While the button has done its work already. `disabled` would drop the focus. */
  readonly 'aria-disabled': true | undefined
  /** There is nothing for the button to do. */
  readonly hidden: boolean
  /** Hides it from styles, too, that set `display`. */
  readonly style: { readonly display?: 'none' }
  /** The event of a browser, of React or of a web component. */
  readonly onClick: (event: { readonly detail: unknown; readonly defaultPrevented: boolean }) => void
}

/** Taken from a method, so that handlers of any kind of that event are taken. */
type Handler<TEvent> = { handle(event: TEvent): unknown }['handle'] | undefined

interface ClickHandlers {
  readonly onClick?: Handler<MouseEvent<HTMLElement>>
}

interface FocusHandlers {
  readonly onFocus?: Handler<FocusEvent<HTMLElement>>
  readonly onBlur?: Handler<FocusEvent<HTMLElement>>
}

/** What {@link useOperationProps} returns: props for each part, and facts for props of your own. */
export interface OperationProps<TResult = unknown> {
  /** The operation as it is to be shown: for 300 ms after a start that is what was shown before. */
  readonly operation: OperationRecord<TResult> | undefined
  /** 0–100 in whole numbers, `null` while unknown. */
  readonly percent: number | null
  /** Is it active with a percentage that is unknown? Not before the start, nor after an end. */
  readonly isIndeterminate: boolean
  readonly tone: OperationTone | undefined
  /** For the element around all parts: names it, and keeps the focus when a button inside goes away. */
  readonly getRootProps: PropGetter<OperationRootProps, FocusHandlers>
  /**
   * For the bar, which is named by the label; or by an element, when you pass `aria-labelledby`. A bar that takes no such props
   * goes into an element that does: `<div {...getProgressProps()}><Bar aria-hidden="true" value={percent ?? 0} /></div>`.
   */
  readonly getProgressProps: PropGetter<ProgressProps>
  /**
   * For the text, as an {@link OperationStatus} has it: screen readers hear the start, each quarter, trouble and the end, and an
   * error is an alert. Keep the element mounted from before the start.
   */
  readonly getStatusProps: PropGetter<OperationStatusTextProps>
  /**
   * For a button. It is `hidden` unless its callback was given and the state allows it, so that it may stay where it is;
   * or leave it out: `!cancel.hidden && <Button {...cancel} />`.
   */
  readonly getCancelProps: PropGetter<OperationActionProps, ClickHandlers>
  readonly getRetryProps: PropGetter<OperationActionProps, ClickHandlers>
  readonly getRetryFailedProps: PropGetter<OperationActionProps, ClickHandlers>
  readonly getCheckNowProps: PropGetter<OperationActionProps, ClickHandlers>
  readonly getDismissProps: PropGetter<OperationActionProps, ClickHandlers>
}

/**
 * What makes the bar, the text and the buttons of another design system those of an operation. It knows when to show what, what
 * to say, and where the focus goes; you bring the components.
 *
 * @example
 * const { percent, isIndeterminate, getRootProps, getProgressProps, getStatusProps, getCancelProps } = useOperationProps(
 *   report.operation,
 *   { label: 'Annual report', onCancel: report.cancel },
 * )
 * return (
 *   <div {...getRootProps()}>
 *     <LinearProgress {...getProgressProps()} variant={isIndeterminate ? 'indeterminate' : 'determinate'} value={percent ?? 0} />
 *     <Typography {...getStatusProps()} />
 *     <Button {...getCancelProps()} />
 *   </div>
 * )
 */
export function useOperationProps<TResult = unknown>(
  given: OperationRecord<TResult> | undefined,
  { label, messages: ownMessages, locale, ...callbacks }: UseOperationPropsOptions,
): OperationProps<TResult> {
  const own = useMessageProps({ messages: ownMessages, locale })
  const focus = useKeptFocus('[data-action]:not([hidden])')
  const { operation, messages: shownMessages } = useShownOperation(given, label, own.messages)
  const words = { ...own, messages: shownMessages }
  const description = describeOperation(operation, label, words)
  const { messages, context, tone } = description
  const percent = operationPercent(operation)
  const state = { 'data-status': operation?.status ?? 'idle', 'data-tone': tone } as const
  const actions = operation ? operationActions(operation, context.counts, callbacks) : []

  const buttonOf = (name: OperationAction['name']): OperationProps['getCancelProps'] => {
    const action = actions.find((each) => each.name === name)
    return propGetter<OperationActionProps, ClickHandlers>({
      type: 'button',
      children: operation ? messages[name](operation, context) : '',
      'data-action': name,
      'aria-disabled': action?.isBusy || undefined,
      hidden: action === undefined,
      style: action ? {} : { display: 'none' },
      onClick: ({ detail }) => {
        // The second click of a double click may meet the next button in the same place; and what is shown may be over.
        const isSecond = typeof detail === 'number' && detail > 1
        if (action && !action.isBusy && !isSecond && operation === given) action.onClick()
      },
    })
  }

  return {
    operation,
    percent,
    isIndeterminate: operation !== undefined && !isTerminal(operation.status) && percent === null,
    tone,
    getRootProps: propGetter({ role: 'group', 'aria-label': label, tabIndex: -1, ...state, ...focus.group }),
    getProgressProps: (props) => {
      const bar = getProgressProps(operation, { 'aria-label': label, ...words })
      const isNamed = props && 'aria-labelledby' in props && props['aria-labelledby'] !== undefined
      return propGetter(isNamed ? { ...bar, 'aria-label': undefined } : bar)(props)
    },
    getStatusProps: propGetter({
      ...state,
      children: <StatusText operation={operation} description={description} />,
    }),
    getCancelProps: buttonOf('cancel'),
    getRetryProps: buttonOf('retry'),
    getRetryFailedProps: buttonOf('retryFailed'),
    getCheckNowProps: buttonOf('checkNow'),
    getDismissProps: buttonOf('dismiss'),
  }
}
