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

/** Something worth saying. */
interface Occasion {
  readonly name: string
  readonly text: string
  /** How far it is: can wait. */
  readonly isCoarse?: boolean
}

/** Nothing was said yet. */
export function nothingSaid(): Said {
  return { names: new Set(), at: Number.NEGATIVE_INFINITY }
}

/** How an operation goes on when nothing is wrong. */
function course(operation: OperationRecord, { messages, context }: OperationDescription): Occasion {
  const { status, cancelRequestedAt } = operation
  // Each press of Cancel gets its answer.
  if (status === 'cancelling')
    return { name: `${status} ${cancelRequestedAt}`, text: messages.cancelling(operation, context) }
  const quarter = Math.floor((operationPercent(operation) ?? 0) / 25)
  if (quarter === 0) return { name: 'started', text: messages.started(operation, context) }
  return { name: `${quarter} of 4`, text: messages.percent(operation, context), isCoarse: true }
}

/** What could be said of the operation as it stands, the most urgent first. */
function occasions(operation: OperationRecord, description: OperationDescription): Occasion[] {
  const { status, cancelRequestedAt } = operation
  const { messages, context, text } = description
  // A batch is at its end again when the service is done with what it does by itself.
  if (isTerminal(status)) return [{ name: context.counts.pending ? `${status} so far` : status, text }]
  return [
    ...operationTroubles(operation).map((name) => ({
      name: name === 'cancelFailed' ? `${name} ${cancelRequestedAt}` : name,
      text: messages[name](operation, context),
    })),
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
    const isSilent = !announcer && operation?.status === 'failed'
    const current = operation && !isSilent ? occasions(operation, description) : []
    if (!heard.current || heard.current.run !== run) {
      const isOld = !heard.current && operation?.status !== 'pending'
      if (heard.current?.last !== undefined) setAnnouncement('')
      const said = (run !== undefined && announcer?.saidOf(run)) || nothingSaid()
      if (isOld && said.names.size === 0) for (const { name } of current) said.names.add(name)
      heard.current = { run, said, last: undefined }
    }
    const { said, last } = heard.current
    const { names } = said
    if (last !== undefined && !current.some(({ name }) => name === last)) {
      heard.current.last = undefined
      setAnnouncement('')
    }

    let timer: ReturnType<typeof setTimeout> | undefined
    const speak = () => {
      // Another component may have said it meanwhile.
      const news = current.find(({ name }) => !names.has(name))
      if (!operation || !news || !heard.current) return
      const left = news.isCoarse ? said.at + silentFor - performance.now() : 0
      if (left > 0) {
        timer = setTimeout(speak, Math.ceil(left))
        return
      }
      for (const { name } of current) names.add(name)
      said.at = performance.now()
      if (announcer) {
        announcer.say(news.text, operation, description)
      } else {
        heard.current.last = news.name
        setAnnouncement(description.messages.announcement(operation, description.context, news.text))
      }
    }
    speak()
    return () => clearTimeout(timer)
  }, [operation, description, announcer])

  return announcer ? undefined : announcement
}
