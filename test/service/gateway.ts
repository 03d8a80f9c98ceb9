import type { BackendReply, BackendRequest } from './backend.js'
import type { JobSnapshot } from './job.js'

/** A request with the origin it was sent to, the base of an absolute `Location`: `http://127.0.0.1:4004`. */
export interface GatewayRequest extends BackendRequest {
  readonly origin: string
}

/** A reply with what concerns its way to the client. */
export interface GatewayReply extends BackendReply {
  /** No header is exposed to scripts of other origins. */
  readonly hidesHeaders?: boolean
  /** The body goes on for ever after its beginning. */
  readonly isEndless?: boolean
}

/** Asynchronous requests for any OData backend (Protocol 11.6). */
export interface AsyncGateway {
  /** Answers one request. `clientGone` stops work that only this request waits for. */
  answer(request: GatewayRequest, clientGone: AbortSignal): Promise<GatewayReply>
  /** All jobs since the last reset, oldest first; those that ended long ago are left out. */
  jobs(): JobSnapshot[]
  /** Stops all work and forgets all jobs. Resolves when the work has stopped. */
  reset(): Promise<void>
}

/** Path of the status monitors below the service root. */
export const monitorPath = '$async/'
