import type { OperationRecord } from './operation.js'

/**
 * What kind of failure an error is.
 *
 * | kind | meaning |
 * |---|---|
 * | `configuration` | the call itself is wrong; nothing was sent |
 * | `service` | the operation was answered with an error |
 * | `monitor` | the status monitor cannot be asked any more; the operation may be fine |
 * | `expired` | the monitor is gone (`404`, `410`) and the result with it |
 * | `timeout` | our own deadline passed; the service may still be working |
 * | `protocol` | the service's answer cannot be used |
 * | `network` | the request that starts the operation got no answer; its outcome is unknown |
 * | `cancelled` | the operation was cancelled |
 */
export type ODataErrorKind =
  | 'configuration'
  | 'service'
  | 'monitor'
  | 'expired'
  | 'timeout'
  | 'protocol'
  | 'network'
  | 'cancelled'

/** One entry of an OData error's `details`. */
export interface ODataErrorDetail {
  /** The service's own code. */
  readonly code: string
  /** In words for people. */
  readonly message: string
  /** What it is about, such as the name of a parameter. */
  readonly target?: string | null
}

/** An error as plain JSON, the form in which a record holds it. {@link toError} makes the `Error` from it. */
export interface ODataErrorData {
  readonly kind: ODataErrorKind
  readonly message: string
  /** HTTP status that told of the failure, if one did. */
  readonly status?: number
  /** The service's own code; its texts are cut at 2,000 characters each. */
  readonly code?: string
  /** What it is about, such as the name of a parameter. */
  readonly target?: string | null
  /** The first 100. */
  readonly details?: readonly ODataErrorDetail[] | undefined
  /** What the service says about its insides; not for users. Left out beyond 16,384 characters of JSON. */
  readonly innererror?: unknown
  /** The answer's body as text, cut at 16,384 characters. */
  readonly body?: string
}

/** What the data of an error was made from. It is not part of the data, as it is no JSON; while the page lives it is `cause` of the error. */
const causes = new WeakMap<ODataErrorData, unknown>()

/** Remembers what an error was made from, if anything. Returns its data. */
export function withCause(data: ODataErrorData, cause: unknown): ODataErrorData {
  if (cause !== undefined) causes.set(data, cause)
  return data
}

/** What an error was made from, while the page lives. */
export function causeOf(data: ODataErrorData): unknown {
  return causes.get(data)
}

/** What an error remembers besides its data. */
export interface ODataErrorContext {
  /** The operation as it stood when the error was made. */
  readonly record?: OperationRecord | undefined
}

const brand = Symbol.for('react-odata-async.error')

/**
 * Base of all errors of this package. `kind` tells them apart, also after JSON.
 *
 * @example
 * if (isODataError(error) && error.kind === 'service') show(error.message)
 */
export class ODataError extends Error {
  override name = 'ODataError'
  declare readonly kind: ODataErrorKind
  declare readonly status?: number
  /** Absolute URL of the status monitor, so that waiting can go on later. Not part of the message: it may be a secret. */
  declare readonly monitorUrl: string | undefined
  /** The operation as it stood when the error was made. */
  declare readonly record: OperationRecord | undefined
  /** Tells an error of this package from others, across copies of it. */
  readonly [brand] = true

  constructor(data: ODataErrorData, { record }: ODataErrorContext = {}) {
    super(data.message, causes.has(data) ? { cause: causes.get(data) } : undefined)
    Object.assign(this, data, { record, monitorUrl: record?.monitorUrl })
  }
}

/** The call itself is wrong: nothing was sent. The message names what is wrong and what to give. */
export class ODataConfigurationError extends ODataError {
  override name = 'ODataConfigurationError'
  declare readonly kind: 'configuration'
}

/** The service answered the operation with an error: at once, wrapped, or by `AsyncResult` (Protocol 11.6, JSON Format 21.1). */
export class ODataServiceError extends ODataError {
  override name = 'ODataServiceError'
  declare readonly kind: 'service'
  /** HTTP status of the operation itself, not of the status monitor. */
  declare readonly status: number
  /** The service's code; `undefined` when its answer was no OData error. */
  declare readonly code?: string
  declare readonly target?: string | null
  declare readonly details?: readonly ODataErrorDetail[] | undefined
  declare readonly innererror?: unknown
  /** The answer's body as text, cut at 16,384 characters. */
  declare readonly body?: string
}

