import ky from 'ky'
import { createODataClient, isODataNetworkError } from '../../src/core/index.js'
import { startODataService } from '../service/odataService.js'
import { type FaultRates, faultyFetch, seededRandom } from './faultyFetch.js'

const none: FaultRates = { lost: 0, reset: 0, unavailable: 0, throttled: 0, truncated: 0, delayed: 0 }
/** 30 % of the answers to polls. */
const onPolls: FaultRates = {
  lost: 0.08,
  reset: 0.06,
  unavailable: 0.06,
  throttled: 0.03,
  truncated: 0.04,
  delayed: 0.03,
}
/** 10 % of the answers to the request that starts an operation. */
const onSubmit: FaultRates = { ...none, lost: 0.1 }

const CONCURRENT = 12
const POLLS = 50
const ACTION = 'Reports/Reporting.GenerateLargeReport'
const YEAR = { StartDate: '2025-01-01', EndDate: '2025-12-31' }

interface Run {
  readonly name: string
  readonly submit: FaultRates
  readonly polls: FaultRates
}

/** Runs operations on a bad network. Each fault that is returned is something that must not be. */
export async function soak(operations: number) {
  const counts: Record<string, Record<string, number>> = {}
  const faults: string[] = []
  const runs: Run[] = [
    { name: '30 % of polls fail', submit: none, polls: onPolls },
    { name: '10 % of submits are lost', submit: onSubmit, polls: none },
  ]
  for (const { name, submit, polls } of runs) {
    const service = await startODataService({ service: ['no-retry-after'] })
    const { fetch, happened } = faultyFetch((method) => (method === 'POST' ? submit : polls), seededRandom(1))
    const client = createODataClient({
      serviceUrl: service.url,
      http: ky.create({ fetch }),
      polling: { interval: 20, minInterval: 20, maxInterval: 40, maxFailures: 30 },
    })
    const ended = { completed: 0, network: 0, other: 0, polls: 0 }
    let next = 0
    const work = async () => {
      while (next < operations) {
        next += 1
        const headers = { 'x-test-duration': `${POLLS * 20}` }
        const operation = client.prepareAction<{ Title: string }>(ACTION, YEAR, { headers })
        await operation.submit()
        try {
          const { Title } = await operation.waitForCompletion()
          if (Title.includes('2025')) ended.completed += 1
          else faults.push(`${name}: ${operation.id} has the result ${Title}`)
        } catch (error) {
          if (isODataNetworkError(error)) ended.network += 1
          else {
            ended.other += 1
            faults.push(`${name}: ${operation.id} ended with ${error}`)
          }
        }
        ended.polls += operation.record.pollCount
      }
    }
    await Promise.all(Array.from({ length: CONCURRENT }, work))

    const jobs = service.jobs()
    const started = jobs.filter(({ method }) => method === 'POST').length
    if (started !== operations) faults.push(`${name}: ${operations} operations made ${started} jobs`)
    const { lost = 0 } = submit === onSubmit ? happened : { lost: 0 }
    if (ended.network !== lost) faults.push(`${name}: ${lost} submits were lost, ${ended.network} ended as network`)
    if (ended.completed + ended.network !== operations) faults.push(`${name}: not all operations ended as they must`)
    const last = service.requests().at(-1)
    await new Promise((resolve) => void setTimeout(resolve, 500))
    if (service.requests().at(-1) !== last) faults.push(`${name}: requests went out after the end`)
    counts[name] = { operations, jobs: started, ...ended, ...happened }
    await service.close()
  }
  return { counts, faults }
}
