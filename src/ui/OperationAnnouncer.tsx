'use client'

import { type ReactNode, useEffect, useState } from 'react'
import type { OperationRecord } from '../core/operation.js'
import { describeOperation } from './describeOperation.js'
import type { MessageProps } from './operationMessages.js'
import { type Announcer, AnnouncerContext, nothingSaid, type Said, useAnnouncement } from './useAnnouncement.js'
import { useMessageProps } from './useMessageProps.js'
import { useShownOperation } from './useShownOperation.js'
import { visuallyHidden } from './visuallyHidden.js'

/** So many ms a text stays, so that a screen reader has taken it before the next one comes. */
const stayFor = 1500

/** More than an app shows at a time. */
const maxRuns = 1000

/** Props of {@link OperationAnnouncer}. */
export type OperationAnnouncerProps = MessageProps & {
  readonly children?: ReactNode
} & (
    | {
        /** Is heard also when no component shows it, such as all operations of an app: `useODataOperations()`. */
        readonly operations: readonly OperationRecord[]
        /** What one of them is called. An empty text: nothing is said of it. */
        readonly getLabel: (operation: OperationRecord) => string
      }
    | { readonly operations?: undefined; readonly getLabel?: undefined }
  )

interface Announcement {
  readonly id: number
  readonly text: string
  readonly isAlert: boolean
}

/**
 * The one place from which screen readers hear of operations. All components inside of it speak through it, in place of a live
 * region of each: what two of them show is said once, what comes at the same time is said one after the other, and what is said
 * last is heard also when its component has gone. Put it around the app. What is in a modal dialog wants one of its own inside of
 * the dialog, as all else is silent then.
 *
 * @example
 * const operations = useODataOperations()
 * return (
 *   <OperationAnnouncer operations={operations} getLabel={({ id }) => titles[id] ?? ''}>
 *     <App />
 *   </OperationAnnouncer>
 * )
 */
export function OperationAnnouncer({ operations, getLabel, messages, locale, children }: OperationAnnouncerProps) {
  const [queue, setQueue] = useState<readonly Announcement[]>([])
  const [announcer] = useState(() => createAnnouncer(setQueue))
  const [current] = queue

  useEffect(() => {
    if (!current) return
    const timer = setTimeout(() => setQueue(([, ...rest]) => rest), stayFor)
    return () => clearTimeout(timer)
  }, [current])

  // A node of its own for each text, so that the same text is heard a second time.
  const text = current && <span key={current.id}>{current.text}</span>
  return (
    <AnnouncerContext.Provider value={announcer}>
      {children}
      {operations?.map((operation) => (
        <Announced
          key={operation.id}
          operation={operation}
          label={getLabel(operation)}
          messages={messages}
          locale={locale}
        />
      ))}
      <span role="status" style={visuallyHidden}>
        {!current?.isAlert && text}
      </span>
      <span role="alert" style={visuallyHidden}>
        {current?.isAlert && text}
      </span>
    </AnnouncerContext.Provider>
  )
}

interface AnnouncedProps extends MessageProps {
  readonly operation: OperationRecord
  readonly label: string
}

/** What is said of an operation, without anything to be seen. */
function Announced({ operation: given, label, ...own }: AnnouncedProps) {
  const words = useMessageProps(own)
  const { operation, messages } = useShownOperation(given, label, words.messages)
  useAnnouncement(label ? operation : undefined, describeOperation(operation, label, { ...words, messages }))
  return null
}

function createAnnouncer(
  setQueue: (change: (queue: readonly Announcement[]) => readonly Announcement[]) => void,
): Announcer {
  const runs = new Map<string, Said>()
  let lastId = 0
  return {
    saidOf(run) {
      const said = runs.get(run) ?? nothingSaid()
      runs.set(run, said)
      const [oldest] = runs.keys()
      if (runs.size > maxRuns && oldest !== undefined) runs.delete(oldest)
      return said
    },
    say(text, operation, { messages, context }) {
      const isAlert = operation.status === 'failed'
      const parts = [messages.failed(operation, context), text, messages.errorCode(operation, context)]
      const announcement = {
        id: ++lastId,
        text: isAlert ? parts.filter(Boolean).join(' ') : messages.announcement(operation, context, text),
        isAlert,
      }
      setQueue(([first, ...rest]) => {
        if (!first) return [announcement]
        // An alert comes next.
        return isAlert ? [first, announcement, ...rest] : [first, ...rest, announcement]
      })
    },
  }
}