/** The status monitor cannot be asked any more: refused, or no usable answer too often in a row. The operation may be fine. */
export class ODataMonitorError extends ODataError {
  override name = 'ODataMonitorError'
  declare readonly kind: 'monitor'
  declare readonly body?: string
}

/** The status monitor is gone (`404`, `410`) without a cancel of ours: the result is lost. It is never run again by itself. */
export class OperationExpiredError extends ODataError {
  override name = 'OperationExpiredError'
  declare readonly kind: 'expired'
}

/** Our deadline passed. The service may still be working: `client.resume(error.record)` goes on waiting. */
export class OperationTimeoutError extends ODataError {
  override name = 'OperationTimeoutError'
  declare readonly kind: 'timeout'
}

/** The service's answer breaks the protocol or cannot be read, here or because CORS hides its headers. */
export class ODataProtocolError extends ODataError {
  override name = 'ODataProtocolError'
  declare readonly kind: 'protocol'
  declare readonly body?: string
}

/**
 * The request that starts the operation got no answer. It may or may not have started; it is not sent again. With `repeatability` it
 * was, and the last attempt got none either.
 */
export class ODataNetworkError extends ODataError {
  override name = 'ODataNetworkError'
  declare readonly kind: 'network'
}

/** The operation was cancelled. Work already done may remain. */
export class OperationCancelledError extends ODataError {
  override name = 'OperationCancelledError'
  declare readonly kind: 'cancelled'
}

const classes = {
  configuration: ODataConfigurationError,
  service: ODataServiceError,
  monitor: ODataMonitorError,
  expired: OperationExpiredError,
  timeout: OperationTimeoutError,
  protocol: ODataProtocolError,
  network: ODataNetworkError,
  cancelled: OperationCancelledError,
} satisfies Record<ODataErrorKind, typeof ODataError>

/** Makes the `Error` of the right class from its data. */
export function toError(data: ODataErrorData, context?: ODataErrorContext): ODataError {
  // A stored record may come from a newer version.
  return new (classes[data.kind] ?? ODataError)(data, context)
}

/** True for each error of this package, also of another copy of it. */
export function isODataError(value: unknown): value is ODataError {
  return value instanceof Error && brand in value
}

const guard =
  <TError extends ODataError>(kind: TError['kind']) =>
  (value: unknown): value is TError =>
    isODataError(value) && value.kind === kind

/** True for an {@link ODataConfigurationError}, also of another copy of the package. */
export const isODataConfigurationError = /* @__PURE__ */ guard<ODataConfigurationError>('configuration')
/** True for an {@link ODataServiceError}, also of another copy of the package. */
export const isODataServiceError = /* @__PURE__ */ guard<ODataServiceError>('service')
/** True for an {@link ODataMonitorError}, also of another copy of the package. */
export const isODataMonitorError = /* @__PURE__ */ guard<ODataMonitorError>('monitor')
/** True for an {@link OperationExpiredError}, also of another copy of the package. */
export const isOperationExpiredError = /* @__PURE__ */ guard<OperationExpiredError>('expired')
/** True for an {@link OperationTimeoutError}, also of another copy of the package. */
export const isOperationTimeoutError = /* @__PURE__ */ guard<OperationTimeoutError>('timeout')
/** True for an {@link ODataProtocolError}, also of another copy of the package. */
export const isODataProtocolError = /* @__PURE__ */ guard<ODataProtocolError>('protocol')
/** True for an {@link ODataNetworkError}, also of another copy of the package. */
export const isODataNetworkError = /* @__PURE__ */ guard<ODataNetworkError>('network')
/** True for an {@link OperationCancelledError}, also of another copy of the package. */
export const isOperationCancelledError = /* @__PURE__ */ guard<OperationCancelledError>('cancelled')
