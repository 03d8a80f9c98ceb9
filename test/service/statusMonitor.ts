import { acceptedReply, retryAfterValue } from './acceptedReply.js'
import { type BackendReply, errorReply, negotiatedVersion } from './backend.js'
import { finalReply } from './finalReply.js'
import { type GatewayReply, type GatewayRequest, monitorPath } from './gateway.js'
import type { Job } from './job.js'
import type { JobMonitor, JobStore } from './jobStore.js'
import { readPreferences } from './preferences.js'

/** Options of {@link createStatusMonitor}. */
export interface StatusMonitorOptions {
  readonly store: JobStore
  /** Path of the service root, with a slash at both ends. */
  readonly basePath: string
  /** How long a result is kept, in ms. */
  readonly expiry: number
}

interface Asked {
  readonly monitor: JobMonitor
  /** The path that `redirect` sends to. */
  readonly isMoved: boolean
  /** The resource that has the result and not only the state. */
  readonly isResult: boolean
}

const noContent: BackendReply = { status: 204, headers: {}, body: new Uint8Array() }

/** Answers requests to the status monitors: GET asks, DELETE cancels (Protocol 11.6); and to the next links of batches. */
export function createStatusMonitor({ store, basePath, expiry }: StatusMonitorOptions) {
  /** Told of each poll that was answered 202. */
  const pollListeners = new WeakMap<Job, () => void>()
  const gone = () => errorReply(404, 'MONITOR_NOT_FOUND', 'There is no such status monitor, or not any more.')
  const expired = () => errorReply(410, 'JOB_EXPIRED', `Results are kept for ${expiry} ms.`)

  function find({ url }: GatewayRequest): Asked | undefined {
    const [path = ''] = url.split('?', 1)
    const [, moved, id = '', result] = /^(moved\/)?([^/]+)(\/result)?$/.exec(path.slice(monitorPath.length)) ?? []
    const monitor = store.find(id)
    return monitor && { monitor, isMoved: moved !== undefined, isResult: result !== undefined }
  }

  function redirection({ monitor, isMoved }: Asked, { origin, url }: GatewayRequest): BackendReply | undefined {
    const { id, job } = monitor
    const { has, redirectTo } = job.behaviour
    const redirect = (location: string) => ({ status: 307, headers: { location }, body: new Uint8Array() })
    if (has('redirect-away')) return redirect(redirectTo + basePath + url)
    if (has('redirect') && !isMoved) return redirect(`${origin}${basePath}${monitorPath}moved/${id}`)
    return undefined
  }

  async function poll({ monitor, isResult }: Asked, request: GatewayRequest): Promise<GatewayReply> {
    const { job, id, from } = monitor
    const { behaviour } = job
    const { has } = behaviour
    job.countPoll()
    if (has('unavailable') && job.polls % 2 === 0) {
      const headers = { 'retry-after': retryAfterValue(behaviour) }
      return errorReply(503, 'UNAVAILABLE', 'The status monitor is overloaded. Ask again later.', { headers })
    }
    if (job.state === 'expired') return expired()
    const interim = interimReply(monitor, request)
    if (interim) return finalReply(interim, behaviour, request)
    const reply = job.replyAfter(from)
    if (reply) {
      if (has('state-only') && !isResult && prefersMinimal(request)) return stateReply(reply, id, request)
      if (has('deliver-once')) store.forget(job)
      return finalReply(reply, behaviour, request)
    }
    const newest = has('changing-location') ? store.watch(job, from) : id
    const accepted = acceptedReply(job, newest, basePath, request)
    pollListeners.get(job)?.()
    return accepted
  }

  /** What of a batch is done and was not given before, with another monitor for the rest (Protocol 11.7.7.6, JSON Format 19.6). */
  function interimReply(monitor: JobMonitor, request: GatewayRequest): BackendReply | undefined {
    const { job, from, interim } = monitor
    const results = job.behaviour.has('interim-results') ? job.interimResults : undefined
    if (interim || !results || results.count === from) return interim
    const next = store.watchRest(job, results.count)
    const accepted = acceptedReply(job, next, basePath, request)
    const nextLink = `${request.origin}${basePath}$batch?$skiptoken=${next}`
    monitor.interim = results.reply(from, { accepted, nextLink })
    return monitor.interim
  }

  /** The rest of a JSON batch: done, or what of it is done, or a monitor to a client that takes one. */
  async function readOn(request: GatewayRequest, clientGone: AbortSignal): Promise<GatewayReply> {
    const token = new URL(request.url, 'http://service').searchParams.get('$skiptoken') ?? ''
    const monitor = store.find(token)
    if (!monitor) return gone()
    const { job, from, interim, id } = monitor
    if (job.state === 'running' && !interim && readPreferences(request.headers.prefer).some(isRespondAsync)) {
      return acceptedReply(job, id, basePath, request, { 'preference-applied': 'respond-async' })
    }
    // Nothing new would be a next link without anything else, which a client would follow without end.
    const found = interimReply(monitor, request)
    if (found) return found
    await Promise.race([job.settled, aborted(clientGone)])
    return job.replyAfter(from) ?? (job.state === 'expired' ? expired() : gone())
  }

  /** Only that the job has ended, how, and where the result is. */
  function stateReply({ status }: BackendReply, id: string, { headers, origin }: GatewayRequest): BackendReply {
    return {
      ...noContent,
      headers: {
        asyncresult: String(status),
        location: `${origin}${basePath}${monitorPath}${id}/result`,
        'odata-version': headers['odata-maxversion']?.trim() === '4.02' ? '4.02' : negotiatedVersion(headers),
        'preference-applied': 'return=minimal',
      },
    }
  }

  async function cancel({ job, id, from }: JobMonitor, request: GatewayRequest): Promise<GatewayReply> {
    const { has } = job.behaviour
    if (has('cancel-refused')) {
      const headers = { allow: 'GET' }
      return errorReply(405, 'CANCEL_NOT_SUPPORTED', 'This operation cannot be cancelled.', { headers })
    }
    if (job.state === 'expired') return expired()
    const reply = job.replyAfter(from)
    if (reply) {
      if (!has('delete-result')) {
        return errorReply(409, 'ALREADY_FINISHED', 'The operation has finished. Get its result.')
      }
      store.forget(job)
      return finalReply(reply, job.behaviour, request)
    }
    if (has('cancel-async')) return cancelElsewhere(job, request)
    if (has('cancel-same-location')) return cancelHere(job, id, request)
    job.stop('cancelled', 'The client cancelled the operation.')
    store.forget(job)
    return noContent
  }

  /** Stops the work at once, and tells the client at the third question to another monitor. */
  function cancelElsewhere(job: Job, request: GatewayRequest): GatewayReply {
    job.stop('cancelling', 'The client cancelled the operation.')
    const { promise, resolve, reject } = deferred<BackendReply>()
    const cancelJob = store.start('DELETE', request.url, job.behaviour, ({ signal }) => {
      signal.addEventListener('abort', () => reject(signal.reason))
      return promise
    })
    pollListeners.set(cancelJob, () => {
      if (cancelJob.polls < 2) return
      job.stop('cancelled', 'The client cancelled the operation.')
      store.forget(job)
      resolve(noContent)
    })
    return acceptedReply(cancelJob, store.watch(cancelJob), basePath, request)
  }

  /** Stops the work at once, and tells the client at the third question to the same monitor. */
  function cancelHere(job: Job, id: string, request: GatewayRequest): GatewayReply {
    if (job.state === 'running') {
      job.stop('cancelling', 'The client cancelled the operation.')
      let told = 0
      pollListeners.set(job, () => {
        told++
        if (told < 2) return
        job.stop('cancelled', 'The client cancelled the operation.')
        store.forget(job)
      })
    }
    return acceptedReply(job, id, basePath, request)
  }

  async function ask(asked: Asked, request: GatewayRequest): Promise<GatewayReply> {
    const { monitor } = asked
    if (monitor.job.behaviour.has('unauthorized') && request.headers.authorization !== 'Bearer fresh') {
      const headers = { 'www-authenticate': 'Bearer' }
      return errorReply(401, 'UNAUTHORIZED', 'The token has expired.', { headers })
    }
    if (request.method === 'GET') return redirection(asked, request) ?? poll(asked, request)
    if (request.method === 'DELETE') return cancel(monitor, request)
    const headers = { allow: 'GET, DELETE' }
    return errorReply(405, 'METHOD_NOT_ALLOWED', `A status monitor knows no ${request.method}.`, { headers })
  }

  return {
    /** Answers a request to a status monitor. */
    async answer(request: GatewayRequest): Promise<GatewayReply> {
      const asked = find(request)
      if (!asked) return gone()
      return { ...(await ask(asked, request)), hidesHeaders: asked.monitor.job.behaviour.has('hidden-headers') }
    },
    readOn,
  }
}

const isRespondAsync = ({ name }: { readonly name: string }) => name === 'respond-async'

/** Rejects when the signal is aborted. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.throwIfAborted()
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

function prefersMinimal({ headers }: GatewayRequest): boolean {
  return readPreferences(headers.prefer).some(({ name, value }) => name === 'return' && value === 'minimal')
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
