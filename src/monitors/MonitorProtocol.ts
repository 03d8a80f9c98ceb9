import type { HttpHeaders, HttpReply } from '../protocol/httpReply.js'
import type { MonitorReading } from '../protocol/monitorReply.js'

/** What the service said to a cancel. */
export type CancelReading =
  /** Cancelled. */
  | { readonly state: 'cancelled' }
  /** Cancelling goes on; `monitorUrl`, if given, tells how it gets on. */
  | { readonly state: 'requested'; readonly monitorUrl?: string | undefined; readonly retryAfter?: number | undefined }
  /** The service cannot cancel this operation. */
  | { readonly state: 'unsupported' }
  /** The service refused; as a rule because the operation has ended. */
  | { readonly state: 'refused' }
  /** The operation is gone. */
  | { readonly state: 'too-late' }
  /** The operation has ended, and this is its own answer. */
  | { readonly state: 'finished'; readonly reply: HttpReply }
  /** The service could not be asked, and not before `retryAfter`, in ms, if it said so. */
  | { readonly state: 'failed'; readonly retryAfter?: number | undefined }

/**
 * How a service lets its long-running operations be watched, as pure functions: one small object for each kind of service.
 * {@link odata} is the standard's own. For a service that differs in one thing, take that and replace one function.
 *
 * @example
 * const standard = odata()
 * const monitor: MonitorProtocol = {
 *   ...standard,
 *   name: 'state-in-body',
 *   read: (reply, now) => (isStillWorking(reply) ? { state: 'running' } : standard.read(reply, now)),
 * }
 */
export interface MonitorProtocol {
  /** Kept in the record: which protocol the operation was started with. */
  readonly name: string
  /** Is this answer to the first request "accepted", not the result? */
  accepts(reply: HttpReply): boolean
  /** Headers of each request to the status monitor. */
  headers(maxVersion: string): HttpHeaders
  /** Reads an answer of the status monitor. An "accepted" to the first request is read the same way. */
  read(reply: HttpReply, now: number): MonitorReading
  /** Reads the answer to a `DELETE` of the status monitor. */
  readCancel(reply: HttpReply, now: number): CancelReading
}
