import ky from 'ky'
import { odata } from '../monitors/odata.js'
import { functionUrl } from '../protocol/functionUrl.js'
import { type HttpHeaders, type HttpReply, mediaType } from '../protocol/httpReply.js'
import { isTrustedUrl, parseHttpUrl, resolveLocation } from '../protocol/location.js'
import { parsePreferences } from '../protocol/prefer.js'
import { requestUrl } from '../protocol/requestUrl.js'
import { writeJson } from '../protocol/writeJson.js'
import type { AsyncOperation } from './AsyncOperation.js'
import { createBatch } from './batch/createBatch.js'
import { type OperationPlan, type Start, withParts } from './clientParts.js'
import { createAsyncOperation } from './createAsyncOperation.js'
import { createConnection } from './createConnection.js'
import { delegateTo } from './delegateTo.js'
import { systemEnvironment } from './environment.js'
import { type ODataError, toError } from './errors.js'
import type { ODataClient, RequestMethod } from './ODataClient.js'
import type { ODataClientOptions } from './ODataClientOptions.js'
import type { OperationOptions } from './OperationOptions.js'
import { isOperationRecord, type OperationKind, type OperationRecord } from './operation.js'
import { monitorHeaders, submitHeaders } from './requestHeaders.js'
import { dueAt, resumed } from './resumed.js'
import { checkDelay, checkPolling, MAX_DELAY } from './schedule.js'
import type { RequestBody } from './send.js'
import { type Change, type StepContext, settled } from './transitions.js'

const METHODS: readonly RequestMethod[] = ['GET', 'POST', 'PATCH', 'PUT', 'DELETE']

/**
 * Makes a client. Nothing is sent.
 *
 * @throws {@link ODataConfigurationError} for a `serviceUrl` or `trustedOrigins` that are none, another `maxVersion`, or a time that no
 * timer keeps
 * @example
 * const client = createODataClient({ serviceUrl: 'https://host/odata/' })
 */
