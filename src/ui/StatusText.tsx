'use client'

import { Fragment } from 'react'
import type { OperationRecord } from '../core/operation.js'
import type { OperationDescription } from './describeOperation.js'
import { useAnnouncement } from './useAnnouncement.js'
import { visuallyHidden } from './visuallyHidden.js'

interface StatusTextProps {
  readonly operation: OperationRecord | undefined
  readonly description: OperationDescription
}

/** The words of a status; unless an announcer speaks for it, an error as an alert and the live region for what is to be heard of the rest. */
export function StatusText({ operation, description }: StatusTextProps) {
  const announcement = useAnnouncement(operation, description)
  const { messages, context, text, numbers } = description
  const code = operation?.status === 'failed' ? messages.errorCode(operation, context) : ''
  return (
    <>
      {operation?.status === 'failed' ? (
        <span role={announcement === undefined ? undefined : 'alert'} className="odata-status-error">
          <span style={visuallyHidden}>{messages.failed(operation, context)} </span>
          <span className="odata-status-text" dir="auto">
            {text}
          </span>
          {code && (
            <>
              {' '}
              <span className="odata-status-code">{code}</span>
            </>
          )}
        </span>
      ) : (
        <>
          {text && (
            <span className="odata-status-text" dir="auto" title={text}>
              {text}
            </span>
          )}
          {numbers.length > 0 && (
            <span className="odata-status-numbers">
              {numbers.map((number, index) => (
                <Fragment key={number}>
                  {(index > 0 || text) && ' · '}
                  <bdi>{number}</bdi>
                </Fragment>
              ))}
            </span>
          )}
        </>
      )}
      {announcement !== undefined && (
        <span role="status" style={visuallyHidden}>
          {announcement}
        </span>
      )}
    </>
  )
}
