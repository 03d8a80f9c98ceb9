'use client'

import { useCallback, useEffect, useState, useSyncExternalStore } from 'react'
import type { OperationRecord } from '../core/operation.js'
import { firstSightOf, runOf } from './operationClock.js'
import type { MessageProps } from './operationMessages.js'

/** ms from the start in which a wait is not worth showing. */
const quietFor = 300

/** ms for which a wait stays that was shown. */
const stayFor = 500

/** An operation first seen later than this, in ms after its start, did not just begin. */
const newFor = 1000

/** What a component shows. */
interface Shown<TResult> {
  readonly operation: OperationRecord<TResult> | undefined
  /** Nothing was shown yet, and "not started" would not be true. */
  readonly isBlank: boolean
}

interface Committed {
  readonly shown: Shown<unknown>
  readonly operation: OperationRecord | undefined
  readonly label: string | undefined
  /** By `performance.now()`: since when the run is shown. */
  readonly since: number
}

const blank: Shown<never> = { operation: undefined, isBlank: true }

/** Waits for nothing but the service. */
function isWaiting({ status, pauseReason }: OperationRecord): boolean {
  return (status === 'pending' || status === 'running') && !pauseReason
}

function isSameRun(one: OperationRecord | undefined, other: OperationRecord | undefined): boolean {
  return one === other || (!!one && !!other && runOf(one) === runOf(other))
}

/** For how long what is shown stays, in ms; not positive when it does not. */
function timeLeft(operation: OperationRecord | undefined, committed: Committed | undefined): number {
  if (operation === undefined) return 0
  if (isWaiting(operation)) {
    const { at, elapsed } = firstSightOf(operation)
    return elapsed < newFor ? at + quietFor - performance.now() : 0
  }
  const shown = committed?.operation
  const isEnd = operation.status === 'completed' || operation.status === 'failed'
  if (!isEnd || !shown || !isWaiting(shown) || !isSameRun(shown, operation)) return 0
  return firstSightOf(shown).elapsed < newFor ? committed.since + stayFor - performance.now() : 0
}

/** What one component shows, and has shown. */
function createShownStore<TResult>() {
  let committed: Committed | undefined
  let truth: Shown<TResult> | undefined
  const timeLeftOf = (operation: OperationRecord | undefined) => timeLeft(operation, committed)
  /** The record as it is. The same object for the same record. */
  const asIs = (operation: OperationRecord<TResult> | undefined): Shown<TResult> => {
    if (truth?.operation !== operation || !truth) truth = { operation, isBlank: false }
    return truth
  }
  return {
    timeLeftOf,
    asIs,
    read(operation: OperationRecord<TResult> | undefined, label: string | undefined): Shown<TResult> {
      if (timeLeftOf(operation) <= 0) return asIs(operation)
      const isOfThis =
        committed &&
        (committed.operation === undefined || committed.label === label || isSameRun(committed.operation, operation))
      return isOfThis ? (committed?.shown as Shown<TResult>) : blank
    },
    commit(shown: Shown<TResult>, label: string | undefined) {
      const since = committed && isSameRun(committed.operation, shown.operation) ? committed.since : performance.now()
      committed = { shown, operation: shown.operation, label, since }
    },
  }
}

/**
 * What to show of an operation, so that nothing flashes: in the first 300 ms of a run that is what was shown before it, and a
 * wait that was shown stays for 500 ms. What the user did is shown at once. Renders only when something else is to be seen.
 *
 * A component that shows what this returned may be given it again: it adds no wait of its own.
 *
 * @param label what the operation is called: what was shown of something else does not stay
 */
export function useShownOperation<TResult>(
  operation: OperationRecord<TResult> | undefined,
  label: string | undefined,
  messages: MessageProps['messages'],
): { readonly operation: OperationRecord<TResult> | undefined; readonly messages: MessageProps['messages'] } {
  const [store] = useState(createShownStore<TResult>)

  const subscribe = useCallback(
    (onChange: () => void) => {
      let timer: ReturnType<typeof setTimeout>
      // Timers may be early.
      const wait = () => {
        const left = store.timeLeftOf(operation)
        if (left > 0) timer = setTimeout(tick, Math.ceil(left))
      }
      const tick = () => {
        onChange()
        wait()
      }
      wait()
      return () => clearTimeout(timer)
    },
    [store, operation],
  )
  const shown = useSyncExternalStore(
    subscribe,
    () => store.read(operation, label),
    () => store.asIs(operation),
  )

  useEffect(() => store.commit(shown, label), [store, shown, label])

  return { operation: shown.operation, messages: shown.isBlank ? { ...messages, idle: () => '' } : messages }
}
