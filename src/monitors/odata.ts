import { readMonitorReply } from '../protocol/monitorReply.js'
import type { CancelReading, MonitorProtocol } from './MonitorProtocol.js'

const cancelStates: Readonly<Record<number, CancelReading['state']>> = {
  200: 'cancelled',
  202: 'requested',
  204: 'cancelled',
  400: 'too-late',
  404: 'too-late',
  405: 'unsupported',
  409: 'too-late',
  410: 'too-late',
  501: 'unsupported',
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
    const { status } = reply
    const state = cancelStates[status] ?? 'failed'
    if (state !== 'requested') return { state, status }
    const reading = readMonitorReply(reply, now)
    return reading.state === 'running' ? { ...reading, state } : { state }
  },
}

/** The status monitor of the OData standard: `202` while it works, `GET` for the result, `DELETE` to cancel (Protocol 11.6). */
export function odata(): MonitorProtocol {
  return standard
}