export function createODataClient(options: ODataClientOptions): ODataClient {
  const {
    http = ky,
    maxVersion = '4.01',
    monitor = odata(),
    allowProgressDecrease = false,
    requestTimeout = 30_000,
    submitTimeout = 300_000,
    maxResponseSize = 67_108_864,
    trustedOrigins = [],
    environment = systemEnvironment,
  } = options
  const serviceUrl = checkServiceUrl(options.serviceUrl)
  for (const origin of trustedOrigins) checkOrigin(origin)
  if (maxVersion !== '4.0' && maxVersion !== '4.01') {
    throw configuration(`\`maxVersion\` is ${JSON.stringify(maxVersion)}. It must be '4.0' or '4.01', or left out.`)
  }
  const isTrusted = (url: string) => isTrustedUrl(url, serviceUrl, trustedOrigins)
  const polling = checkPolling({ ...options.polling })
  checkDelay('timeout', options.timeout)
  checkDelay('requestTimeout', requestTimeout)
  checkDelay('submitTimeout', submitTimeout)
  checkDelay('maxResponseSize', maxResponseSize, 'bytes')
  const connection = createConnection({
    ...{ http, serviceUrl, maxVersion, isTrusted, environment },
    ...{ requestTimeout, maxResponseSize, onUnauthorized: options.onUnauthorized, onExchange: options.onExchange },
  })

  let reader: typeof import('./batch/batchAnswered.js') | undefined

  /** Apps without batches do not carry it. */
  async function loadReader(): Promise<void> {
    reader ??= await import('./batch/batchAnswered.js')
  }

  function readBatch(record: OperationRecord, reply: HttpReply, step: StepContext): Change {
    return (reader as NonNullable<typeof reader>).batchAnswered(record, reply, step)
  }

  /** An operation that goes on from `given`; with a `submission` it is still to be sent. */
  function operation(given: Start, call: OperationOptions = {}, plan: OperationPlan = {}): AsyncOperation<never> {
    const { submission, isPart, read = given.kind === 'batch' ? readBatch : settled } = plan
    const { id = environment.createId(), pollInterval, maxPolls, timeout = isPart ? undefined : options.timeout } = call
    const { onTimeout = options.onTimeout, repeatability = options.repeatability ?? false } = call
    const now = environment.now()
    checkDelay('timeout', timeout)
    const record: OperationRecord = {
      id,
      monitor: monitor.name,
      status: 'pending',
      canCancel: true,
      progress: { percent: null },
      submittedAt: now,
      deadlineAt: submission ? undefined : timeout && now + timeout,
      pollCount: 0,
      pollFailures: 0,
      ...given,
    }
    const headers = monitorHeaders(call.headers, maxVersion, monitor)
    const step = {
      environment,
      allowProgressDecrease,
      polling: checkPolling({
        ...polling,
        interval: pollInterval ?? polling.interval,
        maxPolls: maxPolls ?? polling.maxPolls,
      }),
    }
    return createAsyncOperation(record, {
      ...step,
      monitor,
      isTrusted,
      timeout,
      cancelsAtTimeout: onTimeout === 'cancel',
      accepts: (reply) =>
        monitor.accepts(reply) && !isDeltaLink(record, call, reply.headers) && !isOldBatch(record, reply),
      decode: connection.decode,
      read: (newest, reply) => read(newest, reply, step),
      submit:
        submission &&
        (async (newest, signal, note) => {
          const sent = typeof submission === 'function' ? await submission(note, signal) : submission
          // The service may take as long as it is asked to, whoever asked.
          const wait = Number(parsePreferences(sent.headers.prefer).get('wait')) || 0
          const limit = Math.min(submitTimeout + wait * 1000, MAX_DELAY)
          return connection.submit(newest, {
            ...sent,
            ...{ timeout: limit, signal, repeatability, polling: step.polling },
          })
        }),
      async ask(method, url, askOptions) {
        // A result may be delivered once: whoever cannot read it does not ask.
        if (read === readBatch) await loadReader()
        const asked = askOptions.isNextLink ? { ...headers, prefer: 'respond-async' } : headers
        return connection.ask(record.id, method, url, asked, askOptions)
      },
    })
  }

  /** A batch that was split goes on. */
  function resumePieces(known: OperationRecord): AsyncOperation<never> {
    async function load(record: OperationRecord): Promise<AsyncOperation> {
      const { resumePiecesOperation } = await import('./batch/resumePiecesOperation.js')
      return resumePiecesOperation(record, { environment, resume: (piece) => client.resume(piece) })
    }
    return delegateTo(load, operation(known), { environment, allowProgressDecrease, polling })
  }

  /** An operation that is still to be sent. */
  function prepare(
    kind: OperationKind,
    method: RequestMethod,
    url: string | undefined,
    path: string,
    body: object | RequestBody | undefined,
    call: OperationOptions | undefined,
  ): AsyncOperation<never> {
    if (!METHODS.includes(method)) {
      throw configuration(`\`method\` is ${JSON.stringify(method)}. It must be one of ${METHODS.join(', ')}.`)
    }
    if (!url) {
      throw configuration(
        `\`${kind === 'action' ? kind : 'path'}\` is ${JSON.stringify(path)}. It must be a path below the service root, such as 'Reports/Sales.GenerateReport'.`,
      )
    }
    if (!isTrusted(url)) {
      throw configuration(
        `${new URL(url).origin} is not the origin of the service, so nothing is sent there. If you trust it, add it to \`trustedOrigins\`.`,
      )
    }
    if (method === 'GET' && body !== undefined) {
      throw configuration('A GET has no body. Leave it out, or give another method.')
    }
    const isRaw =
      kind === 'request' &&
      (typeof body === 'string' || body instanceof Blob || body instanceof ArrayBuffer || ArrayBuffer.isView(body))
    const content = body === undefined || isRaw ? (body as RequestBody | undefined) : writeJson(body)
    if (kind === 'action' && !`${content}`.startsWith('{')) {
      throw configuration(
        '`parameters` cannot be sent. They must be one object that JSON can say, such as { Year: 2026 }.',
      )
    }
    if (content === undefined && body !== undefined) {
      throw configuration(
        'The body cannot be sent. Give plain objects, arrays and values that JSON can say; text, bytes or a Blob go as they are.',
      )
    }
    const headers = submitHeaders(call ?? {}, maxVersion, { body: content, isJson: body !== undefined && !isRaw })
    return operation({ kind, method, url }, call, { submission: { headers, body: content } })
  }

  const client: ODataClient = {
    serviceUrl,

    prepareAction: (action, parameters = {}, call) =>
      prepare('action', 'POST', requestUrl(serviceUrl, action), action, parameters, call),

    prepareFunction(path, parameters = {}, call) {
      const target = functionUrl(serviceUrl, path, parameters as Record<string, unknown>, call?.aliases ?? false)
      if ('problem' in target) throw configuration(target.problem)
      return prepare('function', 'GET', target.url, path, undefined, call)
    },

    prepareRequest: (method, path, body, call) =>
      prepare('request', method, requestUrl(serviceUrl, path), path, body, call),

    callAction: async (action, parameters, call) => begin(client.prepareAction(action, parameters, call), call),

    async callActionAndWait(action, parameters, call = {}) {
      const { signal, onProgress } = call
      const called = await client.callAction<never>(action, parameters, call)
      return called.waitForCompletion({ signal, onProgress })
    },

    callFunction: async (path, parameters, call) => begin(client.prepareFunction(path, parameters, call), call),

    request: async (method, path, body, call) => begin(client.prepareRequest(method, path, body, call), call),

    async executeBatch(entries, call) {
      const { prepareBatch } = await import('./batch/prepareBatch.js')
      return begin(prepareBatch(client, entries, call), call)
    },

    createBatch: () => createBatch(client),

    resume(known) {
      const now = environment.now()
      if (isOperationRecord(known)) {
        const record = resumed(known, now, options.timeout)
        return record.pieces ? resumePieces(record) : operation(record)
      }
      const { id, monitorUrl: given } = known ?? {}
      const monitorUrl = resolveLocation(`${given ?? ''}`, serviceUrl)
      if (!monitorUrl || !isTrusted(monitorUrl)) {
        // Not the URL itself, which may be a secret.
        const got = monitorUrl ? `one on ${new URL(monitorUrl).origin}` : 'neither'
        throw configuration(
          `\`resume\` takes a record, or a \`monitorUrl\` on the origin of the service or one of \`trustedOrigins\`, got ${got}.`,
        )
      }
      const start = { kind: 'request', method: 'POST', url: serviceUrl } as const
      return operation(
        { ...start, status: 'running', isAsync: true, monitorUrl, foundAt: monitorUrl, ...dueAt(now) },
        { id },
      )
    },

    getCapabilities: connection.getCapabilities,
  }
  return withParts(client, {
    ...{ environment, maxVersion, batch: options.batch ?? {}, timeout: options.timeout },
    createOperation: operation,
  })
}

