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
  const onStep = () => {
    wake()
    if (operation.progress !== progress) {
      progress = operation.progress
      onProgress?.(progress, operation.record)
    }
  }
  const unsubscribe = operation.subscribe(onStep)
  signal?.addEventListener('abort', onStep)
  try {
    while (!operation.isCompleted) {
      signal?.throwIfAborted()
      const isLast = environment.now() >= deadline
      if (isLast || operation.isDue) {
        await operation.poll({ signal })
        if (isLast && !operation.isCompleted) {
          throw toError({ kind: 'timeout', message: `Not finished after ${timeout} ms.` }, operation)
        }
      } else {
        let timer: unknown
        await new Promise<void>((resolve) => {
          wake = resolve
          timer = environment.setTimeout(
            resolve,
            Math.min(operation.pollDelay || MAX_DELAY, deadline - environment.now()),
          )
        })
        environment.clearTimeout(timer)
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
