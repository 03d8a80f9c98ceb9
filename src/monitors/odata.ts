import { readMonitorReply } from '../protocol/monitorReply.js'
import type { CancelReading, MonitorProtocol } from './MonitorProtocol.js'

function cancelState(status: number): CancelReading['state'] {
  if (status === 202) return 'requested'
  if (status < 300) return 'cancelled'
  if (status === 405 || status === 501) return 'unsupported'
  return [400, 404, 409, 410].includes(status) ? 'too-late' : 'failed'
}

const standard: MonitorProtocol = {
  name: 'odata',
  accepts: ({ status }) => status === 202,
  headers: (maxVersion) => ({
    // Which form the result takes depends on this request's headers, not on the first one's (Protocol 11.6).
    accept: maxVersion === '4.0' ? 'application/http' : 'application/json',
    'odata-maxversion': maxVersion,
  }),
  read: readMonitorReply,
  readCancel(reply, now) {
    const reading = reply.status === 202 && readMonitorReply(reply, now)
    return { ...reading, state: cancelState(reply.status) }
  },
}

/** The status monitor of the OData standard: `202` while it works, `GET` for the result, `DELETE` to cancel (Protocol 11.6). */
export function odata(): MonitorProtocol {
  return standard
}
