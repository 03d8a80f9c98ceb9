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
 * | `always-wrapped` | the result comes as `application/http` whatever was asked, without `AsyncResult` |
 * | `never-wrapped` | the result comes as a plain 200 without `AsyncResult` |
 * | `sync` | `respond-async` is ignored |
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
  'always-wrapped',
  'never-wrapped',
  'sync',
] as const

type ServiceSwitch = (typeof serviceSwitches)[number]

/** How work ends: with its result, with an OData error half-way, without content, or never. */
const outcomes = ['success', 'fail', 'void', 'hang'] as const

type Outcome = (typeof outcomes)[number]

/** The service's manners as options: the default for requests without the header of the same meaning. */
export interface BehaviourOptions {
  /** Header `x-test-duration`: ms that the work takes in all; 0, the default, is as fast as possible. */
  readonly duration?: number
  /** Header `x-test-outcome`; `success` by default. */
  readonly outcome?: Outcome
  /** Header `x-test-service`; none by default. */
  readonly service?: readonly ServiceSwitch[]
  /** Header `x-test-retry-after`: seconds, 1 by default. */
  readonly retryAfter?: number
}

/** The manners that one request asked for. */
export interface Behaviour {
  readonly duration: number
  readonly outcome: Outcome
  readonly has: (name: ServiceSwitch) => boolean
  readonly retryAfter: number
}

/** The request headers that {@link readBehaviour} reads. */
export const behaviourHeaders = ['x-test-duration', 'x-test-outcome', 'x-test-service', 'x-test-retry-after'] as const

/** Options as the headers of the same meaning. */
export function behaviourAsHeaders(options: BehaviourOptions): Record<string, string> {
  return {
    ...(options.duration !== undefined && { 'x-test-duration': String(options.duration) }),
    ...(options.outcome !== undefined && { 'x-test-outcome': options.outcome }),
    ...(options.service !== undefined && { 'x-test-service': options.service.join(',') }),
    ...(options.retryAfter !== undefined && { 'x-test-retry-after': String(options.retryAfter) }),
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
  return {
    duration: number('x-test-duration', 0),
    outcome,
    has: (name) => switches.has(name),
    retryAfter: number('x-test-retry-after', 1),
  }
}

function isOneOf<T extends string>(known: readonly T[], value: string): value is T {
  return (known as readonly string[]).includes(value)
}

function badSwitch(name: string, value: string, advice: string): ODataFailure {
  return new ODataFailure(400, 'BAD_TEST_HEADER', `The header ${name} has the value "${value.slice(0, 80)}". ${advice}`)
}
