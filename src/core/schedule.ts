import { toError } from './errors.js'
import type { OperationRecord } from './operation.js'
import type { StepContext } from './transitions.js'

/** How often to ask. A `Retry-After` of the service comes before all of it. */
export interface PollingOptions {
  /**
   * ms between two polls, or a function of the record that gives them (nonsense falls back to the default).
   * @default a tenth of the time since the start, from `minInterval` to `maxInterval`
   */
  readonly interval?: number | ((record: OperationRecord) => number) | undefined
  /** ms; no two polls are closer than this, whatever anyone says. @default 500 */
  readonly minInterval?: number | undefined
  /** ms; the longest interval of the default and of the back-off. A `Retry-After` may be longer. @default 30000 */
  readonly maxInterval?: number | undefined
  /** Polls without a usable answer, in a row, after which the operation fails with kind `monitor`. @default 10 */
  readonly maxFailures?: number | undefined
  /** Answers that the operation goes on, in all, after which waiting is given up with kind `timeout`. @default no limit */
  readonly maxPolls?: number | undefined
}

/** The polling options with their defaults filled in. */
export interface Polling {
  readonly interval: PollingOptions['interval']
  readonly minInterval: number
  readonly maxInterval: number
  readonly maxFailures: number
  readonly maxPolls: number
}

/** The longest delay a timer keeps; from 2^31 ms on it fires at once. */
export const MAX_DELAY = 2 ** 31 - 1

/** Throws an {@link ODataConfigurationError} unless `value` is a delay that a timer keeps, or left out. */
export function checkDelay(name: string, value: number | undefined, unit = 'ms'): void {
  if (value !== undefined && !(value >= 1 && value <= MAX_DELAY)) {
    const message = `\`${name}\` is ${value}. It must be from 1 to ${MAX_DELAY} ${unit}, or left out.`
    throw toError({ kind: 'configuration', message })
  }
}

function checkCount(name: string, value: number): void {
  if (value >= 1) return
  throw toError({ kind: 'configuration', message: `\`${name}\` is ${value}. It must be at least 1, or left out.` })
}

/** Fills in the defaults and refuses what would stop the polling or make it spin. */
export function checkPolling(options: PollingOptions): Polling {
  const { interval, minInterval = 500, maxInterval = 30_000, maxFailures = 10, maxPolls = Infinity } = options
  if (typeof interval !== 'function') checkDelay('pollInterval', interval)
  checkDelay('minInterval', minInterval)
  checkDelay('maxInterval', maxInterval)
  checkCount('maxFailures', maxFailures)
  checkCount('maxPolls', maxPolls)
  return { interval, minInterval, maxInterval: Math.max(minInterval, maxInterval), maxFailures, maxPolls }
}

const clamp = (value: number, low: number, high: number) => Math.round(Math.min(Math.max(value, low), high))

/**
 * ms to the next poll: `Retry-After`; else, after failed polls, doubling from `minInterval`, with up to half of it random;
 * else the user's interval; else a tenth of the time gone by.
 */
export function nextDelay(
  record: OperationRecord,
  retryAfter: number | undefined,
  context: Pick<StepContext, 'polling' | 'environment'>,
): number {
  const { interval, minInterval, maxInterval } = context.polling
  const { now, random } = context.environment
  const { pollFailures, submittedAt } = record
  const own = pollFailures ? minInterval * 2 ** pollFailures * (1 - random() / 2) : (now() - submittedAt) / 10
  let wished = retryAfter
  try {
    if (!pollFailures) wished ??= typeof interval === 'function' ? interval(record) : interval
  } catch {
    // A fault of the app's function must not end the operation.
  }
  return wished !== undefined && wished >= 0 && wished < Infinity
    ? clamp(wished, minInterval, MAX_DELAY)
    : clamp(own, minInterval, maxInterval)
}

/**
 * ms until the next poll, for a timer: never 0, never beyond what a timer keeps. `false` when none is due any more.
 * A clock that was set back since the poll was planned makes it due, as nobody knows by how much. It is pure and made from an absolute time, so that whoever re-arms the timer, and however often, does not put the poll off.
 */
export function delayUntilPoll({ nextPollAt, scheduledAt = 0 }: OperationRecord, now: number): number | false {
  return nextPollAt !== undefined && (now < scheduledAt ? 1 : clamp(nextPollAt - now, 1, MAX_DELAY))
}
