import { ODataFailure } from './backend.js'

/**
 * Ways in which real services differ, to be switched on by the request header `x-test-service` (a comma list).
 *
 * | switch | effect |
 * |---|---|
 * | `relative-location` | `Location` is relative to the URL that was asked |
 * | `changing-location` | each poll gives a new monitor; the one before is gone |
 * | `no-location` | `202` without `Location` |
 * | `no-retry-after` | `202` without `Retry-After` |
 * | `http-date` | `Retry-After` as a date |
 * | `no-body` | `202` without a status body |
 * | `deliver-once` | the result can be read once, then the monitor is gone |
 * | `unavailable` | every second poll is answered 503 with `Retry-After` |
 * | `cancel-refused` | DELETE is answered 405 |
 * | `cancel-async` | DELETE is answered 202 with a monitor for the cancel |
 * | `cancel-same-location` | DELETE is answered 202 with the same monitor, which is 202 twice more and then gone |
 * | `delete-result` | DELETE of a finished job is answered with the result, as a GET would be; then the monitor is gone |
 * | `always-wrapped` | the result comes as `application/http` whatever was asked, without `AsyncResult` |
 * | `never-wrapped` | the result comes as a plain 200 without `AsyncResult` |
 * | `gzip` | the message inside `application/http` has a body compressed with gzip |
 * | `state-only` | a poll with `Prefer: return=minimal` is told of the end by 204 with the URL of the result (Protocol 4.02, 11.6) |
 * | `sync` | `respond-async` is ignored |
 * | `redirect` | a poll is answered 307 to another path, where the same monitor answers |
 * | `redirect-away` | a poll is answered 307 to the origin in `x-test-redirect-to`, same path |
 * | `unauthorized` | requests to the monitor are answered 401 without `Authorization: Bearer fresh` |
 * | `progress-header` | `202` without a body; progress is in `X-Progress`: `40%` |
 * | `progress-properties` | progress is counts below `properties`: `{ "properties": { "completed": 4, "total": 10 } }` |
 * | `large-accepted-body` | `202` with a body that does not end before the client goes |
 * | `hidden-headers` | nothing is exposed to scripts of other origins |
 * | `interim-results` | a poll of a `$batch` gives what is done so far, and another monitor, or next link, for the rest |
 * | `engine-batch` | a multipart `$batch` is the engine's alone: relative URLs, no `$id`, nothing is undone, none of the other manners |
 * | `truncated-batch` | the answer to a `$batch` ends in the middle of its last part |
 * | `lf-batch` | the lines of a multipart answer end in LF |
 * | `no-content-id` | a multipart answer has no `Content-ID` |
 * | `repeatability-unaware` | `Repeatability-*` is ignored |
 * | `repeatability-rejected` | requests with `Repeatability-*` are answered 501 |
 */
const serviceSwitches = [
  'relative-location',
  'changing-location',
  'no-location',
  'no-retry-after',
  'http-date',
  'no-body',
  'deliver-once',
  'unavailable',
  'cancel-refused',
  'cancel-async',
  'cancel-same-location',
  'delete-result',
  'always-wrapped',
  'never-wrapped',
  'gzip',
  'state-only',
  'sync',
  'redirect',
  'redirect-away',
  'unauthorized',
  'progress-header',
  'progress-properties',
  'large-accepted-body',
  'hidden-headers',
  'interim-results',
  'engine-batch',
  'truncated-batch',
  'lf-batch',
  'no-content-id',
  'repeatability-unaware',
  'repeatability-rejected',
] as const

type ServiceSwitch = (typeof serviceSwitches)[number]

/** How work ends: with its result, with an OData error half-way, without content, or never. */
const outcomes = ['success', 'fail', 'void', 'hang'] as const

type Outcome = (typeof outcomes)[number]

