import type { HttpReply } from '../protocol/httpReply.js'
import { sleep } from './environment.js'
import { isODataError } from './errors.js'
import type { OperationRecord } from './operation.js'
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
 * and only as long as the service is known to run it once (Repeatable Requests 4).
 *
 * @throws what kept the last answer away, or the reason of `signal`
 */
export async function sendAgain(
  exchange: () => Promise<HttpReply>,
  record: OperationRecord,
  { polling, environment, signal, isSupported }: SendAgainContext,
): Promise<HttpReply> {
  const { deadlineAt = Infinity } = record
  for (let failures = 1; ; failures++) {
    try {
      return await exchange()
    } catch (error) {
      if (isODataError(error) || signal?.aborted) throw error
      for (let supported: boolean | undefined; !supported; failures += supported ? 0 : 1) {
        if (failures >= polling.maxFailures) throw error
        supported = await orAborted(isSupported(), signal)
        const delay = nextDelay({ ...record, pollFailures: failures }, undefined, { polling, environment })
        if (supported === false || environment.now() + delay >= deadlineAt) throw error
        await orAborted(sleep(environment, delay), signal)
      }
    }
  }
}

/** Rejects at once when `signal` is aborted. */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    signal.addEventListener('abort', abort)
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
