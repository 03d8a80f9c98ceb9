import { act, render, screen } from '@testing-library/react'
import { type ReactNode, StrictMode } from 'react'
import { renderToString } from 'react-dom/server'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { OperationRecord } from '../../src/core/operation.js'
import { OperationAnnouncer, OperationMessagesProvider, OperationPanel } from '../../src/ui/index.js'
import * as german from '../../src/ui/messages/de.js'
import { hear, textsOf } from './hear.js'
import { failedRecord, operationRecord, settledRecord, submittedAt } from './operationRecords.js'
import { ownId } from './ownId.js'

beforeEach(() => {
  vi.useFakeTimers({ now: submittedAt, toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** From now on, what was submitted by the records of the tests has been going on for a while. */
const later = () => vi.setSystemTime(submittedAt + 72_000)

const idOf = (name: string) => `${ownId()} ${name}`
const nameOf = ({ id }: OperationRecord) => id.slice(ownId().length + 1)

const pending = (name = 'Report') => operationRecord({ id: idOf(name), status: 'pending' })
const running = (percent: number, name = 'Report') => operationRecord({ id: idOf(name), progress: { percent } })
const completed = (name = 'Report') => settledRecord({ id: idOf(name), status: 'completed' })
const refused = (name = 'Report') =>
  failedRecord({ kind: 'service', message: 'No closed periods.', code: 'NO_PERIOD' }, { id: idOf(name) })

const panelOf = (operation: OperationRecord | undefined, key = 'panel') => (
  <OperationPanel key={key} label={operation ? nameOf(operation) : 'Report'} locale="en" operation={operation} />
)

/** Mounts `start` within an announcer; returns what puts something else there. */
function mount(start: ReactNode = null, operations: readonly OperationRecord[] = []) {
  const app = (children: ReactNode, list: readonly OperationRecord[]) => (
    <OperationAnnouncer locale="en" operations={list} getLabel={nameOf}>
      {children}
    </OperationAnnouncer>
  )
  const { rerender } = render(app(start, operations), { wrapper: StrictMode })
  return (children: ReactNode, list: readonly OperationRecord[] = []) => rerender(app(children, list))
}

/** Calls the step that is due, by its time in ms. */
const inTime = (steps: Record<number, () => void>) => (at: number) => steps[at]?.()

it('is the one live region: panels inside of it have none', () => {
  const show = mount([panelOf(running(10, 'A'), 'A'), panelOf(refused('B'), 'B')])
  expect(screen.getAllByRole('status')).toHaveLength(1)
  expect(screen.getAllByRole('alert')).toHaveLength(1)
  expect(screen.getAllByRole('region').some((panel) => panel.querySelector('[role=status], [role=alert]'))).toBe(false)
  show(null)
  expect(screen.getByRole('status').textContent).toBe('')
})

it('says over 100 polls what a panel of its own would say, and an error as an alert', () => {
  const show = mount(panelOf(undefined))
  const heard = hear(203_000, (at) => {
    if (at === 0) show(panelOf(pending()))
    else if (at === 202_000) show(panelOf(refused()))
    else if (at % 2_000 === 0 && at < 202_000) show(panelOf(running(at / 2_000)))
  })
  expect(textsOf(heard)).toEqual([
    'Report: started.',
    'Report: 25%',
    'Report: 50%',
    'Report: 75%',
    'Report failed: No closed periods. Error NO_PERIOD',
  ])
  expect(screen.getByRole('alert').textContent).toBe('Report failed: No closed periods. Error NO_PERIOD')
  act(() => vi.advanceTimersByTime(2_000))
  expect(screen.getByRole('alert').textContent).toBe('')
})

it('says once what two panels and its own list have', () => {
  const all = (operation: OperationRecord) => show([panelOf(operation, '1'), panelOf(operation, '2')], [operation])
  const show = mount()
  const heard = hear(
    60_000,
    inTime({ 0: () => all(pending()), 20000: () => all(running(30)), 40000: () => all(completed()) }),
  )
  expect(textsOf(heard)).toEqual(['Report: started.', 'Report: 30%', 'Report: Done in 2 min 14 sec.'])
})

it('waits 15 s between how far it is, whichever panel says it', () => {
  const show = mount()
  const heard = hear(
    60_000,
    inTime({
      0: () => show(panelOf(pending(), '1')),
      20000: () => show(panelOf(running(30), '1')),
      // Another page, with a panel of its own.
      22000: () => show(panelOf(running(45), '2')),
      23000: () => show(panelOf(running(55), '2')),
    }),
  )
  expect(heard.map(({ at, text }) => [at, text])).toEqual([
    [300, 'Report: started.'],
    [20_000, 'Report: 30%'],
    [35_000, 'Report: 55%'],
  ])
})

it('says one after the other what comes at the same time, each for 1.5 s, so that none is lost', () => {
  const names = ['A', 'B', 'C', 'D']
  const show = mount()
  const heard = hear(
    40_000,
    inTime({
      0: () => show(null, names.map(pending)),
      20000: () => show(null, names.map(completed)),
    }),
  )
  expect(heard.map(({ at, text }) => [at, text])).toEqual([
    [300, 'A: started.'],
    [1_800, 'B: started.'],
    [3_300, 'C: started.'],
    [4_800, 'D: started.'],
    [20_000, 'A: Done in 2 min 14 sec.'],
    [21_500, 'B: Done in 2 min 14 sec.'],
    [23_000, 'C: Done in 2 min 14 sec.'],
    [24_500, 'D: Done in 2 min 14 sec.'],
  ])
  expect(screen.getByRole('status').textContent).toBe('')
  expect(vi.getTimerCount()).toBe(0)
})

it('lets an alert go first', () => {
  later()
  const show = mount(null, [running(10, 'A'), running(10, 'B'), running(10, 'C')])
  const heard = hear(10_000, inTime({ 5000: () => show(null, [completed('A'), completed('B'), refused('C')]) }))
  expect(textsOf(heard)).toEqual([
    'A: Done in 2 min 14 sec.',
    'C failed: No closed periods. Error NO_PERIOD',
    'B: Done in 2 min 14 sec.',
  ])
})

it('says the same text twice for two operations of one name, in a node of its own each', () => {
  const app = (operations: OperationRecord[]) => (
    <OperationAnnouncer locale="en" operations={operations} getLabel={() => 'Report'} />
  )
  const { rerender } = render(app([]))
  rerender(app([pending('1'), pending('2')]))
  const nodes = new Set<Node | null>()
  hear(5_000, () => nodes.add(screen.getByRole('status').firstChild))
  nodes.delete(null)
  expect([...nodes].map((node) => node?.textContent)).toEqual(['Report: started.', 'Report: started.'])
})

it('says the end also when the panel that told of it has gone', () => {
  later()
  const show = mount(panelOf(running(10)))
  const heard = hear(3_000, inTime({ 1000: () => show(panelOf(completed())), 1100: () => show(null) }))
  expect(textsOf(heard)).toEqual(['Report: Done in 2 min 14 sec.'])
})

it('says what becomes of its own operations on whatever page the user is', () => {
  later()
  const show = mount(<p>Orders</p>, [running(10)])
  const heard = hear(40_000, inTime({ 20000: () => show(<p>Customers</p>, [refused()]) }))
  expect(textsOf(heard)).toEqual(['Report failed: No closed periods. Error NO_PERIOD'])
})

it('says nothing of what was so before it was there, nor of operations without a label', () => {
  later()
  const secret = (record: (name: string) => OperationRecord) => [record('Report'), record('')]
  const show = mount(panelOf(running(60)), [completed('Old'), refused('Older'), ...secret((name) => running(60, name))])
  const heard = hear(
    30_000,
    inTime({ 20000: () => show(panelOf(running(61)), [completed('Old'), running(61), completed('')]) }),
  )
  expect(textsOf(heard)).toEqual([])
})

it('says nothing of a wait that is too short to be shown but its end', () => {
  const start = submittedAt + 1_000
  const steps = {
    1000: () => show(null, [{ ...pending(), submittedAt: start }]),
    1200: () => show(null, [{ ...completed(), submittedAt: start, settledAt: start + 200 }]),
  }
  const show = mount()
  expect(textsOf(hear(5_000, inTime(steps)))).toEqual(['Report: Done.'])
})

it('speaks the language of the provider above it', () => {
  later()
  const app = (operation: OperationRecord) => (
    <OperationMessagesProvider {...german}>
      <OperationAnnouncer operations={[operation]} getLabel={() => 'Bericht'} />
    </OperationMessagesProvider>
  )
  const { rerender } = render(app(running(10)))
  const heard = hear(1_000, inTime({ 500: () => rerender(app(refused())) }))
  expect(textsOf(heard)).toEqual(['Bericht fehlgeschlagen: No closed periods. Fehler NO_PERIOD'])
})

it('leaves to an announcer further inside, as of a dialog, what is in there', () => {
  const app = (operation: OperationRecord) => (
    <OperationAnnouncer>
      <div role="dialog" aria-label="Report">
        <OperationAnnouncer>{panelOf(operation)}</OperationAnnouncer>
      </div>
    </OperationAnnouncer>
  )
  const { rerender } = render(app(running(10)))
  rerender(app(completed()))
  const said = screen.getAllByRole('status').map((region) => [!!region.closest('[role=dialog]'), region.textContent])
  expect(said).toEqual([
    [true, 'Report: Done in 2 min 14 sec.'],
    [false, ''],
  ])
})

it('is rendered on a server, with the panels silent already', () => {
  const html = renderToString(<OperationAnnouncer>{panelOf(running(10))}</OperationAnnouncer>)
  expect(html.match(/role="(status|alert)"/g)).toEqual(['role="status"', 'role="alert"'])
})
