import { describe, expect, it } from 'vitest'
import { jobIsFinished, openApp } from './pages.js'

describe('trap 7: a hidden page', () => {
  it('goes on to the result', async () => {
    const app = await openApp({ duration: 1_500, retryAfter: 0 })
    await app.click('Start')
    await app.shows('running')
    await app.hide(true)
    await app.shows('completed R-')
  })

  it('asks nothing when it is told so, and asks at once when it is seen again', async () => {
    const app = await openApp({ duration: 500, retryAfter: 30, pauseWhenHidden: true }, (page) => page.clock.install())
    await app.click('Start')
    await app.shows('running')
    await app.hide(true)
    await app.shows('running hidden')
    await app.page.clock.runFor(600_000)
    await jobIsFinished()
    expect(app.sent).toEqual(['POST'])
    await app.hide(false)
    await app.shows('completed R-')
    expect(app.sent).toEqual(['POST', 'GET'])
  })
})

describe('trap 16: a computer that slept past the deadline', () => {
  const options = { retryAfter: 30, timeout: 120_000 }

  it('asks once, and takes the result that is there', async () => {
    const app = await openApp({ ...options, duration: 500 }, (page) => page.clock.install())
    await app.click('Start')
    await app.shows('running')
    await jobIsFinished()
    await app.page.clock.fastForward(3_600_000)
    await app.shows('completed R-')
    expect(app.sent).toEqual(['POST', 'GET'])
  })

  it('asks once, and gives up only then', async () => {
    const app = await openApp({ ...options, outcome: 'hang' }, (page) => page.clock.install())
    await app.click('Start')
    await app.shows('running')
    await app.page.clock.fastForward(3_600_000)
    await app.shows('failed timeout')
    expect(app.sent).toEqual(['POST', 'GET'])
    expect(app.calls).toEqual(['failed timeout', 'settled failed'])
  })
})
