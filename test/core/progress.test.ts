import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type ODataClientOptions, odata } from '../../src/core/index.js'
import { accepted, scriptedClient, succeeded } from '../support/scriptedClient.js'

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 9, 5) }))
afterEach(() => void vi.useRealTimers())

const json = (body: string) => `202 Accepted\nContent-Type: application/json\n\n${body}`

/** What `progress` was after each of the answers. */
async function seen(answers: readonly string[], options?: Partial<ODataClientOptions>) {
  const { client } = scriptedClient([accepted, ...answers], options)
  const operation = await client.callAction('Rebuild')
  const progress = []
  for (const _ of answers) {
    await operation.poll()
    progress.push(operation.progress)
  }
  return progress
}

const percents = async (...given: Parameters<typeof seen>) => (await seen(...given)).map(({ percent }) => percent)

describe('progress', () => {
  it('is unknown, which is null and not 0, until the service tells it', async () => {
    expect(await seen(['202 Accepted', json('{"state":"queued"}'), json('[]'), json('{')])).toEqual(
      Array(4).fill({ percent: null }),
    )
  })

  it('is read from each 202, the first one too, by its common names', async () => {
    const { client } = scriptedClient([
      `${accepted}\nX-Progress: 5`,
      json('{"completed":3,"total":10,"message":"Half"}'),
    ])
    const operation = await client.callAction('Rebuild')
    expect(operation.progress).toEqual({ percent: 5 })
    await operation.poll()
    expect(operation.progress).toEqual({ percent: 30, completed: 3, total: 10, message: 'Half' })
  })

  it('keeps what a later answer does not tell', async () => {
    expect(
      await seen([json('{"percentComplete":40,"message":"Reading"}'), '202 Accepted', json('{"message":"Writing"}')]),
    ).toEqual([
      { percent: 40, message: 'Reading' },
      { percent: 40, message: 'Reading' },
      { percent: 40, message: 'Writing' },
    ])
  })

  it('never goes backwards, and is never 100 before the end', async () => {
    const answers = [70, 20, 100, 150, -5].map((percent) => json(`{"percentComplete":${percent}}`))
    expect(await percents([...answers, succeeded])).toEqual([70, 70, 99, 99, 99, 100])
  })

  it('goes backwards with allowProgressDecrease, still never 100 before the end, nor below 0', async () => {
    const answers = [70, 20, 100, -5, 10].map((percent) => json(`{"percentComplete":${percent}}`))
    expect(await percents([...answers, succeeded], { allowProgressDecrease: true })).toEqual([70, 20, 99, 0, 10, 100])
  })

  it('is 100 at the end, also when it was never told', async () => {
    expect(await percents([succeeded])).toEqual([100])
  })

  it('is not 100 after a failure', async () => {
    expect(await percents([json('{"percentComplete":40}'), '200 OK\nAsyncResult: 500'])).toEqual([40, 40])
  })

  it('reports each change once', async () => {
    const answers = [10, 10, 20, 15].map((percent) => json(`{"percentComplete":${percent}}`))
    const { client } = scriptedClient([accepted, ...answers, succeeded])
    const onProgress = vi.fn()
    const done = client.callActionAndWait('Rebuild', {}, { onProgress })
    await vi.advanceTimersByTimeAsync(60_000)
    await done
    expect(onProgress.mock.calls.map(([{ percent }]) => percent)).toEqual([10, 20, 100])
  })
})

describe('a 1 in `progress`', () => {
  const at = (...values: number[]) => values.map((progress) => json(`{"progress":${progress}}`))

  it('is one percent of a service that counts to 100', async () => {
    expect(await percents(at(0, 1, 2, 50))).toEqual([0, 1, 2, 50])
  })

  it('does not take back what a service that counts in fractions said before', async () => {
    expect(await percents(at(0.25, 0.5, 1))).toEqual([25, 50, 50])
  })
})

describe("a reader of the app's own", () => {
  const reading = (readProgress: Parameters<typeof odata>[0]) => ({ monitor: odata(readProgress) })

  it('is asked instead of the common names', async () => {
    const options = reading({ readProgress: ({ headers }) => ({ percent: Number(headers['x-done']) }) })
    const answers = ['202 Accepted\nX-Done: 30\nX-Progress: 90', '202 Accepted\nX-Done: 31']
    expect(await percents(answers, options)).toEqual([30, 31])
  })

  it.each([
    ['nothing', () => undefined],
    ['null', () => null],
    ['no number', () => ({ percent: Number.NaN })],
    ['a text', () => ({ percent: '50' })],
    ['endless work', () => ({ percent: Infinity })],
    ['a fault', () => (undefined as never as string[]).length],
  ])('that gives %s tells nothing, and the operation goes on', async (_, readProgress) => {
    const options = reading({ readProgress: readProgress as never })
    const { client } = scriptedClient([accepted, json('{"percentComplete":40}'), succeeded], options)
    const operation = await client.callAction('Rebuild')
    expect(await operation.poll()).toBe(true)
    expect(operation.record).toMatchObject({ progress: { percent: null }, pollFailures: 0 })
    await operation.poll()
    expect(operation.status).toBe('completed')
  })

  it('that gives what is no JSON loses only that, with the first answer too', async () => {
    const cycle: Record<string, unknown> = {}
    cycle.self = cycle
    const odd = { percent: 5, completed: 10n, total: Number.NaN, message: cycle } as never
    const { client } = scriptedClient([accepted, '202 Accepted'], reading({ readProgress: () => odd }))
    const operation = await client.callAction('Rebuild')
    const { progress } = operation
    expect(progress).toEqual({ percent: 5 })
    expect(await operation.poll()).toBe(true)
    // The same one: nothing of it changed.
    expect(operation.progress).toBe(progress)
    expect(operation.record.pollFailures).toBe(0)
  })

  it('is held to the same limits', async () => {
    const given = [50, 1_000, 20, -3]
    const options = reading({ readProgress: () => ({ percent: given.shift() ?? 0 }) })
    expect(await percents(['202 Accepted', '202 Accepted', '202 Accepted'], options)).toEqual([99, 99, 99])
  })
})
