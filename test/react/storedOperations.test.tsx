import { dehydrate, QueryClient } from '@tanstack/react-query'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { OperationRecord } from '../../src/core/index.js'
import { odataOperationKey } from '../../src/react/odataOperationKey.js'
import { type PersistOperationsOptions, persistOperations } from '../../src/react/persistOperations.js'
import { MONITOR, SERVICE } from '../support/scriptedClient.js'

const START = Date.UTC(2026, 9, 5)
const DAY = 86_400_000

beforeEach(() => void vi.useFakeTimers({ now: START }))
afterEach(() => void vi.useRealTimers())

const record = (change: Partial<OperationRecord> = {}): OperationRecord => ({
  id: 'a',
  kind: 'action',
  method: 'POST',
  url: `${SERVICE}Rebuild`,
  monitor: 'odata',
  status: 'running',
  isAsync: true,
  monitorUrl: MONITOR,
  canCancel: true,
  progress: { percent: null },
  submittedAt: START,
  pollCount: 0,
  pollFailures: 0,
  ...change,
})

describe('what persistOperations stores', () => {
  /** Data of the queries that would be stored, by key. */
  function stored(queryClient: QueryClient, options?: PersistOperationsOptions) {
    const { queries } = dehydrate(queryClient, persistOperations(options).dehydrateOptions)
    return Object.fromEntries(queries.map(({ queryKey, state }) => [String(queryKey.at(-1)), state.data]))
  }

  function filled(...records: OperationRecord[]) {
    const queryClient = new QueryClient()
    for (const each of records) queryClient.setQueryData(odataOperationKey(each.id), each)
    queryClient.setQueryData(['customers'], [{ Name: 'Ada' }])
    queryClient.setQueryData(['orders'], [])
    return queryClient
  }

  it('is the operations, and no other query', () => {
    const done = record({ id: 'b', status: 'completed', result: { Title: 'Annual report' } })
    expect(stored(filled(record(), done))).toEqual({ a: record(), b: done })
  })

  it('is also what `shouldDehydrateQuery` says', () => {
    const shouldDehydrateQuery = ({ queryKey }: { queryKey: readonly unknown[] }) => queryKey[0] === 'customers'
    expect(stored(filled(record()), { shouldDehydrateQuery })).toEqual({ a: record(), customers: [{ Name: 'Ada' }] })
  })

  it('has no body of what a service answered to a request that failed', () => {
    const error = { kind: 'service', message: 'No paper', status: 500, body: 'secret' } as const
    const queryClient = filled(
      record({ status: 'failed', error }),
      record({ id: 'b', pollError: { ...error, kind: 'monitor' } }),
    )
    const { a, b } = stored(queryClient) as Record<string, OperationRecord>
    expect(JSON.stringify([a, b])).not.toContain('secret')
    expect(a?.error).toMatchObject({ kind: 'service', message: 'No paper', status: 500 })
    expect(b?.pollError?.status).toBe(500)
  })

  it('with `results: false` is what has not ended', () => {
    const ended = (['completed', 'failed', 'cancelled'] as const).map((status) => record({ id: status, status }))
    const active = (['pending', 'running', 'cancelling'] as const).map((status) => record({ id: status, status }))
    expect(Object.keys(stored(filled(...ended, ...active), { results: false }))).toEqual([
      'pending',
      'running',
      'cancelling',
    ])
  })

  it('is not older than `maxAge`, a day by default', () => {
    const queryClient = filled(record(), record({ id: 'old', submittedAt: START - DAY - 1 }))
    expect(Object.keys(stored(queryClient))).toEqual(['a'])
    expect(Object.keys(stored(queryClient, { maxAge: 2 * DAY }))).toEqual(['a', 'old'])
  })

  it('leaves the data of other queries as they are, whatever they look like', () => {
    const queryClient = new QueryClient()
    const ticket = { id: '1', url: '/tickets/1', status: 'open', error: { body: 'kept' } }
    queryClient.setQueryData(['ticket'], ticket)
    expect(stored(queryClient, { shouldDehydrateQuery: () => true })).toEqual({ ticket })
  })
})
