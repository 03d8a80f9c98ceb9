import type { AsyncOperation } from './AsyncOperation.js'
import type { OperationRecord } from './operation.js'
import { orAborted } from './orAborted.js'
import { type StepContext, transition, unread } from './transitions.js'

/**
 * Lets another operation do the work of one that is resumed, and follows it. Its code, which few apps need, is loaded by the first poll
 * or cancel; a failure of that is a failed poll.
 */
export function delegateTo<TResult>(
  load: (record: OperationRecord) => Promise<AsyncOperation>,
  operation: AsyncOperation<TResult>,
  context: StepContext,
): AsyncOperation<TResult> {
  const { follow } = operation
  let worker: AsyncOperation | undefined
  let loading: Promise<AsyncOperation | undefined> | undefined

  /** `undefined` when the code could not be loaded. */
  function findWorker(): Promise<AsyncOperation | undefined> {
    loading ??= load(operation.record).then(
      (loaded) => {
        worker = loaded
        loaded.subscribe(() => follow(loaded.record))
        loaded.follow(operation.record)
        return loaded
      },
      (error) => {
        loading = undefined
        follow(transition(operation.record, unread(operation.record, error, context), context.environment.now()))
        return undefined
      },
    )
    return loading
  }

  return Object.assign(operation, {
    follow: (record) => (worker ? worker.follow(record) : follow(record)),
    async poll(options = {}) {
      if (!operation.isCompleted) await (await orAborted(findWorker(), options.signal))?.poll(options)
      return !operation.isCompleted
    },
    async tryCancel() {
      if (operation.isCompleted) return 'too-late'
      const found = await findWorker()
      return found ? found.tryCancel() : 'failed'
    },
  } satisfies Pick<AsyncOperation, 'follow' | 'poll' | 'tryCancel'>)
}
