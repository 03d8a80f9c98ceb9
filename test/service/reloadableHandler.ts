import type { FetchHandler } from './fetchHandler.js'

/** A request that started a job. */
interface Submission {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Epoch ms. */
  readonly at: number
  /** The URLs of its monitors so far. */
  readonly monitors: readonly string[]
}

const storageKey = 'odata-service'
/** ms */
const maxAge = 600_000

/**
 * Lets jobs survive a reload of the page that their service is in: what started them is kept in `storage`, and sent again to the
 * new service, with the time that has passed as a head start. The old monitors answer for the new ones. A cancelled job is
 * forgotten, one of more than ten minutes too, and so are the monitors of interim results. All rows are as in the beginning, but
 * for what the jobs do.
 */
export async function createReloadableHandler(
  answer: FetchHandler,
  storage: Pick<Storage, 'getItem' | 'setItem'>,
): Promise<FetchHandler> {
  const submissions: Submission[] = []
  const successors = new Map<string, string>()
  const stored: Submission[] = JSON.parse(storage.getItem(storageKey) ?? '[]')
  for (const submission of stored) {
    const age = Date.now() - submission.at
    const monitor = age < maxAge && monitorUrl(await answer(repeated(submission, age)), submission.url)
    if (!monitor) continue
    for (const old of submission.monitors) successors.set(old, monitor)
    submissions.push(watchedBy(submission, monitor))
  }

  return async (request) => {
    const { method, url } = request
    const headers = Object.fromEntries(request.headers)
    const at = Date.now()
    const body = await request.clone().text()
    const successor = successors.get(url)
    const response = await answer(successor === undefined ? request : new Request(successor, { method, headers }))
    const monitor = monitorUrl(response, successor ?? url)

    const index = submissions.findIndex(({ monitors }) => monitors.includes(url))
    const submission = submissions[index] ?? { method, url, headers, body, at, monitors: [] }
    const isCancelled = method === 'DELETE' && response.ok
    if (index !== -1 && isCancelled) submissions.splice(index, 1)
    else if (monitor) submissions.splice(index === -1 ? submissions.length : index, 1, watchedBy(submission, monitor))
    storage.setItem(storageKey, JSON.stringify(submissions))
    return response
  }
}

/** The request once more, with a head start. Nobody waits for it. */
function repeated({ method, url, headers, body }: Submission, age: number): Request {
  const prefer = headers.prefer?.replace(/,?\s*wait=\d+/i, '') ?? ''
  return new Request(url, {
    method,
    headers: { ...headers, prefer, 'x-test-head-start': String(age) },
    body: body === '' ? null : body,
  })
}

function watchedBy(submission: Submission, monitor: string): Submission {
  const others = submission.monitors.filter((other) => other !== monitor)
  return { ...submission, monitors: [...others, monitor] }
}

/** The monitor that a 202 tells of. */
function monitorUrl({ status, headers }: Response, url: string): string | undefined {
  const location = headers.get('location')
  return status === 202 && location !== null ? new URL(location, url).href : undefined
}
