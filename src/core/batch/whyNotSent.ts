import type { ODataErrorData } from '../errors.js'
import type { OperationRecord } from '../operation.js'

/** The batch was cancelled before the turn of a request came. */
export const CANCELLED_BEFORE: ODataErrorData = {
  kind: 'cancelled',
  message: 'Not sent, as the batch was cancelled before its turn.',
}

/** Only the page that made a request can send it, and that is gone. */
export const LEFT_BEFORE: ODataErrorData = {
  kind: 'network',
  message: 'Not sent, as the page that would have sent it was left before its turn. It can be sent now.',
}

/** The time was over before the turn of a request came. */
export function late(timeout: number | undefined): ODataErrorData {
  const message = `Not sent, as its turn did not come within the ${timeout} ms that the batch may take. Send it now, or give a longer \`timeout\`.`
  return { kind: 'timeout', message }
}

/**
 * Why the pieces of a batch that were not sent so far must not be, if there is a reason: one before got no answer, or was refused in a
 * way that all will be; or, when the batch is to stop at errors, a request before failed.
 */
export function reasonToStop(
  pieces: readonly OperationRecord[],
  continueOnError: boolean | undefined,
): ODataErrorData | undefined {
  for (const { error, batch } of pieces) {
    const item = continueOnError === false ? batch?.items.find((one) => one.error) : undefined
    if (item?.error) return because(item.error, `request ${JSON.stringify(item.label ?? item.id)} before it failed`)
    if (error && isForAll(error)) return because(error, 'requests of this batch that were sent before it failed')
  }
  return undefined
}

function isForAll({ kind, status }: ODataErrorData): boolean {
  return kind === 'network' || kind === 'configuration' || status === 401 || status === 403
}

function because({ kind, status, message }: ODataErrorData, reason: string): ODataErrorData {
  return { kind, message: `Not sent, as ${reason}: ${message}`, ...(status && { status }) }
}
