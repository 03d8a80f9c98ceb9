import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type BatchResult, changeSet, create, get, remove } from '../../../src/core/index.js'
import { jsonBatchAnswer, multipartAnswer, type PartText, wrappedMultipart } from '../../support/batchAnswers.js'
import { accepted, MONITOR, rejection, SERVICE, scriptedClient } from '../../support/scriptedClient.js'
import type { Answer } from '../../support/scriptedWire.js'

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 9, 5, 7) }))
afterEach(() => void vi.useRealTimers())

const NEXT = 'https://api.example.com/jobs/8'
const LINK = `${SERVICE}$batch?$skiptoken=1`

const four = () => [get('A'), get('B'), get('C'), get('D')]
const ok = (id: string): PartText => ({ id, status: 200, json: id })
const more = (location: string, headers = {}): PartText => ({
  status: 202,
  headers: { Location: location, 'Retry-After': '3', ...headers },
})

async function started(answers: readonly Answer[], format: 'multipart' | 'json' = 'multipart', entries = four()) {
  const scripted = scriptedClient([accepted, ...answers], { batch: { format } })
  const operation = await scripted.client.executeBatch(entries)
  const outcomes = () => operation.record.batch?.items.map(({ outcome, result }) => result ?? outcome)
  return { ...scripted, operation, outcomes }
}

