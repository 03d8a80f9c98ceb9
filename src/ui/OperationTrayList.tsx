'use client'

import { useMemo, useState } from 'react'
import type { OperationRecord } from '../core/operation.js'
import { describeOperation } from './describeOperation.js'
import { OperationTrayRow, type TrayRowProps } from './OperationTrayRow.js'
import type { OperationFormat } from './operationFormat.js'
import { isCancellable, isFinished, type TrayCounts } from './trayCounts.js'
import type { TrayMessages } from './trayMessages.js'
import { useKeptFocus } from './useKeptFocus.js'
import { useMessageProps } from './useMessageProps.js'

/** Rows that are rendered at first, and with each press of the button. */
const pageSize = 20

interface OperationTrayListProps extends TrayRowProps {
  readonly id: string
  readonly operations: readonly OperationRecord[]
  readonly counts: TrayCounts
  readonly texts: TrayMessages
  readonly format: OperationFormat
  readonly labelOf: (operation: OperationRecord) => string
}

/** What a tray shows when it is open. */
export function OperationTrayList({ id, operations, counts, texts, format, labelOf, ...row }: OperationTrayListProps) {
  const { onCancel, onDismiss } = row
  const [limit, setLimit] = useState(pageSize)
  const [isAsking, setIsAsking] = useState(false)
  // Of its buttons none follows from another: the list itself takes the focus.
  const { fallback, group } = useKeptFocus<HTMLElement>(':not(*)')
  const own = useMessageProps(row)
  const newest = useMemo(() => [...operations].sort((one, other) => other.submittedAt - one.submittedAt), [operations])
  const next = newest[limit]
  const more = describeOperation(next, next ? labelOf(next) : '', own)
  const canCancel = onCancel !== undefined && counts.cancellable > 1
  const asks = isAsking && canCancel

  const dismissFinished = () => {
    for (const operation of operations) if (isFinished(operation)) onDismiss?.(operation.id)
  }
  const cancelAll = () => {
    setIsAsking(false)
    for (const operation of operations) if (isCancellable(operation)) onCancel?.(operation.id)
  }
  const title = texts.trayTitle(counts, format)
  return (
    <section ref={fallback} id={id} aria-label={title} tabIndex={-1} className="odata-tray-popover" {...group}>
      <div className="odata-tray-head">
        {asks ? (
          <span role="alert">{texts.cancelAllQuestion(counts, format)}</span>
        ) : (
          <span className="odata-tray-title">{title}</span>
        )}
        {asks && (
          <button type="button" className="odata-button" onClick={cancelAll}>
            {texts.cancelAll(counts, format)}
          </button>
        )}
        {!asks && onDismiss && counts.finished > 1 && (
          <button type="button" className="odata-button" onClick={dismissFinished}>
            {texts.dismissFinished(counts, format)}
          </button>
        )}
        {canCancel && (
          // The same button, so that the focus stays; what cancels is not where the pointer is.
          <button type="button" className="odata-button" onClick={({ detail }) => detail < 2 && setIsAsking(!asks)}>
            {asks ? texts.keepRunning(counts, format) : texts.cancelAll(counts, format)}
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
        <p className="odata-tray-empty">{texts.trayEmpty(counts, format)}</p>
      )}
      {next && (
        <button type="button" className="odata-button" onClick={() => setLimit(limit + pageSize)}>
          {more.messages.showMore(next, more.context)}
        </button>
      )}
    </section>
  )
}
