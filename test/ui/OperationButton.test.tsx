import { act, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { createRef, type FormEvent, StrictMode, useState } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { OperationRecord } from '../../src/core/operation.js'
import { OperationButton, type OperationButtonProps } from '../../src/ui/index.js'
import { failedRecord, operationRecord, settledRecord, submittedAt } from './operationRecords.js'
import { ownId } from './ownId.js'

interface Report {
  readonly Url: string
}

const running = operationRecord<Report>({ progress: { percent: 42 } })
const cancelling = operationRecord<Report>({ status: 'cancelling', cancelRequestedAt: submittedAt + 60_000 })
const cancelled = settledRecord<Report>({ status: 'cancelled', cancelRequestedAt: submittedAt + 60_000 })
const completed = settledRecord<Report>({ status: 'completed', result: { Url: '/report.pdf' } })
const failed = failedRecord({ kind: 'service', message: 'No closed periods.', code: 'NO_PERIOD' })
const unknown = failedRecord({ kind: 'network', message: 'POST got no answer.' })

const start = (operation: OperationRecord<Report> | undefined, props: Partial<OperationButtonProps<Report>> = {}) => (
  <OperationButton<Report>
    label="Generate report"
    busyLabel="Generating…"
    doneLabel="Open report"
    locale="en"
    operation={operation}
    {...props}
  />
)

const main = () => document.querySelector('[aria-busy]') as HTMLButtonElement
const names = () => screen.getAllByRole('button').map((button) => accessibleText(button))
const button = (name: string) => screen.getByRole('button', { name })
const bar = () => screen.queryByRole('progressbar')

/** What of an element is not hidden. */
function accessibleText(element: Element): string {
  const copy = element.cloneNode(true) as Element
  for (const hidden of copy.querySelectorAll('[aria-hidden=true]')) hidden.remove()
  return copy.textContent ?? ''
}

/** What of an element can be seen. */
function seen(element: Element): string {
  const copy = element.cloneNode(true) as Element
  for (const ghost of copy.querySelectorAll<HTMLElement>('*')) if (ghost.style.visibility === 'hidden') ghost.remove()
  return copy.textContent ?? ''
}

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

describe.each([
  ['nothing was started', undefined, ['Generate report'], false],
  ['it is pending', operationRecord<Report>({ status: 'pending' }), ['Generating…', 'Cancel'], true],
  ['it is running', running, ['Generating…', 'Cancel'], true],
  ['the service cannot cancel', operationRecord<Report>({ canCancel: false }), ['Generating…'], true],
  ['it is cancelling', cancelling, ['Cancelling…', 'Cancel'], true],
  ['it is cancelled', cancelled, ['Generate report', 'Dismiss'], false],
  ['the service answered with an error', failed, ['Retry', 'Dismiss'], false],
  ['nobody knows whether it was started', unknown, ['Generate report', 'Dismiss'], false],
  ['there is a result to open', completed, ['Open report', 'Dismiss'], false],
  ['it returned nothing', settledRecord<Report>({ status: 'completed' }), ['Generate report', 'Dismiss'], false],
] as const)('when %s', (_, operation, expected, isBusy) => {
  it(`says ${expected.join(', ')}`, () => {
    render(start(operation as OperationRecord<Report>, { onCancel: vi.fn(), onDismiss: vi.fn(), onOpen: vi.fn() }))
    expect(names()).toEqual(expected)
  })

  it(`is ${isBusy ? '' : 'not '}busy, and has a bar only then`, () => {
    render(start(operation as OperationRecord<Report>, { onCancel: vi.fn(), onOpen: vi.fn() }))
    expect(main().getAttribute('aria-busy')).toBe(`${isBusy}`)
    expect(main().getAttribute('aria-disabled')).toBe(isBusy ? 'true' : null)
    expect(main().disabled).toBe(false)
    expect(bar() !== null).toBe(isBusy)
  })

  it('has room for each text that it may say', () => {
    const ghosts = () =>
      [...main().querySelectorAll<HTMLElement>('[aria-hidden]')].map(({ textContent }) => textContent)
    render(start(operation as OperationRecord<Report>, { onCancel: vi.fn(), onOpen: vi.fn() }))
    const all = ['Generate report', 'Generating… 99%', 'Cancelling…', 'Retry', 'Open report']
    expect(ghosts().slice(0, 5)).toEqual(all)
    const side = document.querySelector('.odata-start > .odata-button')
    expect(side?.textContent).toContain('Cancel')
  })
})

it('shows how far it is, which is not in its name, as that would be read again with each step', () => {
  render(start(running))
  expect(seen(main())).toBe('Generating… 42%')
  expect(button('Generating…')).toBe(main())
  expect(screen.getByRole('progressbar', { name: 'Generate report' }).getAttribute('aria-valuenow')).toBe('42')
})

it('has words of its own for what is not given', () => {
  const { rerender } = render(start(running, { busyLabel: undefined, doneLabel: undefined }))
  expect(seen(main())).toBe('Generate report… 42%')
  rerender(start(completed, { busyLabel: undefined, doneLabel: undefined, onOpen: vi.fn() }))
  expect(seen(main())).toBe('Open')
})

describe('by keyboard', () => {
  /** An app that goes where the buttons lead. */
  function App(props: Partial<OperationButtonProps<Report>>) {
    const [operation, setOperation] = useState<OperationRecord<Report>>()
    return (
      <>
        {start(operation, {
          onStart: () => setOperation(running),
          onCancel: () => setOperation(cancelling),
          onDismiss: () => setOperation(undefined),
          ...props,
        })}
        <button type="button" onClick={() => setOperation(cancelled)}>
          The service cancels
        </button>
        <button type="button" onClick={() => setOperation(completed)}>
          The service is done
        </button>
        <button type="button" onClick={() => setOperation(failed as OperationRecord<Report>)}>
          The service fails
        </button>
      </>
    )
  }

  /** Something happens elsewhere: the focus is where it was. */
  const happens = (name: string) => act(() => button(name).click())

  it.each(['{Enter}', ' '])('starts, opens the result and starts again with %j, and keeps the focus', async (key) => {
    const onOpen = vi.fn()
    render(
      <StrictMode>
        <App onOpen={onOpen} />
      </StrictMode>,
    )
    const element = main()
    await userEvent.tab()
    expect(document.activeElement).toBe(element)
    await userEvent.keyboard(key)
    expect(seen(element)).toBe('Generating… 42%')
    expect(document.activeElement).toBe(element)
    happens('The service is done')
    expect(seen(element)).toBe('Open report')
    expect(document.activeElement).toBe(element)
    await userEvent.keyboard(key)
    expect(onOpen.mock.calls).toEqual([[completed.result, completed]])
    expect(document.activeElement).toBe(element)
    await userEvent.tab()
    expect(document.activeElement).toBe(button('Dismiss'))
    await userEvent.keyboard(key)
    expect(seen(element)).toBe('Generate report')
    expect(document.activeElement).toBe(element)
  })

  it('cancels, keeps the focus on Cancel as long as it is there, and goes back to the button', async () => {
    render(
      <StrictMode>
        <App />
      </StrictMode>,
    )
    await userEvent.tab()
    await userEvent.keyboard('{Enter}')
    await userEvent.tab()
    const cancel = button('Cancel')
    expect(document.activeElement).toBe(cancel)
    await userEvent.keyboard('{Enter}')
    expect(seen(main())).toBe('Cancelling…')
    expect(document.activeElement).toBe(cancel)
    expect(cancel.getAttribute('aria-disabled')).toBe('true')
    happens('The service cancels')
    expect(document.activeElement).toBe(main())
    expect(seen(main())).toBe('Generate report')
    await userEvent.keyboard('{Enter}')
    expect(seen(main())).toBe('Generating… 42%')
  })

  it('tries again after an error', async () => {
    const onStart = vi.fn()
    const { rerender } = render(start(running, { onStart }))
    act(() => main().focus())
    rerender(start(failed as OperationRecord<Report>, { onStart }))
    expect(button('Retry')).toBe(document.activeElement)
    await userEvent.keyboard('{Enter}')
    expect(onStart).toHaveBeenCalledExactlyOnceWith()
  })
})

describe('a double click', () => {
  const click = (element: Element, detail: number) =>
    act(() => void element.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, detail })))

  it('starts once, though it fails at once', () => {
    const onStart = vi.fn()
    const { rerender } = render(start(undefined, { onStart }))
    click(main(), 1)
    rerender(start(failed as OperationRecord<Report>, { onStart }))
    click(main(), 2)
    expect(onStart).toHaveBeenCalledOnce()
  })

  it('on Cancel dismisses nothing', () => {
    const props = { onCancel: vi.fn(), onDismiss: vi.fn() }
    const { rerender } = render(start(running, props))
    click(button('Cancel'), 1)
    rerender(start(cancelled, props))
    click(button('Dismiss'), 2)
    expect(props.onCancel).toHaveBeenCalledOnce()
    expect(props.onDismiss).not.toHaveBeenCalled()
  })
})

