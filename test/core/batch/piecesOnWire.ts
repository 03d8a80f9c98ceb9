import type { AsyncOperation } from '../../../src/core/AsyncOperation.js'
import type { BatchItemData } from '../../../src/core/batch/BatchItem.js'
import type { BatchResult } from '../../../src/core/batch/BatchResult.js'
import { batchAnswered } from '../../../src/core/batch/batchAnswered.js'
import { batchProgress } from '../../../src/core/batch/batchProgress.js'
import { createPiecesOperation, type PiecesContext } from '../../../src/core/batch/createPiecesOperation.js'
import { partsOf } from '../../../src/core/clientParts.js'
import { systemEnvironment } from '../../../src/core/environment.js'
import type { ODataClientOptions } from '../../../src/core/index.js'
import type { OperationRecord } from '../../../src/core/operation.js'
import { SERVICE, scriptedClient } from '../../support/scriptedClient.js'
import type { Answer } from '../../support/scriptedWire.js'

interface Options extends Partial<Pick<PiecesContext, 'concurrency' | 'timeout'>> {
  /** Identifiers of the requests in each piece. */
  readonly pieces?: readonly (readonly string[])[]
  readonly continueOnError?: boolean
  /** Items of the whole that are not sent again. */
  readonly settled?: readonly BatchItemData[]
  readonly client?: Partial<ODataClientOptions>
}

/** Three pieces of two requests each. */
const three = [
  ['1', '2'],
  ['3', '4'],
  ['5', '6'],
]

/** An operation over pieces, whose requests get the answers of a script in the order in which they are sent. */
export function piecesOnWire(answers: readonly Answer[], options: Options = {}) {
  const { pieces = three, continueOnError, settled = [], concurrency, timeout } = options
  const { client, ...wire } = scriptedClient(answers, options.client)
  const { createOperation } = partsOf(client)
  const url = `${SERVICE}$batch`
  const start = (items: readonly BatchItemData[]) =>
    ({
      kind: 'batch',
      method: 'POST',
      url,
      progress: batchProgress({ percent: null }, items),
      batch: { items, continueOnError },
    }) as const
  const operations = pieces.map((ids, index) =>
    createOperation(
      start(ids.map(waiting)),
      { id: `save/piece-${index + 1}` },
      {
        // The body tells which requests are sent.
        submission: { headers: { 'content-type': 'application/json' }, body: JSON.stringify(ids) },
        read: batchAnswered,
        isPart: true,
      },
    ),
  )
  const whole = createOperation(start([...settled, ...pieces.flat().map(waiting)]), { id: 'save' }).record
  const resume = (record: OperationRecord) => client.resume(record)
  const context = { environment: systemEnvironment, concurrency, timeout, resume }
  return {
    ...wire,
    operation: createPiecesOperation(whole, operations, context),
    /** The same operation in another page, from what a storage or a message keeps of it. */
    resume: (record: OperationRecord) =>
      client.resume(JSON.parse(JSON.stringify(record))) as AsyncOperation<BatchResult>,
    /** What was asked: identifiers of the requests of a batch, else method and the end of the URL. */
    asked: () =>
      wire.sent.map(({ method, url, body }) => (body ? JSON.parse(body).join() : `${method} ${url.split('/').at(-1)}`)),
  }
}

export function waiting(id: string): BatchItemData {
  return { id, method: 'POST', url: `${SERVICE}Products`, outcome: 'waiting' }
}

/** What became of each item of a record: `1 succeeded, 2 failed`. */
export function outcomes({ batch }: OperationRecord): string {
  return batch?.items.map(({ id, outcome }) => `${id} ${outcome}`).join(', ') ?? ''
}

/** The answer to a piece that was done; `failing` names the requests that were not. */
export const done = (ids: string, failing = '') => `200 OK
  ${batchBody(ids, failing)}`

/** The same answer, of a status monitor. */
export const doneLater = (ids: string, failing = '') => `200 OK
  AsyncResult: 200
  ${batchBody(ids, failing)}`

/** The answer to a piece, or of its monitor, that goes on. */
export const acceptedAt = (job: string, retryAfter = 2) => `202 Accepted
  Location: /jobs/${job}
  Retry-After: ${retryAfter}`

function batchBody(ids: string, failing: string): string {
  const responses = ids
    .split(',')
    .map((id) =>
      failing.split(',').includes(id)
        ? { id, status: 400, body: { error: { code: 'bad', message: `Request ${id} is bad.` } } }
        : { id, status: 204 },
    )
  return `Content-Type: application/json

${JSON.stringify({ responses })}`
}
