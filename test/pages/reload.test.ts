import { expect, it } from 'vitest'
import { countRequests, openApp, resetService } from './pages.js'

it('trap 15: a page that is reloaded three times during one operation sends it once, and gets its result once', async () => {
  const app = await openApp({ duration: 6_000, retryAfter: 0, service: ['deliver-once'] })
  await app.click('Start')
  await app.shows('running')
  for (let reload = 0; reload < 3; reload++) {
    await app.stored('"running"')
    await app.page.reload()
    await app.shows('running')
  }
  await app.shows('completed R-')
  await app.stored('"completed"')
  await app.page.reload()
  await app.shows('completed R-')
  expect(await app.listed()).toEqual(['completed'])
  expect(await countRequests('POST')).toBe(1)
  expect(await countRequests('GET', 200)).toBe(1)
  expect(await countRequests('GET', 404)).toBe(0)
  expect(app.calls).toEqual([expect.stringMatching(/^completed R-/), 'settled completed'])
})

it('trap 15: a page that is reloaded before the first answer says that the outcome is unknown, and sends nothing again', async () => {
  const app = await openApp({ duration: 20_000, service: ['sync'] })
  await app.click('Start')
  await app.shows('pending')
  await app.stored('"pending"')
  await app.page.reload()
  await app.shows(/failed network .*outcome unknown/)
  await app.stored('"failed"')
  await app.page.reload()
  await app.shows('failed network')
  expect(app.sent).toEqual(['POST'])
  expect(app.calls).toEqual(['failed network', 'settled failed'])
})

it('trap 15: a monitor that died while the page was away is asked once, and never after the next reload', async () => {
  const app = await openApp({ outcome: 'hang', retryAfter: 1 }, (page) => page.clock.install())
  await app.click('Start')
  await app.shows('running')
  await app.stored('"pollCount":1')
  await app.page.goto('about:blank')
  await resetService()
  await app.page.goBack()
  await app.shows('failed expired')
  await app.stored('"failed"')
  expect(await countRequests('GET')).toBe(1)
  await app.page.reload()
  await app.shows('failed expired')
  await app.page.clock.runFor(600_000)
  expect(await countRequests('GET')).toBe(1)
  expect(app.calls).toEqual(['failed expired', 'settled failed'])
})
