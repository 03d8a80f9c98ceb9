import ky, { type KyInstance } from 'ky'
import type { MonitorProtocol } from '../monitors/MonitorProtocol.js'
import { odata } from '../monitors/odata.js'
import { actionBody, actionUrl } from '../protocol/actionRequest.js'
import type { HttpHeaders } from '../protocol/httpReply.js'
import { isTrustedUrl, resolveLocation } from '../protocol/location.js'
import { formatPrefer } from '../protocol/prefer.js'
import type { AsyncOperation, WaitOptions } from './AsyncOperation.js'
import { createAsyncOperation } from './createAsyncOperation.js'
import { type Environment, systemEnvironment } from './environment.js'
import { ODataConfigurationError } from './errors.js'
import { isOperationRecord, type OperationRecord } from './operation.js'
import { checkDelay, checkPolling, MAX_DELAY, type PollingOptions } from './schedule.js'
import { createSend } from './send.js'
import { type Change, transition, unanswered } from './transitions.js'

/** How to reach a service. */
export interface ODataClientOptions {
  /** Root of the service, absolute (`https://host/odata/`), or relative to the page in a browser (`/odata/`). */
  readonly serviceUrl: string
  /**
   * The app's own ky instance, with its hooks for credentials and tokens. Its retries and its time limit are not used:
   * a request that starts something is never repeated.
   * @default ky
   */
  readonly http?: KyInstance | undefined
  /**
   * The newest version of OData that the answers may be in, sent as `OData-MaxVersion`. With `'4.0'` results are asked
   * for as `application/http`, which needs no `AsyncResult` header.
   * @default '4.01'
   */
  readonly maxVersion?: '4.0' | '4.01' | undefined
  /** How the service lets its operations be watched. @default odata() */
  readonly monitor?: MonitorProtocol | undefined
  /** How often to ask. */
  readonly polling?: PollingOptions | undefined
  /** ms for a whole operation, from start to end. @default no limit */
  readonly timeout?: number | undefined
  /** ms for the request that starts an operation; a service may well do all the work before it answers. @default 300000 */
  readonly submitTimeout?: number | undefined
  /** ms for one request to the status monitor. @default 30000 */
  readonly requestTimeout?: number | undefined
  /** Origins besides the service's own whose status monitors may be asked, with credentials. @default [] */
  readonly trustedOrigins?: readonly string[] | undefined
  /**
   * Called when the status monitor answers `401`, to get fresh credentials into `http`; then it is asked once more.
   */
  readonly onUnauthorized?: (() => unknown) | undefined
  /** Clock, timers and randomness, for tests. @default the real ones */
  readonly environment?: Environment | undefined
}

/** How to run one operation. */
export interface CallActionOptions {
  /** Our name for the operation. @default a new one */
  readonly id?: string | undefined
  /** Headers of your own. They go along with the requests to the status monitor too, but for those that are about the first request only. */
  readonly headers?: HttpHeaders | undefined
  /** Seconds the service may take to answer at once before it answers `202` (`Prefer: wait`). @default not sent */
  readonly wait?: number | undefined
  /** ms between two polls, or a function of the record. @default `polling.interval` of the client */
  readonly pollInterval?: PollingOptions['interval']
  /** ms for the whole operation. @default `timeout` of the client */
  readonly timeout?: number | undefined
  /** Stops our waiting for the first answer; what the service does is then unknown. */
  readonly signal?: AbortSignal | undefined
}

/** A monitor known by its URL alone. */
export interface MonitorReference {
  /** Absolute, or relative to the service root. */
  readonly monitorUrl: string
  /** @default a new one */
  readonly id?: string | undefined
}

