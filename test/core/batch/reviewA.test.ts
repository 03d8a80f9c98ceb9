import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { changeSet, create, get, prepareBatch, remove, update } from '../../../src/core/index.js'
import { jsonBatchAnswer, multipartAnswer, multipartBody } from '../../support/batchAnswers.js'
import { accepted, SERVICE, scriptedClient } from '../../support/scriptedClient.js'

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 9, 5, 7) }))
afterEach(() => void vi.useRealTimers())
const multipart = { batch: { format: 'multipart' } } as const
const json = { batch: { format: 'json' } } as const
const failure = { error: { code: 'BAD', message: 'no' } }

it('a 202 with the answers (Olingo) of more than 60 kB is whole', async () => {
  const parts = Array.from({ length: 300 }, (_, i) => ({ id: `${i + 1}`, status: 200, json: { Text: 'x'.repeat(500) } }))
  const answer = new Response(multipartBody(parts), { status: 202, headers: { 'Content-Type': 'multipart/mixed;boundary=rb' } })
  const { client } = scriptedClient([answer], multipart)
  const operation = await client.executeBatch(parts.map((_, i) => get(`Products(${i})`)))
  expect(operation.result?.isTruncated).toBe(false)
  expect(operation.result?.allSucceeded).toBe(true)
})

it('outer 400 with the answers: what was done is done', async () => {
  const answer = new Response(multipartBody([{ id: '1', status: 201, json: { ID: 1 } }, { id: '2', status: 400, json: failure }]), { status: 400, headers: { 'Content-Type': 'multipart/mixed;boundary=rb' } })
  const { client } = scriptedClient([answer], multipart)
  const operation = prepareBatch(client, [create('P', {}), create('P', {}), create('P', {})], { continueOnError: false })
  await operation.submit()
  expect(operation.record.batch?.items.map((i) => i.outcome)).toEqual(['succeeded', 'failed', 'not-executed'])
})

it('empty change set response keeps its place', async () => {
  const { client } = scriptedClient([multipartAnswer([[], { status: 200, json: { ID: 1 } }])], multipart)
  const operation = await client.executeBatch([changeSet([create('P', {})]), get('P(1)')])
  expect(operation.record.batch?.items.map((i) => i.outcome)).toEqual(['lost', 'succeeded'])
})

it('flattened change set without ids gives nothing to the wrong', async () => {
  const { client } = scriptedClient([multipartAnswer([{ status: 201, json: { ID: 'a' } }, { status: 201, json: { ID: 'b' } }, { status: 400, json: failure }])], multipart)
  const operation = await client.executeBatch([changeSet([create('P', {}), create('P', {})]), get('C'), get('D')])
  expect(operation.record.batch?.items.map((i) => i.outcome)).toEqual(['lost', 'lost', 'lost', 'lost'])
})

it('an error without id among fewer members fails the set', async () => {
  const { client } = scriptedClient([multipartAnswer([[{ status: 400, json: failure }], { status: 200, json: { ID: 1 } }])], multipart)
  const operation = await client.executeBatch([changeSet([create('P', {}), create('P', {})]), get('C')])
  expect(operation.record.batch?.items.map((i) => i.outcome)).toEqual(['failed', 'failed', 'succeeded'])
})

it('cancelled before sent: not executed', async () => {
  const { client } = scriptedClient([], multipart)
  const operation = prepareBatch(client, [create('P', {})])
  await operation.tryCancel()
  expect(operation.status).toBe('cancelled')
  expect(operation.record.batch?.items.map((i) => i.outcome)).toEqual(['not-executed'])
})

it('cancelled while the service is asked for its format: not sent', async () => {
  let give = (_: Response) => {}
  const { client, sent } = scriptedClient([() => new Promise<Response>((r) => { give = r }), accepted, '204 No Content'])
  const operation = prepareBatch(client, [create('P', {})])
  const submitted = operation.submit()
  await vi.advanceTimersByTimeAsync(10)
  const cancelled = operation.tryCancel()
  give(new Response('<edmx/>', { status: 404 }))
  await vi.advanceTimersByTimeAsync(10)
  await submitted
  expect(await cancelled).toBe('cancelled')
  expect(sent.map((s) => s.url)).toEqual([`${SERVICE}$metadata`])
  expect(operation.record.batch?.items.map((i) => i.outcome)).toEqual(['not-executed'])
})

it('a change set of which one has succeeded is not sent again', async () => {
  const { client } = scriptedClient([jsonBatchAnswer([{ id: '1', status: 400, body: failure }, { id: '2', status: 201 }])], json)
  const entries = [remove('A'), changeSet([create('P', {}), create('P', {})])]
  const operation = await client.executeBatch(entries, { continueOnError: false })
  console.log(operation.record.batch?.items.map((i) => i.outcome))
  const again = prepareBatch(client, entries, {}, operation.record.batch)
  expect(again.record.batch?.items.map((i) => i.outcome)).toEqual(['waiting', 'succeeded', 'lost'])
})
