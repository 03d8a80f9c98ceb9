import { randomUUID } from 'node:crypto'
import type { Work } from './backend.js'
import type { Behaviour } from './behaviour.js'
import { Job, type JobSnapshot } from './job.js'

/** The jobs of one service and their monitors, in memory. */
export interface JobStore {
  /** Starts work. */
  start(method: string, url: string, behaviour: Behaviour, work: Work): Job
  /** Takes out a job that nobody was told of. */
  remove(job: Job): void
  /** Gives the job a monitor; the one before, if any, is gone. Returns its id. */
  watch(job: Job): string
  /** The job behind a monitor. */
  find(monitorId: string): Job | undefined
  /** Takes the monitor away. */
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
  const monitors = new Map<string, Job>()
  const monitorIds = new Map<Job, string>()
  // Both in the order in which the jobs ended.
  const ended = new Set<Job>()
  const expired = new Set<Job>()

  function forget(job: Job): void {
    monitors.delete(monitorIds.get(job) ?? '')
    monitorIds.delete(job)
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
    watch(job) {
      forget(job)
      const id = randomUUID()
      monitors.set(id, job)
      monitorIds.set(job, id)
      return id
    },
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
