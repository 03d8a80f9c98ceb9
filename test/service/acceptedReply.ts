import { jsonReply } from './backend.js'
import type { Behaviour } from './behaviour.js'
import { type GatewayReply, type GatewayRequest, monitorPath } from './gateway.js'
import type { Job } from './job.js'

/** The `202` of a running job, with the manners that the job has. */
export function acceptedReply(
  job: Job,
  monitorId: string,
  basePath: string,
  request: GatewayRequest,
  given: Readonly<Record<string, string>> = {},
): GatewayReply {
  const { has } = job.behaviour
  const { percent, message, completed, total } = job.snapshot
  const headers = {
    ...given,
    ...(!has('no-location') && {
      location: has('relative-location')
        ? relativePath(monitorId, request)
        : request.origin + basePath + monitorPath + monitorId,
    }),
    ...(!has('no-retry-after') && { 'retry-after': retryAfterValue(job.behaviour) }),
    ...(has('progress-header') && { 'x-progress': `${percent}%` }),
  }
  if (has('no-body') || has('progress-header')) return { status: 202, headers, body: new Uint8Array() }
  const progress = has('progress-properties')
    ? { properties: { completed: completed ?? Math.floor(percent / 10), total: total ?? 10 } }
    : { percentComplete: percent, completed, total }
  const reply = jsonReply(202, { status: job.state, ...progress, message }, headers)
  return has('large-accepted-body') ? { ...reply, isEndless: true } : reply
}

/** The value of `Retry-After`: seconds, or the date after them. */
export function retryAfterValue({ has, retryAfter }: Behaviour): string {
  return has('http-date') ? new Date(Date.now() + retryAfter * 1000).toUTCString() : String(retryAfter)
}

function relativePath(monitorId: string, request: GatewayRequest): string {
  const [path = ''] = request.url.split('?', 1)
  return '../'.repeat(path.split('/').length - 1) + monitorPath + monitorId
}
