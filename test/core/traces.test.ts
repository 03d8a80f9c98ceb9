import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { systemEnvironment } from '../../src/core/environment.js'
import { createODataClient } from '../../src/core/index.js'
import { expectSent, replay, TRACED_SERVICE } from '../support/replayTrace.js'
import { scriptedWire } from '../support/scriptedWire.js'
import { type WireMessage, wireTrace } from '../support/wireTrace.js'

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 9, 5, 7, 0, 0) }))
afterEach(() => void vi.useRealTimers())

describe('wire traces, byte for byte', () => {
  it('T1: a bound action in 4.01, whose monitor moves while it works, ends with the created entity', async () => {
    const { client, sent, requests } = replay(wireTrace('T1'))
    const operation = await client.callAction(
      'Vehicles(17)/Fleet.ScheduleService',
      { workshop: 'North', slots: [3, 4], note: 'Öl prüfen' },
      { wait: 5, etag: 'W/"a7"', headers: { 'OData-Version': '4.01' } },
    )
    const start = Date.now()
    const done = operation.waitForCompletion()
    await vi.advanceTimersByTimeAsync(12_000)

    await expect(done).resolves.toMatchObject({ ID: 9051, Vehicle: 17, State: 'Planned' })
    expect(sent).toHaveLength(3)
    requests.forEach((request, index) => void expectSent(sent[index], request))
    expect(sent.map(({ at }) => at - start)).toEqual([0, 2_000, 12_000])
    expect(operation.record.response).toMatchObject({ status: 201, headers: { etag: 'W/"1"' } })
    expect(operation.record.response?.headers.location).toBe(`${TRACED_SERVICE}ServiceOrders(9051)`)
  })

  it('T2: an action import in 4.0 without a return type, wrapped in application/http', async () => {
    const { client, sent, requests } = replay(wireTrace('T2'), { maxVersion: '4.0' })
    const done = client.callActionAndWait('RebuildIndex')
    await vi.advanceTimersByTimeAsync(500)

    await expect(done).resolves.toBeUndefined()
    expect(sent).toHaveLength(2)
    requests.forEach((request, index) => void expectSent(sent[index], request))
  })

  it('T3: a function with an alias, whose answer at once is the result, though respond-async was sent', async () => {
    const { client, sent, requests } = replay(wireTrace('T3'))
    const operation = await client.callFunction<number[]>(
      'ForecastCosts(year=2027,scope=@s)',
      { '@s': { Depot: 'North' } },
      { wait: 20 },
    )

    expect(operation).toMatchObject({
      isAsync: false,
      isCompleted: true,
      status: 'completed',
      result: [1200.5, 980, 0],
    })
    expect(sent).toHaveLength(1)
    expectSent(sent[0], requests[0])
  })

  it.each([
    { form: 'unwrapped', maxVersion: '4.01', answer: 1, request: 0 },
    { form: 'wrapped', maxVersion: '4.0', answer: 3, request: 2 },
  ] as const)('T4: a failed operation, $form', async ({ maxVersion, answer, request }) => {
    const trace = wireTrace('T4')
    const { client, sent } = replay([trace[answer] as WireMessage], { maxVersion })
    const operation = client.resume({ monitorUrl: '/fleet/jobs/q-78' })

    expect(await operation.poll()).toBe(false)
    expectSent(sent[0], trace[request])
    expect(operation.status).toBe('failed')
    expect(operation.error).toMatchObject({
      name: 'ODataServiceError',
      kind: 'service',
      status: 409,
      code: 'SLOT_TAKEN',
      message: 'Slot 3 is already booked.',
      target: 'slots',
      details: [{ code: 'OVERLAP', message: 'Booked by order 8800.', target: 'slots/0' }],
    })
  })

  it('T5: a cancel that is done at once ends the operation', async () => {
    const trace = wireTrace('T5')
    const { client, sent } = replay(trace.slice(1, 2))
    const operation = client.resume({ monitorUrl: '/fleet/jobs/q-79' })

    expect(await operation.tryCancel()).toBe('cancelled')
    expect(operation.status).toBe('cancelled')
    expect(sent[0]).toMatchObject({ method: 'DELETE', url: 'https://api.example.com/fleet/jobs/q-79' })
    expect(sent[0]?.headers['odata-maxversion']).toBe('4.01')
    expect(await operation.poll()).toBe(false)
    expect(sent).toHaveLength(1)
  })

  it('T5: a monitor that is gone after a cancel whose answer was lost confirms it', async () => {
    const trace = wireTrace('T5')
    const wire = scriptedWire('lost', trace[3] as WireMessage)
    const client = createODataClient({ serviceUrl: TRACED_SERVICE, http: wire.http })
    const operation = client.resume({ monitorUrl: '/fleet/jobs/q-79' })

    expect(await operation.tryCancel()).toBe('failed')
    expect(await operation.poll()).toBe(false)
    expect(operation.status).toBe('cancelled')
  })

  it('T5: a cancel that takes time is followed at its own monitor', async () => {
    const trace = wireTrace('T5')
    const { client, sent } = replay([trace[5], trace[7]] as WireMessage[])
    const operation = client.resume({ monitorUrl: '/fleet/jobs/q-80' })

    expect(await operation.tryCancel()).toBe('requested')
    expect(operation.status).toBe('cancelling')
    const done = operation.waitForCompletion().catch((error: unknown) => error)
    await vi.advanceTimersByTimeAsync(1_000)

    expect(await done).toMatchObject({ name: 'OperationCancelledError' })
    expectSent(sent[1], trace[6])
    expect(sent).toHaveLength(2)
  })

  it('T5: a service that cannot cancel lets the operation go on', async () => {
    const trace = wireTrace('T5')
    const { client } = replay(trace.slice(8, 9))
    const operation = client.resume({ monitorUrl: '/fleet/jobs/q-82' })

    expect(await operation.tryCancel()).toBe('unsupported')
    expect(operation.record).toMatchObject({ status: 'running', canCancel: false })
  })

  it('T9: a job that the service stopped has failed with its error', async () => {
    const { client } = replay(wireTrace('T9').slice(0, 1), { maxVersion: '4.0' })
    const operation = client.resume({ monitorUrl: '/fleet/jobs/q-81' })
    await operation.poll()

    expect(operation.error).toMatchObject({ kind: 'service', status: 500, code: 'ABORTED' })
  })

  it('T9: a monitor that has expired means that the result is lost, not that the operation failed', async () => {
    const { client } = replay(wireTrace('T9').slice(1, 2))
    const operation = client.resume({ monitorUrl: '/fleet/jobs/q-12' })
    await operation.poll()

    expect(operation.error).toMatchObject({ name: 'OperationExpiredError', kind: 'expired', status: 410 })
  })

  it('T9: a monitor that is unavailable is asked again when it says', async () => {
    const { client, sent } = replay([wireTrace('T9')[2], wireTrace('T2')[3]] as WireMessage[])
    const operation = client.resume({ monitorUrl: '/fleet/jobs/q-82' })
    const done = operation.waitForCompletion()
    await vi.advanceTimersByTimeAsync(4_999)
    expect(sent).toHaveLength(1)
    expect(operation.record).toMatchObject({ status: 'running', pollFailures: 1, pollError: { status: 503 } })
    await vi.advanceTimersByTimeAsync(1)

    await expect(done).resolves.toBeUndefined()
    expect(operation.record).toMatchObject({ pollFailures: 0, pollError: undefined })
  })

  it('T10: row 141: a repeatable action whose 202 was lost is sent again, the same in every byte', async () => {
    const [first, second, answer] = wireTrace('T10') as [WireMessage, WireMessage, WireMessage]
    vi.setSystemTime(first.headers['repeatability-first-sent'] ?? '')
    const wire = scriptedWire('lost', answer)
    const http = wire.http.extend({ headers: { Authorization: 'Bearer eyJ...' } })
    const environment = {
      ...systemEnvironment,
      createId: () => first.headers['repeatability-request-id'] ?? '',
    }
    const client = createODataClient({ serviceUrl: TRACED_SERVICE, http, environment, repeatability: true })
    const started = client.callAction(
      'Vehicles(18)/Fleet.ScheduleService',
      { workshop: 'South', slots: [1] },
      { etag: 'W/"a8"', headers: { 'OData-Version': '4.01' } },
    )
    await vi.advanceTimersByTimeAsync(1_000)

    expect((await started).monitorUrl).toBe('https://api.example.com/fleet/jobs/q-90')
    expect(wire.sent).toHaveLength(2)
    expectSent(wire.sent[0], first)
    expectSent(wire.sent[1], second)
  })
})
