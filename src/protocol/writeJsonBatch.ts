import { toBase64Url } from './base64.js'
import type { BatchWireRequest } from './batchMessage.js'
import { type HttpHeaders, mediaType } from './httpReply.js'
import { isJsonType } from './json.js'

/**
 * Writes requests as a JSON batch (JSON Format 19.1). A body of a JSON type is put in as it is written, so that numbers keep all
 * their digits; text that claims to be JSON and is none becomes a JSON string, so that the service refuses that request alone. A
 * `text/*` body is a string, of any other type base64url of its bytes.
 *
 * @example
 * writeJsonBatch([{ id: '1', method: 'GET', url: 'Products(1)', headers: {} }])
 * // '{"requests":[{"id":"1","method":"get","url":"Products(1)"}]}'
 */
export function writeJsonBatch(requests: readonly BatchWireRequest[]): string {
  return `{"requests":[${requests.map(writeRequest).join()}]}`
}

function writeRequest({ id, group, dependsOn, method, url, headers, body }: BatchWireRequest): string {
  const head = JSON.stringify({
    id,
    atomicityGroup: group,
    dependsOn: dependsOn?.length ? dependsOn : undefined,
    method: method.toLowerCase(),
    url,
    // OData.NET breaks down at a member of a group that has none.
    headers: group !== undefined || Object.keys(headers).length ? headers : undefined,
  })
  return body === undefined ? head : `${head.slice(0, -1)},"body":${writeBody(headers, body)}}`
}

function writeBody(headers: HttpHeaders, body: string | Uint8Array): string {
  const isJson = isJsonType({ headers })
  if (!isJson && !mediaType(headers).startsWith('text/')) {
    return `"${toBase64Url(typeof body === 'string' ? new TextEncoder().encode(body) : body)}"`
  }
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body)
  return isJson && isJsonText(text) ? text : JSON.stringify(text)
}

function isJsonText(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