it('does nothing while it works', async () => {
  const props = { onStart: vi.fn(), onOpen: vi.fn() }
  render(start(running, props))
  await userEvent.click(main())
  await userEvent.keyboard('{Enter}')
  expect(props.onStart).not.toHaveBeenCalled()
  expect(props.onOpen).not.toHaveBeenCalled()
})

it('shows no wait of less than 300 ms, and starts nothing in it', () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] })
  const onStart = vi.fn()
  const pending = operationRecord<Report>({ id: ownId(), status: 'pending', submittedAt: Date.now() })
  const { rerender } = render(start(undefined, { onStart }))
  rerender(start(pending, { onStart }))
  expect(seen(main())).toBe('Generate report')
  act(() => main().click())
  expect(onStart).not.toHaveBeenCalled()
  act(() => vi.advanceTimersByTime(300))
  expect(seen(main())).toBe('Generating…')
})

it('alerts of an error in the words of the service', () => {
  const { rerender } = render(start(running))
  rerender(start(failed as OperationRecord<Report>))
  const alert = screen.getByRole('alert')
  expect(alert.textContent).toBe('Generate report failed: No closed periods. Error NO_PERIOD')
  expect(alert.closest<HTMLElement>('.odata-status')?.style.position).toBe('')
})

it.each<[string, OperationRecord | undefined, boolean]>([
  ['nothing was started', undefined, false],
  ['it goes on', running, false],
  ['it is cancelling', cancelling, false],
  ['the result can be opened', completed, false],
  ['the connection is lost', operationRecord({ pollError: { kind: 'network', message: 'No answer.' } }), true],
  ['the service refused to cancel', operationRecord({ canCancel: false, cancelRequestedAt: submittedAt }), true],
  ['it is cancelled', cancelled, true],
  ['nobody knows whether it was started', unknown, true],
])('when %s, says what the label says for screen readers only', (_, operation, isShown) => {
  render(start(operation as OperationRecord<Report>, { onOpen: vi.fn() }))
  const status = document.querySelector<HTMLElement>('.odata-status')
  expect(status?.style.position).toBe(isShown ? '' : 'absolute')
})

