import type { AsyncOperation, WaitOptions } from './AsyncOperation.js'
import type { Environment } from './environment.js'
import { toError } from './errors.js'
import { checkDelay, MAX_DELAY } from './schedule.js'

/** The loop for use without React: sleeps until a poll is due, polls, and so on until the end. See {@link AsyncOperation}. */
export async function waitForCompletion<TResult>(
  operation: AsyncOperation<TResult>,
  environment: Environment,
  { timeout, signal, onProgress }: WaitOptions<TResult> = {},
): Promise<TResult> {
  checkDelay('timeout', timeout)
  const deadline = environment.now() + (timeout ?? Infinity)
  let { progress } = operation
  let wake = () => {}
  let polling: Promise<unknown> | undefined
  const onStep = () => wake()
  const unsubscribe = operation.subscribe(onStep)
  signal?.addEventListener('abort', onStep)
  try {
    while (!operation.isCompleted) {
      signal?.throwIfAborted()
      if (operation.status === 'pending') void operation.submit({ signal })
      const { isDue, pollDelay } = operation
      const left = deadline - environment.now()
      // A machine that slept through the deadline asks once before it gives up.
      if (left <= 0 && !(isDue && !polling)) {
        const message = `Not finished after ${timeout} ms. The operation goes on and can be waited for again.`
        throw toError({ kind: 'timeout', message }, operation)
      }
      if (isDue) {
        polling ??= operation.poll({ signal }).then(
          () => onPolled(),
          () => onPolled(),
        )
      }
      let timer: unknown
      await new Promise<void>((resolve) => {
        wake = resolve
        timer = environment.setTimeout(
          resolve,
          Math.min((!isDue && pollDelay) || MAX_DELAY, left > 0 ? left : MAX_DELAY),
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

  function onPolled() {
    polling = undefined
    wake()
  }
}
