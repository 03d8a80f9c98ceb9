'use client'

import { createContext, useContext, useEffect, useRef, useState } from 'react'
import { isTerminal, type OperationRecord } from '../core/operation.js'
import { type OperationDescription, operationTroubles } from './describeOperation.js'
import { runOf } from './operationClock.js'
import { operationPercent } from './operationPercent.js'

/** So many ms lie between how far an operation is and what was said of it before. */
const silentFor = 15_000

/** What was said of one run of an operation. */
export interface Said {
  readonly names: Set<string>
  /** By `performance.now()`: when that was for the last time. */
  at: number
}

/** Speaks in place of the components below it. */
export interface Announcer {
  /** What was said of a run, by whichever component. */
  readonly saidOf: (run: string) => Said
  /** Says `text` of the operation. */
  readonly say: (text: string, operation: OperationRecord, description: OperationDescription) => void
}

/** The announcer of all components below. */
export const AnnouncerContext = /* @__PURE__ */ createContext<Announcer | undefined>(undefined)

/** Something worth saying: its name, the text, and whether it is only how far the operation is, which can wait. */
type Occasion = readonly [name: string, text: string, isCoarse?: boolean]

/** Nothing was said yet. */
export function nothingSaid(): Said {
  return { names: new Set(), at: -silentFor }
}

/** How an operation goes on when nothing is wrong. */
function course(operation: OperationRecord, { messages, context }: OperationDescription): Occasion {
  const { status, cancelRequestedAt } = operation
  // Each press of Cancel gets its answer.
  if (status === 'cancelling') return [`${status} ${cancelRequestedAt}`, messages.cancelling(operation, context)]
  const quarter = Math.floor((operationPercent(operation) ?? 0) / 25)
  if (quarter === 0) return ['started', messages.started(operation, context)]
  return [`${quarter} of 4`, messages.percent(operation, context), true]
}

/** What could be said of the operation as it stands, the most urgent first. */
function occasions(operation: OperationRecord, description: OperationDescription): Occasion[] {
  const { status, cancelRequestedAt } = operation
  const { messages, context, text } = description
  // A batch is at its end again when the service is done with what it does by itself.
  if (isTerminal(status)) return [[context.counts.pending ? `${status} so far` : status, text]]
  return [
    ...operationTroubles(operation).map(
      (name): Occasion => [
        name === 'cancelFailed' ? `${name} ${cancelRequestedAt}` : name,
        messages[name](operation, context),
      ],
    ),
    course(operation, description),
  ]
}

/**
 * The text for a polite live region: start, quarters, trouble, each cancel and the end, once per run, however many polls there
 * are, and how far it is at most every 15 s. Empty in between, and for a failure, which has its alert. What was the case already
 * when the component was mounted is not news.
 *
 * @returns `undefined` where an announcer says it, failures too
 */
export function useAnnouncement(
  operation: OperationRecord | undefined,
  description: OperationDescription,
): string | undefined {
  const announcer = useContext(AnnouncerContext)
  const [announcement, setAnnouncement] = useState('')
  const heard = useRef<{ run: string | undefined; said: Said; last: string | undefined }>(undefined)

  useEffect(() => {
    const run = operation && runOf(operation)
    const current = operation && (announcer || operation.status !== 'failed') ? occasions(operation, description) : []
    let state = heard.current
    if (!state || state.run !== run) {
      const said = (run && announcer?.saidOf(run)) || nothingSaid()
      const isOld = !state && operation?.status !== 'pending' && !said.names.size
      if (isOld) for (const [name] of current) said.names.add(name)
      state = { run, said, last: state?.last }
      heard.current = state
    }
    const { said, last } = state
    if (last && !current.some(([name]) => name === last)) {
      state.last = undefined
      setAnnouncement('')
    }

    let timer: ReturnType<typeof setTimeout> | undefined
    const speak = () => {
      // Another component may have said it meanwhile.
      const news = current.find(([name]) => !said.names.has(name))
      if (!operation || !news) return
      const [newsName, text, isCoarse] = news
      const left = isCoarse ? said.at + silentFor - performance.now() : 0
      if (left > 0) {
        timer = setTimeout(speak, left)
        return
      }
      for (const [name] of current) said.names.add(name)
      said.at = performance.now()
      if (announcer) {
        announcer.say(text, operation, description)
      } else {
        state.last = newsName
        setAnnouncement(description.messages.announcement(operation, description.context, text))
      }
    }
    speak()
    return () => clearTimeout(timer)
  }, [operation, description, announcer])

  return announcer ? undefined : announcement
}
