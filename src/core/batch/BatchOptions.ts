import type { OperationOptions } from '../OperationOptions.js'
import type { BatchUrlForm } from './BatchRequest.js'

/** How a service wants its batches: facts that are the same for each of them. */
export interface BatchDefaults {
  /**
   * @default `json` for a service that says in its `$metadata`, which is fetched once, that it takes it, else `multipart`; `multipart` with
   * `maxVersion: '4.0'`, which knows nothing else
   */
  readonly format?: 'multipart' | 'json' | undefined
  /** @default 'relative' */
  readonly urlForm?: BatchUrlForm | undefined
  /**
   * Requests that the service takes at once. More are sent in pieces, which look like one operation; a change set, and what depends
   * on each other, stays in one piece.
   * @default no limit
   */
  readonly maxBatchSize?: number | undefined
  /** Pieces under way at a time. @default 1 */
  readonly concurrency?: number | undefined
}

/** How to run one batch. */
export interface BatchOptions
  extends Omit<OperationOptions, 'etag' | 'repeatability' | 'returnPreference'>,
    BatchDefaults {
  /**
   * Does the service go on after a request that failed? `true` asks for it (`Prefer: continue-on-error`); `false` has it stop there.
   * @default it goes on, in both formats: multipart is asked to, JSON does by itself
   */
  readonly continueOnError?: boolean | undefined
  /** May the service answer later (`202`)? @default true */
  readonly respondAsync?: boolean | undefined
}
