import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import {
  type Backend,
  type BackendReply,
  type BackendRequest,
  errorReply,
  jsonReply,
  negotiatedVersion,
  replyOf,
  type Work,
} from './backend.js'
import { type Behaviour, readBehaviour } from './behaviour.js'
import { finalReply } from './finalReply.js'
import { Job, type JobSnapshot } from './job.js'
import { readPreferences } from './preferences.js'

/** A request with the origin it was sent to, the base of an absolute `Location`: `http://127.0.0.1:4004`. */
export interface GatewayRequest extends BackendRequest {
  readonly origin: string
}

/** Asynchronous requests for any OData backend (Protocol 11.6). */
export interface AsyncGateway {
  /** Answers one request. `clientGone` stops work that only this request waits for. */
  answer(request: GatewayRequest, clientGone: AbortSignal): Promise<BackendReply>
  /** All jobs since the last reset, oldest first; those that ended long ago are left out. */
  jobs(): JobSnapshot[]
  /** Stops all work and forgets all jobs. Resolves when the work has stopped. */
  reset(): Promise<void>
}

/** Options of {@link createAsyncGateway}. */
export interface AsyncGatewayOptions {
  readonly backend: Backend
  /** Path of the service root, with a slash at both ends. */
  readonly basePath: string
  /** How long a result is kept, in ms. Afterwards its monitor answers 410, and after twice the time 404. */
  readonly expiry: number
}

const monitorPath = '$async/'
const noContent: BackendReply = { status: 204, headers: {}, body: new Uint8Array() }

