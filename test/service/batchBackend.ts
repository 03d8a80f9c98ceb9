import {
  type Backend,
  type BackendReply,
  type BackendRequest,
  errorReply,
  type PartialResults,
  replyOf,
  type WorkContext,
} from './backend.js'
import { type Answer, batchReply, isFailure } from './batchReply.js'
import { readBatch, type SubRequest } from './batchRequest.js'
import { type Behaviour, behaviourAsHeaders, behaviourHeaders, readBehaviour } from './behaviour.js'
import { readPreferences } from './preferences.js'

/** Options of {@link createBatchBackend}. */
export interface BatchOptions {
  /** Answers the single requests. */
  readonly backend: Backend
  /** Answers a multipart batch as a whole, for those who switch on `engine-batch`. */
  readonly engineBatch: (batch: BackendRequest) => Promise<BackendReply>
  /** Path of the service root, with a slash at both ends. */
  readonly basePath: string
  /** Remembers the data; the function returned puts it back, for a change set that fails. */
  readonly snapshot: () => Promise<() => Promise<void>>
}

/** Requests that stand or fall together: one, or a change set. */
type Unit = readonly [SubRequest, ...SubRequest[]]

/** Finds what became of the request or group of that name. */
type Lookup = (name: string) => Answer | undefined

/** A batch with what is the same for all its requests. */
interface Batch {
  readonly headers: BackendRequest['headers']
  /** Headers that a request has unless it brings its own. */
  readonly inherited: Readonly<Record<string, string>>
  /** Its part of what the batch has of both, in ms. */
  readonly share: { readonly duration: number; readonly headStart: number }
}

const inheritedHeaders = ['odata-version', 'odata-maxversion', ...behaviourHeaders]

