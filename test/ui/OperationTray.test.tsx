import { act, render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { createRef, Profiler, StrictMode, useState } from 'react'
import { renderToString } from 'react-dom/server'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { OperationRecord } from '../../src/core/operation.js'
import { OperationAnnouncer, OperationTray, type OperationTrayProps } from '../../src/ui/index.js'
import { batchItem, batchRecord, settledBatch } from './batchRecords.js'
import { failedRecord, operationRecord, settledRecord, submittedAt } from './operationRecords.js'

const NOW = submittedAt + 3_600_000
const SECOND = 1000

beforeEach(() => {
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] })
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

/** So many ms after the page was opened, unless another one is said. */
const at = (ms: number) => ({ settledAt: NOW + ms })

const running = (id: string, change: Partial<OperationRecord> = {}) => operationRecord({ id, ...change })
const completed = (id: string, ms = SECOND) =>
  settledRecord({ id, status: 'completed', result: { Url: `/${id}` }, ...at(ms) })
const failed = (id: string, ms = SECOND) => failedRecord({ kind: 'service', message: 'No.' }, { id, ...at(ms) })
const cancelled = (id: string) => settledRecord({ id, status: 'cancelled', ...at(SECOND) })

const tray = (operations: readonly OperationRecord[], props: Partial<OperationTrayProps> = {}) => (
  <OperationTray operations={operations} labelOf={({ id }) => `Report ${id}`} locale="en" {...props} />
)

/** An app that does what the tray asks for. `change` does what a service does. */
function renderApp(first: readonly OperationRecord[], props: Partial<OperationTrayProps> = {}) {
  let change: (operations: readonly OperationRecord[]) => void = () => {}
  const onCancel = vi.fn()
  function App() {
    const [operations, setOperations] = useState(first)
    change = setOperations
    return (
      <>
        {tray(operations, {
          onCancel,
          onDismiss: (id) => setOperations((all) => all.filter((each) => each.id !== id)),
          ...props,
        })}
        <input aria-label="Elsewhere" />
      </>
    )
  }
  render(
    <StrictMode>
      <App />
    </StrictMode>,
  )
  return { onCancel, change: (operations: readonly OperationRecord[]) => act(() => change(operations)) }
}

const opener = () => screen.getByRole('button', { name: /^Operations/ })
const summary = () => opener().querySelector('span')?.textContent
const list = () => screen.getByRole('list', { name: 'Operations' })
const rows = () => screen.queryAllByRole('group').map((row) => row.getAttribute('aria-labelledby'))
const labels = () => rows().map((id) => document.getElementById(`${id}`)?.textContent)
const button = (label: string, within_ = screen.getByRole('region')) =>
  within(within_).getByRole('button', { name: label })
const row = (id: string) => screen.getByRole('group', { name: `Report ${id}` })
const isOpen = () => opener().getAttribute('aria-expanded') === 'true'
const open = () => userEvent.click(opener())

describe('the button', () => {
  it.each<[string, readonly OperationRecord[], string]>([
    ['there is nothing', [], 'Operations'],
    ['all is old and over', [completed('a', -1), failed('b', -1)], 'Operations'],
    ['some go on', [running('a'), running('b', { status: 'pending' })], 'Operations: 2 running'],
    ['one is cancelling', [running('a', { status: 'cancelling' })], 'Operations: 1 running'],
    ['results are new', [completed('a'), completed('b')], 'Operations: 2 new results'],
    ['one has failed', [failed('a')], 'Operations: 1 failed'],
    ['one was cancelled, which is no news', [cancelled('a')], 'Operations'],
    [
      'there is some of all',
      [running('a'), running('b'), completed('c'), failed('d')],
      'Operations: 2 running, 1 new result, 1 failed',
    ],
    [
      'the service still works on requests of a batch that was answered',
      [settledBatch([batchItem(1, { outcome: 'pending' })])],
      'Operations: 1 running',
    ],
  ])('when %s, tells so in words', (_, operations, expected) => {
    render(tray(operations))
    expect(screen.getByRole('button', { name: expected, expanded: false })).toBe(opener())
  })

  it('shows the numbers, those of results and failures with an icon, so that it is not by colour alone', () => {
    render(tray([running('a'), completed('c'), failed('d')]))
    const shown = [...opener().querySelectorAll(':scope > [aria-hidden]:not(svg)')]
    expect(shown.map(({ textContent }) => textContent)).toEqual(['1', '1', '1'])
    const [active, result, failure] = shown
    expect(active?.querySelector('path')).toBeNull()
    expect(result?.querySelector('path')?.getAttribute('d')).not.toBe(failure?.querySelector('path')?.getAttribute('d'))
  })

  it('counts in the numbers of the locale', () => {
    render(
      tray(
        Array.from({ length: 1234 }, (_, index) => running(`${index}`)),
        { locale: 'de' },
      ),
    )
    expect(summary()).toBe('Operations: 1.234 running')
  })

  it('counts what has ended until the list was seen', async () => {
    const { change } = renderApp([running('a'), running('b')])
    change([completed('a', SECOND), running('b')])
    expect(summary()).toBe('Operations: 1 running, 1 new result')
    await open()
    expect(summary()).toBe('Operations: 1 running')
    vi.setSystemTime(NOW + 10 * SECOND)
    change([completed('a', SECOND), failed('b', 9 * SECOND)])
    expect(summary()).toBe('Operations')
    await open()
    expect(isOpen()).toBe(false)
    expect(summary()).toBe('Operations')
    change([completed('a', 11 * SECOND), failed('b', 9 * SECOND)])
    expect(summary()).toBe('Operations: 1 new result')
  })
})

