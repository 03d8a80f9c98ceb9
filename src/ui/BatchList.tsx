'use client'

import { useState } from 'react'
import type { OperationRecord } from '../core/operation.js'
import { BatchLine, type RenderBatchItem } from './BatchLine.js'
import { hasProblem } from './batchCounts.js'
import { describeOperation } from './describeOperation.js'
import type { MessageProps } from './operationMessages.js'
import { useKeptFocus } from './useKeptFocus.js'
import { useMessageProps } from './useMessageProps.js'
import { useShownOperation } from './useShownOperation.js'

/** So many requests are all listed, whatever their state. */
const fewItems = 10

/** Lines that are rendered at first, and with each press of the button. */
const pageSize = 100

interface BatchListProps extends MessageProps {
  readonly operation: OperationRecord | undefined
  readonly label: string
  readonly renderItem: RenderBatchItem | undefined
}

/** The requests of a batch. */
export function BatchList({
  operation: given,
  label,
  messages: ownMessages,
  locale: ownLocale,
  renderItem,
}: BatchListProps) {
  const own = useMessageProps({ messages: ownMessages, locale: ownLocale })
  const { operation } = useShownOperation(given, label, own.messages)
  const [isExpanded, setIsExpanded] = useState(false)
  const [limit, setLimit] = useState(pageSize)
  const { fallback, group } = useKeptFocus<HTMLUListElement>()
  const all = operation?.batch?.items ?? []
  if (!operation || all.length === 0) return null

  const { messages, context } = describeOperation(operation, label, own)
  const problems = all.length > fewItems ? all.filter(hasProblem) : all
  const listed = isExpanded ? all : problems
  const [serviceUrl = ''] = operation.url.split('$batch', 1)
  return (
    <div className="odata-batch">
      {problems.length < all.length && (
        <button type="button" className="odata-button" onClick={() => setIsExpanded(!isExpanded)}>
          {isExpanded ? messages.showFewer(operation, context) : messages.showAll(operation, context)}
        </button>
      )}
      {listed.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
        <ul ref={fallback} className="odata-batch-list" aria-label={label} tabIndex={0}>
          {listed.slice(0, limit).map((item) => (
            <BatchLine key={item.id} item={item} serviceUrl={serviceUrl} {...own} renderItem={renderItem} />
          ))}
        </ul>
      )}
      <div {...group}>
        {listed.length > limit && (
          <button type="button" className="odata-button" onClick={() => setLimit(limit + pageSize)}>
            {messages.showMore(operation, context)}
          </button>
        )}
      </div>
    </div>
  )
}
