import { parseRetryAfter } from '../protocol/retryAfter.js'
import type { Environment } from './environment.js'
import type { WireExchange } from './WireExchange.js'

/** What an exchange is about, known before it begins. */
export type ExchangePurpose = Pick<WireExchange, 'operationId' | 'kind' | 'serviceUrl'>

/** Who watches the requests of one `send`: a redirect makes several of it. */
export interface ExchangeWatch {
  sent(method: string, url: string): void
  answered(response: Response): void
  /** Nothing more comes, the body was read. `error` is why there is no answer, or why it is not taken. */
  ended(error?: unknown): void
}

/** Tells `onExchange` of each request once, with its answer: the last one when `ended` says so, one before when the next is sent. */
export function watchExchanges(
  onExchange: (exchange: WireExchange) => void,
  purpose: ExchangePurpose,
  { now, setTimeout }: Environment,
): ExchangeWatch {
  let request: Pick<WireExchange, 'method' | 'url' | 'at'> | undefined
  let answer: Response | undefined

  function tell(error?: unknown): void {
    if (!request) return
    const { status, headers } = answer ?? {}
    const exchange: WireExchange = {
      ...purpose,
      ...request,
      duration: now() - request.at,
      status,
      error: error === undefined ? undefined : ((error as Error)?.message ?? `${error}`),
      retryAfter: parseRetryAfter(headers?.get('retry-after') ?? undefined, now()),
      location: headers?.get('location') ?? undefined,
      asyncResult: headers?.get('asyncresult') ?? undefined,
    }
    request = answer = undefined
    try {
      onExchange(exchange)
    } catch (fault) {
      // The app's, to be seen there, and nothing that an operation fails by.
      setTimeout(() => {
        throw fault
      }, 0)
    }
  }

  return {
    sent(method, url) {
      tell()
      request = { method, url, at: now() }
    },
    answered(response) {
      answer = response
    },
    ended: tell,
  }
}
