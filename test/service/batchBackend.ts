import {
  type Backend,
  type BackendReply,
  type BackendRequest,
  errorReply,
  jsonReply,
  negotiatedVersion,
  replyOf,
  type WorkContext,
} from './backend.js'
import { readBatch, type SubRequest } from './batchRequest.js'
import { behaviourHeaders, readBehaviour } from './behaviour.js'
import { type ReplyPart, writeParts } from './multipart.js'
import { readPreferences } from './preferences.js'

/** Options of {@link createBatchBackend}. */
export interface BatchOptions {
  /** Answers the single requests. */
  readonly backend: Backend
  /** Path of the service root, with a slash at both ends. */
  readonly basePath: string
  /** Remembers the data; the function returned puts it back, for a change set that fails. */
  readonly snapshot: () => Promise<() => Promise<void>>
}

interface Answer {
  readonly request: SubRequest
  readonly reply: BackendReply
}

/** Requests that stand or fall together: one, or a change set. */
type Unit = readonly [SubRequest, ...SubRequest[]]

const inherited = ['odata-version', 'odata-maxversion', ...behaviourHeaders]
const isFailure = ({ reply }: Answer) => reply.status >= 400

/** Adds `$batch`, in both formats, to a backend that knows single requests (Protocol 11.7, JSON Format 19). */
export function createBatchBackend({ backend, basePath, snapshot }: BatchOptions): Backend {
  return async (request) => {
    if (request.url.split('?', 1)[0] !== '$batch') return backend(request)
    return replyOf(undefined, async () => {
      const headers = { allow: 'POST' }
      if (request.method !== 'POST') return errorReply(405, 'METHOD_NOT_ALLOWED', 'Use POST for a batch.', { headers })
      const requests = readBatch(request)
      return (context: WorkContext) => replyOf(context.signal, () => run(requests, request, context))
    })
  }

  async function run(
    requests: readonly SubRequest[],
    batch: BackendRequest,
    context: WorkContext,
  ): Promise<BackendReply> {
    const isJsonRequest = /^application\/json/i.test(batch.headers['content-type'] ?? '')
    // Without a word on it, the answer has the format of the request.
    const asked = /multipart\/mixed|application\/json/i.exec(batch.headers.accept ?? '')?.[0].toLowerCase()
    const wantsJson = asked === undefined ? isJsonRequest : asked === 'application/json'
    const answers = new Map<string, Answer>()
    const units: Answer[][] = []
    let done = 0
    for (const unit of unitsOf(requests)) {
      const [first] = unit
      // Only in a JSON response, outside groups, and if nothing depends on it (JSON Format 19.6).
      const mayDetach =
        wantsJson && first.group === undefined && !requests.some(({ dependsOn }) => dependsOn.includes(first.id ?? ''))
      const unitContext: WorkContext = {
        signal: context.signal,
        ...(mayDetach && context.detach && { detach: context.detach }),
        report: (percent, message) => {
          const all = (100 * done + percent) / requests.length
          context.report(all, `Request ${done + 1} of ${requests.length}: ${message}`)
        },
      }
      const unitAnswers = await runUnit(unit, batch, answers, unitContext, () => done++)
      units.push(unitAnswers)
      for (const answer of unitAnswers) {
        if (answer.request.id !== undefined) answers.set(answer.request.id, answer)
        if (answer.request.group !== undefined && isFailure(answer)) answers.set(answer.request.group, answer)
      }
      if (unitAnswers.some(isFailure) && !continuesOnError(batch, isJsonRequest)) break
    }
    return wantsJson ? jsonBatchReply(units, batch) : multipartReply(units, batch, isJsonRequest)
  }

  async function runUnit(
    unit: Unit,
    batch: BackendRequest,
    answers: ReadonlyMap<string, Answer>,
    context: WorkContext,
    onDone: () => void,
  ): Promise<Answer[]> {
    const restore = unit[0].group === undefined ? undefined : await snapshot()
    const found: Answer[] = []
    // Members may refer to each other, but are told to the others only when all is well.
    const visible = new Map(answers)
    try {
      for (const request of unit) {
        const answer = { request, reply: await runOne(request, batch, visible, context) }
        if (request.id !== undefined) visible.set(request.id, answer)
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
    batch: BackendRequest,
    answers: ReadonlyMap<string, Answer>,
    context: WorkContext,
  ): Promise<BackendReply> {
    const failed = request.dependsOn.map((name) => answers.get(name)).find((answer) => answer && isFailure(answer))
    if (failed) return errorReply(424, 'FAILED_DEPENDENCY', `Request ${failed.request.id} failed before.`)
    const url = serviceUrl(request.url, answers)
    if (url === undefined)
      return errorReply(404, 'NOT_FOUND', `The URL "${request.url.slice(0, 200)}" is not below the service root.`)
    if (url.startsWith('$batch')) return errorReply(400, 'BAD_BATCH', 'A batch cannot be in a batch.')
    const defaults = Object.fromEntries(
      inherited.flatMap((name) => (batch.headers[name] ? [[name, batch.headers[name]]] : [])),
    )
    const { method, body } = request
    const single = { method, url, headers: { ...defaults, ...request.headers }, body }
    const work = await backend(single)
    if (typeof work !== 'function') return work
    return context.detach && prefersAsync(single) ? context.detach(single, work) : work(context)
  }

  /** Path below the service root, with `$id` replaced by what that request created (Protocol 11.7.4). */
  function serviceUrl(url: string, answers: ReadonlyMap<string, Answer>): string | undefined {
    const referred = url.replace(/^\$([^/?]+)/, (text, id: string) => answers.get(id)?.reply.headers.location ?? text)
    if (!URL.canParse(referred, `http://service${basePath}`)) return undefined
    const { pathname, search } = new URL(referred, `http://service${basePath}`)
    return pathname.startsWith(basePath) ? pathname.slice(basePath.length) + search : undefined
  }
}

function prefersAsync({ headers }: BackendRequest): boolean {
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
function continuesOnError(batch: BackendRequest, isJson: boolean): boolean {
  const names = ['continue-on-error', 'odata.continue-on-error']
  const preference = readPreferences(batch.headers.prefer).find(({ name }) => names.includes(name))
  return preference ? preference.value !== 'false' : isJson
}

function jsonBatchReply(units: readonly Answer[][], batch: BackendRequest): BackendReply {
  const responses = units.flat().map(({ request: { id, group }, reply: { status, headers, body } }) => ({
    ...(id !== undefined && { id }),
    ...(group !== undefined && { atomicityGroup: group }),
    status,
    headers,
    ...(body.length > 0 && { body: decodeBody(body, headers['content-type'] ?? '') }),
  }))
  return jsonReply(200, { responses }, { 'odata-version': negotiatedVersion(batch.headers) })
}

function decodeBody(body: Uint8Array, type: string): unknown {
  const bytes = Buffer.from(body)
  if (type.startsWith('application/json')) return JSON.parse(bytes.toString('utf8'))
  return bytes.toString(type.startsWith('text/') ? 'utf8' : 'base64url')
}

function multipartReply(units: readonly Answer[][], batch: BackendRequest, isFlat: boolean): BackendReply {
  const parts = units.flatMap((unit): ReplyPart[] => {
    const answers = unit.map(({ request, reply }) => ({ id: request.id, reply }))
    if (isFlat || unit[0]?.request.group === undefined) return answers
    // A failed change set has one answer for all its requests (Protocol 11.7.7.5).
    const failure = unit.find((answer) => isFailure(answer) && answer.reply.status !== 424) ?? unit.find(isFailure)
    return failure ? [{ id: undefined, reply: failure.reply }] : [answers]
  })
  const { contentType, body } = writeParts(parts)
  return {
    status: 200,
    headers: { 'content-type': contentType, 'odata-version': negotiatedVersion(batch.headers) },
    body,
  }
}
