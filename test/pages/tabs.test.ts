import type { Page } from 'playwright'
import { describe, expect, it } from 'vitest'
import type { AppOptions } from './AppOptions.js'
import { type AppPage, countRequests, jobIsFinished, openApp, serviceJobs, startElsewhere } from './pages.js'

/** Two tabs of one operation: the first one started it, the second one found it in the storage. */
async function openTwo(options: AppOptions): Promise<[AppPage, AppPage]> {
  const first = await openApp(options)
  await first.click('Start')
  await first.shows('running')
  await first.stored('"running"')
  const second = await openApp(options)
  await second.shows('running')
  return [first, second]
}

const completed = [expect.stringMatching(/^completed R-/), 'settled completed']

describe('trap 15: two tabs of one operation', () => {
  it('show its result both, though the service delivers it once, and one of them asks, once per due time', async () => {
    const [first, second] = await openTwo({ duration: 4_000, retryAfter: 1, service: ['deliver-once'] })
    await Promise.all([first.shows('completed R-'), second.shows('completed R-')])
    expect(await countRequests('GET', 200)).toBe(1)
    expect(second.sent).toEqual([])
    expect(await countRequests('GET')).toBe(first.sent.length - 1)
    const [job] = await serviceJobs()
    expect(job?.polls).toBeLessThanOrEqual(Math.ceil((Date.now() - (job?.startedAt ?? 0)) / 1000))
    expect(first.calls).toEqual(completed)
    expect(second.calls).toEqual(completed)
  })

  it('change over when the one that asks is closed', async () => {
    const [first, second] = await openTwo({ duration: 4_000, retryAfter: 0, service: ['deliver-once'] })
    expect(second.sent).toEqual([])
    await first.page.close()
    await second.shows('completed R-')
    expect(new Set(second.sent)).toEqual(new Set(['GET']))
    expect(await countRequests('POST')).toBe(1)
    expect(await countRequests('GET', 200)).toBe(1)
    expect(second.calls).toEqual(completed)
  })

  it('are reloaded together, and get the result that is delivered once', async () => {
    const [first, second] = await openTwo({ duration: 4_000, retryAfter: 0, service: ['deliver-once'] })
    await Promise.all([first.page.reload(), second.page.reload()])
    await Promise.all([first.shows('completed R-'), second.shows('completed R-')])
    expect(await countRequests('POST')).toBe(1)
    expect(await countRequests('GET', 200)).toBe(1)
    expect(await countRequests('GET', 404)).toBe(0)
  })

  it('are cancelled in the one that does not ask', async () => {
    const [first, second] = await openTwo({ outcome: 'hang', retryAfter: 0 })
    await second.click('Cancel')
    await Promise.all([first.shows('cancelled'), second.shows('cancelled')])
    expect(await serviceJobs()).toMatchObject([{ state: 'cancelled', aborted: true }])
    expect(await countRequests('DELETE')).toBe(1)
    expect(first.calls).toEqual(['settled cancelled'])
    expect(second.calls).toEqual(['settled cancelled'])
  })

  it('are checked before the time in the one that does not ask: the other one does', async () => {
    const [first, second] = await openTwo({ duration: 500, retryAfter: 600 })
    await jobIsFinished()
    await second.click('Check')
    await Promise.all([first.shows('completed R-'), second.shows('completed R-')])
    expect(first.sent).toEqual(['POST', 'GET'])
    expect(second.sent).toEqual([])
  })

  it('send one request when both start: the second one finds it active', async () => {
    const [, second] = await openTwo({ outcome: 'hang', retryAfter: 0 })
    await second.click('Start')
    await second.click('Cancel')
    await second.shows('cancelled')
    expect(await countRequests('POST')).toBe(1)
  })
})

describe('two tabs that were given the same monitor', () => {
  it('ask once per due time together, and show both a result that is delivered once', async () => {
    const monitorUrl = await startElsewhere({ duration: 3_000, retryAfter: 0, service: ['deliver-once'] })
    const first = await openApp({ monitorUrl, storage: 'none' })
    await first.shows('running')
    const second = await openApp({ monitorUrl, storage: 'none' })
    await Promise.all([first.shows('completed R-'), second.shows('completed R-')])
    expect(second.sent).toEqual([])
    const third = await openApp({ monitorUrl, storage: 'none' })
    await third.shows('completed R-')
    expect(third.sent).toEqual([])
    expect(await countRequests('GET', 200)).toBe(1)
  })
})

