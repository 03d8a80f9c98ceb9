import { createODataClient, type ODataClientOptions } from '../../src/core/index.js'
import { type Answer, scriptedWire } from './scriptedWire.js'

/** Root of the service that the scripts are about. */
export const SERVICE = 'https://api.example.com/v4/'
/** The status monitor that {@link accepted} names. */
export const MONITOR = 'https://api.example.com/jobs/7'

/** The answer that starts an operation. */
export const accepted = `202 Accepted
  Location: ${MONITOR}
  Retry-After: 2`

/** A monitor's answer while the operation goes on, with a pace of its own. */
export const stillRunning = `202 Accepted
  Location: ${MONITOR}
  Retry-After: 2`

/** The final answer, unwrapped. */
export const succeeded = `200 OK
  AsyncResult: 200
  Content-Type: application/json

  {"@context":"$metadata#Reports/$entity","ID":1,"Title":"Annual report"}`

/** A client on a scripted network. */
export function scriptedClient(answers: readonly Answer[], options: Partial<ODataClientOptions> = {}) {
  const wire = scriptedWire(...answers)
  const client = createODataClient({ serviceUrl: SERVICE, http: wire.http, ...options })
  return { client, ...wire }
}

/** The error that a promise is rejected with. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => {
      throw new Error(`expected a rejection, got ${JSON.stringify(value)}`)
    },
    (error: unknown) => error,
  )
}
