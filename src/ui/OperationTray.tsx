'use client'

import {
  type ComponentPropsWithoutRef,
  type ForwardedRef,
  forwardRef,
  type ReactElement,
  type ReactNode,
  type RefAttributes,
  useCallback,
  useEffect,
  useId,
  useRef,
  useState,
} from 'react'
import type { OperationRecord } from '../core/operation.js'
import { OperationTrayList } from './OperationTrayList.js'
import type { TrayRowProps } from './OperationTrayRow.js'
import { operationFormat } from './operationFormat.js'
import type { MessageProps } from './operationMessages.js'
import { StatusIcon } from './StatusIcon.js'
import { trayCounts } from './trayCounts.js'
import { trayMessages } from './trayMessages.js'
import { useMessageProps } from './useMessageProps.js'
import { visuallyHidden } from './visuallyHidden.js'

/** Props of {@link OperationTray}. */
export type OperationTrayProps<TResult = unknown> = Omit<ComponentPropsWithoutRef<'div'>, 'children'> &
  MessageProps & {
    /** All that is to be listed, in any order. */
    readonly operations: readonly OperationRecord<TResult>[]
    /** What one of them is called. */
    readonly labelOf: (operation: OperationRecord<TResult>) => string
    /** Asks the service to cancel one. Keep this and the next two stable, or all rows render with each change of one. */
    readonly onCancel?: ((id: string) => unknown) | undefined
    /** Takes one out of `operations` after its end. */
    readonly onDismiss?: ((id: string) => unknown) | undefined
    /** What to show of the result of one, below everything else; not called when it returned nothing. */
    readonly renderResult?:
      | ((result: Exclude<TResult, undefined>, operation: OperationRecord<TResult>) => ReactNode)
      | undefined
    /** Is the list open? Leave it out, and the tray keeps that by itself. */
    readonly open?: boolean | undefined
    /** @default false */
    readonly defaultOpen?: boolean | undefined
    /** The button was pressed; or the list is to be closed by Escape, by a click or by the focus elsewhere. */
    readonly onOpenChange?: ((isOpen: boolean) => void) | undefined
  }

/**
 * All operations of an app in one place, wherever they were started: a button that tells how many are under way, how many
 * results are new and how many failed since the reader last looked; and the list that it opens, the newest first, 20 at a time.
 *
 * Tab goes from the button into the list and on; Escape closes it and goes back to the button. What ends while the list is
 * closed is heard through an {@link OperationAnnouncer}. The list is at the end of the button, below; at the bottom of a narrow
 * screen. Move it by CSS: `.odata-tray-popover`.
 *
 * @example
 * <OperationTray {...useOperationTray()} labelOf={({ id }) => titles[id] ?? 'Report'} />
 */
export const OperationTray = /* @__PURE__ */ forwardRef(function OperationTray<TResult>(
  {
    operations,
    labelOf,
    onCancel,
    onDismiss,
    renderResult,
    open,
    defaultOpen = false,
    onOpenChange,
    messages: ownMessages,
    locale,
    className,
    ...rest
  }: OperationTrayProps<TResult>,
  ref: ForwardedRef<HTMLDivElement>,
) {
  const listId = useId()
  const button = useRef<HTMLButtonElement>(null)
  const [isOwnOpen, setIsOwnOpen] = useState(defaultOpen)
  const isOpen = open ?? isOwnOpen
  // What has ended before that is not new.
  const [seenAt, setSeenAt] = useState(Date.now)
  const own = useMessageProps({ messages: ownMessages, locale })
  const texts = { ...trayMessages, ...own.messages }
  const format = operationFormat(own.locale)
  const counts = trayCounts(operations, isOpen ? Number.POSITIVE_INFINITY : seenAt)

  const setIsOpen = useCallback(
    (next: boolean) => {
      setIsOwnOpen(next)
      onOpenChange?.(next)
    },
    [onOpenChange],
  )

  useEffect(() => {
    if (isOpen) return () => setSeenAt(Date.now())
  }, [isOpen])

  useEffect(() => {
    const tray = button.current?.parentElement
    if (!isOpen || !tray) return
    const page = tray.ownerDocument
    const leave = (event: Event) => {
      if (!event.composedPath().includes(tray)) setIsOpen(false)
    }
    const closeByKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return
      setIsOpen(false)
      button.current?.focus()
    }
    page.addEventListener('pointerdown', leave, true)
    page.addEventListener('focusin', leave, true)
    page.addEventListener('keydown', closeByKey)
    return () => {
      page.removeEventListener('pointerdown', leave, true)
      page.removeEventListener('focusin', leave, true)
      page.removeEventListener('keydown', closeByKey)
    }
  }, [isOpen, setIsOpen])

  const { active, results, failures } = counts
  const row: TrayRowProps = { onCancel, onDismiss, renderResult, messages: ownMessages, locale }
  return (
    <div
      {...rest}
      ref={ref}
      className={['odata-tray', className].filter(Boolean).join(' ')}
      data-status={failures ? 'failed' : results ? 'completed' : active ? 'running' : 'idle'}
      data-open={isOpen ? '' : undefined}
    >
      <button
        ref={button}
        type="button"
        className="odata-button odata-tray-button"
        aria-expanded={isOpen}
        aria-controls={isOpen ? listId : undefined}
        onClick={() => setIsOpen(!isOpen)}
      >
        <TrayIcon />
        <span style={visuallyHidden}>{texts.traySummary(counts, format)}</span>
        {active > 0 && <b aria-hidden="true">{format.number(active)}</b>}
        {results > 0 && (
          <span className="odata-tray-new" aria-hidden="true" data-tone="positive">
            <StatusIcon tone="positive" />
            {format.number(results)}
          </span>
        )}
        {failures > 0 && (
          <span className="odata-tray-new" aria-hidden="true" data-tone="negative">
            <StatusIcon tone="negative" />
            {format.number(failures)}
          </span>
        )}
      </button>
      {isOpen && (
        <OperationTrayList
          id={listId}
          operations={operations}
          counts={counts}
          texts={texts}
          format={format}
          // The operations of the list are those that were given.
          labelOf={labelOf as (operation: OperationRecord) => string}
          {...row}
        />
      )}
    </div>
  )
}) as <TResult = unknown>(props: OperationTrayProps<TResult> & RefAttributes<HTMLDivElement>) => ReactElement

function TrayIcon() {
  return (
    <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      <path
        d="M2 9.5 4 3h8l2 6.5V13H2ZM2 9.5h3.75L6.5 11h3l.75-1.5H14"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  )
}
