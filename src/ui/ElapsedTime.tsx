'use client'

import type { OperationRecord } from '../core/operation.js'
import type { OperationDescription } from './describeOperation.js'
import { useElapsed } from './useElapsed.js'
import { visuallyHidden } from './visuallyHidden.js'

interface ElapsedTimeProps {
  readonly operation: OperationRecord
  readonly description: OperationDescription
}

/** The elapsed time as a clock. A component of its own, so that a tick renders nothing else. */
export function ElapsedTime({ operation, description: { messages, context } }: ElapsedTimeProps) {
  const elapsed = useElapsed(operation)
  if (elapsed === undefined) return null
  return (
    <span className="odata-elapsed">
      <span style={visuallyHidden}>{messages.elapsed(operation, context)} </span>
      {context.clock(elapsed)}
    </span>
  )
}
