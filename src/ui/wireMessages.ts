import type { WireExchange } from '../core/WireExchange.js'

/** Every text of {@link WireLog}. Names of header fields are no texts. */
export interface WireMessages {
  /** Name of the table. */
  readonly caption: () => string
  /** There is no line. */
  readonly empty: () => string
  /** Head of the column that tells when it was sent. */
  readonly time: () => string
  /** Head of the column with method and path. */
  readonly request: () => string
  /** Head of the column with the status. */
  readonly answer: () => string
  /** What was answered: the status, and a word that says what it means. */
  readonly status: (exchange: WireExchange) => string
}

const words: Readonly<Record<number, string>> = {
  201: 'Created',
  202: 'Accepted',
  204: 'No content',
  401: 'Not signed in',
  404: 'Not found',
  405: 'Not allowed',
  410: 'Gone',
  429: 'Too many requests',
  503: 'Unavailable',
}

/** The texts in English. Other languages are not shipped: the log is for those who read headers. */
export const wireMessages: WireMessages = {
  caption: () => 'Requests',
  empty: () => 'Nothing was sent yet.',
  time: () => 'Time',
  request: () => 'Request',
  answer: () => 'Answer',
  status({ status }) {
    if (status === undefined) return 'No answer'
    if (status < 200) return 'Redirect'
    const other = status < 300 ? 'OK' : status < 400 ? 'Redirect' : status < 500 ? 'Refused' : 'Failed'
    return `${status} ${words[status] ?? other}`
  },
}
