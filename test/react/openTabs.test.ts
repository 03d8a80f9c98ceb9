import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { OperationRecord } from '../../src/core/index.js'
import { openTabs } from '../../src/react/openTabs.js'
import { type StubbedTabs, stubTabs } from '../support/stubTabs.js'

const record: OperationRecord = {
  id: 'report',
  kind: 'action',
  method: 'POST',
  url: 'https://api.example.com/v4/Reports/Rebuild',
  monitor: 'odata',
  status: 'running',
  canCancel: true,
  progress: { percent: null },
  submittedAt: 1_000,
  pollCount: 0,
  pollFailures: 0,
}
const scope = 'https://api.example.com/v4/'
const settle = () => new Promise<void>((resolve) => setTimeout(resolve))

let browser: StubbedTabs
beforeEach(() => {
  browser = stubTabs()
})
afterEach(() => void vi.unstubAllGlobals())

it('lets one tab lead, and the next one when that gives it up', async () => {
  const [onFirst, onSecond, onThird] = [vi.fn(), vi.fn(), vi.fn()]
  const tabs = [openTabs(scope, () => {}), openTabs(scope, () => {}), openTabs(scope, () => {})] as const
  const leaveFirst = tabs[0].lead(record, onFirst)
  const leaveSecond = tabs[1].lead(record, onSecond)
  tabs[2].lead(record, onThird)
  await settle()
  expect([onFirst, onSecond, onThird].map(({ mock }) => mock.calls.length)).toEqual([1, 0, 0])
  leaveSecond()
  leaveFirst()
  await settle()
  expect([onFirst, onSecond, onThird].map(({ mock }) => mock.calls.length)).toEqual([1, 0, 1])
})

it('tells a tab nothing that gave up before its turn, and leaves no lock behind', async () => {
  const onLead = vi.fn()
  const leave = openTabs(scope, () => {}).lead(record, onLead)
  leave()
  await settle()
  expect(onLead).not.toHaveBeenCalled()
  expect(browser.locks()).toEqual([])
})

it.each([
  ['another run of the same id', { submittedAt: 2_000 }],
  ['another id', { id: 'other' }],
])('has one leader for each operation: %s is led by itself', async (_, change) => {
  const onLead = vi.fn()
  openTabs(scope, () => {}).lead(record, () => {})
  openTabs(scope, () => {}).lead({ ...record, ...change }, onLead)
  await settle()
  expect(onLead).toHaveBeenCalledOnce()
})

it('tells the other tabs of the same service, and not itself', async () => {
  const heard = { own: vi.fn(), same: vi.fn(), other: vi.fn() }
  const tabs = openTabs(scope, heard.own)
  openTabs(scope, heard.same)
  openTabs('https://other.example.com/', heard.other)
  tabs.send('told', record)
  await settle()
  expect(heard.same.mock.calls).toEqual([[{ type: 'told', record }]])
  expect(heard.own).not.toHaveBeenCalled()
  expect(heard.other).not.toHaveBeenCalled()
})

it('hears nothing after it is closed, and leaves no channel behind', async () => {
  const onMessage = vi.fn()
  const closed = openTabs(scope, onMessage)
  const tabs = openTabs(scope, () => {})
  closed.close()
  tabs.send('told', record)
  tabs.close()
  await settle()
  expect(onMessage).not.toHaveBeenCalled()
  expect(browser.channels()).toEqual([])
})

it('keeps what cannot be copied in the tab that has it', async () => {
  const onMessage = vi.fn()
  openTabs(scope, onMessage)
  openTabs(scope, () => {}).send('told', { ...record, result: () => {} })
  await settle()
  expect(onMessage).not.toHaveBeenCalled()
})

it('leads in each tab where locks are forbidden', async () => {
  vi.stubGlobal('navigator', { locks: { request: () => Promise.reject(new DOMException('No.', 'SecurityError')) } })
  const onLead = vi.fn()
  openTabs(scope, () => {}).lead(record, onLead)
  openTabs(scope, () => {}).lead(record, onLead)
  await settle()
  expect(onLead).toHaveBeenCalledTimes(2)
})

it.each([
  ['Web Locks', () => vi.stubGlobal('navigator', {})],
  ['a navigator', () => vi.stubGlobal('navigator', undefined)],
  ['BroadcastChannel', () => vi.stubGlobal('BroadcastChannel', undefined)],
])('is alone without %s: it leads at once, and tells nobody', (_, stub) => {
  stub()
  const tabs = openTabs(scope, () => {})
  const onLead = vi.fn()
  tabs.lead(record, onLead)()
  tabs.send('told', record)
  tabs.close()
  expect(tabs.areShared).toBe(false)
  expect(onLead).toHaveBeenCalledOnce()
  expect(browser.channels()).toEqual([])
})
