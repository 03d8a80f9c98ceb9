import type { HttpHeaders, HttpReply } from '../protocol/httpReply.js'
import type { AsyncOperation } from './AsyncOperation.js'
import type { BatchDefaults } from './batch/BatchOptions.js'
import type { Environment } from './environment.js'
import { toError } from './errors.js'
import type { ODataClient } from './ODataClient.js'
import type { OperationOptions } from './OperationOptions.js'
import type { OperationRecord } from './operation.js'
import type { RequestBody } from './send.js'
import type { Change, StepContext } from './transitions.js'

/** What is sent to start an operation. */
export interface Submission {
  readonly headers: HttpHeaders
  readonly body: RequestBody | undefined
}

/** How an operation is made that is more than one request and its result. */
export interface OperationPlan {
  /** What is sent; none when it was started elsewhere. It may turn out when it is sent, and `note` keeps in the record what did. */
  readonly submission?:
    | Submission
    | ((note: (change: Change) => void, signal?: AbortSignal) => Promise<Submission>)
    | undefined
  /** What its own answer makes of it. @default its result, or its failure */
  readonly read?: (record: OperationRecord, reply: HttpReply, context: StepContext) => Change
  /** Its time is kept by the operation that it is a part of. */
  readonly isPart?: boolean
}

/** The fields that a record begins with; the others have defaults. */
export type Start = Pick<OperationRecord, 'kind' | 'method' | 'url'> & Change

/** What the parts of this package that are loaded only when they are needed want of a client, and apps do not. */
export interface ClientParts {
  readonly environment: Environment
  readonly maxVersion: '4.0' | '4.01'
  readonly batch: BatchDefaults
  /** `timeout` of the client. */
  readonly timeout: number | undefined
  /** An operation that goes on from `start`, with all that the client does for one. Nothing is sent. */
  createOperation(start: Start, options?: OperationOptions, plan?: OperationPlan): AsyncOperation<never>
}

/** Also of another copy of this package. */
const key = Symbol.for('react-odata-async.client')

/** Gives a client its parts, which a copy of it has, too. */
export function withParts(client: ODataClient, parts: ClientParts): ODataClient {
  return Object.assign(client, { [key]: parts })
}

/** @throws an `ODataConfigurationError` for a client that `createODataClient` has not made */
export function partsOf(client: ODataClient): ClientParts {
  const parts = (client as { readonly [key]?: ClientParts })[key]
  if (parts) return parts
  const message =
    '`client` is not one of `createODataClient`, so it can send no batch. Make one, or spread one into yours: { ...client }.'
  throw toError({ kind: 'configuration', message })
}
