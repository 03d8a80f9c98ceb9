'use client'

import { useEffect, useRef, useState } from 'react'
import { isTerminal, type OperationRecord } from '../core/operation.js'
import { type OperationDescription, operationTroubles } from './describeOperation.js'
import { operationPercent } from './operationPercent.js'

/** Something worth saying: its name, and the text. */
type Occasion = readonly [name: string, text: string]

/** How an operation goes on when nothing is wrong. */
function course(operation: OperationRecord, { messages, context }: OperationDescription): Occasion {
  const { status, cancelRequestedAt } = operation
  // Each press of Cancel gets its answer.
  if (status === 'cancelling') return [`${status} ${cancelRequestedAt}`, messages.cancelling(operation, context)]
  const quarter = Math.floor((operationPercent(operation) ?? 0) / 25)
  if (quarter === 0) return ['started', messages.started(operation, context)]
  return [`${quarter} of 4`, messages.percent(operation, context)]
}

/** What could be said of the operation as it stands, the most urgent first. An operation that failed has its alert. */
function occasions(operation: OperationRecord, description: OperationDescription): Occasion[] {
  const { status, cancelRequestedAt } = operation
  const { messages, context, text } = description
  if (status === 'failed') return []
  if (isTerminal(status)) return [[status, text]]
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
 * The text for a polite live region: start, quarters, trouble, each cancel and the end, once per operation, however many
 * polls there are. Empty in between. What was the case already when the component was mounted is not news.
 */
export function useAnnouncement(operation: OperationRecord | undefined, description: OperationDescription): string {
  const [announcement, setAnnouncement] = useState('')
  const history = useRef<{ run: string; said: Set<string>; last: string | undefined }>(undefined)

  useEffect(() => {
    const run = operation ? `${operation.id} ${operation.submittedAt}` : ''
    const current = operation ? occasions(operation, description) : []
    if (history.current?.run !== run) {
      const isOld = history.current === undefined && operation?.status !== 'pending'
      if (history.current?.last !== undefined) setAnnouncement('')
      history.current = { run, said: new Set(isOld ? current.map(([name]) => name) : []), last: undefined }
    }
    const { said, last } = history.current
    const news = current.find(([name]) => !said.has(name))
    if (operation && news) {
      for (const [name] of current) said.add(name)
      history.current.last = news[0]
      setAnnouncement(description.messages.announcement(operation, description.context, news[1]))
    } else if (last !== undefined && !current.some(([name]) => name === last)) {
      history.current.last = undefined
      setAnnouncement('')
    }
  }, [operation, description])

  return announcement
}
