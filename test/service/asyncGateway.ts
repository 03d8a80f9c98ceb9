import { acceptedReply } from './acceptedReply.js'
import { type Backend, type BackendRequest, errorReply, negotiatedVersion, replyOf, type Work } from './backend.js'
import { readBehaviour } from './behaviour.js'
import { delay } from './delay.js'
import { type AsyncGateway, type GatewayReply, type GatewayRequest, monitorPath } from './gateway.js'
import type { Job } from './job.js'
import { createJobStore } from './jobStore.js'
import { readPreferences } from './preferences.js'
import { createRepeatability } from './repeatability.js'
import { createStatusMonitor } from './statusMonitor.js'

/** Options of {@link createAsyncGateway}. */
export interface AsyncGatewayOptions {
  readonly backend: Backend
  /** Path of the service root, with a slash at both ends. */
  readonly basePath: string
  /** How long a result is kept, in ms. Afterwards its monitor answers 410, and after twice the time 404. */
  readonly expiry: number
}

/** Makes the gateway. Jobs live in memory; nothing runs by itself, expiry is looked at when a request comes. */
export function createAsyncGateway({ backend, basePath, expiry }: AsyncGatewayOptions): AsyncGateway {
  const store = createJobStore(expiry)
  const monitor = createStatusMonitor({ store, basePath, expiry })
  const repeatability = createRepeatability()

  async function submit(request: GatewayRequest, clientGone: AbortSignal): Promise<GatewayReply> {
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
    const job = store.start(request.method, request.url, behaviour, run)
    if (wait) await settledWithin(job, Number(wait.value) || 0, clientGone)
    if (job.reply) {
      store.remove(job)
      return job.reply
    }
    if (job.state === 'cancelled') return errorReply(503, 'RESET', 'The service was reset meanwhile.')
    return watch(job, request, ['respond-async', ...(wait ? [wait.text] : [])])
  }

  /** A request of a batch as a job of its own (JSON Format 19.6). */
  function detach(part: BackendRequest, work: Work, origin: string): GatewayReply {
    const job = store.start(part.method, part.url, readBehaviour(part.headers), work)
    return watch(job, { ...part, origin }, ['respond-async'])
  }

  /** Gives the job a monitor, and the answer that tells of it. */
  function watch(job: Job, request: GatewayRequest, applied: readonly string[]): GatewayReply {
    return acceptedReply(job, store.watch(job), basePath, request, { 'preference-applied': applied.join(', ') })
  }

  async function respond(request: GatewayRequest, signal: AbortSignal): Promise<GatewayReply> {
    if (request.url.startsWith(monitorPath)) return monitor.answer(request)
    if (request.method === 'GET' && request.url.startsWith('$batch?')) return monitor.readOn(request, signal)
    const hidesHeaders = readBehaviour(request.headers).has('hidden-headers')
    return { ...(await submit(request, signal)), hidesHeaders }
  }

  return {
    async answer(request, clientGone) {
      store.expire()
      const reply: GatewayReply = await replyOf(clientGone, () =>
        repeatability.answer(request, clientGone, (signal) => replyOf(signal, () => respond(request, signal))),
      )
      const version = negotiatedVersion(request.headers)
      return {
        ...reply,
        headers: { 'odata-version': version, vary: 'Accept, OData-MaxVersion, Prefer', ...reply.headers },
      }
    },
    jobs: store.snapshots,
    async reset() {
      repeatability.reset()
      await store.reset()
    },
  }
}

/** Waits for the job, but no longer than `seconds`. A client that leaves meanwhile takes the job with it. */
async function settledWithin(job: Job, seconds: number, clientGone: AbortSignal): Promise<void> {
  const timer = new AbortController()
  const signal = AbortSignal.any([timer.signal, clientGone])
  const late = delay(Math.min(seconds, 600) * 1000, signal).catch(() => undefined)
  await Promise.race([job.settled, late])
  timer.abort()
  if (clientGone.aborted) job.stop('cancelled', 'The client went away.')
}
