import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { changeSet, create, get, prepareBatch, reference, remove } from '../../../src/core/index.js'
import { jsonBatchAnswer } from '../../support/batchAnswers.js'
import { accepted, SERVICE, scriptedClient } from '../../support/scriptedClient.js'

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 9, 5, 7) }))
afterEach(() => void vi.useRealTimers())

const options = { batch: { format: 'json' } } as const
const failure = { error: { code: 'BAD', message: 'no' } }

const idsOf = (body: string | undefined) => JSON.parse(body ?? '').requests.map(({ id }: { id: string }) => id)

describe('a batch that is sent again', () => {
  const entries = () =>
    [
      get<{ ID: number }>('Products(1)'),
      changeSet([create('Orders', { Note: 'a' }), create('Orders', { Note: 'b' })]),
      remove('Drafts(1)'),
      remove('Drafts(2)'),
    ] as const

  const first = () =>
    jsonBatchAnswer([
      { id: '1', status: 200, body: { ID: 1 } },
      { id: '2', status: 201 },
      { id: '3', status: 409, body: failure },
      { id: '4', status: 400, body: failure },
    ])

  it('sends only what was certainly not done, change sets as a whole, and its result is that of all', async () => {
    const second = jsonBatchAnswer([
      { id: '2', status: 201 },
      { id: '3', status: 201 },
      { id: '4', status: 204 },
    ])
    const { client, sent } = scriptedClient([first(), second], options)
    const operation = await client.executeBatch(entries())
    const again = prepareBatch(client, entries(), {}, operation.record.batch)
    expect(again.record.batch?.items.map(({ outcome }) => outcome)).toEqual([
      ...['succeeded', 'waiting', 'waiting', 'waiting', 'lost'],
    ])
    expect(again.progress).toEqual({ percent: 40, completed: 2, total: 5 })
    await again.submit()

    expect(idsOf(sent[1]?.body)).toEqual(['2', '3', '4'])
    const { results, items } = again.result as NonNullable<typeof again.result>
    const [product, orders, draft, lost] = results
    expect(product).toMatchObject({ outcome: 'succeeded', result: { ID: 1 } })
    expect(orders.map(({ outcome }) => outcome)).toEqual(['succeeded', 'succeeded'])
    expect([draft.outcome, lost.outcome, items.length]).toEqual(['succeeded', 'lost', 5])
  })

  it('that fails as a whole leaves what was done as it is', async () => {
    const { client } = scriptedClient([first(), '503 Service Unavailable'], options)
    const operation = await client.executeBatch(entries())
    const again = prepareBatch(client, entries(), {}, operation.record.batch)
    await again.submit()

    expect(again.status).toBe('failed')
    expect(again.record.batch?.items.map(({ outcome }) => outcome)).toEqual([
      ...['succeeded', 'lost', 'lost', 'lost', 'lost'],
    ])
  })

  it('and whose monitor is given up: taken up again, what was lost before it does not wait again', async () => {
    const { client } = scriptedClient([accepted, accepted], options)
    const before = { id: '1', method: 'DELETE', url: `${SERVICE}Drafts(1)`, outcome: 'lost' } as const
    const previous = {
      items: [
        { ...before, error: { kind: 'timeout', message: 'Not finished after 3 polls.' } },
        { ...before, id: '2', url: `${SERVICE}Drafts(2)`, outcome: 'not-executed' },
      ],
    } as const
    const again = prepareBatch(client, [remove('Drafts(1)'), remove('Drafts(2)')], { maxPolls: 1 }, previous)
    await again.submit()
    await again.poll()
    expect(again.record).toMatchObject({ status: 'failed', error: { kind: 'timeout' } })

    const resumed = client.resume(again.record)
    expect(resumed.record.batch?.items.map(({ outcome }) => outcome)).toEqual(['lost', 'waiting'])
  })

  it('refers to what was created before by its URL', async () => {
    const order = create('Orders', {}, { id: 'order' })
    const requests = [order, create(reference(order, 'Items'), { Product: 1 })]
    const { client, sent } = scriptedClient(
      [
        jsonBatchAnswer([
          { id: 'order', status: 201, headers: { location: 'Orders(7)' } },
          { id: '2', status: 400, body: failure },
        ]),
        jsonBatchAnswer([{ id: '2', status: 201, headers: { Location: 'Items(1)' } }]),
      ],
      options,
    )
    const operation = await client.executeBatch(requests)
    const again = prepareBatch(client, requests, {}, operation.record.batch)
    await again.submit()

    expect(JSON.parse(sent[1]?.body ?? '').requests).toMatchObject([{ id: '2', url: 'Orders(7)/Items' }])
    expect(again.result?.get('2')).toMatchObject({
      ...{ outcome: 'succeeded', url: `${SERVICE}Orders(7)/Items` },
      headers: { location: `${SERVICE}Orders(7)/Items(1)` },
    })
  })

  it('is refused when there is nothing that was certainly not done', async () => {
    const { client } = scriptedClient([jsonBatchAnswer([{ id: '1', status: 204 }])], options)
    const requests = [remove('Drafts(1)')]
    const { record } = await client.executeBatch(requests)

    expect(() => prepareBatch(client, requests, {}, record.batch)).toThrow(/No request is to be sent again/)
  })
})

