import { act, render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { createRef, StrictMode, useState } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { afterEach, expect, it, vi } from 'vitest'
import type { ODataErrorKind } from '../../src/core/errors.js'
import type { OperationRecord } from '../../src/core/operation.js'
import { OperationPanel, type OperationPanelProps } from '../../src/ui/index.js'
import { failedRecord, operationRecord, settledRecord, submittedAt } from './operationRecords.js'
import { ownId } from './ownId.js'

interface Report {
  readonly Url: string
}

const callbacks = () => ({ onCancel: vi.fn(), onRetry: vi.fn(), onCheckNow: vi.fn(), onDismiss: vi.fn() })

const panel = (operation: OperationRecord | undefined, props: Partial<OperationPanelProps> = {}) => (
  <OperationPanel label="Annual report" locale="en" operation={operation} {...props} />
)

const buttons = () => screen.queryAllByRole('button').map(({ textContent }) => textContent)
const button = (name: string) => screen.getByRole('button', { name })
const title = () => screen.getByText('Annual report')

const completed = settledRecord<Report>({ status: 'completed', result: { Url: '/report.pdf' } })
const failed = failedRecord({ kind: 'service', message: 'No closed periods.', code: 'NO_PERIOD' })
const cancelling = operationRecord({ status: 'cancelling', cancelRequestedAt: submittedAt + 60_000 })
const cancelled = settledRecord({ status: 'cancelled' })

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

it('is a region named by its title, which names the bar and describes the buttons', () => {
  render(panel(operationRecord(), { onCancel: vi.fn() }))
  const region = screen.getByRole('region', { name: 'Annual report' })
  within(region).getByRole('progressbar', { name: 'Annual report' })
  expect(button('Cancel').getAttribute('aria-describedby')).toBe(title().id)
})

it.each<[string, OperationRecord | undefined, string[]]>([
  ['nothing was started', undefined, []],
  ['it is pending', operationRecord({ status: 'pending' }), ['Cancel']],
  ['it is running', operationRecord(), ['Check now', 'Cancel']],
  ['the service cannot cancel', operationRecord({ canCancel: false }), ['Check now']],
  ['it waits for sign-in', operationRecord({ pauseReason: 'auth' }), ['Cancel']],
  ['there is no network', operationRecord({ pauseReason: 'offline' }), ['Cancel']],
  ['the user paused it', operationRecord({ pauseReason: 'user' }), ['Check now', 'Cancel']],
  ['it is cancelling', cancelling, ['Cancel']],
  ['it is cancelled', cancelled, ['Dismiss', 'Retry']],
  ['a cancel could not be sent', operationRecord({ cancelRequestedAt: submittedAt }), ['Check now', 'Cancel']],
  ['the service answered with an error', failed, ['Dismiss', 'Retry']],
  [
    'a gateway got no answer in time, so that the work may go on',
    failedRecord({ kind: 'service', status: 504, message: 'The service answered 504.' }),
    ['Dismiss'],
  ],
  ['it is completed', completed, ['Dismiss']],
])('when %s, offers what can be done then and no more', (_, operation, names) => {
  const { rerender } = render(panel(operation, callbacks()))
  expect(buttons()).toEqual(names)
  rerender(panel(operation))
  expect(buttons()).toEqual([])
})

it.each<[string, ODataErrorKind, number?]>([
  ['the first request got no answer', 'network'],
  ['we stopped waiting', 'timeout'],
  ['the monitor cannot be asked any more', 'monitor', 503],
  ['it was accepted without a monitor', 'protocol', 202],
  ['its result cannot be read', 'protocol', 200],
  ['its result is gone', 'expired', 404],
  ['the call was wrong', 'configuration'],
])('offers no Retry when %s, as the work may be done twice or fail the same way', (_, kind, status) => {
  const error = { kind, message: 'For developers.', ...(status && { status }) }
  render(panel(failedRecord(error), callbacks()))
  expect(buttons()).toEqual(['Dismiss'])
})

it.each([
  ['Cancel', 'onCancel', operationRecord()],
  ['Check now', 'onCheckNow', operationRecord()],
  ['Retry', 'onRetry', failed],
  ['Dismiss', 'onDismiss', completed],
] as const)('calls back once for %s, with no arguments', async (name, prop, operation) => {
  const all = callbacks()
  render(panel(operation, all))
  await userEvent.click(button(name))
  expect(Object.entries(all).flatMap(([key, { mock }]) => mock.calls.map((call) => [key, call]))).toEqual([[prop, []]])
})

it('keeps the focus on Cancel while it is cancelling, and cancels no second time', async () => {
  const onCancel = vi.fn()
  const { rerender } = render(panel(operationRecord(), { onCancel }))
  const cancel = button('Cancel')
  await userEvent.click(cancel)
  rerender(panel(cancelling, { onCancel }))
  expect(document.activeElement).toBe(cancel)
  expect(cancel.getAttribute('aria-disabled')).toBe('true')
  expect(cancel.hasAttribute('disabled')).toBe(false)
  await userEvent.click(cancel)
  await userEvent.keyboard('{Enter}')
  expect(onCancel).toHaveBeenCalledOnce()
})

it.each([
  ['the next button in its place', callbacks(), () => button('Retry')],
  ['the title when there is none', { onCancel: vi.fn() }, title],
])('moves the focus of a button that goes away to %s', (_, props, expected) => {
  const { rerender } = render(<StrictMode>{panel(cancelling, props)}</StrictMode>)
  act(() => button('Cancel').focus())
  rerender(<StrictMode>{panel(cancelled, props)}</StrictMode>)
  expect(document.activeElement).toBe(expected())
})

it('moves the focus to the title when the panel is dismissed', async () => {
  function App() {
    const [operation, setOperation] = useState<OperationRecord | undefined>(completed)
    return panel(operation, { onDismiss: () => setOperation(undefined) })
  }
  render(<App />)
  await userEvent.click(button('Dismiss'))
  expect(document.activeElement).toBe(title())
})

it('takes the focus from nowhere else', () => {
  const page = (operation: OperationRecord) => (
    <>
      <input aria-label="Name" />
      {panel(operation, callbacks())}
    </>
  )
  const { rerender } = render(page(operationRecord()))
  act(() => button('Cancel').focus())
  act(() => screen.getByRole('textbox').focus())
  rerender(page(completed))
  expect(document.activeElement).toBe(screen.getByRole('textbox'))
  act(() => screen.getByRole('textbox').blur())
  rerender(page(failed))
  expect(document.activeElement).toBe(document.body)
})

it('does not let the second click of a double click start what has taken the place of Cancel', async () => {
  const onRetry = vi.fn()
  function App() {
    const [operation, setOperation] = useState<OperationRecord>(operationRecord())
    return panel(operation, { onCancel: () => setOperation(cancelled), onRetry })
  }
  render(<App />)
  act(() => button('Cancel').click())
  act(() => void button('Retry').dispatchEvent(new MouseEvent('click', { bubbles: true, detail: 2 })))
  expect(onRetry).not.toHaveBeenCalled()
  await userEvent.click(button('Retry'))
  expect(onRetry).toHaveBeenCalledOnce()
})

it('renders the result when it is completed, and only then', () => {
  const renderResult = vi.fn((result: Report) => <a href={result.Url}>Open</a>)
  const typed = (operation: OperationRecord<Report> | undefined) => (
    <OperationPanel label="Annual report" operation={operation} renderResult={renderResult}>
      <p>You can leave this page.</p>
    </OperationPanel>
  )
  const { rerender } = render(typed(operationRecord<Report>()))
  expect(renderResult).not.toHaveBeenCalled()
  rerender(typed(completed))
  expect(screen.getByRole('link', { name: 'Open' }).getAttribute('href')).toBe('/report.pdf')
  expect(renderResult).toHaveBeenCalledWith(completed.result, completed)
  screen.getByText('You can leave this page.')
})

it('renders no result of an operation that returned nothing', () => {
  const renderResult = vi.fn((result: Report) => <a href={result.Url}>Open</a>)
  const nothing = settledRecord<Report>({ status: 'completed', result: undefined })
  render(<OperationPanel label="Annual report" locale="en" operation={nothing} renderResult={renderResult} />)
  expect(screen.getByRole('region').textContent).toContain('Done in 2 min 14 sec.')
  expect(renderResult).not.toHaveBeenCalled()
})

it.each([null, 0, '', false])('renders the result %j, which is one', (result) => {
  const renderResult = vi.fn((value: unknown) => `Result: ${JSON.stringify(value)}`)
  render(panel(settledRecord({ status: 'completed', result }), { renderResult }))
  screen.getByText(`Result: ${JSON.stringify(result)}`)
})

it('alerts of an error with the words of the service and its code', () => {
  render(panel(failed))
  expect(screen.getByRole('alert').textContent).toBe('Annual report failed: No closed periods. Error NO_PERIOD')
})

it('shows the elapsed time until the operation is completed, outside of what is announced', () => {
  vi.useFakeTimers({ now: submittedAt + 72_000, toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] })
  const id = ownId()
  const { rerender } = render(panel(undefined))
  rerender(panel(operationRecord({ id, status: 'pending' })))
  const elapsed = screen.getByText('1:12')
  expect(elapsed.textContent).toBe('Elapsed time 1:12')
  expect(elapsed.closest('[role=status], [role=alert], [aria-live]')).toBeNull()
  act(() => vi.advanceTimersByTime(1000))
  expect(elapsed.textContent).toBe('Elapsed time 1:13')
  expect(screen.getByRole('status').textContent).toBe('Annual report: started.')
  rerender(panel({ ...failed, id }))
  screen.getByText('2:14')
  expect(vi.getTimerCount()).toBe(0)
  rerender(panel({ ...completed, id }))
  expect(screen.queryByText('2:14')).toBeNull()
})

