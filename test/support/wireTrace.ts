import { readFileSync } from 'node:fs'

/** One message of a trace: a request or an answer, as it is on the wire. */
export interface WireMessage {
  readonly isRequest: boolean
  readonly startLine: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array<ArrayBuffer>
}

/**
 * Reads a trace of `test/support/traces`: messages separated by lines that begin with `# `, each line ending with CRLF on the
 * wire. A body is as long as its Content-Length says; the empty line before a comment is layout.
 */
export function wireTrace(name: string): WireMessage[] {
  const text = readFileSync(new URL(`./traces/${name}.http`, import.meta.url), 'utf8')
  const messages: string[][] = []
  for (const line of text.split('\n')) {
    if (line.startsWith('# ')) messages.push([])
    else messages.at(-1)?.push(line)
  }
  return messages.map((lines) => wireMessage(lines.join('\r\n')))
}

/** Reads one message as it is on the wire. */
export function wireMessage(raw: string): WireMessage {
  const end = raw.indexOf('\r\n\r\n')
  const [startLine = '', ...fields] = (end < 0 ? raw : raw.slice(0, end)).trimEnd().split('\r\n')
  const headers = Object.fromEntries(
    fields.map((field) => {
      const colon = field.indexOf(':')
      return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()]
    }),
  )
  const rest = new TextEncoder().encode(end < 0 ? '' : raw.slice(end + 4))
  const length = headers['content-length']
  return {
    isRequest: !startLine.startsWith('HTTP/'),
    startLine,
    headers,
    body: length === undefined ? rest : rest.slice(0, Number(length)),
  }
}

/** The answer as `fetch` would give it. */
export function wireResponse({ startLine, headers, body }: WireMessage, url: string): Response {
  const status = Number(startLine.split(' ')[1])
  const response = new Response(status === 204 || status === 304 ? null : body, { status, headers })
  Object.defineProperty(response, 'url', { value: url })
  return response
}
