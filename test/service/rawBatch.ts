/** Lines of a message, as they go over the wire. */
export const lines = (...list: string[]) => list.join('\r\n')

/** A part with one request; the boundary of the batch is `b`. */
export const part = (request: string, id?: string) =>
  lines('--b', 'Content-Type: application/http', ...(id === undefined ? [] : [`Content-ID: ${id}`]), '', request, '')

/** A request without body, with header lines. */
export const get = (url: string, ...fields: string[]) => lines(`GET ${url} HTTP/1.1`, ...fields, '', '')

/** A request with JSON, with more header lines. */
export const post = (url: string, body: string, ...fields: string[]) =>
  lines(`POST ${url} HTTP/1.1`, 'Content-Type: application/json', ...fields, '', body)

/** A change set of requests, which have the Content-IDs c0, c1, and so on. */
export const changeSet = (...requests: string[]) =>
  lines(
    '--b',
    'Content-Type: multipart/mixed; boundary=b1',
    '',
    ...requests.map((request, index) =>
      lines('--b1', 'Content-Type: application/http', `Content-ID: c${index}`, '', request),
    ),
    '--b1--',
    '',
  )

/** What stands after the last part. */
export const end = '--b--\r\n'

/** Headers of a batch made of these. */
export const multipartHeaders = { 'Content-Type': 'multipart/mixed; boundary=b' }

/** The status codes in a multipart text, in order. */
export const statuses = (text: string) =>
  [...text.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => Number(status))
