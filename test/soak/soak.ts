import ky from 'ky'
import { createODataClient, isODataNetworkError } from '../../src/core/index.js'
import { type RunningODataService, startODataService } from '../service/odataService.js'
import { type FaultRates, faultyFetch, seededRandom } from './faultyFetch.js'

const none: FaultRates = { lost: 0, reset: 0, unavailable: 0, throttled: 0, truncated: 0, delayed: 0 }
/** 30 % of the answers to polls. */
const badPolls: FaultRates = {
  lost: 0.08,
  reset: 0.06,
  unavailable: 0.06,
  throttled: 0.03,
  truncated: 0.04,
  delayed: 0.03,
}
/** 10 % of the answers to the request that starts an operation. */
const badSubmits: FaultRates = { ...none, lost: 0.1 }

const ACTION = 'Reports/Reporting.GenerateLargeReport'
const YEAR = { StartDate: '2025-01-01', EndDate: '2025-12-31' }
/** Rows of a report on that year. */
const ROWS = 144

interface Run {
  readonly name: string
  readonly onSubmit: FaultRates
  readonly onPolls: FaultRates
  readonly repeatability: boolean
  /** Polls that the service wants to see before an operation ends. */
  readonly polls: number
  /** Polls of one operation as the client counts them, on average. */
  readonly pollsExpected: readonly [from: number, to: number]
}

/** ms between two polls. */
const INTERVAL = 20
const CONCURRENT = 50

const runs: readonly Run[] = [
  {
    name: '30 % of the answers to polls fail',
    onSubmit: none,
    onPolls: badPolls,
    repeatability: false,
    polls: 55,
    pollsExpected: [45, 55],
  },
  {
    name: '10 % of the answers to submits are lost',
    onSubmit: badSubmits,
    onPolls: none,
    repeatability: false,
    polls: 5,
    pollsExpected: [4, 7],
  },
  {
    name: '10 % are lost, requests are repeatable',
    onSubmit: badSubmits,
    onPolls: none,
    repeatability: true,
    polls: 5,
    pollsExpected: [4, 7],
  },
]

/** Runs operations on a bad network. Each fault that is returned is something that must not be. */
export async function soak(operations: number) {
  const counts: Record<string, Record<string, number | string>> = {}
  const faults: string[] = []
  for (const run of runs) {
    const service = await startODataService({ service: ['no-retry-after'] })
    const result = await runOnce(run, operations, service)
    await service.close()
    counts[run.name] = result.counts
    faults.push(...result.faults.map((fault) => `${run.name}: ${fault}`))
  }
  return { counts, faults }
}

async function runOnce(run: Run, operations: number, service: RunningODataService) {
  const faults: string[] = []
  const startedAt = performance.now()
  const network = faultyFetch((method) => (method === 'POST' ? run.onSubmit : run.onPolls), seededRandom(1))
  const { repeatability } = run
  const client = createODataClient({
    serviceUrl: service.url,
    http: ky.create({ fetch: network.fetch }),
    polling: { interval: INTERVAL, minInterval: INTERVAL, maxInterval: 4 * INTERVAL, maxFailures: 30 },
    repeatability,
  })
  const ended = { completed: 0, network: 0, other: 0 }
  /** How often each monitor had been asked when its operation ended. */
  const askedAtEnd = new Map<string, number>()
  let polls = 0

  async function runOperation(): Promise<void> {
    const headers = { 'x-test-polls': `${run.polls}` }
    const operation = client.prepareAction<{ Title: string; RowCount: number }>(ACTION, YEAR, { headers })
    await operation.submit()
    try {
      const { Title, RowCount } = await operation.waitForCompletion()
      ended.completed++
      if (!Title.includes('2025') || RowCount !== ROWS)
        faults.push(`${operation.id} has the result ${Title}, ${RowCount}`)
    } catch (error) {
      if (isODataNetworkError(error)) ended.network++
      else {
        ended.other++
        faults.push(`${operation.id} ended with ${error}`)
      }
    }
    const { pollCount, monitorUrl } = operation.record
    polls += pollCount
    if (monitorUrl !== undefined) askedAtEnd.set(monitorUrl, network.timesAsked(monitorUrl))
  }

  let next = 0
  const work = async () => {
    while (next++ < operations) await runOperation()
  }
  await Promise.all(Array.from({ length: CONCURRENT }, work))
  const seconds = (performance.now() - startedAt) / 1000

  const jobs = service.jobs().length
  const { lost: lostSubmits, sent: submits } = network.submits()
  const lostForGood = repeatability ? 0 : lostSubmits
  const pollsPerOperation = polls / operations
  const [least, most] = run.pollsExpected
  const expectations: [boolean, string][] = [
    [jobs === operations, `${operations} operations made ${jobs} jobs`],
    [submits === operations + lostSubmits - lostForGood, `${submits} requests started ${operations} operations`],
    [ended.network === lostForGood, `${ended.network} ended as network instead of ${lostForGood}`],
    [ended.completed === operations - lostForGood, `${ended.completed} of ${operations} operations were completed`],
    [pollsPerOperation >= least && pollsPerOperation <= most, `${pollsPerOperation} polls for each operation`],
  ]
  for (const [holds, fault] of expectations) if (!holds) faults.push(fault)

  await new Promise((resolve) => void setTimeout(resolve, 500))
  for (const [url, asked] of askedAtEnd) {
    if (network.timesAsked(url) !== asked) faults.push(`${url} was asked after the end of its operation`)
  }
  const counts = {
    operations,
    jobs,
    ...ended,
    'submits sent again': submits - operations,
    'polls per operation': Number(pollsPerOperation.toFixed(1)),
    ...network.happened(),
    seconds: Number(seconds.toFixed(1)),
  }
  return { counts, faults }
}
