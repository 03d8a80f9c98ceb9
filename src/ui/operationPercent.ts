import type { OperationRecord } from '../core/operation.js'

/**
 * The percentage to show: 0–100 in whole numbers, `null` while unknown. It is 100 only when the operation is completed,
 * whatever the service counts.
 */
export function operationPercent(operation: OperationRecord | undefined): number | null {
  if (operation?.status === 'completed') return 100
  const percent = operation?.progress.percent
  if (typeof percent !== 'number' || Number.isNaN(percent)) return null
  return Math.floor(Math.min(99, Math.max(0, percent)))
}