/** Sends an operation, and tells of an error as a rejection. */
async function begin<TResult>(
  operation: AsyncOperation<TResult>,
  { signal }: OperationOptions = {},
): Promise<AsyncOperation<TResult>> {
  signal?.throwIfAborted()
  await operation.submit({ signal })
  signal?.throwIfAborted()
  if (operation.error) throw operation.error
  return operation
}

/** Before 4.0 the answer to a batch was `202`: the result, and no monitor. */
function isOldBatch({ kind }: OperationRecord, { headers }: HttpReply): boolean {
  return kind === 'batch' && !headers.location && mediaType(headers) === 'multipart/mixed'
}

/**
 * A request for a delta with a callback, which is answered `202` at once when there are no changes: its `Location` is the delta
 * link, not a status monitor (Protocol 8.2.8.2).
 */
function isDeltaLink(
  { kind, method }: OperationRecord,
  { callbackUrl }: OperationOptions,
  headers: HttpHeaders,
): boolean {
  return (
    kind === 'request' &&
    method === 'GET' &&
    callbackUrl !== undefined &&
    !/respond-async/i.test(headers['preference-applied'] ?? 'respond-async')
  )
}

function configuration(message: string): ODataError {
  return toError({ kind: 'configuration', message })
}

function checkServiceUrl(given: string): string {
  const page: string | undefined = globalThis.location?.href
  const serviceUrl = resolveLocation(`${given ?? ''}`, page)
  if (serviceUrl) return serviceUrl
  throw configuration(
    `\`serviceUrl\` is ${JSON.stringify(given)}. It must be the root of the service, like 'https://host/odata/', or '/odata/' in a browser.`,
  )
}

function checkOrigin(given: string): void {
  const url = parseHttpUrl(`${given ?? ''}`)
  if (url && url.href === `${url.origin}/`) return
  throw configuration(
    `\`trustedOrigins\` has ${JSON.stringify(given)}. Each must be an absolute origin without a path, like 'https://jobs.example.com'.`,
  )
}
