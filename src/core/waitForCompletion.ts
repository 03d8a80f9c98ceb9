import type { AsyncOperation, WaitOptions } from './AsyncOperation.js'
import type { Environment } from './environment.js'
import { toError } from './errors.js'
import { MAX_DELAY } from './schedule.js'

/** The loop for use without React: sleeps until a poll is due, polls, and so on until the end. See {@link AsyncOperation}. */
export async function waitForCompletion<TResult>(
  operation: AsyncOperation<TResult>,
  environment: Environment,
  { timeout = Infinity, signal, onProgress }: WaitOptions<TResult> = {},
): Promise<TResult> {
  const deadline = environment.now() + timeout
  let { progress } = operation
  let wake = () => {}
  const onStep = () => wake()
  const unsubscribe = operation.subscribe(onStep)
  signal?.addEventListener('abort', onStep)
  try {
    while (!operation.isCompleted) {
      signal?.throwIfAborted()
      if (environment.now() >= deadline)
        throw toError({ kind: 'timeout', message: `Not finished after ${timeout} ms.` }, operation)
      let timer: unknown
      await new Promise<void>((resolve) => {
        const { isDue, pollDelay } = operation
        wake = resolve
        // The poll goes on when the wait ends before it: its answer may be the only one.
        if (isDue) void operation.poll().then(() => resolve())
        timer = environment.setTimeout(
          resolve,
          Math.min((!isDue && pollDelay) || MAX_DELAY, deadline - environment.now()),
        )
      })
      environment.clearTimeout(timer)
      if (operation.progress !== progress) {
        progress = operation.progress
        onProgress?.(progress, operation.record)
      }
    }
  } finally {
    unsubscribe()
    signal?.removeEventListener('abort', onStep)
  }
  const { error = { kind: 'cancelled', message: 'The operation was cancelled.' } } = operation.record
  if (operation.status === 'completed') return operation.result as TResult
  throw toError(error, operation)
}