it('renders nothing but the elapsed time once a second', () => {
  vi.useFakeTimers({ now: submittedAt + 72_000, toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] })
  const running = vi.fn(() => 'Working')
  render(panel(operationRecord({ id: ownId() }), { messages: { running } }))
  const calls = running.mock.calls.length
  act(() => vi.advanceTimersByTime(10_000))
  screen.getByText('1:22')
  expect(running.mock.calls.length).toBe(calls)
})

it('is a heading of the level that is asked for', () => {
  const { rerender } = render(panel(undefined))
  expect(screen.queryByRole('heading')).toBeNull()
  rerender(panel(undefined, { headingLevel: 3 }))
  expect(screen.getByRole('heading', { level: 3, name: 'Annual report' })).toBe(title())
})

it('has the same parts in one line, the buttons last, and is a group then', () => {
  render(panel(completed, { compact: true, renderResult: () => <a href="/report.pdf">Open</a>, onDismiss: vi.fn() }))
  const group = screen.getByRole('group', { name: 'Annual report' })
  expect(group.dataset.compact).toBe('')
  expect([...group.children].map(({ className }) => className)).toEqual([
    'odata-panel-title',
    'odata-progress',
    'odata-panel-line',
    'odata-panel-slot',
    'odata-panel-actions',
  ])
})

