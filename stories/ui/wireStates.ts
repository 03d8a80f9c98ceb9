import { createWireLog, type WireExchange } from '../../src/core/index.js'
import { submittedAt } from '../../test/ui/operationRecords.js'

const serviceUrl = 'https://service.example/odata/'
const monitorUrl = `${serviceUrl}$async/5f0c2a`

type Answer = Partial<WireExchange>

const submit: Answer = {
  kind: 'submit',
  method: 'POST',
  url: `${serviceUrl}Reports/Sales.GenerateLargeReport`,
  duration: 120,
}
const goesOn: Answer = { status: 202, location: monitorUrl, retryAfter: 5000 }
const accepted: Answer = { ...submit, ...goesOn }

/** A log of requests, each sent when its predecessor said so, else 5 s after it. */
export function wireLogOf(answers: readonly Answer[]) {
  const log = createWireLog()
  let at = submittedAt
  for (const answer of answers) {
    const exchange: WireExchange = {
      ...{ operationId: 'annual-report', kind: 'poll', method: 'GET', url: monitorUrl, serviceUrl, at, duration: 40 },
      ...answer,
    }
    log.onExchange(exchange)
    at += exchange.duration + (exchange.retryAfter ?? 5000)
  }
  return log
}

/** The life of an operation, as often as it takes. */
export const answersOf = (count: number): readonly Answer[] =>
  Array.from({ length: count }, (_, index) => (index === 0 ? accepted : goesOn))

/** What goes over the wire when something happens that a developer wants to see. */
export const wireStates = {
  empty: [],
  running: [accepted, goesOn, goesOn],
  completed: [accepted, goesOn, { status: 200, asyncResult: '201' }],
  redirected: [
    accepted,
    { status: 307, location: '/odata/moved/5f0c2a', retryAfter: 0 },
    { ...goesOn, url: `${serviceUrl}moved/5f0c2a`, location: `${serviceUrl}moved/5f0c2a` },
  ],
  throttled: [accepted, { status: 429, retryAfter: 30_000 }, { status: 503, retryAfter: 90_000 }, goesOn],
  lost: [
    accepted,
    { error: 'Failed to fetch', retryAfter: undefined },
    { error: 'no answer within 30000 ms, the `requestTimeout`', duration: 30_000 },
    goesOn,
  ],
  signIn: [accepted, { status: 401, retryAfter: 0 }, goesOn],
  cancelled: [accepted, goesOn, { kind: 'cancel', method: 'DELETE', status: 204 }],
  cannotCancel: [accepted, { kind: 'cancel', method: 'DELETE', status: 405 }, goesOn],
  gone: [accepted, { status: 404 }],
} satisfies Record<string, readonly Answer[]>
