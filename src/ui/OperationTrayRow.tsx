'use client'

import { memo, type ReactNode, useRef } from 'react'
import type { OperationRecord } from '../core/operation.js'
import { OperationPanel } from './OperationPanel.js'
import type { MessageProps } from './operationMessages.js'
import { isFinished } from './trayCounts.js'

/** What a row is given by the list that it is in. */
export interface TrayRowProps extends MessageProps {
  readonly onCancel?: ((id: string) => unknown) | undefined
  readonly onDismiss?: ((id: string) => unknown) | undefined
  /** Props of any result: which one belongs to which operation is up to who renders it. */
  readonly renderResult?: ((result: never, operation: OperationRecord<never>) => ReactNode) | undefined
}

interface OperationTrayRowProps extends TrayRowProps {
  readonly operation: OperationRecord
  readonly label: string
}

/** One operation of a tray. Renders only when its record changes. */
export const OperationTrayRow = /* @__PURE__ */ memo(function OperationTrayRow({
  operation,
  label,
  onCancel,
  onDismiss,
  renderResult,
  ...words
}: OperationTrayRowProps) {
  const row = useRef<HTMLLIElement>(null)
  const dismiss = () => {
    const { current } = row
    if (current?.contains(current.ownerDocument.activeElement)) {
      // Before the row goes, and the focus with it: to the next one, so that many can be dismissed one after the other.
      const next = current.nextElementSibling ?? current.previousElementSibling
      const buttons = next?.querySelectorAll('button') ?? []
      buttons[buttons.length - 1]?.focus()
    }
    onDismiss?.(operation.id)
  }
  return (
    <li ref={row} className="odata-tray-row">
      <OperationPanel
        compact
        operation={operation}
        label={label}
        onCancel={onCancel && (() => onCancel(operation.id))}
        onDismiss={onDismiss && isFinished(operation) ? dismiss : undefined}
        renderResult={renderResult as ((result: unknown, operation: OperationRecord) => ReactNode) | undefined}
        {...words}
      />
    </li>
  )
})
