import type { HttpReply } from '../protocol/httpReply.js'
import { parseRetryAfter } from '../protocol/retryAfter.js'
import { UnauthorizedError } from './createAuthorized.js'
import { sleep } from './environment.js'
import { isODataError } from './errors.js'
import type { OperationRecord } from './operation.js'
import { orAborted } from './orAborted.js'
import { nextDelay } from './schedule.js'
import type { StepContext } from './transitions.js'

/** What {@link sendAgain} depends on. */
export interface SendAgainContext extends Pick<StepContext, 'polling' | 'environment'> {
  readonly signal: AbortSignal | undefined
  /** Does the service run a repeated request once? `undefined` when that cannot be found out at the moment. */
  readonly isSupported: () => Promise<boolean | undefined>
}

/** The headers that make a request repeatable (Repeatable Requests 3.1): the same ones each time it is sent. */
export function repeatabilityHeaders(requestId: string, firstSent: number): Record<string, string> {
  return {
    'repeatability-request-id': requestId,
    'repeatability-first-sent': new Date(firstSent).toUTCString(),
  }
}

/**
 * Sends a request again while its answer is lost: after the back-off of failed polls, a bounded number of times, up to the deadline,
 * and only as long as the service is known to run it once (Repeatable Requests 4). Lost is also what a gateway answers to a
 * second attempt (429 and 5xx without `Repeatability-Result`), as it says nothing of the first one.
 *
 * @throws what kept the last answer away, or the reason of `signal`
 */
export async function sendAgain(
  exchange: () => Promise<HttpReply>,
  record: OperationRecord,
  { polling, environment, signal, isSupported }: SendAgainContext,
): Promise<HttpReply> {
  const { deadlineAt = Infinity } = record
  let lost: unknown
  for (let failures = 1; ; failures++) {
    let retryAfter: number | undefined
    try {
      const reply = await exchange()
      const { status, headers } = reply
      if (!lost || headers['repeatability-result'] || (status < 500 && status !== 429)) return reply
      lost = new Error(`none to the first attempt, ${status} to the last`)
      retryAfter = parseRetryAfter(headers['retry-after'], environment.now())
    } catch (error) {
      if (isODataError(error) || signal?.aborted) throw error
      // Who refused fresh credentials is not asked for them again.
      if (error instanceof UnauthorizedError) throw lost ?? error
      lost = error
    }
    for (let supported: boolean | undefined; !supported; failures += supported ? 0 : 1) {
      if (failures >= polling.maxFailures) throw lost
      supported = await orAborted(isSupported(), signal)
      const delay = nextDelay({ ...record, pollFailures: failures }, retryAfter, { polling, environment })
      if (supported === false || environment.now() + delay >= deadlineAt) throw lost
      await orAborted(sleep(environment, delay), signal)
    }
  }
}