it('passes on what belongs to its element', () => {
  const ref = createRef<HTMLElement>()
  render(
    <OperationPanel
      ref={ref}
      label="Annual report"
      operation={operationRecord()}
      id="report"
      className={(operation) => operation?.status}
      style={{ marginTop: 3 }}
    />,
  )
  expect(ref.current).toBe(screen.getByRole('region'))
  expect(ref.current?.id).toBe('report')
  expect(ref.current?.className).toBe('odata-panel running')
  expect(ref.current?.style.marginTop).toBe('3px')
})

it('shows markup in what the service says as text', () => {
  const message = '<img src=x onerror=alert(1)>'
  render(panel(failedRecord({ kind: 'service', message, code: message })))
  expect(screen.getByRole('alert').textContent).toContain(`${message} Error ${message}`)
  expect(document.querySelector('img')).toBeNull()
})

it('is rendered on a server and taken over in the browser without a difference', async () => {
  vi.useFakeTimers({ now: submittedAt + 72_000, toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] })
  const element = panel(operationRecord({ id: ownId(), progress: { percent: 42 } }), { onCancel: vi.fn() })
  const html = renderToString(element)
  expect(html).toContain('aria-valuenow="42"')
  expect(html).not.toContain('1:12')
  expect(vi.getTimerCount()).toBe(0)

  const container = document.body.appendChild(document.createElement('div'))
  container.innerHTML = html
  const onRecoverableError = vi.fn()
  const error = vi.spyOn(console, 'error')
  const root = await act(async () => hydrateRoot(container, element, { onRecoverableError }))
  within(container).getByText('1:12')
  expect(onRecoverableError).not.toHaveBeenCalled()
  expect(error).not.toHaveBeenCalled()
  act(() => root.unmount())
  container.remove()
})
