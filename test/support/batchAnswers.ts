/** One answer of a multipart response, as text with CRLF. */
export interface PartText {
  readonly id?: string
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: unknown
}

function lines(...given: (string | false | undefined)[]): string {
  return given.filter((line) => line !== false && line !== undefined).join('\r\n')
}

function partText({ id, status, headers = {}, json }: PartText): string {
  return lines(
    'Content-Type: application/http',
    id !== undefined && `Content-ID: ${id}`,
    '',
    `HTTP/1.1 ${status} Status`,
    json !== undefined && 'Content-Type: application/json',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    '',
    json === undefined ? '' : JSON.stringify(json),
  )
}

function multipart(boundary: string, parts: readonly string[]): string {
  return lines(...parts.map((part) => `--${boundary}\r\n${part}`), `--${boundary}--`, '')
}

/** A multipart response: a list among the parts is a change set. */
export function multipartBody(parts: readonly (PartText | readonly PartText[])[], boundary = 'rb'): string {
  const isSet = (part: PartText | readonly PartText[]): part is readonly PartText[] => Array.isArray(part)
  return multipart(
    boundary,
    parts.map((part) =>
      isSet(part)
        ? lines('Content-Type: multipart/mixed; boundary=cs', '', multipart('cs', part.map(partText)))
        : partText(part),
    ),
  )
}

/** {@link multipartBody} as an answer. */
export function multipartAnswer(
  parts: readonly (PartText | readonly PartText[])[],
  headers: Record<string, string> = {},
): Response {
  return new Response(multipartBody(parts), { headers: { 'Content-Type': 'multipart/mixed; boundary=rb', ...headers } })
}

/** {@link multipartBody} in an `application/http` message, as the answer of a status monitor. */
export function wrappedMultipart(parts: readonly (PartText | readonly PartText[])[]): Response {
  const body = lines('HTTP/1.1 200 OK', 'Content-Type: multipart/mixed; boundary=rb', '', multipartBody(parts))
  return new Response(body, { headers: { 'Content-Type': 'application/http' } })
}

/** A JSON batch response; `more` stands beside its answers. */
export function jsonBatchAnswer(
  responses: readonly object[],
  more: object = {},
  headers: Record<string, string> = {},
): Response {
  return Response.json({ responses, ...more }, { headers })
}
