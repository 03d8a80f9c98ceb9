import { act, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { StrictMode } from 'react'
import { renderToString } from 'react-dom/server'
import { afterEach, expect, it, vi } from 'vitest'
import type { OperationRecord } from '../../src/core/operation.js'
import {
  OperationMessagesProvider,
  type OperationProps,
  type UseOperationPropsOptions,
  useOperationProps,
} from '../../src/ui/index.js'
import { failedRecord, operationRecord, settledRecord, submittedAt } from './operationRecords.js'
import { ownId } from './ownId.js'

type Parts = (props: OperationProps) => React.ReactNode

interface AppProps {
  readonly operation: OperationRecord | undefined
  readonly options?: Partial<UseOperationPropsOptions> | undefined
  readonly parts?: Parts | undefined
}

/** The parts as a design system without looks has them. */
const allParts: Parts = (props) => (
  <div {...props.getRootProps()}>
    <div {...props.getProgressProps()} />
    <p data-testid="status" {...props.getStatusProps()} />
    <button {...props.getCancelProps()} />
    <button {...props.getRetryProps()} />
    <button {...props.getRetryFailedProps()} />
    <button {...props.getCheckNowProps()} />
    <button {...props.getDismissProps()} />
  </div>
)

function App({ operation, options, parts = allParts }: AppProps) {
  return parts(useOperationProps(operation, { label: 'Annual report', locale: 'en', ...options }))
}

const callbacks = () => ({
  onCancel: vi.fn(),
  onRetry: vi.fn(),
  onRetryFailed: vi.fn(),
  onCheckNow: vi.fn(),
  onDismiss: vi.fn(),
})

const button = (name: string) => screen.getByRole('button', { name })
const buttons = () => screen.queryAllByRole('button').map(({ textContent }) => textContent)
const group = () => screen.getByRole('group', { name: 'Annual report' })
const bar = () => screen.getByRole('progressbar', { name: 'Annual report' })

const running = operationRecord({ progress: { percent: 42, message: 'Rendering pages' } })
const cancelling = operationRecord({ status: 'cancelling', cancelRequestedAt: submittedAt + 60_000 })
const cancelled = settledRecord({ status: 'cancelled' })
const completed = settledRecord({ status: 'completed' })
const failed = failedRecord({ kind: 'service', message: 'No closed periods.', code: 'NO_PERIOD' })

afterEach(() => {
  vi.useRealTimers()
})

it('makes a bar of any element, named by the label', () => {
  const { rerender } = render(<App operation={running} />)
  expect(bar().getAttribute('aria-valuenow')).toBe('42')
  expect(bar().getAttribute('aria-valuetext')).toBe('Rendering pages, 42%')
  rerender(<App operation={operationRecord()} />)
  expect(bar().hasAttribute('aria-valuenow')).toBe(false)
  expect(bar().dataset.indeterminate).toBe('')
})

it('takes the name of the bar from an element instead', () => {
  const parts: Parts = ({ getProgressProps }) => (
    <>
      <h2 id="title">Report of the year</h2>
      <div {...getProgressProps({ 'aria-labelledby': 'title' })} />
    </>
  )
  render(<App operation={running} parts={parts} />)
  const named = screen.getByRole('progressbar', { name: 'Report of the year' })
  expect(named.hasAttribute('aria-label')).toBe(false)
})

it.each<[string, OperationRecord | undefined, number | null, boolean, string | undefined]>([
  ['nothing was started', undefined, null, false, undefined],
  ['the percentage is unknown', operationRecord(), null, true, undefined],
  ['the percentage is known', running, 42, false, undefined],
  ['it failed before anything was known', failed, null, false, 'negative'],
  ['it is completed', completed, 100, false, 'positive'],
])('when %s, tells what a bar with props of its own has to know', (_, operation, percent, isIndeterminate, tone) => {
  const parts = vi.fn<Parts>(() => null)
  render(<App operation={operation} parts={parts} />)
  expect(parts).toHaveBeenLastCalledWith(expect.objectContaining({ operation, percent, isIndeterminate, tone }))
})

it('says in any element what goes on, and announces of it what a status announces', () => {
  const id = ownId()
  const { rerender } = render(<App operation={undefined} />)
  const status = screen.getByTestId('status')
  expect(status.textContent).toBe('Not started.')
  rerender(<App operation={{ ...running, id, submittedAt: Date.now() - 60_000 }} />)
  expect(status.textContent).toContain('Rendering pages · 42%')
  expect(status.dataset.status).toBe('running')
  expect(screen.getByRole('status').textContent).toBe('Annual report: 42%')
})

it('alerts of an error in its status', () => {
  render(<App operation={failed} />)
  expect(screen.getByRole('alert').textContent).toBe('Annual report failed: No closed periods. Error NO_PERIOD')
  expect(screen.getByTestId('status').dataset.tone).toBe('negative')
})

it('speaks the language that it is given', () => {
  const messages = { running: () => 'Seiten werden erzeugt', cancel: () => 'Abbrechen' }
  render(<App operation={running} options={{ messages, locale: 'de', onCancel: vi.fn() }} />)
  expect(bar().getAttribute('aria-valuetext')).toBe('Seiten werden erzeugt, 42\u00a0%')
  button('Abbrechen')
})

it('takes texts and locale from a provider, too', () => {
  const messages = { running: () => 'Seiten werden erzeugt', cancel: () => 'Abbrechen' }
  render(
    <OperationMessagesProvider messages={messages} locale="de">
      <App operation={running} options={{ locale: undefined, onCancel: vi.fn() }} />
    </OperationMessagesProvider>,
  )
  expect(bar().getAttribute('aria-valuetext')).toBe('Seiten werden erzeugt, 42\u00a0%')
  button('Abbrechen')
})

it.each<[string, OperationRecord | undefined, string[]]>([
  ['nothing was started', undefined, []],
  ['it is running', running, ['Cancel', 'Check now']],
  ['the service cannot cancel', operationRecord({ canCancel: false }), ['Check now']],
  ['it is cancelled', cancelled, ['Retry', 'Dismiss']],
  ['its outcome is unknown', failedRecord({ kind: 'network', message: 'No answer.' }), ['Dismiss']],
  ['it is completed', completed, ['Dismiss']],
])('when %s, shows the buttons that can do something', (_, operation, names) => {
  const { rerender } = render(<App operation={operation} options={callbacks()} />)
  expect(buttons()).toEqual(names)
  rerender(<App operation={operation} />)
  expect(buttons()).toEqual([])
})

it('hides a button from styles that set `display`, too', () => {
  const parts: Parts = ({ getRetryProps }) => (
    <button data-testid="retry" {...getRetryProps({ style: { display: 'inline-flex', margin: 4 } })} />
  )
  const { rerender } = render(<App operation={running} options={callbacks()} parts={parts} />)
  const { style } = screen.getByTestId('retry')
  expect([style.display, style.margin]).toEqual(['none', '4px'])
  rerender(<App operation={cancelled} options={callbacks()} parts={parts} />)
  expect([style.display, style.margin]).toEqual(['inline-flex', '4px'])
})

it.each([
  ['Cancel', 'onCancel', running],
  ['Check now', 'onCheckNow', running],
  ['Retry', 'onRetry', failed],
  ['Dismiss', 'onDismiss', completed],
] as const)('calls back once for %s, with no arguments', async (name, prop, operation) => {
  const all = callbacks()
  render(<App operation={operation} options={all} />)
  await userEvent.click(button(name))
  expect(Object.entries(all).flatMap(([key, { mock }]) => mock.calls.map((call) => [key, call]))).toEqual([[prop, []]])
})

it('cancels no second time, and says that the button is at it without taking its focus', async () => {
  const onCancel = vi.fn()
  const { rerender } = render(<App operation={running} options={{ onCancel }} />)
  await userEvent.click(button('Cancel'))
  rerender(<App operation={cancelling} options={{ onCancel }} />)
  expect(document.activeElement).toBe(button('Cancel'))
  expect(button('Cancel').getAttribute('aria-disabled')).toBe('true')
  await userEvent.click(button('Cancel'))
  expect(onCancel).toHaveBeenCalledOnce()
})

it('runs your handler first, which may keep ours from running', async () => {
  const calls: string[] = []
  const mayCancel = vi.fn(() => false)
  const parts: Parts = ({ getCancelProps }) => (
    <button
      {...getCancelProps({
        onClick: (event) => {
          calls.push('yours')
          if (!mayCancel()) event.preventDefault()
        },
      })}
    />
  )
  render(<App operation={running} options={{ onCancel: () => calls.push('ours') }} parts={parts} />)
  await userEvent.click(button('Cancel'))
  expect(calls).toEqual(['yours'])
  mayCancel.mockReturnValue(true)
  await userEvent.click(button('Cancel'))
  expect(calls).toEqual(['yours', 'yours', 'ours'])
})

it('keeps its own handler where you pass none on', async () => {
  const onCancel = vi.fn()
  const parts: Parts = ({ getCancelProps }) => (
    <button {...getCancelProps({ onClick: undefined, className: 'plain' })} />
  )
  render(<App operation={running} options={{ onCancel }} parts={parts} />)
  await userEvent.click(button('Cancel'))
  expect(button('Cancel').className).toBe('plain')
  expect(onCancel).toHaveBeenCalledOnce()
})

it('ignores the second click of a double click, but not the details of a web component', () => {
  const onCancel = vi.fn()
  render(<App operation={running} options={{ onCancel }} />)
  const click = (event: Event) => act(() => void button('Cancel').dispatchEvent(event))
  click(new MouseEvent('click', { bubbles: true, detail: 2 }))
  expect(onCancel).not.toHaveBeenCalled()
  click(new CustomEvent('click', { bubbles: true, detail: { originalEvent: {} } }))
  expect(onCancel).toHaveBeenCalledOnce()
})

it.each([
  ['the last button that is left', callbacks(), () => button('Dismiss')],
  ['the group when there is none', { onCancel: vi.fn() }, group],
])('moves the focus of a button that is hidden to %s', (_, options, expected) => {
  const app = (operation: OperationRecord) => (
    <StrictMode>
      <App operation={operation} options={options} />
    </StrictMode>
  )
  const { rerender } = render(app(cancelling))
  act(() => button('Cancel').focus())
  rerender(app(cancelled))
  expect(document.activeElement).toBe(expected())
})

it('does the same for a button that you take away', () => {
  const parts: Parts = ({ getRootProps, getCancelProps, getRetryProps }) => {
    const [cancel, retry] = [getCancelProps(), getRetryProps()]
    return (
      <div {...getRootProps()}>
        {!cancel.hidden && <button {...cancel} />}
        {!retry.hidden && <button {...retry} />}
        <a href="/help">Help</a>
      </div>
    )
  }
  const { rerender } = render(<App operation={cancelling} options={callbacks()} parts={parts} />)
  act(() => button('Cancel').focus())
  rerender(<App operation={cancelled} options={callbacks()} parts={parts} />)
  expect(document.activeElement).toBe(button('Retry'))
})

it('takes the focus from nowhere else', () => {
  const { rerender } = render(<App operation={running} options={callbacks()} />)
  act(() => button('Cancel').focus())
  act(() => button('Cancel').blur())
  rerender(<App operation={cancelled} options={callbacks()} />)
  expect(document.activeElement).toBe(document.body)
})

it('does not show a wait of less than 300 ms, in no part', () => {
  vi.useFakeTimers({ now: submittedAt, toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] })
  const id = ownId()
  const { rerender } = render(<App operation={undefined} options={callbacks()} />)
  rerender(<App operation={operationRecord({ id, status: 'pending' })} options={callbacks()} />)
  const look = () => [bar().dataset.status, screen.getByTestId('status').dataset.status, buttons()]
  expect(look()).toEqual(['idle', 'idle', []])
  act(() => vi.advanceTimersByTime(300))
  expect(look()).toEqual(['pending', 'pending', ['Cancel']])
})

it('renders on a server', () => {
  expect(renderToString(<App operation={running} options={callbacks()} />)).toContain('Rendering pages')
})
