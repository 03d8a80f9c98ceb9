import type { HttpReply } from '../protocol/httpReply.js'
import { sleep } from './environment.js'
import { isODataError } from './errors.js'
import type { OperationRecord } from './operation.js'
import { nextDelay } from './schedule.js'
import type { StepContext } from './transitions.js'

/** The headers that make a request repeatable (Repeatable Requests 3.1): the same ones each time it is sent. */
export function repeatabilityHeaders(requestId: string, firstSent: number): Record<string, string> {
  return {
    'repeatability-request-id': requestId,
    'repeatability-first-sent': new Date(firstSent).toUTCString(),
  }
}

/**
 * Sends a request again while its answer is lost: after the back-off of failed polls, a bounded number of times, and only as long
 * as the service is known to run it once (Repeatable Requests 4).
 *
 * @param isSupported does the service? `undefined` when that cannot be found out at the moment
 * @throws what kept the last answer away
 */
export async function sendAgain(
  exchange: () => Promise<HttpReply>,
  isSupported: () => Promise<boolean | undefined>,
  record: OperationRecord,
  {
    polling,
    environment,
    signal,
  }: Pick<StepContext, 'polling' | 'environment'> & { readonly signal: AbortSignal | undefined },
): Promise<HttpReply> {
  const { deadlineAt = Infinity } = record
  let failures = 0
  for (;;) {
    try {
      return await exchange()
    } catch (error) {
      let supported: boolean | undefined
      while (!supported) {
        failures++
        const isOver = signal?.aborted || failures >= polling.maxFailures || environment.now() >= deadlineAt
        if (isOver || isODataError(error)) throw error
        supported = await isSupported()
        if (supported === false) throw error
        const delay = nextDelay({ ...record, pollFailures: failures }, undefined, { polling, environment })
        await sleep(environment, delay)
      }
    }
  }
}