/** A client of one service. It holds no state but its options. */
export interface ODataClient {
  /** Absolute URL of the service root. */
  readonly serviceUrl: string
  /**
   * Calls an action; resolves as soon as the service has answered or accepted it.
   *
   * @param action path below the service root: `Reports/Sales.GenerateLargeReport`, `Products(1)/Sales.Discontinue`, `Rebuild`
   * @param parameters one member for each parameter; none is sent as `{}`
   * @throws {@link ODataServiceError} answered with an error at once; {@link ODataNetworkError} no answer;
   * {@link ODataProtocolError} unusable answer; {@link ODataConfigurationError} nothing was sent
   * @example
   * const operation = await client.callAction<Report>('Reports/Sales.GenerateLargeReport', { StartDate: '2026-01-01' })
   */
  callAction<TResult = unknown>(
    action: string,
    parameters?: object,
    options?: CallActionOptions,
  ): Promise<AsyncOperation<TResult>>
  /** {@link callAction} and {@link AsyncOperation.waitForCompletion} in one. Here `signal` and `timeout` are for the whole. */
  callActionAndWait<TResult = unknown>(
    action: string,
    parameters?: object,
    options?: CallActionOptions & WaitOptions<TResult>,
  ): Promise<TResult>
  /** Makes the operation without sending anything; {@link AsyncOperation.submit} sends it. */
  prepareAction<TResult = unknown>(
    action: string,
    parameters?: object,
    options?: CallActionOptions,
  ): AsyncOperation<TResult>
  /**
   * Takes an operation up again: from its record (in this process or another one), or from the URL of its monitor.
   * Waiting that was given up (`timeout`, `monitor`) goes on. A record that never got an answer fails with kind `network`.
   */
  resume<TResult = unknown>(operation: OperationRecord<TResult> | MonitorReference): AsyncOperation<TResult>
}

const JSON_TYPE = 'application/json'

/** Headers about the first request alone, which would be wrong on a `GET` or `DELETE` of the monitor. */
const SUBMIT_ONLY = /^(if-|content-|isolation|repeatability-|odata-version)/

/**
 * Makes a client. Nothing is sent.
 *
 * @throws {@link ODataConfigurationError} for a `serviceUrl` that is none, or a time that no timer keeps
 * @example
 * const client = createODataClient({ serviceUrl: 'https://host/odata/' })
 */
