import type { BatchWireRequest } from '../../protocol/batchMessage.js'
import { requestUrl } from '../../protocol/requestUrl.js'
import type { AsyncOperation } from '../AsyncOperation.js'
import { type OperationPlan, partsOf, type Start, type Submission } from '../clientParts.js'
import type { ODataClient } from '../ODataClient.js'
import type { OperationOptions } from '../OperationOptions.js'
import type { OperationRecord } from '../operation.js'
import { orAborted } from '../orAborted.js'
import { submitHeaders } from '../requestHeaders.js'
import { checkDelay } from '../schedule.js'
import type { BatchData, BatchItemData } from './BatchItem.js'
import type { BatchDefaults, BatchOptions } from './BatchOptions.js'
import type { BatchEntry } from './BatchRequest.js'
import type { BatchResult } from './BatchResult.js'
import { batchAnswered } from './batchAnswered.js'
import { batchProgress } from './batchProgress.js'
import { continueOnErrorPreference } from './continueOnErrorPreference.js'
import { createPiecesOperation } from './createPiecesOperation.js'
import { encodeBatch } from './encodeBatch.js'
import { type PlannedRequest, planBatch } from './planBatch.js'
import { planRetry } from './planRetry.js'
import { refuse } from './refuse.js'
import { splitBatch } from './splitBatch.js'

/**
 * Makes the operation of `client.executeBatch` without sending anything; {@link AsyncOperation.submit} sends it.
 *
 * @param previous what became of the same entries before (`record.batch`): then only those are sent again that were certainly not done,
 * change sets as a whole, and the result is about all of them
 * @throws {@link ODataConfigurationError} for what no service could or should take, and when nothing is to be sent again
 * @example
 * const again = prepareBatch(client, entries, options, operation.record.batch)
 */
export function prepareBatch<const TEntries extends readonly BatchEntry[]>(
  client: ODataClient,
  entries: TEntries,
  options: BatchOptions = {},
  previous?: BatchData,
): AsyncOperation<BatchResult<TEntries>> {
  const parts = partsOf(client)
  const { serviceUrl } = client
  const { environment } = parts
  const { continueOnError, timeout = parts.timeout, id = environment.createId() } = options
  const { urlForm, maxBatchSize, concurrency, format } = withDefaults(options, parts.batch)
  checkDelay('timeout', timeout)
  if (concurrency !== undefined && !(concurrency >= 1)) {
    refuse(`\`concurrency\` is ${concurrency}. It must be at least 1, or left out.`)
  }
  const condition = Object.keys(options.headers ?? {}).find((name) => /^if-(none-)?match$/i.test(name))
  if (condition) refuse(`A batch has no \`${condition}\`. Give it to the request that it is about, as its \`etag\`.`)
  const plan = planBatch(entries, { serviceUrl, urlForm })
  const requests = previous ? planRetry(plan, previous.items) : plan.requests
  if (requests.length === 0) refuse('No request is to be sent again: of none it is certain that it was not done.')
  const pieces = splitBatch(requests, maxBatchSize)
  const write = createWriter(client, options, format)

  function start(items: BatchData['items'], more?: Partial<BatchData>): Start {
    const url = requestUrl(serviceUrl, '$batch') as string
    const progress = batchProgress({ percent: null }, items)
    return { ...{ kind: 'batch', method: 'POST', url, progress }, batch: { items, continueOnError, ...more } }
  }

  function operationOf(given: Start, piece: readonly PlannedRequest[], own: OperationOptions, isPart = false) {
    const { batch, submission } = write(given.batch as BatchData, piece)
    return parts.createOperation(
      { ...given, batch },
      { ...options, ...own },
      { submission, read: batchAnswered, isPart },
    )
  }

  const sent = new Map(requests.map(({ item }) => [item.id, item]))
  const known = new Map(previous?.items.map((item) => [item.id, ofEarlierRun(item)]))
  const items = plan.requests.map(({ item }) => sent.get(item.id) ?? known.get(item.id) ?? item)
  const whole = start(items, { isTruncated: previous?.isTruncated })
  const [first, ...others] = pieces
  if (first && others.length === 0) return operationOf(whole, first, { id })
  const noTime = { timeout: undefined }
  const operations = pieces.map((piece, index) =>
    operationOf(start(piece.map(({ item }) => item)), piece, { ...noTime, id: `${id}/piece-${index + 1}` }, true),
  )
  const { record } = parts.createOperation(whole, { ...options, ...noTime, id }, { isPart: true })
  const resume = (piece: OperationRecord) => client.resume(piece)
  return createPiecesOperation(record, operations, { environment, concurrency, timeout, resume }) as AsyncOperation<
    BatchResult<TEntries>
  >
}

function ofEarlierRun(item: BatchItemData): BatchItemData {
  return item.outcome === 'lost' ? { ...item, isOfEarlierRun: true } : item
}

function withDefaults(options: BatchOptions, defaults: BatchDefaults): BatchDefaults {
  return {
    format: options.format ?? defaults.format,
    urlForm: options.urlForm ?? defaults.urlForm,
    maxBatchSize: options.maxBatchSize ?? defaults.maxBatchSize,
    concurrency: options.concurrency ?? defaults.concurrency,
  }
}

/** What a batch is sent as, and what its record says of that. */
interface Written {
  readonly batch: BatchData
  readonly submission: OperationPlan['submission']
}

/**
 * Makes what writes a batch: at once when its format is known, so that what cannot be said in it is told at once; else when it is sent,
 * as the service must be asked.
 */
function createWriter(
  client: ODataClient,
  options: BatchOptions,
  given: BatchDefaults['format'],
): (batch: BatchData, requests: readonly PlannedRequest[]) => Written {
  const { environment, maxVersion } = partsOf(client)
  const { continueOnError } = options
  const { host } = new URL(client.serviceUrl)
  const { 'odata-maxversion': version = maxVersion } = submitHeaders(options, maxVersion)

  function write(requests: readonly PlannedRequest[], format: 'multipart' | 'json'): Submission {
    const wire = requests.map((request) => (format === 'multipart' ? withoutRespondAsync(request) : request.wire))
    const createBoundary = () => environment.createId()
    const { headers, body } = encodeBatch(wire, { format, createBoundary, continueOnError, host })
    const preference = continueOnErrorPreference(continueOnError, format, version)
    return { headers: submitHeaders(options, maxVersion, undefined, { headers, preference }), body }
  }

  return (batch, requests) => {
    const format = given ?? (version === '4.0' ? 'multipart' : undefined)
    if (format) return { batch: { ...batch, format }, submission: write(requests, format) }
    return {
      batch,
      async submission(note, signal) {
        const found = (await orAborted(takesJson(client), signal)) ? 'json' : 'multipart'
        const submission = write(requests, found)
        note({ batch: { ...batch, format: found } })
        return submission
      },
    }
  }
}

/** True for a service that says so; one that cannot be asked for it may still take a batch. */
function takesJson(client: ODataClient): Promise<boolean> {
  return client.getCapabilities().then(
    ({ batchSupport }) => batchSupport?.supportedFormats?.some((type) => /^application\/json\b/i.test(type)) ?? false,
    () => false,
  )
}

/** In multipart a service must not do so, and must not be asked to (Protocol 11.7.7.5). */
function withoutRespondAsync({ wire, respondAsync }: PlannedRequest): BatchWireRequest {
  if (!respondAsync) return wire
  const { prefer = '', ...headers } = wire.headers
  const others = prefer.split(', ').filter((preference) => !/^respond-async\b/i.test(preference))
  return { ...wire, headers: others.length > 0 ? { ...headers, prefer: others.join(', ') } : headers }
}