/** Makes the gateway. Jobs live in memory; nothing runs by itself, expiry is looked at when a request comes. */
export function createAsyncGateway({ backend, basePath, expiry }: AsyncGatewayOptions): AsyncGateway {
  let jobs: Job[] = []
  const monitors = new Map<string, Job>()
  const pollListeners = new WeakMap<Job, () => void>()

  function start(method: string, url: string, behaviour: Behaviour, work: Work): Job {
    const job = new Job(method, url, behaviour, work)
    jobs.push(job)
    return job
  }

  function forget(job: Job): void {
    for (const [id, other] of monitors) if (other === job) monitors.delete(id)
  }

  function expireOldJobs(): void {
    const now = Date.now()
    const age = (job: Job) => (job.endedAt === undefined ? 0 : now - job.endedAt)
    for (const job of jobs) {
      if (age(job) >= expiry && job.state === 'finished') job.expire()
      if (age(job) >= 2 * expiry) forget(job)
    }
    jobs = jobs.filter((job) => age(job) < 2 * expiry)
  }

  function accepted(
    job: Job,
    monitorId: string,
    request: GatewayRequest,
    headers: Record<string, string>,
  ): BackendReply {
    const { has, retryAfter } = job.behaviour
    if (!has('no-location')) headers.location = location(monitorId, request, has('relative-location'))
    if (!has('no-retry-after')) headers['retry-after'] = retryAfterValue(job.behaviour, retryAfter)
    if (has('no-body')) return { status: 202, headers, body: new Uint8Array() }
    const { percent, message } = job.snapshot
    return jsonReply(202, { status: job.state, percentComplete: percent, message }, headers)
  }

  function location(monitorId: string, request: GatewayRequest, relative: boolean): string {
    if (!relative) return `${request.origin}${basePath}${monitorPath}${monitorId}`
    const [path = ''] = request.url.split('?', 1)
    return '../'.repeat(path.split('/').length - 1) + monitorPath + monitorId
  }

  async function submit(request: GatewayRequest, clientGone: AbortSignal): Promise<BackendReply> {
    const behaviour = readBehaviour(request.headers)
    const preferences = readPreferences(request.headers.prefer)
    const wait = preferences.find(({ name }) => name === 'wait')
    const isAsync = preferences.some(({ name }) => name === 'respond-async') && !behaviour.has('sync')

    const { prefer: _, ...headers } = request.headers
    const others = preferences.filter(({ name }) => name !== 'respond-async' && name !== 'wait')
    const forwarded = others.length > 0 ? { ...headers, prefer: others.map(({ text }) => text).join(', ') } : headers
    const work = await backend({ ...request, headers: forwarded })

    if (typeof work !== 'function') return work
    const run: Work = (context) =>
      work({ ...context, detach: (part, partWork) => detach(part, partWork, request.origin) })
    if (!isAsync) return run({ signal: clientGone, report() {} })
    const job = start(request.method, request.url, behaviour, run)
    if (wait) await settledWithin(job, Number(wait.value) || 0, clientGone)
    if (job.reply) {
      jobs = jobs.filter((other) => other !== job)
      return job.reply
    }
    if (job.state === 'cancelled') return errorReply(503, 'RESET', 'The service was reset meanwhile.')
    return watch(job, request, ['respond-async', ...(wait ? [wait.text] : [])])
  }

  /** A request of a batch as a job of its own (JSON Format 19.6). */
  function detach(part: BackendRequest, work: Work, origin: string): BackendReply {
    const job = start(part.method, part.url, readBehaviour(part.headers), work)
    return watch(job, { ...part, origin }, ['respond-async'])
  }

  /** Gives the job a monitor, and the answer that tells of it. */
  function watch(job: Job, request: GatewayRequest, applied: readonly string[]): BackendReply {
    const monitorId = randomUUID()
    monitors.set(monitorId, job)
    return accepted(job, monitorId, request, applied.length > 0 ? { 'preference-applied': applied.join(', ') } : {})
  }

  function poll(job: Job, monitorId: string, request: GatewayRequest): BackendReply {
    job.polls++
    const { has, retryAfter } = job.behaviour
    if (has('unavailable') && job.polls % 2 === 0) {
      const headers = { 'retry-after': retryAfterValue(job.behaviour, retryAfter) }
      return errorReply(503, 'UNAVAILABLE', 'The status monitor is overloaded. Ask again later.', { headers })
    }
    if (job.state === 'expired') return errorReply(410, 'JOB_EXPIRED', `Results are kept for ${expiry} ms.`)
    if (job.reply) {
      if (has('deliver-once')) forget(job)
      return finalReply(job.reply, job.behaviour, request)
    }
    let newest = monitorId
    if (has('changing-location')) {
      newest = randomUUID()
      monitors.delete(monitorId)
      monitors.set(newest, job)
    }
    const reply = accepted(job, newest, request, {})
    pollListeners.get(job)?.()
    return reply
  }

  function cancel(job: Job, request: GatewayRequest): BackendReply {
    const { has } = job.behaviour
    if (has('cancel-refused')) {
      return errorReply(405, 'CANCEL_NOT_SUPPORTED', 'This operation cannot be cancelled.', {
        headers: { allow: 'GET' },
      })
    }
    if (job.state === 'finished')
      return errorReply(409, 'ALREADY_FINISHED', 'The operation has finished. Get its result.')
    if (job.state === 'expired') return errorReply(410, 'JOB_EXPIRED', `Results are kept for ${expiry} ms.`)
    if (has('cancel-async')) return cancelLater(job, request)
    job.stop('cancelled', 'The client cancelled the operation.')
    forget(job)
    return noContent
  }

  /** Stops the work at once, and tells the client at the third question. */
  function cancelLater(job: Job, request: GatewayRequest): BackendReply {
    job.stop('cancelling', 'The client cancelled the operation.')
    const { promise, resolve, reject } = deferred<BackendReply>()
    const cancelJob = start('DELETE', request.url, job.behaviour, ({ signal }) => {
      signal.addEventListener('abort', () => reject(signal.reason))
      return promise
    })
    pollListeners.set(cancelJob, () => {
      if (cancelJob.polls < 2) return
      job.stop('cancelled', 'The client cancelled the operation.')
      forget(job)
      resolve(noContent)
    })
    return watch(cancelJob, request, [])
  }

  function monitor(request: GatewayRequest): BackendReply {
    const [path = ''] = request.url.split('?', 1)
    const monitorId = path.slice(monitorPath.length)
    const job = monitors.get(monitorId)
    if (!job) return errorReply(404, 'MONITOR_NOT_FOUND', 'There is no such status monitor, or not any more.')
    if (request.method === 'GET') return poll(job, monitorId, request)
    if (request.method === 'DELETE') return cancel(job, request)
    const headers = { allow: 'GET, DELETE' }
    return errorReply(405, 'METHOD_NOT_ALLOWED', `A status monitor knows no ${request.method}.`, { headers })
  }

  return {
    async answer(request, clientGone) {
      expireOldJobs()
      const isMonitor = request.url.startsWith(monitorPath)
      const reply = await replyOf(clientGone, async () => (isMonitor ? monitor(request) : submit(request, clientGone)))
      const version = negotiatedVersion(request.headers)
      return {
        ...reply,
        headers: { 'odata-version': version, vary: 'Accept, OData-MaxVersion, Prefer', ...reply.headers },
      }
    },
    jobs: () => jobs.map((job) => job.snapshot),
    async reset() {
      const stopped = jobs
      for (const job of stopped) job.stop('cancelled', 'The service was reset.')
      jobs = []
      monitors.clear()
      await Promise.all(stopped.map((job) => job.settled))
    },
  }
}

function retryAfterValue({ has }: Behaviour, seconds: number): string {
  return has('http-date') ? new Date(Date.now() + seconds * 1000).toUTCString() : String(seconds)
}

/** Waits for the job, but no longer than `seconds`. A client that leaves meanwhile takes the job with it. */
async function settledWithin(job: Job, seconds: number, clientGone: AbortSignal): Promise<void> {
  const timer = new AbortController()
  const signal = AbortSignal.any([timer.signal, clientGone])
  const late = delay(Math.min(seconds, 600) * 1000, undefined, { signal }).catch(() => undefined)
  await Promise.race([job.settled, late])
  timer.abort()
  if (clientGone.aborted) job.stop('cancelled', 'The client went away.')
}

function deferred<T>() {
  let resolve!: (value: T) => void
  let reject!: (reason: unknown) => void
  const promise = new Promise<T>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}
