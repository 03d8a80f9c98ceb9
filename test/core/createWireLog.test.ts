import { expect, it } from 'vitest'
import { createWireLog, type WireExchange } from '../../src/core/index.js'
import { accepted, scriptedClient, succeeded } from '../support/scriptedClient.js'

const exchange = (at: number): WireExchange => ({
  ...{ operationId: 'report', kind: 'poll', method: 'GET', at, duration: 5, status: 202 },
  ...{ serviceUrl: 'https://host/', url: 'https://host/jobs/1' },
})

it('keeps what a client tells, the newest last', async () => {
  const log = createWireLog()
  const { client } = scriptedClient([accepted, succeeded], { onExchange: log.onExchange })
  const operation = await client.callAction('Rebuild')
  await operation.poll()
  expect(log.getSnapshot()).toMatchObject([
    { number: 1, method: 'POST', status: 202 },
    { number: 2, method: 'GET', status: 200 },
  ])
})

it('keeps the last 200, or as many as it is told to', () => {
  for (const [options, limit] of [
    [{}, 200],
    [{ limit: 3 }, 3],
  ] as const) {
    const log = createWireLog(options)
    for (let at = 1; at <= limit + 2; at++) log.onExchange(exchange(at))
    expect(log.getSnapshot()).toHaveLength(limit)
    expect(log.getSnapshot()[0]).toMatchObject({ at: 3, number: 3 })
    expect(log.getSnapshot().at(-1)).toMatchObject({ at: limit + 2, number: limit + 2 })
  }
})

it('calls who listens, until that ends', () => {
  const log = createWireLog()
  const seen: number[] = []
  const end = log.subscribe(() => seen.push(log.getSnapshot().length))
  log.onExchange(exchange(1))
  log.onExchange(exchange(2))
  log.clear()
  end()
  log.onExchange(exchange(3))
  expect(seen).toEqual([1, 2, 0])
})

it('gives the same snapshot until something has come, and never changes one', () => {
  const log = createWireLog()
  log.onExchange(exchange(1))
  const before = log.getSnapshot()
  expect(log.getSnapshot()).toBe(before)
  log.onExchange(exchange(2))
  expect(before).toHaveLength(1)
  expect(log.getSnapshot()).toHaveLength(2)
})

it('does not use a number again after it was cleared', () => {
  const log = createWireLog()
  log.onExchange(exchange(1))
  log.clear()
  log.onExchange(exchange(2))
  expect(log.getSnapshot()).toMatchObject([{ number: 2 }])
})
