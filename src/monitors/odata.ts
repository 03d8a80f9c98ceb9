import type { HttpReply } from '../protocol/httpReply.js'
import { readMonitorReply } from '../protocol/monitorReply.js'
import { type ProgressReading, readProgress } from '../protocol/progress.js'
import { parseRetryAfter } from '../protocol/retryAfter.js'
import type { CancelReading, MonitorProtocol } from './MonitorProtocol.js'

/** Options of {@link odata}. */
export interface ODataMonitorOptions {
  /**
   * Reads the progress from a `202` of a service that tells it in its own way; `undefined` when there is none. A fault in it is
   * taken for that.
   * @default common names in a JSON body, and `X-Progress`
   */
  readonly readProgress?: ((reply: HttpReply) => ProgressReading | undefined) | undefined
}

function cancelState(status: number): 'cancelled' | 'unsupported' | 'refused' | 'too-late' | 'failed' {
  if (status < 300) return 'cancelled'
  if (status === 405 || status === 501) return 'unsupported'
  if (status === 400 || status === 409) return 'refused'
  return status === 404 || status === 410 ? 'too-late' : 'failed'
}

/** "Ended" without the answer, which is at `Location`: said to who asks with `Prefer: return=minimal` (Protocol 4.02, 11.6). */
function isElsewhere({ status, headers }: HttpReply): boolean {
  const { asyncresult, location, 'preference-applied': applied } = headers
  return status === 204 && !!asyncresult && !!location && /\breturn=minimal\b/i.test(applied ?? '')
}

/**
 * The status monitor of the OData standard: `202` while it works, `GET` for the result, `DELETE` to cancel (Protocol 11.6).
 *
 * @example
 * createODataClient({ serviceUrl, monitor: odata({ readProgress: ({ headers }) => ({ percent: Number(headers['x-done']) }) }) })
 */
export function odata({ readProgress: own }: ODataMonitorOptions = {}): MonitorProtocol {
  const progressOf = (reply: HttpReply) => {
    try {
      return (own ?? readProgress)(reply)
    } catch {
      return undefined
    }
  }
  return {
    name: 'odata',
    accepts: ({ status }) => status === 202,
    headers: (maxVersion) => ({
      // Which form the result takes depends on this request's headers, not on the first one's (Protocol 11.6).
      accept: maxVersion === '4.0' ? 'application/http' : 'application/json',
      'odata-maxversion': maxVersion,
    }),
    read: (reply, now) => readMonitorReply(isElsewhere(reply) ? { ...reply, status: 202 } : reply, now, progressOf),
    readCancel(reply, now): CancelReading {
      const { status, headers } = reply
      if (status === 202) return { ...readMonitorReply(reply, now), state: 'requested' } as CancelReading
      // A success with the status of something else is that something: the result, which came first.
      const isResult =
        status === 200 && (headers.asyncresult || headers['content-type']?.startsWith('application/http'))
      const reading = isResult ? readMonitorReply(reply, now) : undefined
      const hasContent = reading?.state === 'finished' && (reading.reply.body.length > 0 || reading.reply.status >= 400)
      if (hasContent) return reading
      const state = cancelState(status)
      return state === 'failed' ? { state, retryAfter: parseRetryAfter(headers['retry-after'], now) } : { state }
    },
  }
}
