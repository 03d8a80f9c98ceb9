'use client'

import { useEffect, useRef, useState } from 'react'
import { isTerminal, type OperationRecord } from '../core/operation.js'
import { type OperationDescription, operationTroubles } from './describeOperation.js'
import { operationPercent } from './operationPercent.js'

/** Something worth saying: its name, and the text. */
type Occasion = readonly [name: string, text: string]

/** What could be said of the operation as it stands, the most urgent first. An operation that failed has its alert. */
function occasions(operation: OperationRecord, { messages, context, text }: OperationDescription): Occasion[] {
  const { status, cancelRequestedAt } = operation
  if (status === 'failed') return []
  // Each press of Cancel gets its answer.
  if (isTerminal(status) || status === 'cancelling') return [[`${status} ${cancelRequestedAt}`, text]]
  const quarter = Math.floor((operationPercent(operation) ?? 0) / 25)
  return [
    ...operationTroubles(operation).map(
      (name): Occasion => [
        name === 'cancelFailed' ? `${name} ${cancelRequestedAt}` : name,
        messages[name](operation, context),
      ],
    ),
    quarter === 0
      ? ['started', messages.started(operation, context)]
      : [`${quarter} of 4`, messages.percent(operation, context)],
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
      history.current = { run, said: new Set(isOld ? current.map(([name]) => name) : []), last: undefined }
    }
    const { said, last } = history.current
    const news = current.find(([name]) => !said.has(name))
    if (operation && news) {
      for (const [name] of current) said.add(name)
      history.current.last = news[0]
      setAnnouncement(description.messages.announcement(operation, description.context, news[1]))
    } else if (!current.some(([name]) => name === last)) {
      setAnnouncement('')
    }
  }, [operation, description])

  return announcement
}