describe('interim results in multipart', () => {
  it('row 121: end with a 202, at whose Location the rest is', async () => {
    const { operation, outcomes, sent } = await started([
      wrappedMultipart([ok('1'), ok('2'), more(NEXT)]),
      wrappedMultipart([ok('3'), ok('4')]),
    ])
    await operation.poll()
    expect(operation.record).toMatchObject({ status: 'running', monitorUrl: NEXT, pollCount: 1 })
    expect(operation.pollDelay).toBe(3_000)
    expect(operation.progress).toEqual({ percent: 50, completed: 2, total: 4 })
    expect(outcomes()).toEqual(['1', '2', 'waiting', 'waiting'])
    await operation.poll()

    expect(operation.status).toBe('completed')
    expect(outcomes()).toEqual(['1', '2', '3', '4'])
    expect(sent.map(({ method, url }) => `${method} ${url}`)).toEqual([
      `POST ${SERVICE}$batch`,
      `GET ${MONITOR}`,
      `GET ${NEXT}`,
    ])
  })

  it('row 121: also in an answer that came at once, and without identifiers', async () => {
    const { client } = scriptedClient(
      [
        multipartAnswer([{ status: 200, json: 'a' }, more(NEXT)]),
        multipartAnswer([{ status: 200, json: 'b' }], { AsyncResult: '200' }),
      ],
      { batch: { format: 'multipart' } },
    )
    const operation = await client.executeBatch([get('A'), get('B'), changeSet([remove('C')])])
    expect(operation.record).toMatchObject({ status: 'running', isAsync: true, monitorUrl: NEXT })
    await operation.poll()

    expect(operation.result?.items.map(({ outcome, result }) => result ?? outcome)).toEqual(['a', 'b', 'lost'])
  })

  it('row 122: may come again and again, each after what came before', async () => {
    const { operation, outcomes, sent } = await started([
      wrappedMultipart([{ status: 200, json: 'a' }, more(NEXT)]),
      '202 Accepted\nRetry-After: 1',
      wrappedMultipart([{ status: 200, json: 'b' }, { status: 200, json: 'c' }, more(`${NEXT}/2`)]),
      wrappedMultipart([{ status: 200, json: 'd' }]),
    ])
    const percents: (number | null)[] = []
    const done = operation.waitForCompletion({ onProgress: ({ percent }) => percents.push(percent) })
    await vi.advanceTimersByTimeAsync(20_000)

    expect((await done).allSucceeded).toBe(true)
    expect(outcomes()).toEqual(['a', 'b', 'c', 'd'])
    expect(percents).toEqual([25, 75, 100])
    expect(sent.map(({ url }) => url).slice(1)).toEqual([MONITOR, NEXT, NEXT, `${NEXT}/2`])
  })

  it('row 123: a relative Location of theirs is relative to the monitor that gave them', async () => {
    const { operation } = await started([wrappedMultipart([ok('1'), more('b?part=2')])])
    await operation.poll()

    expect(operation.monitorUrl).toBe('https://api.example.com/jobs/b?part=2')
  })

  it('that are the answers to all are the end, whatever follows', async () => {
    const { operation, outcomes } = await started([wrappedMultipart([ok('1'), ok('2'), ok('3'), ok('4'), more(NEXT)])])
    await operation.poll()

    expect(operation.status).toBe('completed')
    expect(outcomes()).toEqual(['1', '2', '3', '4'])
  })

  it('row 125: a 202 with the identifier of the one request that is left is the answer to it', async () => {
    const { operation, outcomes } = await started([
      wrappedMultipart([ok('1'), ok('2'), ok('3'), { ...more(NEXT), id: '4' }]),
    ])
    await operation.poll()

    expect(operation.status).toBe('completed')
    expect(outcomes()).toEqual(['1', '2', '3', 'pending'])
    expect(operation.record.batch?.items[3]?.operation).toMatchObject({ id: `${operation.id}/4`, monitorUrl: NEXT })
  })

  it('row 125: at the end of an answer to all that came at once, too', async () => {
    const { client } = scriptedClient([multipartAnswer([{ status: 200, json: 'a' }, more(NEXT)])], {
      batch: { format: 'multipart' },
    })
    const operation = await client.executeBatch([get('A'), get('B')])

    expect(operation.result?.items.map(({ outcome }) => outcome)).toEqual(['succeeded', 'pending'])
  })

  it('a change set is whole in one of them', async () => {
    const entries = [get('A'), changeSet([create('B', {}), create('C', {})])]
    const { operation, outcomes } = await started(
      [
        wrappedMultipart([{ status: 200, json: 'a' }, more(NEXT)]),
        wrappedMultipart([
          [
            { id: '3', status: 200, json: 'c' },
            { id: '2', status: 200, json: 'b' },
          ],
        ]),
      ],
      'multipart',
      entries as never,
    )
    await operation.poll()
    await operation.poll()

    expect(outcomes()).toEqual(['a', 'b', 'c'])
  })

  it('row 134: with an error in the middle, the rest was not executed only when the last response is there', async () => {
    const failure: PartText = { id: '2', status: 409, json: { error: { code: 'A', message: 'Taken.' } } }
    const { client } = scriptedClient(
      [accepted, wrappedMultipart([ok('1'), failure, more(NEXT)]), wrappedMultipart([])],
      { batch: { format: 'multipart' } },
    )
    const operation = await client.executeBatch(four(), { continueOnError: false })
    await operation.poll()
    expect(operation.record.batch?.items.map(({ outcome }) => outcome)).toEqual([
      ...['succeeded', 'failed', 'waiting', 'waiting'],
    ])
    await operation.poll()

    expect(operation.result?.items).toMatchObject([
      ...[{ outcome: 'succeeded' }, { outcome: 'failed' }, { outcome: 'not-executed' }],
      { outcome: 'not-executed', error: { message: 'Not executed: the service stopped at request "2": Taken.' } },
    ])
  })

  it('row 106: more answers in the second one than are open end the batch, and what was delivered stays', async () => {
    const { operation, outcomes } = await started([
      wrappedMultipart([ok('1'), ok('2'), ok('3'), more(NEXT)]),
      wrappedMultipart([{ status: 200 }, { status: 200 }]),
    ])
    await operation.poll()
    await operation.poll()

    expect(operation.error).toMatchObject({ kind: 'protocol' })
    expect(outcomes()).toEqual(['1', '2', '3', 'lost'])
  })
})