describe('the list', () => {
  it('opens and closes by the button, which says so and keeps the focus', async () => {
    const { change } = renderApp([running('a')])
    expect(screen.queryByRole('region')).toBeNull()
    expect(opener().hasAttribute('aria-controls')).toBe(false)
    await userEvent.tab()
    await userEvent.keyboard('{Enter}')
    expect(isOpen()).toBe(true)
    expect(document.activeElement).toBe(opener())
    expect(opener().getAttribute('aria-controls')).toBe(screen.getByRole('region', { name: 'Operations' }).id)
    change([])
    await userEvent.keyboard(' ')
    expect(isOpen()).toBe(false)
    expect(document.activeElement).toBe(opener())
  })

  it('comes next by Tab, and is no trap', async () => {
    renderApp([running('a')])
    await open()
    await userEvent.tab()
    expect(document.activeElement).toBe(list())
    await userEvent.tab()
    expect(document.activeElement).toBe(button('Cancel'))
    await userEvent.tab()
    expect(document.activeElement).toBe(screen.getByRole('textbox'))
    expect(isOpen()).toBe(false)
  })

  it.each(['its button', 'the list', 'nothing'])('closes by Escape from %s, and gives the focus back', async (from) => {
    renderApp([running('a')])
    await open()
    if (from === 'the list') act(() => button('Cancel').focus())
    if (from === 'nothing') act(() => opener().blur())
    await userEvent.keyboard('{Escape}')
    expect(isOpen()).toBe(false)
    expect(document.activeElement).toBe(opener())
  })

  it('leaves Escape to what is inside, and all other keys alone', async () => {
    const prevent = (event: { preventDefault: () => void }) => event.preventDefault()
    renderApp([completed('a')], { renderResult: () => <input aria-label="Name" onKeyDown={prevent} /> })
    await open()
    await userEvent.click(screen.getByRole('textbox', { name: 'Name' }))
    await userEvent.keyboard('{Escape}')
    expect(isOpen()).toBe(true)
    await userEvent.tab()
    await userEvent.keyboard('{ArrowDown}x')
    expect(isOpen()).toBe(true)
  })

  it('closes by a click elsewhere, which keeps the focus that it gave, and not by one inside', async () => {
    renderApp([running('a')])
    await open()
    await userEvent.click(row('a'))
    expect(isOpen()).toBe(true)
    await userEvent.click(screen.getByRole('textbox'))
    expect(isOpen()).toBe(false)
    expect(document.activeElement).toBe(screen.getByRole('textbox'))
    await open()
    await userEvent.click(document.body)
    expect(isOpen()).toBe(false)
  })

  it('listens to the page only while it is open', async () => {
    const listeners = new Set<string>()
    const add = vi.spyOn(document, 'addEventListener')
    const remove = vi.spyOn(document, 'removeEventListener')
    const track = () => {
      for (const [type] of add.mock.calls) listeners.add(type)
      return add.mock.calls.length - remove.mock.calls.length
    }
    render(tray([running('a')]))
    const before = track()
    act(() => opener().click())
    expect(track() - before).toBe(3)
    act(() => opener().click())
    expect(track() - before).toBe(0)
    expect([...listeners]).toEqual(expect.arrayContaining(['pointerdown', 'focusin', 'keydown']))
  })

  it('can be opened and closed by the app', async () => {
    const onOpenChange = vi.fn()
    const { rerender } = render(tray([], { open: false, onOpenChange }))
    await open()
    expect(onOpenChange.mock.calls).toEqual([[true]])
    expect(isOpen()).toBe(false)
    rerender(tray([], { open: true, onOpenChange }))
    expect(isOpen()).toBe(true)
    await userEvent.keyboard('{Escape}')
    expect(onOpenChange.mock.calls).toEqual([[true], [false]])
    expect(isOpen()).toBe(true)
    rerender(tray([], { open: false, onOpenChange }))
    expect(isOpen()).toBe(false)
  })

  it('can be open from the start', () => {
    render(tray([running('a')], { defaultOpen: true }))
    expect(labels()).toEqual(['Report a'])
  })

  it('says so when it is empty', () => {
    render(tray([], { defaultOpen: true }))
    expect(screen.getByRole('region').textContent).toContain('No operations.')
    expect(screen.queryByRole('list')).toBeNull()
  })

  it('has the newest first, and those at their end as long as they are given', () => {
    const operations = [
      completed('old'),
      running('newest', { submittedAt: submittedAt + 20 }),
      running('new', { submittedAt: submittedAt + 10 }),
    ]
    render(tray(operations, { defaultOpen: true }))
    expect(labels()).toEqual(['Report newest', 'Report new', 'Report old'])
    expect(operations.map(({ id }) => id)).toEqual(['old', 'newest', 'new'])
  })

  it('shows the result of each', () => {
    const renderResult = ({ Url }: { Url: string }, { id }: OperationRecord<{ Url: string }>) => (
      <a href={Url}>Open {id}</a>
    )
    const operations = [completed('a') as OperationRecord<{ Url: string }>]
    render(<OperationTray operations={operations} labelOf={() => 'Report'} renderResult={renderResult} defaultOpen />)
    expect(screen.getByRole('link', { name: 'Open a' }).getAttribute('href')).toBe('/a')
  })
})