/** The service's manners as options: the default for requests without the header of the same meaning. */
export interface BehaviourOptions {
  /**
   * Header `x-test-duration`: ms that the work takes in all; 0, the default, is as fast as possible. The requests of a batch share it,
   * but for those that bring their own and those that run by themselves.
   */
  readonly duration?: number
  /** Header `x-test-head-start`: ms of the duration that have passed before the work begins; 0 by default. */
  readonly headStart?: number
  /** Header `x-test-outcome`; `success` by default. */
  readonly outcome?: Outcome
  /** Header `x-test-service`; none by default. */
  readonly service?: readonly ServiceSwitch[]
  /** Header `x-test-retry-after`: seconds, 1 by default. */
  readonly retryAfter?: number
  /**
   * Header `x-test-polls`: the work does not end before its monitor was asked that often; 0 by default. On a request of a batch itself:
   * it does not begin before the monitor of the batch was asked that often.
   */
  readonly polls?: number
  /** Header `x-test-redirect-to`: origin that `redirect-away` sends polls to, `http://127.0.0.1:4005`; none by default. */
  readonly redirectTo?: string
  /** Header `x-test-batch-limit`: the requests that one batch may have; 1,000 by default. */
  readonly batchLimit?: number
}

/** The manners that one request asked for. */
export interface Behaviour {
  readonly duration: number
  readonly headStart: number
  readonly outcome: Outcome
  readonly has: (name: ServiceSwitch) => boolean
  readonly retryAfter: number
  readonly polls: number
  /** Empty for none. */
  readonly redirectTo: string
  readonly batchLimit: number
}

/** The request headers that {@link readBehaviour} reads. */
export const behaviourHeaders = [
  'x-test-duration',
  'x-test-head-start',
  'x-test-outcome',
  'x-test-service',
  'x-test-retry-after',
  'x-test-polls',
  'x-test-redirect-to',
  'x-test-batch-limit',
] as const

/** Options as the headers of the same meaning. */
export function behaviourAsHeaders(options: BehaviourOptions): Record<string, string> {
  return {
    ...(options.duration !== undefined && { 'x-test-duration': String(options.duration) }),
    ...(options.headStart !== undefined && { 'x-test-head-start': String(options.headStart) }),
    ...(options.outcome !== undefined && { 'x-test-outcome': options.outcome }),
    ...(options.service !== undefined && { 'x-test-service': options.service.join(',') }),
    ...(options.retryAfter !== undefined && { 'x-test-retry-after': String(options.retryAfter) }),
    ...(options.polls !== undefined && { 'x-test-polls': String(options.polls) }),
    ...(options.redirectTo !== undefined && { 'x-test-redirect-to': options.redirectTo }),
    ...(options.batchLimit !== undefined && { 'x-test-batch-limit': String(options.batchLimit) }),
  }
}

/** Reads the manners from request headers. Throws an {@link ODataFailure} (400) that names a wrong value. */
export function readBehaviour(headers: Readonly<Record<string, string>>): Behaviour {
  const number = (name: string, fallback: number) => {
    const value = headers[name] ?? String(fallback)
    if (!/^\d{1,7}$/.test(value)) {
      throw badSwitch(name, value, 'Give a whole number of at most seven digits.')
    }
    return Number(value)
  }
  const names = (headers['x-test-service'] ?? '').split(',').map((name) => name.trim())
  const switches = new Set<string>(names.filter(Boolean))
  for (const name of switches) {
    if (!isOneOf(serviceSwitches, name)) {
      throw badSwitch('x-test-service', name, `Known are ${serviceSwitches.join(', ')}.`)
    }
  }
  const outcome = headers['x-test-outcome'] ?? 'success'
  if (!isOneOf(outcomes, outcome)) throw badSwitch('x-test-outcome', outcome, `Known are ${outcomes.join(', ')}.`)
  const redirectTo = headers['x-test-redirect-to'] ?? ''
  if (redirectTo ? !isOrigin(redirectTo) : switches.has('redirect-away')) {
    throw badSwitch('x-test-redirect-to', redirectTo, 'Give an origin such as http://127.0.0.1:4005.')
  }
  return {
    duration: number('x-test-duration', 0),
    headStart: number('x-test-head-start', 0),
    outcome,
    has: (name) => switches.has(name),
    retryAfter: number('x-test-retry-after', 1),
    polls: number('x-test-polls', 0),
    redirectTo,
    batchLimit: number('x-test-batch-limit', 1000),
  }
}

function isOneOf<T extends string>(known: readonly T[], value: string): value is T {
  return (known as readonly string[]).includes(value)
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && /^https?:/.test(text) && new URL(text).origin === text
}

function badSwitch(name: string, value: string, advice: string): ODataFailure {
  return new ODataFailure(400, 'BAD_TEST_HEADER', `The header ${name} has the value "${value.slice(0, 80)}". ${advice}`)
}
