/** One request and its answer, as plain JSON. */
export interface WireExchange {
  /**
   * `id` of the operation that it belongs to; `undefined` for metadata, which all share. A batch that was split, or whose requests
   * go on by themselves, has ids below its own: `import/piece-2`.
   */
  readonly operationId: string | undefined
  /** What it was sent for: to start an operation, to ask how it gets on, to cancel it, or to learn what the service can do. */
  readonly kind: 'submit' | 'poll' | 'cancel' | 'metadata'
  /** Root of the service, for what `url` can be shown without. */
  readonly serviceUrl: string
  readonly method: string
  /** Absolute URL that was asked. It may be as good as a password: whoever has that of a status monitor may read and cancel. */
  readonly url: string
  /** Epoch ms at which it was sent. */
  readonly at: number
  /** ms until its answer was read, or given up. */
  readonly duration: number
  /** `undefined` when there was no answer; `0` for a redirect of which a browser tells nothing. */
  readonly status?: number | undefined
  /** Why there was no answer, or why that is not taken. */
  readonly error?: string | undefined
  /** How long the service asks to wait, in ms from the answer on. */
  readonly retryAfter?: number | undefined
  /** `Location` as it was sent, so it may be relative; as secret as `url`. */
  readonly location?: string | undefined
  /** `AsyncResult` as it was sent: the status of the operation itself. */
  readonly asyncResult?: string | undefined
}