describe('a tab that is opened', () => {
  it('after the end shows the result that the first one has, though the storage knows of no end', async () => {
    const first = await openApp({ duration: 1_000, retryAfter: 0, service: ['deliver-once'] })
    await first.click('Start')
    await first.shows('running')
    await first.stored('"running"')
    await first.page.evaluate(() => {
      Storage.prototype.setItem = () => {}
    })
    await first.shows('completed R-')
    const second = await openApp({})
    await second.shows('completed R-')
    expect(second.sent).toEqual([])
  })

  it('while the request of the first one is under way waits for its answer', async () => {
    const options: AppOptions = { duration: 1_000, retryAfter: 0, service: ['deliver-once'] }
    let answer = () => {}
    const answered = new Promise<void>((resolve) => {
      answer = resolve
    })
    const holdBack = (page: Page) =>
      page.route('**/odata/Reports/**', async (route) => {
        const response = await route.fetch()
        await answered
        await route.fulfill({ response })
      })
    const first = await openApp(options, holdBack)
    await first.click('Start')
    await first.stored('"pending"')
    const second = await openApp(options)
    await second.shows('pending')
    answer()
    await Promise.all([first.shows('completed R-'), second.shows('completed R-')])
    expect(await countRequests('POST')).toBe(1)
    expect(await countRequests('GET', 200)).toBe(1)
    expect(second.sent).toEqual([])
    expect(second.calls).toEqual(completed)
  })

  it('while the first one gets its result without a monitor shows that result', async () => {
    const options: AppOptions = { duration: 4_000, service: ['sync'] }
    const first = await openApp(options)
    await first.click('Start')
    await first.stored('"pending"')
    const second = await openApp(options)
    await second.shows('pending')
    await second.click('Start')
    await Promise.all([first.shows('completed R-'), second.shows('completed R-')])
    // The lock is free now: whoever gets it must not take the request for lost.
    await first.page.close()
    await second.page.reload()
    await second.shows('completed R-')
    expect(second.sent).toEqual([])
    expect(second.calls).toEqual(completed)
  })

  it('while the first one waits for the network with its request waits too', async () => {
    const options: AppOptions = { duration: 500, retryAfter: 0 }
    const first = await openApp(options)
    await first.page.evaluate(() => dispatchEvent(new Event('offline')))
    await first.click('Start')
    await first.shows('pending offline')
    await first.stored('"pending"')
    const second = await openApp(options)
    await second.shows('pending')
    const third = await openApp(options)
    await third.shows('pending')
    await third.page.close()
    await first.page.evaluate(() => dispatchEvent(new Event('online')))
    await Promise.all([first.shows('completed R-'), second.shows('completed R-')])
    expect(await countRequests('POST')).toBe(1)
    expect(second.calls).toEqual(completed)
  })

  it('says that the outcome is unknown when the first one is closed before the answer', async () => {
    const options: AppOptions = { duration: 20_000, service: ['sync'] }
    const first = await openApp(options)
    await first.click('Start')
    await first.stored('"pending"')
    const second = await openApp(options)
    const third = await openApp(options)
    await Promise.all([second.shows('pending'), third.shows('pending')])
    await first.page.close()
    await Promise.all([second.shows('failed network'), third.shows('failed network')])
    expect([...second.sent, ...third.sent]).toEqual([])
    expect(second.calls).toEqual(['failed network', 'settled failed'])
    expect(third.calls).toEqual(['failed network', 'settled failed'])
  })

  it('with an operation of its own under the same id takes nothing from the first one', async () => {
    const options: AppOptions = { storage: 'session', outcome: 'hang', retryAfter: 0 }
    const first = await openApp(options)
    await first.click('Start')
    await first.shows('running')
    const second = await openApp(options)
    await second.shows('idle')
    await second.click('Start')
    await second.shows('running')
    await second.click('Cancel')
    await second.shows('cancelled')
    await first.shows('running')
    const states = (await serviceJobs()).map(({ state }) => state)
    expect(states).toEqual(['running', 'cancelled'])
  })
})