it('announces the start and the end, and keeps its live region', () => {
  const { rerender } = render(start(undefined, { onOpen: vi.fn() }))
  const region = screen.getByRole('status')
  rerender(start(operationRecord<Report>({ id: ownId() }), { onOpen: vi.fn() }))
  expect(screen.getByRole('status')).toBe(region)
  expect(region.textContent).toBe('Generate report: started.')
  rerender(start({ ...completed, id: ownId() }, { onOpen: vi.fn() }))
  expect(region.textContent).toBe('Generate report: Done in 2 min 14 sec.')
})

it('shows what is rendered of the result beside it', () => {
  const renderResult = vi.fn(({ Url }: Report) => <a href={Url}>Open</a>)
  const { rerender } = render(start(running, { renderResult }))
  expect(renderResult).not.toHaveBeenCalled()
  rerender(start(completed, { renderResult }))
  expect(screen.getByRole('link', { name: 'Open' }).getAttribute('href')).toBe('/report.pdf')
  expect(renderResult).toHaveBeenCalledWith(completed.result, completed)
})

it('submits its form when it starts something, and neither while that goes on nor to open the result', async () => {
  const onSubmit = vi.fn((event: FormEvent) => event.preventDefault())
  const onOpen = vi.fn()
  const form = (operation: OperationRecord<Report> | undefined) => (
    <form onSubmit={onSubmit}>{start(operation, { type: 'submit', onOpen })}</form>
  )
  const { rerender } = render(form(undefined))
  await userEvent.click(main())
  expect(onSubmit).toHaveBeenCalledTimes(1)
  rerender(form(running))
  await userEvent.click(main())
  rerender(form(completed))
  await userEvent.click(main())
  expect(onOpen).toHaveBeenCalledTimes(1)
  expect(onSubmit).toHaveBeenCalledTimes(1)
  rerender(form(failed as OperationRecord<Report>))
  await userEvent.click(main())
  expect(onSubmit).toHaveBeenCalledTimes(2)
})

it('passes on what belongs to its button', () => {
  const ref = createRef<HTMLButtonElement>()
  render(
    start(running, {
      id: 'generate',
      className: (operation) => operation?.status,
      style: { marginTop: 3 },
      onCancel: vi.fn(),
      ...({ ref } as object),
    }),
  )
  expect(ref.current).toBe(main())
  expect(main().id).toBe('generate')
  expect(main().className).toBe('odata-button running')
  expect(main().style.marginTop).toBe('3px')
  expect(main().type).toBe('button')
  expect(button('Cancel').getAttribute('aria-describedby')).toBe('generate')
  expect(main().closest('[data-status]')?.getAttribute('data-status')).toBe('running')
})

it('is rendered on a server and taken over in the browser without a difference', async () => {
  const element = start(running, { onCancel: vi.fn() })
  const container = document.body.appendChild(document.createElement('div'))
  container.innerHTML = renderToString(element)
  expect(container.textContent).toContain('42%')
  const onRecoverableError = vi.fn()
  const error = vi.spyOn(console, 'error')
  const root = await act(async () => hydrateRoot(container, element, { onRecoverableError }))
  expect(onRecoverableError).not.toHaveBeenCalled()
  expect(error).not.toHaveBeenCalled()
  act(() => root.unmount())
  container.remove()
})