describe('one operation', () => {
  it('is cancelled and dismissed by its id', async () => {
    const props = { onCancel: vi.fn(), onDismiss: vi.fn() }
    render(tray([running('a'), completed('b')], { defaultOpen: true, ...props }))
    await userEvent.click(button('Cancel', row('a')))
    await userEvent.click(button('Dismiss', row('b')))
    expect(props.onCancel.mock.calls).toEqual([['a']])
    expect(props.onDismiss.mock.calls).toEqual([['b']])
  })

  it('has no buttons without callbacks', () => {
    render(tray([running('a'), completed('b')], { defaultOpen: true }))
    expect(screen.getAllByRole('button')).toEqual([opener()])
  })

  it('cannot be dismissed while the service still works on requests of it', () => {
    const batch = batchRecord([batchItem(1, { outcome: 'pending' })], { status: 'completed' })
    render(tray([batch], { defaultOpen: true, onDismiss: vi.fn() }))
    expect(within(screen.getByRole('group')).queryByRole('button')).toBeNull()
  })

  it('gives the focus to the next one when it is dismissed, to the one before at the end, then to the list', async () => {
    renderApp(['c', 'b', 'a'].map((id) => completed(id)))
    await open()
    act(() => button('Dismiss', row('b')).focus())
    await userEvent.keyboard('{Enter}')
    expect(document.activeElement).toBe(button('Dismiss', row('a')))
    await userEvent.keyboard('{Enter}')
    expect(document.activeElement).toBe(button('Dismiss', row('c')))
    await userEvent.keyboard('{Enter}')
    expect(document.activeElement).toBe(screen.getByRole('region'))
    expect(isOpen()).toBe(true)
  })

  it('gives the focus to the list when it goes by itself', async () => {
    const { change } = renderApp([running('a'), running('b')])
    await open()
    act(() => button('Cancel', row('a')).focus())
    change([running('b')])
    expect(document.activeElement).toBe(screen.getByRole('region'))
  })
})

