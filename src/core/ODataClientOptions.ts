import type { KyInstance } from 'ky'
import type { MonitorProtocol } from '../monitors/MonitorProtocol.js'
import type { BatchDefaults } from './batch/BatchOptions.js'
import type { Environment } from './environment.js'
import type { PollingOptions } from './schedule.js'
import type { WireExchange } from './WireExchange.js'

/** How to reach a service. */
export interface ODataClientOptions {
  /** Root of the service, absolute (`https://host/odata/`), or relative to the page in a browser (`/odata/`). */
  readonly serviceUrl: string
  /**
   * The app's own ky instance, with its hooks for credentials and tokens. Its retries and its time limit are not used:
   * a request that starts something is not repeated.
   * @default ky
   */
  readonly http?: KyInstance | undefined
  /**
   * The newest version of OData that the answers may be in, sent as `OData-MaxVersion`. With `'4.0'` results are asked
   * for as `application/http`, which needs no `AsyncResult` header.
   * @default '4.01'
   */
  readonly maxVersion?: '4.0' | '4.01' | undefined
  /** How the service lets its operations be watched. @default odata() */
  readonly monitor?: MonitorProtocol | undefined
  /** How often to ask. */
  readonly polling?: PollingOptions | undefined
  /** May the percentage go backwards, for services that count anew in each phase? @default false */
  readonly allowProgressDecrease?: boolean | undefined
  /** ms for a whole operation, from when it is sent to its end; the last poll may take `requestTimeout` longer. @default no limit */
  readonly timeout?: number | undefined
  /** Is the service asked to cancel what took too long? @default 'keep' */
  readonly onTimeout?: 'keep' | 'cancel' | undefined
  /** ms for one request to the status monitor. @default 30000 */
  readonly requestTimeout?: number | undefined
  /** ms for the request that starts an operation, `wait` not counted: a service may well do all the work before it answers. @default 300000 */
  readonly submitTimeout?: number | undefined
  /** Bytes of one answer, at most; a larger one is refused with kind `protocol`. Of a `202` no more than 60,000 are read. @default 67108864 (64 MiB) */
  readonly maxResponseSize?: number | undefined
  /**
   * Are requests sent so that one whose answer was lost can be sent again? See {@link OperationOptions.repeatability}.
   * @default false
   */
  readonly repeatability?: boolean | 'detect' | undefined
  /**
   * Origins besides the service's own whose status monitors and next links may be asked, with credentials: scheme, host and port,
   * without a path (`https://jobs.example.com`).
   * @default []
   */
  readonly trustedOrigins?: readonly string[] | undefined
  /**
   * Called when the service answers `401`, to get fresh credentials into `http`; then it is asked once more. However many
   * operations wait for it, it is called once. Polling waits as long as it takes (`pauseReason` is `auth`), up to the end of `timeout`.
   * When it throws or rejects, the `401` stands: for the first request as the operation's error, for a poll as one that failed.
   */
  readonly onUnauthorized?: (() => unknown) | undefined
  /**
   * Called once for each request, when its answer was read or there will be none; also for each redirect, and for each repetition.
   * Requests that hooks of `http` send by themselves are not told. What it throws changes nothing for the operation.
   *
   * A URL in it may be as good as a password, so think before you keep it or send it on.
   *
   * @example
   * const log = createWireLog()
   * const client = createODataClient({ serviceUrl: '/odata/', onExchange: log.onExchange })
   */
  readonly onExchange?: ((exchange: WireExchange) => void) | undefined
  /** How the service wants its batches. */
  readonly batch?: BatchDefaults | undefined
  /** Clock, timers and randomness, for tests. @default the real ones */
  readonly environment?: Environment | undefined
}
