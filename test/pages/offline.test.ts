import { expect, it } from 'vitest'
import { countRequests, jobIsFinished, openApp, theContext } from './pages.js'

const completed = [expect.stringMatching(/^completed R-/), 'settled completed']

it('trap 8: a page that goes offline asks nothing, says so, and asks at once when it is back', async () => {
  const app = await openApp({ duration: 1_500, retryAfter: 600 }, (page) => page.clock.install())
  await app.click('Start')
  await app.shows('running')
  await theContext().setOffline(true)
  await app.shows('running offline')
  await app.page.clock.runFor(900_000)
  expect(app.sent).toEqual(['POST'])
  await jobIsFinished()
  await theContext().setOffline(false)
  await app.shows('completed R-')
  expect(app.sent).toEqual(['POST', 'GET'])
  expect(await countRequests('POST')).toBe(1)
  expect(await countRequests('GET', 200)).toBe(1)
  expect(app.calls).toEqual(completed)
})

it('trap 8: what is started offline is sent once, when the network is there', async () => {
  const app = await openApp({ duration: 500, retryAfter: 0 }, (page) => page.clock.install())
  await theContext().setOffline(true)
  await app.click('Start')
  await app.click('Start')
  await app.shows('pending offline')
  await app.page.clock.runFor(60_000)
  expect(app.sent).toEqual([])
  await theContext().setOffline(false)
  await app.shows('completed R-')
  expect(await countRequests('POST')).toBe(1)
  expect(app.calls).toEqual(completed)
})