/** Adds `$batch`, in both formats, to a backend that knows single requests (Protocol 11.7, JSON Format 19). */
export function createBatchBackend({ backend, engineBatch, basePath, snapshot }: BatchOptions): Backend {
  return async (request) => {
    if (request.url.split('?', 1)[0] !== '$batch') return backend(request)
    return replyOf(undefined, async () => {
      const headers = { allow: 'POST' }
      if (request.method !== 'POST') return errorReply(405, 'METHOD_NOT_ALLOWED', 'Use POST for a batch.', { headers })
      const behaviour = readBehaviour(request.headers)
      if (behaviour.has('engine-batch') && !isJson(request.headers['content-type'])) return () => engineBatch(request)
      const requests = readBatch(request, behaviour.batchLimit)
      return (context: WorkContext) => replyOf(context.signal, () => run(requests, request, behaviour, context))
    })
  }

  async function run(
    requests: readonly SubRequest[],
    { headers, ...request }: BackendRequest,
    behaviour: Behaviour,
    context: WorkContext,
  ): Promise<BackendReply> {
    const isFlat = isJson(headers['content-type'])
    // Without a word on it, the answer has the format of the request.
    const asked = /multipart\/mixed|application\/json/i.exec(headers.accept ?? '')?.[0].toLowerCase()
    const manners = { isJson: asked ? asked === 'application/json' : isFlat, isFlat, has: behaviour.has }
    const total = requests.length
    const inherited = Object.fromEntries(
      inheritedHeaders.flatMap((name) => (headers[name] ? [[name, headers[name]]] : [])),
    )
    const partOf = (time: number) => Math.round(time / Math.max(1, total))
    const share = { duration: partOf(behaviour.duration), headStart: partOf(behaviour.headStart) }
    const batch: Batch = { headers, inherited, share }

    const answers = new Map<string, Answer>()
    const units: Answer[][] = []
    let isComplete = false
    const results: PartialResults = {
      get count() {
        return units.length
      },
      get isComplete() {
        return isComplete
      },
      reply: (from, rest) => batchReply(units.slice(from), { headers, ...request }, manners, rest),
    }
    context.offer?.(results)

    const needed = new Set(requests.flatMap(({ dependsOn }) => dependsOn))
    let done = 0
    const report = (percent: number, message: string) =>
      context.report((100 * done + percent) / total, message, { completed: done, total })
    report(0, `${total} requests to do`)
    for (const unit of unitsOf(requests)) {
      const [{ id, group }] = unit
      // Only in a JSON response, outside groups, and if nothing depends on it (JSON Format 19.6).
      const mayDetach = manners.isJson && group === undefined && !needed.has(id ?? '')
      const { detach, ...attached } = context
      const unitContext: WorkContext = {
        ...attached,
        ...(mayDetach && detach && { detach }),
        report: (percent, message) => report(percent, `Request ${done + 1} of ${total}: ${message}`),
      }
      const before = done
      const unitAnswers = await runUnit(
        unit,
        batch,
        (name) => answers.get(name),
        unitContext,
        () => done++,
      )
      done = before + unitAnswers.length
      report(0, `Request ${done} of ${total}: done`)
      units.push(unitAnswers)
      for (const answer of unitAnswers) {
        if (answer.request.id !== undefined) answers.set(answer.request.id, answer)
        if (answer.request.group !== undefined && isFailure(answer)) answers.set(answer.request.group, answer)
      }
      if (unitAnswers.some(isFailure) && !continuesOnError(headers, isFlat)) break
    }
    isComplete = true
    return results.reply(0)
  }

  async function runUnit(
    unit: Unit,
    batch: Batch,
    earlier: Lookup,
    context: WorkContext,
    onDone: () => void,
  ): Promise<Answer[]> {
    const restore = unit[0].group === undefined ? undefined : await snapshot()
    const found: Answer[] = []
    // Members may refer to each other, but are told to the others only when all is well.
    const members = new Map<string, Answer>()
    try {
      for (const request of unit) {
        const lookup = (name: string) => members.get(name) ?? earlier(name)
        const reply = await replyOf(context.signal, () => runOne(request, batch, lookup, context))
        const answer = { request, reply }
        if (request.id !== undefined) members.set(request.id, answer)
        found.push(answer)
        onDone()
        if (restore && isFailure(answer)) break
      }
    } catch (error) {
      await restore?.()
      throw error
    }
    if (!restore || !found.some(isFailure)) return found
    await restore()
    const undone = errorReply(424, 'CHANGE_SET_FAILED', 'Not done, as another request of the change set failed.')
    return unit.map((request, index) => {
      const answer = found[index]
      return answer && isFailure(answer) ? answer : { request, reply: undone }
    })
  }

  async function runOne(
    request: SubRequest,
    batch: Batch,
    lookup: Lookup,
    context: WorkContext,
  ): Promise<BackendReply> {
    const failed = request.dependsOn.map(lookup).find((answer) => answer && isFailure(answer))
    if (failed) return errorReply(424, 'FAILED_DEPENDENCY', `Request ${failed.request.id} failed before.`)
    const url = serviceUrl(request, batch, lookup)
    if (url === undefined)
      return errorReply(404, 'NOT_FOUND', `The URL "${request.url.slice(0, 200)}" is not below the service root.`)
    if (url.startsWith('$batch')) return errorReply(400, 'BAD_BATCH', 'A batch cannot be in a batch.')
    const headers = { ...batch.inherited, ...request.headers }
    const detach = prefersAsync(headers) ? context.detach : undefined
    if (!detach) Object.assign(headers, behaviourAsHeaders(batch.share), request.headers)
    const single = { method: request.method, url, headers, body: request.body }
    const polls = Number(request.headers['x-test-polls'] ?? 0)
    if (!detach && polls > 0) await context.polled?.(polls)
    const work = await backend(single)
    if (typeof work !== 'function') return work
    return detach ? detach(single, work) : work(context)
  }

  /** Path below the service root, with `$id` replaced by what that request created (Protocol 11.7.4). */
  function serviceUrl({ url, headers }: SubRequest, batch: Batch, lookup: Lookup): string | undefined {
    const { host = 'service' } = batch.headers
    const base = `http://${headers.host ?? host}${basePath}`
    const referred = url.replace(/^\$([^/?]+)/, (text, id: string) => lookup(id)?.reply.headers.location ?? text)
    if (!URL.canParse(referred, base)) return undefined
    const found = new URL(referred, base)
    const isHere = found.host === host.toLowerCase() && found.pathname.startsWith(basePath)
    return isHere ? found.pathname.slice(basePath.length) + found.search : undefined
  }
}

const isJson = (type = '') => /^application\/json\s*(;|$)/i.test(type)

function prefersAsync(headers: Readonly<Record<string, string>>): boolean {
  const isPreferred = readPreferences(headers.prefer).some(({ name }) => name === 'respond-async')
  return isPreferred && !readBehaviour(headers).has('sync')
}

function unitsOf(requests: readonly SubRequest[]): Unit[] {
  const units: [SubRequest, ...SubRequest[]][] = []
  for (const request of requests) {
    const last = units.at(-1)
    if (last && request.group !== undefined && last[0].group === request.group) last.push(request)
    else units.push([request])
  }
  return units
}

/** Multipart stops at the first error unless told otherwise, JSON goes on unless told otherwise. */
function continuesOnError(headers: BackendRequest['headers'], isJsonRequest: boolean): boolean {
  const names = ['continue-on-error', 'odata.continue-on-error']
  const preference = readPreferences(headers.prefer).find(({ name }) => names.includes(name))
  return preference ? preference.value !== 'false' : isJsonRequest
}
