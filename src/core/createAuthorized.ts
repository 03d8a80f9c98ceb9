import type { HttpReply } from '../protocol/httpReply.js'
import type { Environment } from './environment.js'
import { orAborted } from './orAborted.js'

/** How one exchange waits for credentials. */
export interface AuthorizedOptions {
  /** Epoch ms up to which to wait for them. @default no limit */
  readonly deadlineAt?: number | undefined
  /** Ends the wait with its reason. */
  readonly signal?: AbortSignal | undefined
  /** Called when they do not come at once. */
  readonly onUnauthorized?: (() => void) | undefined
}

/** ms: credentials that are refreshed in the background are no pause that is worth telling. */
const QUIET_TIME = 300

/** Runs an exchange; when that is answered `401`, once more with fresh credentials. */
export type Authorized = (exchange: () => Promise<HttpReply>, options?: AuthorizedOptions) => Promise<HttpReply>

/** A `401` that stands, as there are no fresh credentials: the request was answered, and nothing was done. */
export class UnauthorizedError extends Error {
  override name = 'UnauthorizedError'
  readonly reply: HttpReply

  constructor(reply: HttpReply, cause: unknown) {
    super(`There are no fresh credentials (${cause}).`, { cause })
    this.reply = reply
  }
}

/**
 * Makes {@link Authorized}, which rejects with an {@link UnauthorizedError} when `refresh` does, or does not settle in time. All
 * exchanges that wait at a time share one call of `refresh`, and none asks for what came meanwhile.
 */
export function createAuthorized(refresh: (() => unknown) | undefined, environment: Environment): Authorized {
  let refreshed = 0
  let refreshing: Promise<void> | undefined

  async function begin(): Promise<void> {
    await refresh?.()
    refreshed++
  }

  return async (exchange, { deadlineAt, signal, onUnauthorized } = {}) => {
    const before = refreshed
    const reply = await exchange()
    if (reply.status !== 401 || !refresh) return reply
    if (before === refreshed) {
      const timer = environment.setTimeout(() => onUnauthorized?.(), QUIET_TIME)
      refreshing ??= begin().finally(() => {
        refreshing = undefined
      })
      await byDeadline(deadlineAt, orAborted(refreshing, signal), environment)
        .catch((error) => {
          throw signal?.aborted ? signal.reason : new UnauthorizedError(reply, error)
        })
        .finally(() => environment.clearTimeout(timer))
    }
    return exchange()
  }
}

/** Rejects when the deadline comes first. */
async function byDeadline(
  deadlineAt: number | undefined,
  promise: Promise<void>,
  environment: Environment,
): Promise<void> {
  if (deadlineAt === undefined) return promise
  let timer: unknown
  const late = new Promise<never>((_, reject) => {
    const expire = () => reject(new Error('none came up to the deadline'))
    timer = environment.setTimeout(expire, Math.max(deadlineAt - environment.now(), 1))
  })
  await Promise.race([promise, late]).finally(() => environment.clearTimeout(timer))
}
