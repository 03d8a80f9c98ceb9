import { expect, it } from 'vitest'
import { countRequests, openApp } from './pages.js'

it.each([
  ['Web Locks', (): void => void Object.defineProperty(Navigator.prototype, 'locks', { value: undefined })],
  ['BroadcastChannel', (): void => void Reflect.deleteProperty(globalThis, 'BroadcastChannel')],
] as const)('without %s each tab asks at its own pace, and gets the result', async (_, remove) => {
  const options = { duration: 2_500, retryAfter: 0 }
  const first = await openApp(options, (page) => page.addInitScript(remove))
  await first.click('Start')
  await first.shows('running')
  await first.stored('"running"')
  const second = await openApp(options, (page) => page.addInitScript(remove))
  for (const tab of [first, second]) {
    await tab.shows('completed R-')
    expect(tab.calls).toEqual([expect.stringMatching(/^completed R-/), 'settled completed'])
  }
  expect(new Set(second.sent)).toEqual(new Set(['GET']))
  expect(await countRequests('POST')).toBe(1)
  expect(await countRequests('GET', 200)).toBe(2)
})
