import { act, cleanup, render, screen } from '@testing-library/react'
import { Profiler, StrictMode } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { OperationRecord } from '../../src/core/operation.js'
import { OperationPanel, type OperationPanelProps, OperationProgress, OperationStatus } from '../../src/ui/index.js'
import { failedRecord, operationRecord, settledRecord, submittedAt } from './operationRecords.js'
import { ownId } from './ownId.js'

beforeEach(() => {
  vi.useFakeTimers({ now: submittedAt, toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

const advance = (ms: number) => act(() => vi.advanceTimersByTime(ms))

const pending = (change: Partial<OperationRecord> = {}) =>
  operationRecord({ id: ownId(), status: 'pending', isAsync: undefined, ...change })
const running = (change: Partial<OperationRecord> = {}) => operationRecord({ id: ownId(), ...change })
const completed = (change: Partial<OperationRecord> = {}) =>
  settledRecord({ id: ownId(), status: 'completed', result: { Url: '/1' }, settledAt: Date.now(), ...change })
const refused = (change: Partial<OperationRecord> = {}) =>
  failedRecord({ kind: 'service', message: 'No closed periods.' }, { id: ownId(), settledAt: Date.now(), ...change })

const panel = (operation: OperationRecord | undefined, props: Partial<OperationPanelProps> = {}) => (
  <OperationPanel label="Annual report" locale="en" operation={operation} onCancel={() => {}} {...props} />
)
const parts = (operation: OperationRecord | undefined) => (
  <>
    <OperationProgress aria-label="Annual report" locale="en" operation={operation} />
    <OperationStatus label="Annual report" locale="en" operation={operation} />
  </>
)

const bar = () => screen.getByRole('progressbar')
const announced = () => screen.getByRole('status').textContent
const buttons = () => screen.queryAllByRole('button').map(({ textContent }) => textContent)

describe.each([
  ['OperationPanel', panel, 1],
  ['OperationProgress and OperationStatus', parts, 0],
])('%s', (_, ui, clocks) => {
  const mount = (operation: OperationRecord | undefined) => {
    const { container, rerender } = render(ui(operation), { wrapper: StrictMode })
    return { show: (next: OperationRecord | undefined) => rerender(ui(next)), html: () => container.innerHTML }
  }

  it('shows and says nothing of a wait of less than 300 ms: it was not started, and is done', () => {
    const { show, html } = mount(undefined)
    const before = html()
    show(pending())
    expect(html()).toBe(before)
    advance(299)
    expect(html()).toBe(before)
    show(completed())
    expect(bar().dataset.status).toBe('completed')
    expect(announced()).toBe('Annual report: Done.')
    expect(vi.getTimerCount()).toBe(0)
    const after = html()
    advance(2_000)
    expect(html()).toBe(after)
  })

  it('shows and says that it was started when there is no answer after 300 ms', () => {
    const { show } = mount(undefined)
    show(pending())
    advance(299)
    expect([bar().dataset.status, announced()]).toEqual(['idle', ''])
    advance(1)
    expect(bar().hasAttribute('data-indeterminate')).toBe(true)
    expect(bar().getAttribute('aria-valuetext')).toBe('Sending the request…')
    expect(announced()).toBe('Annual report: started.')
    expect(vi.getTimerCount()).toBe(clocks)
  })

  it('keeps a wait that it showed for 500 ms', () => {
    const { show } = mount(undefined)
    show(pending())
    advance(300)
    advance(10)
    show(completed())
    advance(489)
    expect(bar().dataset.status).toBe('pending')
    advance(1)
    expect(bar().dataset.status).toBe('completed')
    expect(announced()).toBe('Annual report: Done.')
    expect(vi.getTimerCount()).toBe(0)
  })

  it('shows the end at once when the wait was shown for longer', () => {
    const { show } = mount(undefined)
    show(pending())
    advance(300)
    advance(500)
    expect(bar().dataset.status).toBe('pending')
    show(completed())
    expect(bar().dataset.status).toBe('completed')
  })

  it('waits no less when the service accepted it meanwhile, and shows what it does then', () => {
    const { show } = mount(undefined)
    show(pending())
    advance(100)
    show(running({ progress: { percent: 3 } }))
    expect(bar().dataset.status).toBe('idle')
    advance(200)
    expect([bar().dataset.status, announced()]).toEqual(['running', 'Annual report: started.'])
    show(completed())
    expect(bar().dataset.status).toBe('running')
    advance(500)
    expect(bar().dataset.status).toBe('completed')
  })

  it.each<[string, () => OperationRecord | undefined]>([
    ['an error', refused],
    ['the answer to a cancel', () => running({ status: 'cancelling', cancelRequestedAt: submittedAt })],
    ['that it waits for sign-in', () => running({ pauseReason: 'auth' })],
    ['that it was taken away', () => undefined],
  ])('shows %s at once', (_, next) => {
    const { show } = mount(undefined)
    show(pending())
    show(next())
    expect(bar().dataset.status).toBe(next()?.status ?? 'idle')
    advance(400)
    expect(bar().dataset.status).toBe(next()?.status ?? 'idle')
  })

  it('shows a cancel at once, and what comes of it', () => {
    const { show } = mount(undefined)
    show(pending())
    advance(300)
    show(running({ status: 'cancelling', cancelRequestedAt: Date.now() }))
    expect(bar().dataset.status).toBe('cancelling')
    show(settledRecord({ id: ownId(), status: 'cancelled' }))
    expect(bar().dataset.status).toBe('cancelled')
  })

  it('shows nothing, not even that it was not started, when it is mounted with what was just started', () => {
    const { show } = mount(pending())
    expect([bar().dataset.status, bar().getAttribute('aria-valuetext')]).toEqual(['idle', ''])
    expect(screen.queryByText('Not started.')).toBeNull()
    advance(200)
    show(pending())
    expect(screen.queryByText('Not started.')).toBeNull()
    advance(100)
    expect([bar().dataset.status, announced()]).toEqual(['pending', 'Annual report: started.'])
  })

  it.each([
    ['pending', pending],
    ['running', running],
  ])('shows what is %s at once when that did not just begin, and its end', (status, record) => {
    vi.setSystemTime(submittedAt + 1_000)
    const { show } = mount(record())
    expect(bar().dataset.status).toBe(status)
    show(completed())
    expect(bar().dataset.status).toBe('completed')
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is not misled by a clock that is set', () => {
    const { show } = mount(undefined)
    show(pending())
    vi.setSystemTime(submittedAt - 3_600_000)
    advance(299)
    expect(bar().dataset.status).toBe('idle')
    advance(1)
    expect(bar().dataset.status).toBe('pending')
  })

  it('renders as often as something else is to be seen, and leaves no timer', () => {
    const onRender = vi.fn()
    const app = (operation: OperationRecord | undefined) => (
      <Profiler id="app" onRender={onRender}>
        {ui(operation)}
      </Profiler>
    )
    /** The commits since the last time. */
    const commits = () => onRender.mock.calls.splice(0).length
    const { rerender, unmount } = render(app(undefined))
    rerender(app(pending()))
    advance(250)
    expect(commits()).toBe(2)
    rerender(app(completed()))
    // The end, and what is said of it.
    expect(commits()).toBe(2)
    advance(5_000)
    expect(commits()).toBe(0)

    const submittedLater = { submittedAt: Date.now() }
    rerender(app(pending(submittedLater)))
    advance(250)
    unmount()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is rendered on a server as it is, and taken over without a difference', async () => {
    const element = ui(pending())
    const html = renderToString(element)
    expect(html).toContain('data-status="pending"')
    expect(vi.getTimerCount()).toBe(0)

    const container = document.body.appendChild(document.createElement('div'))
    container.innerHTML = html
    const onRecoverableError = vi.fn()
    const error = vi.spyOn(console, 'error')
    const root = await act(async () => hydrateRoot(container, element, { onRecoverableError }))
    expect(bar().dataset.status).toBe('pending')
    advance(300)
    expect(bar().dataset.status).toBe('pending')
    expect(onRecoverableError).not.toHaveBeenCalled()
    expect(error).not.toHaveBeenCalled()
    act(() => root.unmount())
    container.remove()
  })
})

describe('OperationPanel after an earlier run', () => {
  const later = (record: typeof pending) => record({ submittedAt: Date.now() })
  const callbacks = () => ({ onCancel: vi.fn(), onRetry: vi.fn(), onDismiss: vi.fn() })

  it('keeps the error and the focus, but not the effect of its buttons, until there is something else', () => {
    const props = callbacks()
    const { rerender } = render(panel(refused({ submittedAt: submittedAt - 60_000 }), props))
    const retry = screen.getByRole('button', { name: 'Retry' })
    act(() => retry.focus())
    rerender(panel(later(pending), props))
    expect(screen.getByRole('alert').textContent).toContain('No closed periods.')
    expect(document.activeElement).toBe(retry)
    for (const button of screen.getAllByRole('button')) act(() => button.click())
    expect([props.onRetry, props.onDismiss].flatMap(({ mock }) => mock.calls)).toEqual([])
    advance(300)
    expect(buttons()).toEqual(['Cancel'])
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Cancel' }))
    expect(screen.queryByRole('alert')).toBeNull()
  })

  it('goes from one result to the next when the answer is quick', () => {
    const renderResult = (result: unknown) => <a href={(result as { Url: string }).Url}>Open</a>
    const link = () => screen.queryByRole('link')?.getAttribute('href')
    const { rerender } = render(panel(completed({ submittedAt: submittedAt - 60_000 }), { renderResult }))
    const next = later(pending)
    const links = [next, { ...next, status: 'completed', result: { Url: '/2' } } as const].map((operation) => {
      rerender(panel(operation, { renderResult }))
      return link()
    })
    expect(links).toEqual(['/1', '/2'])
  })

  it('does not show the result of another operation below a new title', () => {
    const renderResult = vi.fn(() => <a href="/1">Open</a>)
    const { rerender } = render(panel(completed({ submittedAt: submittedAt - 60_000 }), { renderResult }))
    rerender(panel({ ...later(pending), id: 'monthly-report' }, { renderResult, label: 'Monthly report' }))
    expect(screen.queryByRole('link')).toBeNull()
    expect(screen.getByRole('region', { name: 'Monthly report' }).textContent).toBe('Monthly report')
  })

  it('keeps a wait that it showed when the title changes with the end', () => {
    const { rerender } = render(panel(undefined))
    rerender(panel(pending(), { label: 'Making the report' }))
    advance(300)
    rerender(panel(completed(), { label: 'The report' }))
    expect(bar().dataset.status).toBe('pending')
  })

  it('cancels nothing that has ended while the wait is still shown', () => {
    const props = callbacks()
    const { rerender } = render(panel(undefined, props))
    rerender(panel(pending(), props))
    advance(300)
    rerender(panel(completed(), props))
    act(() => screen.getByRole('button', { name: 'Cancel' }).click())
    expect(props.onCancel).not.toHaveBeenCalled()
  })
})

it('shows the same as others on the page do, whenever it was mounted', () => {
  render(parts(pending()))
  advance(200)
  render(panel(pending()))
  advance(100)
  expect(screen.getAllByRole('progressbar').map(({ dataset }) => dataset.status)).toEqual(['pending', 'pending'])
  cleanup()
  expect(vi.getTimerCount()).toBe(0)
})
