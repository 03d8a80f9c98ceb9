import type { OperationRecord } from '../core/operation.js'

type Run = Pick<OperationRecord, 'id' | 'submittedAt'>

/** When a run was first seen on this page. */
interface FirstSight {
  /** By the clock of the page, which nobody sets (`performance.now()`). */
  readonly at: number
  /** For how long it had been going on then, in ms: all that the wall clock is asked for. */
  readonly elapsed: number
}

/** So many ms the wall clock may run ahead before it is believed. */
const sleepFrom = 10_000

/** More than a page shows at a time. A run that was forgotten is seen for the first time again. */
const maxRuns = 1000

const sights = new Map<string, FirstSight>()
const lastElapsed = new Map<string, number>()

/** Tells one run of an operation from the next, which may have the same id. */
export function runOf({ id, submittedAt }: Run): string {
  return `${id} ${submittedAt}`
}

/** When the run was first seen: now, if it was not yet. All components agree on it. */
export function firstSightOf(run: Run): FirstSight {
  return sights.get(runOf(run)) ?? see(run)
}

/** For how long the run has been going on, in ms. It never goes back, and does not follow a wall clock that is set. */
export function elapsedOf(run: Run): number {
  const { at, elapsed } = firstSightOf(run)
  const byPage = elapsed + performance.now() - at
  // In some browsers `performance.now()` stands still while the machine sleeps. A sleep can't be told from a clock set
  // forward and is far more common, so from some seconds on the wall clock is believed; forwards only.
  const isBehind = Date.now() - run.submittedAt - byPage > sleepFrom
  const now = isBehind ? see(run).elapsed : byPage
  remember(lastElapsed, run, now)
  return now
}

/** What {@link elapsedOf} returned last for the run; `0` when it was not asked. */
export function lastElapsedOf(run: Run): number {
  return lastElapsed.get(runOf(run)) ?? 0
}

function see(run: Run): FirstSight {
  return remember(sights, run, { at: performance.now(), elapsed: Math.max(0, Date.now() - run.submittedAt) })
}

function remember<T>(map: Map<string, T>, run: Run, value: T): T {
  map.set(runOf(run), value)
  const [oldest] = map.keys()
  if (map.size > maxRuns && oldest !== undefined) map.delete(oldest)
  return value
}
