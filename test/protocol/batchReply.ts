import type { BatchReading, BatchResponse, BatchResponseUnit } from '../../src/protocol/batchMessage.js'
import type { HttpReply } from '../../src/protocol/httpReply.js'
import { readBatchReply } from '../../src/protocol/readBatchReply.js'
import { readResult } from '../../src/protocol/resultValue.js'
import { bytes } from './reply.js'

/** What tests compare of an answer in a batch. */
export interface Answer {
  readonly id?: string
  readonly group?: string
  readonly status?: number
  /** As {@link readResult} gives it; of an answer that cannot be read, why. */
  readonly value?: unknown
  readonly problem?: string
}

export const BATCH_URL = 'https://host/odata/$batch'

/** A batch response as the network gives it. */
export function batchReply(body: string | Uint8Array, type = 'multipart/mixed; boundary=b'): HttpReply {
  const headers: Record<string, string> = type ? { 'content-type': type } : {}
  return { status: 200, headers, body: typeof body === 'string' ? bytes(body) : body, url: BATCH_URL }
}

/** The reading, which must be one. */
export function readUnits(reply: HttpReply): Exclude<BatchReading, { problem: string }> {
  const reading = readBatchReply(reply)
  if ('problem' in reading) throw new Error(reading.problem)
  return reading
}

/** All answers, those of a change set as a list in its place. */
export function answersOf(reply: HttpReply): (Answer | Answer[])[] {
  return readUnits(reply).units.map(answerOf)
}

export function answerOf(unit: BatchResponseUnit): Answer | Answer[] {
  return 'members' in unit ? unit.members.map(toAnswer) : toAnswer(unit)
}

function toAnswer({ id, group, reply, problem }: BatchResponse): Answer {
  const known = { ...(id !== undefined && { id }), ...(group !== undefined && { group }) }
  if (!reply) return { ...known, problem }
  const result = readResult(reply)
  return 'problem' in result
    ? { ...known, status: reply.status, problem: result.problem }
    : { ...known, status: reply.status, value: result.value }
}
