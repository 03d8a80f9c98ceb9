'use client'

import { useMemo, useState } from 'react'
import type { OperationRecord } from '../core/operation.js'
import { describeOperation } from './describeOperation.js'
import { OperationTrayRow, type TrayRowProps } from './OperationTrayRow.js'
import { isCancellable, isFinished, type TrayCounts } from './trayCounts.js'
import { useKeptFocus } from './useKeptFocus.js'
import { useMessageProps } from './useMessageProps.js'

/** Rows that are rendered at first, and with each press of the button. */
const pageSize = 20

interface OperationTrayListProps extends TrayRowProps {
  readonly id: string
  readonly operations: readonly OperationRecord[]
  readonly counts: TrayCounts
  readonly labelOf: (operation: OperationRecord) => string
}

/** What a tray shows when it is open. */
export function OperationTrayList({ id, operations, counts, labelOf, ...row }: OperationTrayListProps) {
  const { onCancel, onDismiss } = row
  const [limit, setLimit] = useState(pageSize)
  const [isAsking, setIsAsking] = useState(false)
  // Of its buttons none follows from another: the list itself takes the focus.
  const { fallback, group } = useKeptFocus<HTMLElement>(':not(*)')
  const { messages, context } = describeOperation(undefined, '', useMessageProps(row))
  const newest = useMemo(() => [...operations].sort((one, other) => other.submittedAt - one.submittedAt), [operations])
  const next = newest[limit]
  const canCancel = onCancel !== undefined && counts.cancellable > 1
  const asks = isAsking && canCancel

  const dismissFinished = () => {
    for (const operation of operations) if (isFinished(operation)) onDismiss?.(operation.id)
  }
  const cancelAll = () => {
    setIsAsking(false)
    for (const operation of operations) if (isCancellable(operation)) onCancel?.(operation.id)
  }
  const title = messages.trayTitle(counts, context)
  return (
    <section ref={fallback} id={id} aria-label={title} tabIndex={-1} className="odata-tray-popover" {...group}>
      <div className="odata-tray-head">
        {asks ? (
          <span role="alert">{messages.cancelAllQuestion(counts, context)}</span>
        ) : (
          <span className="odata-tray-title">{title}</span>
        )}
        {asks && (
          <button type="button" className="odata-button" onClick={cancelAll}>
            {messages.cancelAll(counts, context)}
          </button>
        )}
        {!asks && onDismiss && counts.finished > 1 && (
          <button type="button" className="odata-button" onClick={dismissFinished}>
            {messages.dismissFinished(counts, context)}
          </button>
        )}
        {canCancel && (
          // The same button, so that the focus stays, and a second click takes back the first.
          <button type="button" className="odata-button" onClick={() => setIsAsking(!asks)}>
            {asks ? messages.keepRunning(counts, context) : messages.cancelAll(counts, context)}
          </button>
        )}
      </div>
      {newest.length > 0 ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
        <ul className="odata-tray-list" aria-label={title} tabIndex={0}>
          {newest.slice(0, limit).map((operation) => (
            <OperationTrayRow key={operation.id} operation={operation} label={labelOf(operation)} {...row} />
          ))}
        </ul>
      ) : (
        <p className="odata-tray-empty">{messages.trayEmpty(counts, context)}</p>
      )}
      {next && (
        <button type="button" className="odata-button" onClick={() => setLimit(limit + pageSize)}>
          {messages.showMore(next, { ...context, label: labelOf(next) })}
        </button>
      )}
    </section>
  )
}
