/** One request as an OData backend sees it: no asynchronous processing, no CORS, a body already read. */
export interface BackendRequest {
  /** Upper case. */
  readonly method: string
  /** Path and query below the service root, without a leading slash: `Products(1)?$select=Name`. */
  readonly url: string
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** One answer. Header names are lower-case. */
export interface BackendReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** Things done so far, and in all. */
export interface Counts {
  readonly completed: number
  readonly total: number
}

/** Where the results are to be had that are still to come. */
export interface Continuation {
  /** The answer that tells of a status monitor. */
  readonly accepted: BackendReply
  /** Absolute URL of the next piece of a JSON answer. */
  readonly nextLink: string
}

/** Results of work that come one by one. */
export interface PartialResults {
  /** How many there are so far. */
  readonly count: number
  /** True when no more will come. */
  readonly isComplete: boolean
  /** An answer with all but the first `from` of them; `rest` tells that more are to come. */
  reply(from: number, rest?: Continuation): BackendReply
}

/** What running work is given. */
export interface WorkContext {
  /** Aborted when nobody wants the result any more: the work stops. */
  readonly signal: AbortSignal
  /** Tells how far the work is: 0-100, what it does now, and how many things of how many are done, if there are things. */
  report(percent: number, message: string, counts?: Counts): void
  /** Shows results that come one by one, before the work is done. Absent if nobody looks. */
  offer?(results: PartialResults): void
  /** Resolves when the status monitor was asked that often; rejects when the work is stopped. Absent if there is no monitor. */
  polled?(count: number): Promise<void>
  /** Lets a part of the work go on by itself; gives the answer that tells where to watch it. Absent if there is no such thing. */
  detach?(request: BackendRequest, work: Work): BackendReply
}

/** Work that was accepted: runs once and gives the answer. Rejects with the signal's reason when it was stopped. */
export type Work = (context: WorkContext) => Promise<BackendReply>

/**
 * Any OData service. It looks at a request first, and either answers at once (a bad request, mostly) or hands out the work,
 * so that a gateway can decide whether the client waits for it.
 */
export type Backend = (request: BackendRequest) => Promise<BackendReply | Work>

/** What an OData error carries besides code and message (JSON Format 21.1). */
export interface ErrorDetails {
  readonly target?: string
  readonly details?: readonly { readonly code: string; readonly message: string; readonly target?: string }[]
  readonly headers?: Readonly<Record<string, string>>
}

/** The protocol version of the answer: the greatest known one that the client allows (Protocol 8.2.7). */
export function negotiatedVersion(headers: Readonly<Record<string, string>>): '4.0' | '4.01' {
  return headers['odata-maxversion']?.trim() === '4.0' ? '4.0' : '4.01'
}

/** Encodes a reply with a JSON body. */
export function jsonReply(
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): BackendReply {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: new TextEncoder().encode(JSON.stringify(value)),
  }
}

/** An OData error as a reply. */
export function errorReply(status: number, code: string, message: string, more: ErrorDetails = {}): BackendReply {
  const { headers, ...rest } = more
  return jsonReply(status, { error: { code, message, ...rest } }, headers)
}

/** Thrown where the answer is an OData error. */
export class ODataFailure extends Error {
  override name = 'ODataFailure'
  readonly reply: BackendReply

  constructor(status: number, code: string, message: string, more?: ErrorDetails) {
    super(message)
    this.reply = errorReply(status, code, message, more)
  }
}

/** Runs `task`; an {@link ODataFailure} becomes its reply, anything else unexpected a 500. An abort goes through. */
export async function replyOf<T>(signal: AbortSignal | undefined, task: () => Promise<T>): Promise<T | BackendReply> {
  try {
    return await task()
  } catch (error) {
    signal?.throwIfAborted()
    if (error instanceof ODataFailure) return error.reply
    return errorReply(
      500,
      'INTERNAL_ERROR',
      `The service failed: ${error instanceof Error ? error.message : 'unknown'}.`,
    )
  }
}
