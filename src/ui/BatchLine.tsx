'use client'

import { memo, type ReactNode } from 'react'
import type { BatchItemData } from '../core/batch/BatchItem.js'
import { type BatchStanding, standingOf } from './batchCounts.js'
import type { OperationTone } from './describeOperation.js'
import { operationFormat } from './operationFormat.js'
import { type MessageProps, panelMessages } from './operationMessages.js'
import { StatusIcon } from './StatusIcon.js'

/** Shows one request of a batch; `line` is what is shown otherwise. */
export type RenderBatchItem = (item: BatchItemData, line: ReactNode) => ReactNode

interface BatchLineProps extends MessageProps {
  readonly item: BatchItemData
  /** What the URL of the item is shown without. */
  readonly serviceUrl: string
  readonly renderItem: RenderBatchItem | undefined
}

const tones: Partial<Record<BatchStanding, OperationTone>> = {
  succeeded: 'positive',
  failed: 'negative',
  notDone: 'neutral',
  unknown: 'caution',
}

/** One request of a batch: what it is, where it stands, and why it was not done. Renders only when that changes. */
export const BatchLine = /* @__PURE__ */ memo(function BatchLine({
  item,
  serviceUrl,
  messages: own,
  locale,
  renderItem,
}: BatchLineProps) {
  const messages = { ...panelMessages, ...own }
  const format = operationFormat(locale)
  const { url, outcome } = item
  const tone = tones[standingOf(item)]
  const reason = messages.itemReason(item, format)
  const line = (
    <>
      <StatusIcon tone={tone} />
      <span className="odata-item-name">
        <bdi>{messages.itemName(item, format, url.startsWith(serviceUrl) ? url.slice(serviceUrl.length) : url)}</bdi>
      </span>{' '}
      <span className="odata-item-state">{messages.itemState(item, format)}</span>{' '}
      {reason && (
        <span className="odata-item-reason">
          <bdi>{reason}</bdi>
        </span>
      )}
    </>
  )
  return (
    <li className="odata-item" data-outcome={outcome} data-tone={tone}>
      {renderItem ? renderItem(item, line) : line}
    </li>
  )
})