describe('many operations', () => {
  it('are dismissed together when they are finished, and the focus goes to the list', async () => {
    renderApp([completed('a'), running('b'), failed('c'), cancelled('d')])
    await open()
    await userEvent.click(button('Dismiss finished'))
    expect(labels()).toEqual(['Report b'])
    expect(screen.queryByRole('button', { name: 'Dismiss finished' })).toBeNull()
    expect(document.activeElement).toBe(screen.getByRole('region'))
  })

  it('are cancelled together, once that was confirmed', async () => {
    const operations = [
      running('a'),
      running('b', { status: 'pending' }),
      running('c', { canCancel: false }),
      running('d', { status: 'cancelling' }),
      completed('e'),
    ]
    const { onCancel } = renderApp(operations)
    await open()
    const cancelAll = button('Cancel all')
    act(() => cancelAll.focus())
    await userEvent.keyboard('{Enter}')
    expect(screen.getByRole('alert').textContent).toBe('Cancel 2 operations?')
    expect(onCancel).not.toHaveBeenCalled()
    expect(document.activeElement).toBe(button('Keep running'))
    await userEvent.tab({ shift: true })
    expect(document.activeElement).toBe(button('Cancel all'))
    await userEvent.keyboard('{Enter}')
    expect(onCancel.mock.calls).toEqual([['a'], ['b']])
    expect(screen.queryByRole('alert')).toBeNull()
    expect(document.activeElement).toBe(screen.getByRole('region'))
  })

  it('go on when that was not confirmed', async () => {
    const { onCancel } = renderApp([running('a'), running('b')])
    await open()
    await userEvent.click(button('Cancel all'))
    await userEvent.click(button('Keep running'))
    expect(screen.queryByRole('alert')).toBeNull()
    expect(document.activeElement).toBe(button('Cancel all'))
    await userEvent.click(button('Cancel all'))
    await userEvent.keyboard('{Escape}')
    await open()
    expect(screen.queryByRole('alert')).toBeNull()
    expect(onCancel).not.toHaveBeenCalled()
  })

  it('are not cancelled by a double click, which asks', async () => {
    const { onCancel } = renderApp([running('a'), running('b')])
    await open()
    await userEvent.dblClick(button('Cancel all'))
    expect(screen.getByRole('alert').textContent).toBe('Cancel 2 operations?')
    expect(onCancel).not.toHaveBeenCalled()
  })

  it('have buttons of their own only when there are two', () => {
    render(tray([running('a'), completed('b')], { defaultOpen: true, onCancel: vi.fn(), onDismiss: vi.fn() }))
    expect(screen.queryByRole('button', { name: 'Cancel all' })).toBeNull()
    expect(screen.queryByRole('button', { name: 'Dismiss finished' })).toBeNull()
  })

  it('are listed 20 at a time', async () => {
    const operations = Array.from({ length: 45 }, (_, index) => running(`${index}`))
    render(
      tray(operations, { defaultOpen: true, messages: { showMore: ({ id }, { label }) => `More: ${label} (${id})` } }),
    )
    expect(rows()).toHaveLength(20)
    await userEvent.click(screen.getByRole('button', { name: 'More: Report 20 (20)' }))
    expect(rows()).toHaveLength(40)
    const more = screen.getByRole('button', { name: /^More/ })
    expect(document.activeElement).toBe(more)
    await userEvent.click(more)
    expect(rows()).toHaveLength(45)
    expect(more.isConnected).toBe(false)
    expect(document.activeElement).toBe(screen.getByRole('region'))
  })

  it('render the one that changes and no other, in a list of 1,000', () => {
    const rendered = vi.fn()
    const renderResult = (_: unknown, { id }: OperationRecord) => {
      rendered(id)
      return null
    }
    const callbacks = { onCancel: vi.fn(), onDismiss: vi.fn(), renderResult }
    const operations = Array.from({ length: 1000 }, (_, index) => completed(`${index}`))
    const { rerender } = render(tray(operations, { defaultOpen: true, ...callbacks }))
    rendered.mockClear()
    const changed = operations.map((operation) => (operation.id === '7' ? { ...operation, result: 1 } : operation))
    rerender(tray(changed, { defaultOpen: true, ...callbacks }))
    expect(new Set(rendered.mock.calls.flat())).toEqual(new Set(['7']))
  })

  it('render no row while the list is closed', () => {
    const labelOf = vi.fn(() => 'Report')
    render(
      <Profiler id="tray" onRender={() => {}}>
        {tray(
          Array.from({ length: 1000 }, (_, index) => running(`${index}`)),
          { labelOf },
        )}
      </Profiler>,
    )
    expect(labelOf).not.toHaveBeenCalled()
  })
})

it('speaks through the announcer around it, not from each row', () => {
  const operations = [running('a'), running('b')]
  render(<OperationAnnouncer>{tray(operations, { defaultOpen: true })}</OperationAnnouncer>)
  expect(screen.getAllByRole('status')).toHaveLength(1)
})

it('has the words of the provider or of its own', () => {
  render(tray([running('a')], { defaultOpen: true, messages: { trayTitle: () => 'Jobs', traySummary: () => '1 job' } }))
  expect(screen.getByRole('button', { name: '1 job' }).getAttribute('aria-expanded')).toBe('true')
  expect(screen.getByRole('region', { name: 'Jobs' }).textContent).toContain('Jobs')
})

it('passes on what belongs to its element', () => {
  const ref = createRef<HTMLDivElement>()
  const { rerender } = render(
    <OperationTray ref={ref} operations={[]} labelOf={() => ''} id="tray" className="mine" style={{ marginTop: 3 }} />,
  )
  expect(ref.current?.id).toBe('tray')
  expect(ref.current?.className).toBe('odata-tray mine')
  expect(ref.current?.style.marginTop).toBe('3px')
  expect(ref.current?.dataset.status).toBe('idle')
  const states = [[running('a')], [running('a'), completed('b')], [completed('b'), failed('c')]].map((operations) => {
    rerender(<OperationTray ref={ref} operations={operations} labelOf={() => ''} />)
    return ref.current?.dataset.status
  })
  expect(states).toEqual(['running', 'completed', 'failed'])
})

it('is rendered on a server', () => {
  expect(renderToString(tray([running('a')], { defaultOpen: true }))).toContain('Report a')
})
