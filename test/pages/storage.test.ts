import { describe, expect, it } from 'vitest'
import { countRequests, expectProblems, openApp } from './pages.js'

describe.each(['local', 'session', 'indexedDb'] as const)('in the storage "%s"', (storage) => {
  it('an operation is found again after a reload, and so is its result', async () => {
    const app = await openApp({ storage, duration: 2_000, retryAfter: 0, service: ['deliver-once'] })
    await app.click('Start')
    await app.shows('running')
    await app.stored('"running"')
    await app.page.reload()
    await app.shows('completed R-')
    await app.stored('"completed"')
    await app.page.reload()
    await app.shows('completed R-')
    expect(await countRequests('POST')).toBe(1)
    expect(await countRequests('GET', 200)).toBe(1)
    expect(app.calls).toEqual([expect.stringMatching(/^completed R-/), 'settled completed'])
  })
})

describe('an operation comes to its result', () => {
  it('though the storage is full', async () => {
    const app = await openApp({ duration: 1_000, retryAfter: 0 }, (page) =>
      page.addInitScript(() => {
        Storage.prototype.setItem = () => {
          throw new DOMException('It is full.', 'QuotaExceededError')
        }
      }),
    )
    await app.click('Start')
    await app.shows('completed R-')
    expect(app.calls).toEqual([expect.stringMatching(/^completed R-/), 'settled completed'])
  })

  it('though the storage cannot be read or written', async () => {
    const app = await openApp({ duration: 1_000, retryAfter: 0, storage: 'indexedDb' }, (page) =>
      page.addInitScript(() => {
        IDBFactory.prototype.open = () => {
          throw new DOMException('Not in a private window.', 'SecurityError')
        }
      }),
    )
    await app.click('Start')
    await app.shows('completed R-')
    // React Query's own word on it, in development.
    expectProblems(/Not in a private window|Encountered an error attempting to restore client cache/)
  })
})
