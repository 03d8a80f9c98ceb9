type Headers = Readonly<Record<string, string>>

/** A year: 144 rows. */
export const year = { StartDate: '2025-01-01', EndDate: '2025-12-31' }

/** Plain requests to the service, without the library: what a test of the service itself needs. */
export function createServiceClient(service: { readonly url: string }, fetch = globalThis.fetch) {
  const request = (method: string, path: string, headers: Headers = {}, body?: BodyInit) =>
    fetch(new URL(path, service.url), { method, headers, ...(body !== undefined && { body }) })

  /** Calls an action with JSON parameters. */
  const call = (path: string, parameters: unknown, headers: Headers = {}) =>
    request('POST', path, { 'Content-Type': 'application/json', ...headers }, JSON.stringify(parameters))

  /** Calls an action asynchronously. */
  const submit = (path: string, parameters: unknown, headers: Headers = {}) =>
    call(path, parameters, { Prefer: 'respond-async', ...headers })

  /** Asks the status monitor until it answers otherwise than 202 or 503, always at the newest Location. */
  async function finish(accepted: Response, headers: Headers = {}): Promise<Response> {
    let response = accepted
    let url = accepted.url
    for (let poll = 0; poll < 5000; poll++) {
      url = monitorUrl(response) ?? url
      response = await fetch(url, { headers })
      if (response.status !== 202 && response.status !== 503) return response
      await response.arrayBuffer()
    }
    throw new Error('The operation does not end.')
  }

  /** Asks for the product list until `isTrue`, which the service's own answers bring about. */
  async function until(isTrue: () => boolean): Promise<void> {
    for (let look = 0; look < 5000; look++) {
      if (isTrue()) return
      await (await request('GET', 'Products/$count')).arrayBuffer()
    }
    throw new Error('It does not come true.')
  }

  return { request, call, submit, finish, until }
}

/** Absolute URL of the status monitor in an answer. */
export function monitorUrl(response: Response): string | undefined {
  const location = response.headers.get('location')
  return location === null ? undefined : new URL(location, response.url).href
}

/** Status line, header fields and body of an `application/http` text. */
export function readHttpMessage(text: string) {
  const end = text.indexOf('\r\n\r\n')
  const [statusLine, ...fields] = text.slice(0, end).split('\r\n')
  return { statusLine, fields, body: text.slice(end + 4) }
}