describe('next links in JSON', () => {
  const responses = (...ids: string[]) => ids.map((id) => ({ id, status: 200, body: id }))
  const final = { AsyncResult: '200' }

  it.each(['@nextLink', '@odata.nextLink'])(
    'row 116, 126: `%s` is asked at once, and leads to a new monitor',
    async (name) => {
      const { operation, outcomes, sent } = await started(
        [
          jsonBatchAnswer(responses('3'), { [name]: LINK }, final),
          `202 Accepted\nLocation: ${NEXT}\nRetry-After: 4`,
          jsonBatchAnswer(responses('4', '2', '1'), {}, final),
        ],
        'json',
      )
      await operation.poll()
      expect(operation).toMatchObject({ status: 'running', isDue: true })
      expect(operation.progress).toEqual({ percent: 25, completed: 1, total: 4 })
      await operation.poll()
      expect(operation).toMatchObject({ status: 'running', monitorUrl: NEXT, pollDelay: 4_000 })
      expect(sent[2]).toMatchObject({ method: 'GET', url: LINK, headers: { prefer: 'respond-async' } })
      expect(sent[1]?.headers).not.toHaveProperty('prefer')
      await operation.poll()

      expect(outcomes()).toEqual(['1', '2', '3', '4'])
      expect(operation.status).toBe('completed')
      expect(sent[3]?.headers).not.toHaveProperty('prefer')
    },
  )

  it('row 127: may be answered at once, without `AsyncResult`, and again with a next link', async () => {
    const { operation, outcomes, sent } = await started(
      [
        jsonBatchAnswer(responses('1'), { '@nextLink': '$batch?$skiptoken=1' }, final),
        jsonBatchAnswer(responses('2', '3'), { '@nextLink': `${LINK}2` }),
        jsonBatchAnswer(responses('4')),
      ],
      'json',
    )
    const done = operation.waitForCompletion()
    await vi.advanceTimersByTimeAsync(3_000)

    expect((await done).allSucceeded).toBe(true)
    expect(outcomes()).toEqual(['1', '2', '3', '4'])
    expect(sent.map(({ url }) => url).slice(1)).toEqual([MONITOR, LINK, `${LINK}2`])
  })

  it('are followed after an answer that came at once, too', async () => {
    const { client } = scriptedClient(
      [jsonBatchAnswer(responses('1'), { '@nextLink': LINK }), jsonBatchAnswer(responses('2'))],
      { batch: { format: 'json' } },
    )
    const operation = await client.executeBatch([get('A'), get('B')])
    expect(operation.status).toBe('running')
    await operation.poll()

    expect(operation.result?.allSucceeded).toBe(true)
  })

  it('are not followed when all requests have their answers', async () => {
    const { operation } = await started(
      [jsonBatchAnswer(responses('1', '2', '3', '4'), { '@nextLink': LINK }, final)],
      'json',
    )
    await operation.poll()

    expect(operation.result?.allSucceeded).toBe(true)
  })

  it.each([
    { what: 'the same link again', link: LINK },
    { what: 'one link that leads straight to the next', link: `${LINK}2` },
  ])('$what, without an answer to any request, ends the batch, and what was delivered stays', async ({ link }) => {
    const { operation, outcomes } = await started(
      [
        jsonBatchAnswer(responses('1'), { '@nextLink': LINK }, final),
        jsonBatchAnswer(responses('1'), { '@nextLink': link }),
      ],
      'json',
    )
    await operation.poll()
    await operation.poll()

    expect(operation.error).toMatchObject({ kind: 'protocol', message: expect.stringContaining('next link') })
    expect(outcomes()).toEqual(['1', 'lost', 'lost', 'lost'])
  })

  it('that are no URL end the batch, and what was delivered stays', async () => {
    const { operation, outcomes } = await started(
      [jsonBatchAnswer(responses('1'), { '@nextLink': 'javascript:alert(1)' }, final)],
      'json',
    )
    await operation.poll()

    expect(operation.error).toMatchObject({ kind: 'protocol', message: expect.stringContaining('javascript:alert(1)') })
    expect(outcomes()).toEqual(['1', 'lost', 'lost', 'lost'])
  })

  it('on another origin get no credentials: nothing is sent there', async () => {
    const { operation, outcomes, sent } = await started(
      [jsonBatchAnswer(responses('1'), { '@nextLink': 'https://evil.example.com/x' }, final)],
      'json',
    )
    await operation.poll()
    await operation.poll()

    expect(operation.error).toMatchObject({ kind: 'protocol', message: expect.stringContaining('not trusted') })
    expect(outcomes()?.[0]).toBe('1')
    expect(sent).toHaveLength(2)
  })

  it('are asked again when the service is not available', async () => {
    const { operation, outcomes } = await started(
      [
        jsonBatchAnswer(responses('1', '2'), { '@nextLink': LINK }, final),
        '503 Service Unavailable\nRetry-After: 2',
        jsonBatchAnswer(responses('3', '4')),
      ],
      'json',
    )
    const done = operation.waitForCompletion()
    await vi.advanceTimersByTimeAsync(5_000)
    await done

    expect(outcomes()).toEqual(['1', '2', '3', '4'])
  })

  it('a cancel follows one to the monitor that it leads to, and has that cancel', async () => {
    const { operation, outcomes, sent } = await started(
      [
        jsonBatchAnswer(responses('1'), { '@nextLink': LINK }, final),
        jsonBatchAnswer(responses('2'), { '@nextLink': `${LINK}2` }),
        `202 Accepted\nLocation: ${NEXT}`,
        '204 No Content',
      ],
      'json',
    )
    await operation.poll()
    expect(await operation.tryCancel()).toBe('cancelled')

    expect(sent.at(-1)).toMatchObject({ method: 'DELETE', url: NEXT })
    expect(outcomes()).toEqual(['1', '2', 'lost', 'lost'])
  })

  it('a cancel comes too late when one has all the rest', async () => {
    const { operation, outcomes } = await started(
      [jsonBatchAnswer(responses('1'), { '@nextLink': LINK }, final), jsonBatchAnswer(responses('2', '3', '4'))],
      'json',
    )
    await operation.poll()
    expect(await operation.tryCancel()).toBe('too-late')

    expect(outcomes()).toEqual(['1', '2', '3', '4'])
  })

  it('a cancel fails, and the batch goes on, when one cannot be asked', async () => {
    const { operation, sent } = await started(
      [jsonBatchAnswer(responses('1'), { '@nextLink': LINK }, final), '503 Service Unavailable'],
      'json',
    )
    await operation.poll()
    expect(await operation.tryCancel()).toBe('failed')

    expect(operation.record).toMatchObject({ status: 'running', monitorUrl: LINK, pollError: { status: 503 } })
    expect(sent).toHaveLength(3)
  })

  it('go on after a reload', async () => {
    const { operation } = await started([jsonBatchAnswer(responses('1'), { '@nextLink': LINK }, final)], 'json')
    await operation.poll()
    const { client, sent } = scriptedClient([jsonBatchAnswer(responses('2', '3', '4'))])
    const again = client.resume<BatchResult>(JSON.parse(JSON.stringify(operation)))
    await again.poll()

    expect(again.result?.allSucceeded).toBe(true)
    expect(sent[0]).toMatchObject({ url: LINK, headers: { prefer: 'respond-async' } })
  })
})

