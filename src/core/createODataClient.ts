import ky from 'ky'
import { odata } from '../monitors/odata.js'
import { actionBody, actionUrl } from '../protocol/actionRequest.js'
import { isTrustedUrl, resolveLocation } from '../protocol/location.js'
import { formatPrefer } from '../protocol/prefer.js'
import type { AsyncOperation } from './AsyncOperation.js'
import { createAsyncOperation } from './createAsyncOperation.js'
import { systemEnvironment } from './environment.js'
import { type ODataError, toError } from './errors.js'
import type { CallActionOptions, ODataClient, ODataClientOptions } from './ODataClient.js'
import { isOperationRecord, type OperationRecord } from './operation.js'
import { checkDelay, checkPolling, MAX_DELAY } from './schedule.js'
import { createSend } from './send.js'
import { type Change, transition, unanswered } from './transitions.js'

/** ms for the request that starts an operation: a service may well do all the work before it answers. */
const SUBMIT_TIMEOUT = 300_000

/** Headers about the first request alone, which would be wrong on a `GET` or `DELETE` of the monitor. */
const SUBMIT_ONLY = /^(if-|content-|isolation|odata-|rep)/

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
    requestTimeout = 30_000,
    trustedOrigins = [],
    onUnauthorized,
    environment = systemEnvironment,
  } = options
  const serviceUrl = checkServiceUrl(options.serviceUrl)
  const send = createSend(options.http ?? ky, environment)
  const isTrusted = (url: string) => isTrustedUrl(url, serviceUrl, trustedOrigins)
  const polling = checkPolling({ ...options.polling })
  checkDelay('timeout', options.timeout)
  checkDelay('requestTimeout', requestTimeout)

  /** An operation that goes on from `given`; with a `body` it is still to be sent. */
  function operation(given: Start, call: CallActionOptions = {}, body?: string): AsyncOperation<never> {
    const { id = environment.createId(), pollInterval, timeout = options.timeout, wait = 0 } = call
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
      polling: checkPolling({ ...polling, interval: pollInterval ?? polling.interval }),
      submit:
        body === undefined
          ? body
          : (signal) => {
              const headers = {
                accept: 'application/json',
                'content-type': 'application/json',
                // The body is the same in both versions, and a 4.0 service may refuse anything newer.
                'odata-version': '4.0',
                'odata-maxversion': maxVersion,
                ...own,
                prefer: formatPrefer(prefer, 'respond-async', wait ? `wait=${wait}` : undefined),
              }
              const limit = Math.min(SUBMIT_TIMEOUT + wait * 1000, timeout ?? MAX_DELAY)
              return send({ method, url, headers, body, timeout: limit }, signal)
            },
      async ask(method, url) {
        const headers = { ...monitor.headers(maxVersion), ...ownOfMonitor }
        const ask = () => send({ method, url, headers, timeout: requestTimeout })
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
      const now = environment.now()
      if (isOperationRecord(known)) {
        const { error, monitorUrl } = known
        if (!monitorUrl) return operation(transition(known, unanswered(known, 'left too early'), now))
        const deadlineAt = options.timeout && now + options.timeout
        const change: Change = {
          status: 'running',
          error: undefined,
          settledAt: undefined,
          nextPollAt: now,
          deadlineAt,
        }
        return operation({ ...known, ...(/^(timeout|monitor)$/.test(`${error?.kind}`) && change) })
      }
      const { id, monitorUrl: given } = known ?? {}
      const monitorUrl = resolveLocation(`${given ?? ''}`, serviceUrl)
      if (!monitorUrl || !isTrusted(monitorUrl)) {
        const advice =
          process.env.NODE_ENV === 'production'
            ? ''
            : ` It takes a record, or a \`monitorUrl\` on the origin of the service or one of \`trustedOrigins\`, got ${JSON.stringify(known)}.`
        throw configuration(`\`resume\` failed.${advice}`)
      }
      const start = { kind: 'request', method: 'POST', url: serviceUrl } as const
      return operation({ ...start, status: 'running', isAsync: true, monitorUrl, nextPollAt: now }, { id })
    },
  }
  return client
}

type Start = Pick<OperationRecord, 'kind' | 'method' | 'url'> & Change

function configuration(message: string): ODataError {
  return toError({ kind: 'configuration', message })
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
