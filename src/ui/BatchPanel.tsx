'use client'

import { type ForwardedRef, forwardRef, type ReactElement, type ReactNode, type RefAttributes, useMemo } from 'react'
import type { BatchItemData } from '../core/batch/BatchItem.js'
import type { OperationRecord } from '../core/operation.js'
import { BatchList } from './BatchList.js'
import { OperationPanel, type OperationPanelProps } from './OperationPanel.js'

/** Props of {@link BatchPanel}. */
export type BatchPanelProps<TItem extends BatchItemData = BatchItemData> = Omit<
  OperationPanelProps,
  'renderResult' | 'compact'
> & {
  /**
   * The requests of the batch and what has become of each: `items` of `useODataBatch`, which also knows how those get on that the
   * service works on by themselves.
   * @default those of `operation`
   */
  readonly items?: readonly TItem[] | undefined
  /**
   * What to show of one request. `line` is what is shown otherwise: icon, name, state and reason.
   * @default `line`
   */
  readonly renderItem?: ((item: TItem, line: ReactNode) => ReactNode) | undefined
}

/**
 * A batch from start to end: an {@link OperationPanel} that counts, with the list of its requests, each in the user's words (`label`
 * of the request, else its method and path), with its state and why it was not done.
 *
 * Of more than 10 requests those are listed that have a problem, and a button lists all; 100 at a time, so that thousands do no harm.
 * Screen readers hear the start, each quarter and the summary, not each request. For one line without the list use
 * `<OperationPanel compact>`, which speaks of a batch in the same words.
 *
 * @example
 * <BatchPanel label="Import" operation={save.operation} items={save.items} onCancel={save.cancel}
 *   onRetryFailed={save.canRetryFailed ? save.retryFailed : undefined} />
 */
export const BatchPanel = /* @__PURE__ */ forwardRef(function BatchPanel<TItem extends BatchItemData>(
  { operation: given, items, renderItem, children, ...rest }: BatchPanelProps<TItem>,
  ref: ForwardedRef<HTMLElement>,
) {
  // One record, so that words, numbers and lines agree.
  const operation = useMemo(
    (): OperationRecord | undefined => (given && items ? { ...given, batch: { ...given.batch, items } } : given),
    [given, items],
  )
  const { label, messages, locale } = rest
  return (
    <OperationPanel {...rest} ref={ref} operation={operation}>
      <BatchList
        operation={operation}
        label={label}
        messages={messages}
        locale={locale}
        // The items of the record are those that were given.
        renderItem={renderItem as BatchPanelProps['renderItem']}
      />
      {children}
    </OperationPanel>
  )
}) as <TItem extends BatchItemData = BatchItemData>(
  props: BatchPanelProps<TItem> & RefAttributes<HTMLElement>,
) => ReactElement
