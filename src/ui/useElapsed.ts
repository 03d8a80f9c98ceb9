'use client'

import { useCallback, useSyncExternalStore } from 'react'
import { isTerminal, type OperationRecord } from '../core/operation.js'

/**
 * Time since the operation was submitted, in ms. While it is active this goes up by whole seconds, and renders the calling
 * component once a second; at the end it is the time that the operation took. No timer runs before the start and after the end.
 *
 * @returns `undefined` when nothing was started, and for an active operation on a server, where the time of the reader is unknown
 * @example
 * const seconds = (useElapsed(report.operation) ?? 0) / 1000
 */
export function useElapsed(operation: OperationRecord | undefined): number | undefined {
  const submittedAt = operation?.submittedAt
  const settledAt = operation && isTerminal(operation.status) ? (operation.settledAt ?? submittedAt) : undefined
  const isTicking = submittedAt !== undefined && settledAt === undefined

  const subscribe = useCallback(
    (onTick: () => void) => {
      if (!isTicking) return () => {}
      let timer: ReturnType<typeof setTimeout>
      // To the next full second of the operation, so that none is left out.
      const wait = () => {
        timer = setTimeout(tick, 1000 - (Math.max(0, Date.now() - submittedAt) % 1000))
      }
      const tick = () => {
        onTick()
        wait()
      }
      wait()
      return () => clearTimeout(timer)
    },
    [isTicking, submittedAt],
  )

  const atTheEnd = () =>
    submittedAt === undefined || settledAt === undefined ? undefined : Math.max(0, settledAt - submittedAt)
  const now = () => (isTicking ? Math.floor(Math.max(0, Date.now() - submittedAt) / 1000) * 1000 : atTheEnd())

  return useSyncExternalStore(subscribe, now, atTheEnd)
}