describe('when the rest does not come', () => {
  it.each([404, 410])(
    'row 132: a monitor that answers %i after an interim result: what was delivered stays',
    async (status) => {
      const { operation, outcomes } = await started([wrappedMultipart([ok('1'), more(NEXT)]), `${status} Gone`])
      await operation.poll()
      await operation.poll()

      expect(operation.error).toMatchObject({ name: 'OperationExpiredError' })
      expect(outcomes()).toEqual(['1', 'lost', 'lost', 'lost'])
      expect(operation.record.batch?.items[1]?.error?.kind).toBe('expired')
      expect(await rejection(operation.waitForCompletion())).toMatchObject({ record: operation.record })
    },
  )

  it('row 133: a cancel after an interim result leaves what was delivered as it is', async () => {
    const { operation, outcomes, sent } = await started([wrappedMultipart([ok('1'), more(NEXT)]), '204 No Content'])
    await operation.poll()
    expect(await operation.tryCancel()).toBe('cancelled')

    expect(operation.status).toBe('cancelled')
    expect(sent[2]).toMatchObject({ method: 'DELETE', url: NEXT })
    expect(outcomes()).toEqual(['1', 'lost', 'lost', 'lost'])
    expect(operation.record.batch?.items[1]?.error?.kind).toBe('cancelled')
  })

  it('a cancel that the last response is faster than takes it', async () => {
    const { operation, outcomes } = await started([
      wrappedMultipart([ok('1'), more(NEXT)]),
      wrappedMultipart([ok('2'), ok('3'), ok('4')]),
    ])
    await operation.poll()
    expect(await operation.tryCancel()).toBe('too-late')

    expect(outcomes()).toEqual(['1', '2', '3', '4'])
  })
})
