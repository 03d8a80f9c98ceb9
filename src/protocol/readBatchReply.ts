import type { BatchReading } from './batchMessage.js'
import { bodyText, type HttpReply, mediaType } from './httpReply.js'
import { describeBody } from './json.js'
import { readJsonBatch } from './readJsonBatch.js'
import { readMultipart } from './readMultipart.js'

/**
 * Reads a batch response in either format (Protocol 11.7.7.5, JSON Format 19.5), whatever was sent, more leniently than it must be
 * written. What counts is its `Content-Type`; how the body begins, when that is missing or wrong.
 *
 * @returns the answers, in the order of the response, as far as they are complete; or why it is no batch response. Never throws.
 */
export function readBatchReply(reply: HttpReply): BatchReading {
  // More than any byte order mark and indentation.
  const start = bodyText({ body: reply.body.subarray(0, 64) }).trimStart()
  const isMultipart = mediaType(reply.headers).startsWith('multipart/')
  const isJson = start.startsWith('{') || reply.json !== undefined
  if (isMultipart || start.startsWith('--')) {
    const reading = readMultipart(reply)
    if (reading || !isJson) return reading ?? truncated(reply)
  }
  if (isJson) return readJsonBatch(reply)
  return {
    problem: `The answer is no batch response (${describeBody(reply)}). It must be multipart/mixed, or JSON with \`responses\`. Is \`$batch\` supported, and the session still signed in?`,
  }
}

/** Nothing in a `multipart` response but what may stand before its first part. */
function truncated({ body }: HttpReply): BatchReading {
  const truncation = `The response ends after ${body.length} bytes without any delimiter.`
  return { units: [], format: 'multipart', truncation }
}
