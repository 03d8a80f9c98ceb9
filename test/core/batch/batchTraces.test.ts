import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { systemEnvironment } from '../../../src/core/environment.js'
import {
  type BatchResult,
  changeSet,
  create,
  func,
  get,
  type OperationRecord,
  reference,
  request,
  update,
} from '../../../src/core/index.js'
import { expectSent, replay, TRACED_SERVICE } from '../../support/replayTrace.js'
import { type WireMessage, wireTrace } from '../../support/wireTrace.js'

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 9, 5, 7, 0, 0) }))
afterEach(() => void vi.useRealTimers())

interface Vehicle {
  readonly ID: number
  readonly Mileage: number
}

const fleetBatch = () =>
  [
    get<Vehicle>('Vehicles(17)?$select=ID,Mileage'),
    changeSet([
      update('Vehicles(17)', { Mileage: 88412 }, { etag: 'W/"a7"', returnPreference: 'minimal' }),
      create<{ ID: number }>('ServiceOrders', { Vehicle: 17, Kind: 'Tyres' }),
    ]),
    get("Depots('X')"),
  ] as const

/** Boundaries as they are in the trace. */
function namedBoundaries(...names: string[]) {
  return { environment: { ...systemEnvironment, createId: () => names.shift() ?? 'one more than there are' } }
}

describe('wire traces, byte for byte', () => {
  it('T6: an asynchronous multipart batch with an interim result', async () => {
    const { client, sent, requests } = replay(wireTrace('T6'), {
      maxVersion: '4.0',
      ...namedBoundaries('b_a1', 'cs_b1'),
    })
    const operation = await client.executeBatch(fleetBatch(), { id: 'fleet' })
    const start = Date.now()
    const done = operation.waitForCompletion()
    await vi.advanceTimersByTimeAsync(3_000)
    expect(operation.record).toMatchObject({
      status: 'running',
      monitorUrl: 'https://api.example.com/fleet/jobs/batch-5b',
      progress: { completed: 1, total: 4, percent: 25 },
    })
    await vi.advanceTimersByTimeAsync(3_000)

    const { results, failed, allSucceeded } = await done
    const [vehicle, [patched, created], depot] = results
    expect(vehicle).toMatchObject({ outcome: 'succeeded', status: 200, result: { ID: 17, Mileage: 88000 } })
    expect(patched).toMatchObject({ outcome: 'succeeded', status: 204, headers: { etag: 'W/"a8"' } })
    expect(created).toMatchObject({ outcome: 'succeeded', status: 201, result: { ID: 9052 } })
    expect(created.headers.location).toBe(`${TRACED_SERVICE}ServiceOrders(9052)`)
    expect(depot).toMatchObject({ outcome: 'failed', error: { status: 404, code: 'NOT_FOUND' } })
    expect(depot.error?.message).toBe("No depot 'X'.")
    expect([allSucceeded, failed.length]).toEqual([false, 1])
    expect(sent).toHaveLength(3)
    requests.forEach((sentRequest, index) => void expectSent(sent[index], sentRequest))
    expect(sent.map(({ at }) => at - start)).toEqual([0, 3_000, 6_000])
  })

  it('T7: an asynchronous JSON batch with a next link', async () => {
    const { client, sent, requests } = replay(wireTrace('T7'), { batch: { format: 'json' } })
    const order = create('ServiceOrders', { Vehicle: 17, Kind: 'Brakes' })
    const g1 = changeSet([order, request('POST', reference(order, 'Fleet.Approve'), {})], { id: 'g1' })
    const operation = await client.executeBatch([
      get<Vehicle>('Vehicles(17)?$select=Mileage', { headers: { Accept: 'application/json' } }),
      g1,
      get("Depots('North')/Photo", { dependsOn: [g1], urlForm: 'path', headers: { Accept: 'image/png' } }),
    ])
    const start = Date.now()
    const done = operation.waitForCompletion()
    await vi.advanceTimersByTimeAsync(7_000)

    const { results, allSucceeded } = await done
    expect(allSucceeded).toBe(true)
    const [vehicle, [created, approved], photo] = results
    expect(vehicle.result).toMatchObject({ Mileage: 88412 })
    expect(created).toMatchObject({ status: 201, result: { ID: 9053, Vehicle: 17, Kind: 'Brakes' } })
    expect(approved).toMatchObject({ outcome: 'succeeded', status: 204, result: undefined })
    expect(photo.result).toBe('data:image/png;base64,iVBORw0KGgo=')
    expect(sent).toHaveLength(4)
    requests.forEach((sentRequest, index) => void expectSent(sent[index], sentRequest))
    expect(sent.map(({ at }) => at - start)).toEqual([0, 2_000, 2_000, 6_000])
  })

  it('T8: one request of a synchronous JSON batch becomes an operation of its own', async () => {
    const [post, answer, get15, final] = wireTrace('T8') as [WireMessage, WireMessage, WireMessage, WireMessage]
    const { client, sent } = replay([answer, final], { batch: { format: 'json' } })
    const operation = await client.executeBatch(
      [
        request('POST', 'RebuildIndex', {}, { id: 'a', respondAsync: true }),
        func('Depots/$count', undefined, { id: 'b', headers: { Accept: 'text/plain' } }),
      ],
      { respondAsync: false },
    )

    expectSent(sent[0], post)
    expect(operation).toMatchObject({ status: 'completed', isAsync: false })
    const { get: find, allSucceeded } = operation.result as BatchResult
    expect(find('b')).toMatchObject({ outcome: 'succeeded', result: '12' })
    expect(allSucceeded).toBe(false)
    const pending = find('a')
    expect(pending).toMatchObject({ outcome: 'pending', status: 202 })

    const own = client.resume(pending?.operation as OperationRecord)
    expect(own.monitorUrl).toBe('https://api.example.com/fleet/jobs/idx-5')
    expect(own.pollDelay).toBe(15_000)
    const done = own.waitForCompletion()
    await vi.advanceTimersByTimeAsync(15_000)
    await expect(done).resolves.toBeUndefined()
    expect(own.record.response?.status).toBe(204)
    expect(sent[1]).toMatchObject({ method: 'GET', url: `https://api.example.com${get15.startLine.split(' ')[1]}` })
  })

  it('T12: row 85, 86: a failed change set in a batch that stops at the first error', async () => {
    const { client } = replay(wireTrace('T12'), { maxVersion: '4.0' })
    const operation = await client.executeBatch(fleetBatch(), { continueOnError: false, respondAsync: false })
    const { results, firstError } = await operation.waitForCompletion()

    const [vehicle, members, depot] = results
    expect(vehicle.outcome).toBe('succeeded')
    for (const member of members) {
      expect(member).toMatchObject({ outcome: 'failed', error: { status: 412, code: 'PRECONDITION' } })
    }
    expect(depot).toMatchObject({ outcome: 'not-executed', status: undefined })
    expect(firstError?.message).toBe('Vehicle 17 was changed by someone else.')
  })
})
