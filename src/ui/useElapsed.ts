'use client'

import { useCallback, useMemo, useSyncExternalStore } from 'react'
import { isTerminal, type OperationRecord } from '../core/operation.js'
import { elapsedOf, lastElapsedOf } from './operationClock.js'

/**
 * Time since the operation was submitted, in ms. While it is active this goes up by whole seconds, and renders the calling
 * component once a second; at the end it is the time that the operation took. No timer runs before the start and after the end.
 *
 * It does not jump when the clock of the machine is corrected or set back: from the first sight of the operation on a page it
 * goes on by a clock of its own. A sleep of the machine is made up for.
 *
 * @returns `undefined` when nothing was started, and for an active operation on a server, where the time of the reader is unknown
 * @example
 * const seconds = (useElapsed(report.operation) ?? 0) / 1000
 */
export function useElapsed(operation: OperationRecord | undefined): number | undefined {
  const id = operation?.id
  // A stored record may be anything.
  const submittedAt = Number.isFinite(operation?.submittedAt) ? operation?.submittedAt : undefined
  const settledAt = operation && isTerminal(operation.status) ? (operation.settledAt ?? submittedAt) : undefined
  const run = useMemo(
    () => (id === undefined || submittedAt === undefined ? undefined : { id, submittedAt }),
    [id, submittedAt],
  )
  const ticking = settledAt === undefined ? run : undefined

  const subscribe = useCallback(
    (onTick: () => void) => {
      if (!ticking) return () => {}
      let timer: ReturnType<typeof setTimeout>
      // To the next full second of the operation, so that none is left out.
      const wait = () => {
        timer = setTimeout(tick, 1000 - (elapsedOf(ticking) % 1000))
      }
      const tick = () => {
        onTick()
        wait()
      }
      wait()
      return () => clearTimeout(timer)
    },
    [ticking],
  )

  const atTheEnd = () => (run && settledAt !== undefined ? Math.max(0, settledAt - run.submittedAt) : undefined)
  const now = () => {
    if (ticking) return wholeSeconds(elapsedOf(ticking))
    const end = atTheEnd()
    return run && end !== undefined ? Math.max(end, wholeSeconds(lastElapsedOf(run))) : undefined
  }

  return useSyncExternalStore(subscribe, now, atTheEnd)
}

const wholeSeconds = (ms: number) => Math.floor(ms / 1000) * 1000
