import type { BackendReply, Work } from './backend.js'
import type { Behaviour } from './behaviour.js'
import { Job, type JobSnapshot } from './job.js'

/** A status monitor. */
export interface JobMonitor {
  readonly id: string
  readonly job: Job
  /** How many parts of the result the monitors before it have given. */
  readonly from: number
  /** What it gives from now on, whatever the job does: interim results. */
  interim?: BackendReply
}

/** The jobs of one service and their monitors, in memory. */
export interface JobStore {
  /** Starts work. */
  start(method: string, url: string, behaviour: Behaviour, work: Work): Job
  /** Takes out a job that nobody was told of. */
  remove(job: Job): void
  /** Gives the job a monitor; those before, if any, are gone. Returns its id. */
  watch(job: Job, from?: number): string
  /** Gives the job one more monitor, for the parts of its result after the first `from`. Returns its id. */
  watchRest(job: Job, from: number): string
  find(monitorId: string): JobMonitor | undefined
  /** Takes its monitors away. */
  forget(job: Job): void
  /** Throws away results that were kept for `expiry` ms, and the jobs themselves after twice the time. */
  expire(): void
  /** Oldest first. */
  snapshots(): JobSnapshot[]
  /** Stops all work and forgets everything. Resolves when the work has stopped. */
  reset(): Promise<void>
}

/** Makes the store. Nothing runs by itself: `expire` is to be called when a request comes, and costs what there is to expire. */
export function createJobStore(expiry: number): JobStore {
  const jobs = new Set<Job>()
  const monitors = new Map<string, JobMonitor>()
  const monitorIds = new Map<Job, string[]>()
  // Both in the order in which the jobs ended.
  const ended = new Set<Job>()
  const expired = new Set<Job>()

  function forget(job: Job): void {
    for (const id of monitorIds.get(job) ?? []) monitors.delete(id)
    monitorIds.delete(job)
  }

  function watchRest(job: Job, from: number): string {
    const id = crypto.randomUUID()
    monitors.set(id, { id, job, from })
    const ids = monitorIds.get(job)
    if (ids) ids.push(id)
    else monitorIds.set(job, [id])
    return id
  }

  function takeOlderThan(age: number, list: Set<Job>, onOld: (job: Job) => void): void {
    const now = Date.now()
    for (const job of list) {
      if (now - (job.endedAt ?? now) < age) return
      list.delete(job)
      onOld(job)
    }
  }

  return {
    start(method, url, behaviour, work) {
      const job = new Job(method, url, behaviour, work)
      jobs.add(job)
      void job.settled.then(() => ended.add(job))
      return job
    },
    remove(job) {
      jobs.delete(job)
    },
    watch(job, from = 0) {
      forget(job)
      return watchRest(job, from)
    },
    watchRest,
    find: (monitorId) => monitors.get(monitorId),
    forget,
    expire() {
      takeOlderThan(expiry, ended, (job) => {
        job.expire()
        expired.add(job)
      })
      takeOlderThan(2 * expiry, expired, (job) => {
        forget(job)
        jobs.delete(job)
      })
    },
    snapshots: () => [...jobs].map((job) => job.snapshot),
    async reset() {
      const stopped = [...jobs]
      for (const job of stopped) job.stop('cancelled', 'The service was reset.')
      for (const list of [jobs, monitors, monitorIds, ended, expired]) list.clear()
      await Promise.all(stopped.map((job) => job.settled))
    },
  }
}