describe('a batch that is larger than the service takes', () => {
  const six = () => [1, 2, 3, 4, 5, 6].map((key) => remove(`Drafts(${key})`))
  const done = (...ids: number[]) => jsonBatchAnswer(ids.map((id) => ({ id: `${id}`, status: 204 })))

  it('is sent in pieces, one after the other, as one operation', async () => {
    const { client, sent } = scriptedClient([done(1, 2), done(4, 3), done(5, 6)], options)
    const operation = await client.executeBatch(six(), { maxBatchSize: 2 })
    const result = await operation.waitForCompletion()

    expect(sent.map(({ body }) => idsOf(body))).toEqual([
      ['1', '2'],
      ['3', '4'],
      ['5', '6'],
    ])
    expect([result.items.length, result.allSucceeded]).toEqual([6, true])
    expect(operation.progress).toEqual({ percent: 100, completed: 6, total: 6 })
  })

  it('its pieces have no time of their own, and one for all', async () => {
    const { client } = scriptedClient([accepted, accepted], { ...options, timeout: 60_000 })
    const operation = await client.executeBatch(six(), { maxBatchSize: 3 })
    const { pieces = [], deadlineAt } = operation.record

    expect(deadlineAt).toBe(Date.now() + 60_000)
    expect(pieces.map((piece) => piece.deadlineAt)).toEqual([deadlineAt])
  })

  it('sends again only the pieces of what was not done', async () => {
    const bad = { id: '3', status: 400, body: failure }
    const { client, sent } = scriptedClient(
      [done(1, 2), jsonBatchAnswer([bad, { id: '4', status: 204 }]), done(5, 6), done(3)],
      { batch: { format: 'json', maxBatchSize: 2 } },
    )
    const operation = await client.executeBatch(six())
    await operation.waitForCompletion()
    const again = prepareBatch(client, six(), {}, operation.record.batch)
    await again.submit()

    expect(idsOf(sent[3]?.body)).toEqual(['3'])
    expect(again.result?.allSucceeded).toBe(true)
  })

  it('goes on from its record in another page: what was sent is followed, what was not never is', async () => {
    const { client } = scriptedClient([done(1, 2), accepted], options)
    const operation = await client.executeBatch(six(), { maxBatchSize: 2 })
    await operation.poll()
    expect(operation.record.pieces).toHaveLength(2)
    const { client: other, sent } = scriptedClient([
      jsonBatchAnswer(
        [
          { id: '4', status: 204 },
          { id: '3', status: 204 },
        ],
        {},
        { AsyncResult: '200' },
      ),
    ])
    const again = other.resume<typeof operation.result>(JSON.parse(JSON.stringify(operation)))
    const seen = vi.fn()
    again.subscribe(seen)
    expect([again.status, again.isDue]).toEqual(['running', false])
    const waiting = again.waitForCompletion()
    await vi.advanceTimersByTimeAsync(5_000)

    const result = await waiting
    expect(result?.items.map(({ outcome }) => outcome)).toEqual([
      ...['succeeded', 'succeeded', 'succeeded', 'succeeded', 'not-executed', 'not-executed'],
    ])
    expect(sent).toHaveLength(1)
    expect(seen).toHaveBeenCalled()
    expect(again.record).toMatchObject({ id: operation.id, status: 'completed' })
  })
})
