import { EXPOSED_HEADERS } from './exposedHeaders.js'
import { parseHttpMessage } from './httpMessage.js'
import { bodyText, type HttpReply, mediaType } from './httpReply.js'
import { describeBody, readJson } from './json.js'
import { resolveLocation } from './location.js'
import { parseODataError, toODataError } from './odataError.js'
import { type ProgressReading, readProgress } from './progress.js'
import { parseRetryAfter } from './retryAfter.js'

/** Reads how far an operation is from the `202` that says that it goes on. */
export type ProgressReader = (reply: HttpReply) => ProgressReading | undefined

/** What one answer of a status monitor means. */
export type MonitorReading =
  /**
   * The operation goes on. `monitorUrl` is absolute, to be asked from now on, and missing when there is no usable
   * `Location`; `retryAfter` is in ms.
   */
  | {
      readonly state: 'running'
      readonly monitorUrl?: string | undefined
      readonly retryAfter?: number | undefined
      readonly progress?: ProgressReading | undefined
    }
  /** The operation ended. `reply` is its own answer, good or bad: its real status, its headers, its body. */
  | { readonly state: 'finished'; readonly reply: HttpReply }
  /** The monitor itself is gone (`404`, `410`). */
  | { readonly state: 'gone'; readonly status: number }
  /** The monitor could not be asked, which says nothing about the operation. `retryAfter` is in ms. */
  | {
      readonly state: 'unavailable'
      readonly status: number
      readonly retryAfter?: number | undefined
    }
  /** The answer breaks the protocol; `problem` says why, what was given, and what to do. */
  | { readonly state: 'unreadable'; readonly problem: string }

/**
 * Reads an answer of a status monitor of the OData standard (Protocol 11.6), from the answer alone: services differ in which
 * form they give to which request. A result may come in an HTTP message (4.0), or unwrapped with its status in `AsyncResult`
 * (4.01); when both are there the message counts.
 *
 * A plain JSON answer with neither, which no version allows, is taken as the result, or as a failure with status 500 when it
 * is an OData error; a multipart one, as of a batch, as the result. An `AsyncResult` of success does not count on an error that says
 * that it is one.
 *
 * @param now epoch ms, for a `Retry-After` that is a date
 * @param progressOf reads the progress of a `202`
 */
export function readMonitorReply(
  reply: HttpReply,
  now: number,
  progressOf: ProgressReader = readProgress,
): MonitorReading {
  const { status, headers } = reply
  if (status === 202) return readRunning(reply, now, progressOf)
  const isSuccess = status >= 200 && status < 300
  const { asyncresult } = headers
  if (isSuccess && isWrapper(reply)) {
    const message = parseHttpMessage(reply.body, reply.url)
    return 'reply' in message
      ? readAnswer(message.reply, now, progressOf)
      : unreadable(`a message with ${message.problem}`)
  }
  const code = /^\s*([2-5]\d\d)(?!\d)/.exec(asyncresult ?? '')?.[1]
  // A failure with the body of one is none of the successes that `AsyncResult` may speak of.
  const isContradicted = !isSuccess && Number(code) < 400 && parseODataError(reply)
  if (code && !isContradicted) return readAnswer({ ...reply, status: Number(code) }, now, progressOf)
  if (isSuccess) return asyncresult ? unreadable(`the \`AsyncResult\` ${asyncresult.slice(0, 60)}`) : readPlain(reply)
  if (status === 404 || status === 410) return { state: 'gone', status }
  return { state: 'unavailable', status, retryAfter: parseRetryAfter(headers['retry-after'], now) }
}

function unreadable(reason: string): MonitorReading {
  return { state: 'unreadable', problem: `The status monitor gave ${reason}.` }
}

function readRunning(reply: HttpReply, now: number, progressOf: ProgressReader): MonitorReading & { state: 'running' } {
  const { headers, url } = reply
  return {
    state: 'running',
    monitorUrl: resolveLocation(headers.location, url),
    retryAfter: parseRetryAfter(headers['retry-after'], now),
    progress: progressOf(reply),
  }
}

/** An `application/http` body; without `AsyncResult` also one that only looks like it, as from servers that forget the type. */
function isWrapper({ headers, body }: HttpReply): boolean {
  return (
    /^(application|message)\/http$/.test(mediaType(headers)) ||
    (!headers.asyncresult && /^\s*http\/\d/i.test(bodyText({ body: body.subarray(0, 32) })))
  )
}

/** The operation's own answer; one that is `202` only leads on to the next monitor. */
function readAnswer(reply: HttpReply, now: number, progressOf: ProgressReader): MonitorReading {
  return reply.status === 202 ? readRunning(reply, now, progressOf) : { state: 'finished', reply }
}

function readPlain(reply: HttpReply): MonitorReading {
  // The answer to a batch can be no failure, and a browser hides nothing of it.
  if (mediaType(reply.headers) === 'multipart/mixed') return { state: 'finished', reply }
  if (reply.hidesHeaders) {
    return unreadable(
      `an answer of which the browser hides the headers, so that success and failure cannot be told apart. The service must send \`Access-Control-Expose-Headers: ${EXPOSED_HEADERS}\` to this origin; with \`maxVersion: '4.0'\` it answers in a form that needs no headers`,
    )
  }
  const json = readJson(reply)
  if (json === undefined) {
    return unreadable(
      `no \`AsyncResult\` (${describeBody(reply)}), no \`application/http\` and no JSON. From another origin the service must send \`Access-Control-Expose-Headers: ${EXPOSED_HEADERS}\`; with \`maxVersion: '4.0'\` that header is not needed`,
    )
  }
  // A failure that is sent like a success must not become one.
  const isFailure = toODataError(json) && Object.keys(json as object).every((name) => /^error$|@/.test(name))
  return { state: 'finished', reply: isFailure ? { ...reply, status: 500 } : reply }
}