export function createODataClient(options: ODataClientOptions): ODataClient {
  const {
    maxVersion = '4.01',
    monitor = odata(),
    submitTimeout = 300_000,
    requestTimeout = 30_000,
    trustedOrigins = [],
    onUnauthorized,
    environment = systemEnvironment,
  } = options
  const serviceUrl = checkServiceUrl(options.serviceUrl)
  const send = createSend(options.http ?? ky, environment)
  const isTrusted = (url: string) => isTrustedUrl(url, serviceUrl, trustedOrigins)
  checkPolling({ ...options.polling })
  checkDelay('timeout', options.timeout)
  checkDelay('submitTimeout', submitTimeout)
  checkDelay('requestTimeout', requestTimeout)

  /** An operation that goes on from `given`; with a `body` it is still to be sent. */
  function operation(given: Start, call: CallActionOptions = {}, body?: string): AsyncOperation<never> {
    const { id = environment.createId(), pollInterval, timeout = options.timeout, wait } = call
    const { method, url } = given
    const { prefer, ...own } = Object.fromEntries(new Headers(call.headers))
    const ownOfMonitor = Object.fromEntries(Object.entries(own).filter(([name]) => !SUBMIT_ONLY.test(name)))
    const now = environment.now()
    checkDelay('timeout', timeout)
    const record: OperationRecord = {
      id,
      monitor: monitor.name,
      status: 'pending',
      canCancel: true,
      progress: { percent: null },
      submittedAt: now,
      deadlineAt: timeout && now + timeout,
      pollCount: 0,
      pollFailures: 0,
      ...given,
    }
    return createAsyncOperation(record, {
      environment,
      monitor,
      isTrusted,
      polling: checkPolling({ ...options.polling, ...(pollInterval !== undefined && { interval: pollInterval }) }),
      submit:
        body === undefined
          ? body
          : (signal) => {
              const headers = {
                accept: JSON_TYPE,
                'content-type': JSON_TYPE,
                // The body is the same in both versions, and a 4.0 service may refuse anything newer.
                'odata-version': '4.0',
                'odata-maxversion': maxVersion,
                ...own,
                prefer: formatPrefer(prefer, 'respond-async', wait === undefined ? wait : `wait=${wait}`),
              }
              const limit = Math.min(submitTimeout + (wait ?? 0) * 1000, MAX_DELAY)
              return send({ method, url, headers, body, timeout: limit }, signal)
            },
      async ask(method, url, signal) {
        const headers = { ...ownOfMonitor, ...monitor.headers(maxVersion) }
        const ask = () => send({ method, url, headers, timeout: requestTimeout }, signal)
        const reply = await ask()
        if (reply.status !== 401 || !onUnauthorized) return reply
        await onUnauthorized()
        return ask()
      },
    })
  }

  const client: ODataClient = {
    serviceUrl,

    prepareAction(action, parameters, call) {
      const url = actionUrl(serviceUrl, action)
      const body = actionBody(parameters)
      if (!url) {
        const advice =
          process.env.NODE_ENV === 'production'
            ? ''
            : " It must be a path below the service root, such as 'Reports/Sales.GenerateReport'."
        throw configuration(`\`action\` is ${JSON.stringify(action)}.${advice}`)
      }
      if (!body) {
        const advice =
          process.env.NODE_ENV === 'production'
            ? ''
            : ' They must be one object that JSON can say, such as { Year: 2026 }.'
        throw configuration(`\`parameters\` cannot be sent.${advice}`)
      }
      return operation({ kind: 'action', method: 'POST', url }, call, body)
    },

    async callAction(action, parameters, call = {}) {
      const { signal } = call
      const called = client.prepareAction<never>(action, parameters, call)
      await called.submit({ signal })
      signal?.throwIfAborted()
      if (called.error) throw called.error
      return called
    },

    async callActionAndWait(action, parameters, call = {}) {
      const { signal, onProgress } = call
      const called = await client.callAction<never>(action, parameters, call)
      return called.waitForCompletion({ signal, onProgress })
    },

    resume(known) {
      const nextPollAt = environment.now()
      if (isOperationRecord(known)) {
        const { error, monitorUrl } = known
        if (!monitorUrl) return operation(transition(known, unanswered(known, 'left too early'), nextPollAt))
        const deadlineAt = options.timeout && nextPollAt + options.timeout
        const isGivenUp = /^(timeout|monitor)$/.test(`${error?.kind}`)
        const change: Change = { status: 'running', error: undefined, settledAt: undefined, nextPollAt, deadlineAt }
        return operation({ ...known, ...(isGivenUp && change) })
      }
      const { id, monitorUrl: given } = known ?? {}
      const monitorUrl = resolveLocation(`${given ?? ''}`, serviceUrl)
      if (!monitorUrl || !isTrusted(monitorUrl)) {
        const advice =
          process.env.NODE_ENV === 'production'
            ? ''
            : ` It takes a record, or a \`monitorUrl\` on the origin of the service or one of \`trustedOrigins\`, got ${JSON.stringify(known)}.`
        throw configuration(`\`resume\` cannot follow that.${advice}`)
      }
      const start = { kind: 'request', method: 'POST', url: serviceUrl } as const
      return operation({ ...start, status: 'running', isAsync: true, monitorUrl, nextPollAt }, { id })
    },
  }
  return client
}

type Start = Pick<OperationRecord, 'kind' | 'method' | 'url'> & Change

function configuration(message: string): ODataConfigurationError {
  return new ODataConfigurationError({ kind: 'configuration', message })
}

function checkServiceUrl(given: string): string {
  const page: string | undefined = globalThis.location?.href
  const serviceUrl = resolveLocation(`${given ?? ''}`, page)
  if (serviceUrl) return serviceUrl
  const advice =
    process.env.NODE_ENV === 'production'
      ? ''
      : " It must be the root of the service, like 'https://host/odata/', or '/odata/' in a browser."
  throw configuration(`\`serviceUrl\` is ${JSON.stringify(given)}.${advice}`)
}
