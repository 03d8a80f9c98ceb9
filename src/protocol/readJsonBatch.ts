import { fromBase64 } from './base64.js'
import type { BatchReading, BatchResponse } from './batchMessage.js'
import { addField } from './httpMessage.js'
import type { HttpHeaders, HttpReply } from './httpReply.js'
import { describeBody, isJsonObject, isJsonType, type JsonObject, parseJson } from './json.js'
import { toODataError } from './odataError.js'

const NO_BYTES = new Uint8Array()

/** Reads a JSON batch response (JSON Format 19.5). It cannot be read in parts: one that is cut gives a problem. Never throws. */
export function readJsonBatch(reply: HttpReply): BatchReading {
  const json = parseJson(reply)
  const { responses, ...batch } = isJsonObject(json) ? json : {}
  if (Array.isArray(responses)) {
    const nextLink = [batch['@nextLink'], batch['@odata.nextLink']].find(
      (link) => typeof link === 'string' && link !== '',
    )
    return {
      units: responses.map((response) => readResponse(response, reply.url)),
      format: 'json',
      ...(typeof nextLink === 'string' && { nextLink }),
    }
  }
  const error = toODataError(json)
  if (error) {
    return {
      problem: `The service answered the batch with an error: ${error.message || error.code || 'it says no more'}`,
    }
  }
  const problem =
    json === undefined ? 'It must be complete JSON of at most 500 levels.' : 'It must have `responses`, an array.'
  return { problem: `The batch response cannot be read (${describeBody(reply)}). ${problem}` }
}

function readResponse(response: unknown, url: string): BatchResponse {
  const { id: givenId, status, headers, body, atomicityGroup } = isJsonObject(response) ? response : ({} as JsonObject)
  const id = toText(givenId)
  const group = toText(atomicityGroup)
  const code = toStatus(status)
  if (code === undefined) {
    return { id, group, problem: `The answer in the batch has no HTTP status (${describe(status)}).` }
  }
  return { id, group, reply: toReply(code, readHeaders(headers), body ?? undefined, url) }
}

function toStatus(status: unknown): number | undefined {
  const code = typeof status === 'number' ? status : Number.parseInt(toText(status) ?? '', 10)
  return Number.isInteger(code) && code >= 200 && code < 600 ? code : undefined
}

function toReply(status: number, headers: HttpHeaders, body: unknown, url: string): HttpReply {
  const isBase64 =
    typeof body === 'string' && !isJsonType({ headers }) && !/^text\//i.test(headers['content-type'] ?? '')
  const bytes = isBase64 ? fromBase64(body) : undefined
  // What must be base64 and is none stays what it is: whoever reads the result may still make sense of it.
  return bytes ? { status, headers, body: bytes, url } : { status, headers, body: NO_BYTES, url, json: body }
}

function readHeaders(given: unknown): HttpHeaders {
  if (!isJsonObject(given)) return {}
  const names = Object.keys(given)
  if (names.every((name) => typeof given[name] === 'string' && name === name.toLowerCase())) return given as HttpHeaders
  const headers = {}
  for (const name of names) {
    const value = given[name]
    if (Array.isArray(value)) for (const each of value) addField(headers, name.toLowerCase(), toText(each) ?? '')
    else addField(headers, name.toLowerCase(), toText(value) ?? '')
  }
  return headers
}

/** Text and numbers as text. */
function toText(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? `${value}` : undefined
}

function describe(value: unknown): string {
  return toText(value)?.slice(0, 60) ?? (value === undefined ? 'none is given' : 'it is no number')
}
