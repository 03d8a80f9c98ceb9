import { describe, expect, it, vi } from 'vitest'
import { shareTask } from '../../src/core/shareTask.js'
import { deferred } from '../support/deferred.js'
import { rejection } from '../support/scriptedClient.js'

/** A task that ends when it is let go, once for each run. */
function heldTask() {
  const runs: { signal: AbortSignal; resolve: () => void; reject: (reason: unknown) => void }[] = []
  const task = vi.fn((signal: AbortSignal) => {
    const { promise, resolve, reject } = deferred()
    runs.push({ signal, resolve, reject })
    return promise
  })
  return { runs, task, share: shareTask(task) }
}

describe('shareTask', () => {
  it('runs one task for all who ask while it runs, and a new one for who asks after it', async () => {
    const { runs, task, share } = heldTask()
    const asked = [share(), share(), share()]
    runs[0]?.resolve()
    await Promise.all(asked)
    expect(task).toHaveBeenCalledTimes(1)
    const again = share()
    runs[1]?.resolve()
    await again
    expect(task).toHaveBeenCalledTimes(2)
  })

  it('rejects for all with what the task is rejected with, and can be asked again', async () => {
    const { runs, share } = heldTask()
    const asked = [share(), share()].map(rejection)
    runs[0]?.reject(new Error('no'))
    expect(await Promise.all(asked)).toMatchObject([{ message: 'no' }, { message: 'no' }])
    const again = share()
    runs[1]?.resolve()
    await expect(again).resolves.toBeUndefined()
  })

  it('does not begin for who has aborted already', async () => {
    const { task, share } = heldTask()
    await rejection(share(AbortSignal.abort()))
    expect(task).not.toHaveBeenCalled()
  })

  it('lets each leave at once with the reason, and aborts the task when the last has left', async () => {
    const { runs, share } = heldTask()
    const [first, second] = [new AbortController(), new AbortController()]
    const asked = [share(first.signal), share(second.signal)].map(rejection)
    first.abort('first')
    expect(await asked[0]).toBe('first')
    expect(runs[0]?.signal.aborted).toBe(false)
    second.abort('second')
    expect(await asked[1]).toBe('second')
    expect(runs[0]?.signal).toMatchObject({ aborted: true, reason: 'second' })
  })

  it('goes on for who cannot leave', async () => {
    const { runs, share } = heldTask()
    const controller = new AbortController()
    const left = rejection(share(controller.signal))
    const staying = share()
    controller.abort('enough')
    await left
    expect(runs[0]?.signal.aborted).toBe(false)
    runs[0]?.resolve()
    await staying
  })

  it('begins anew for who asks after all have left, and the late end of the old task is not taken for that of the new one', async () => {
    const { runs, task, share } = heldTask()
    const controller = new AbortController()
    const left = rejection(share(controller.signal))
    controller.abort('enough')
    await left
    const again = share()
    expect(task).toHaveBeenCalledTimes(2)
    runs[0]?.reject('late')
    await Promise.allSettled([Promise.allSettled([])])
    const shared = share()
    expect(task).toHaveBeenCalledTimes(2)
    runs[1]?.resolve()
    await Promise.all([again, shared])
  })

  it('is not aborted by a signal that comes after its end', async () => {
    const { runs, share } = heldTask()
    const controller = new AbortController()
    const asked = share(controller.signal)
    runs[0]?.resolve()
    await asked
    const again = share()
    controller.abort('late')
    expect(runs.map(({ signal }) => signal.aborted)).toEqual([false, false])
    runs[1]?.resolve()
    await again
  })
})
