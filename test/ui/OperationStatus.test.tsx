import { act, render, screen } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { ODataErrorKind } from '../../src/core/errors.js'
import type { OperationRecord } from '../../src/core/operation.js'
import { defaultMessages, OperationStatus } from '../../src/ui/index.js'
import { failedRecord, operationRecord, settledRecord, submittedAt } from './operationRecords.js'

beforeEach(() => {
  vi.useFakeTimers({ now: submittedAt + 300_000, toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

const status = (operation: OperationRecord | undefined) => (
  <OperationStatus operation={operation} label="Annual report" locale="en" data-testid="status" />
)

/** What can be seen: neither what is only announced, nor what is only heard. */
function seen(): string {
  const copy = screen.getByTestId('status').cloneNode(true) as HTMLElement
  for (const hidden of copy.querySelectorAll('[style]')) hidden.remove()
  return (copy.textContent ?? '').trim()
}

const announced = () => screen.getByRole('status').textContent

const cancelRequestedAt = submittedAt + 60_000
const failure = (kind: ODataErrorKind) => failedRecord({ kind, message: 'For developers.' })

it.each<[string, string, OperationRecord | undefined]>([
  ['nothing was started', 'Not started.', undefined],
  ['the request is sent', 'Sending the request…', operationRecord({ status: 'pending' })],
  ['nothing is known', 'Working…', operationRecord()],
  ['a percentage is known', '42%', operationRecord({ progress: { percent: 42 } })],
  [
    'a step, a percentage and a count are known',
    'Rendering pages · 90% · 1,800 of 2,000',
    operationRecord({ progress: { percent: 90, message: 'Rendering pages', completed: 1800, total: 2000 } }),
  ],
  ['a count without a total is known', '7', operationRecord({ progress: { percent: null, completed: 7 } })],
  [
    'the service could not be asked',
    'Connection lost. Trying again… · 42%',
    operationRecord({ progress: { percent: 42 }, pollError: { kind: 'network', message: 'No answer.' } }),
  ],
  [
    'the service could be asked, but did not answer the question',
    'The service does not answer as it should. Trying again… · 42%',
    operationRecord({ progress: { percent: 42 }, pollError: { kind: 'monitor', message: '503', status: 503 } }),
  ],
  [
    'fresh credentials are waited for',
    'Waiting for sign-in… · 42%',
    operationRecord({ progress: { percent: 42 }, pauseReason: 'auth' }),
  ],
  [
    'a cancel waits for fresh credentials',
    'Waiting for sign-in…',
    operationRecord({ status: 'cancelling', cancelRequestedAt, pauseReason: 'auth' }),
  ],
  [
    'there is no network',
    'Offline. Goes on when you are back online. · 42%',
    operationRecord({ progress: { percent: 42 }, pauseReason: 'offline' }),
  ],
  [
    'it is held back because there is no network',
    'Offline. Goes on when you are back online.',
    operationRecord({ status: 'pending', pauseReason: 'offline' }),
  ],
  ['the page is hidden', 'Paused while hidden.', operationRecord({ pauseReason: 'hidden' })],
  ['the user paused it', 'Paused. The service may go on.', operationRecord({ pauseReason: 'user' })],
  ['nobody was there to look', 'Paused. The service may go on.', operationRecord({ pauseReason: 'unmounted' })],
  [
    'it is paused for a reason of a newer version',
    'Paused. The service may go on.',
    operationRecord({ pauseReason: 'low-battery' as 'user' }),
  ],
  [
    'it is paused while a cancel is under way',
    'Cancelling…',
    operationRecord({ status: 'cancelling', cancelRequestedAt, pauseReason: 'user' }),
  ],
  ['a cancel was asked for', 'Cancelling…', operationRecord({ status: 'cancelling', cancelRequestedAt })],
  [
    'the service cannot cancel',
    'This service can’t cancel it. It goes on. · 42%',
    operationRecord({ progress: { percent: 42 }, canCancel: false, cancelRequestedAt }),
  ],
  [
    'a cancel could not be sent',
    'Could not be cancelled. It goes on. · 42%',
    operationRecord({
      progress: { percent: 42 },
      cancelRequestedAt,
      pollError: { kind: 'network', message: 'No answer.' },
    }),
  ],
  [
    'a cancel could not be sent, and polls are answered again',
    'Could not be cancelled. It goes on.',
    operationRecord({ cancelRequestedAt }),
  ],
  [
    'row 81: a cancel was refused, perhaps because it has finished',
    'Could not be cancelled. It goes on. · 42%',
    operationRecord({ progress: { percent: 42 }, cancelRequestedAt, isCancelRefused: true }),
  ],
  [
    'the service cannot cancel, nor be asked now',
    'Connection lost. Trying again…',
    operationRecord({
      canCancel: false,
      cancelRequestedAt,
      pollError: { kind: 'network', message: 'No answer.' },
    }),
  ],
  ['it was cancelled', 'Cancelled. Work already done may remain.', settledRecord({ status: 'cancelled' })],
  ['it is done', 'Done in 2 min 14 sec.', settledRecord({ status: 'completed' })],
  ['it was done at once', 'Done.', settledRecord({ status: 'completed', settledAt: submittedAt + 300 })],
  [
    'it was done before it could be cancelled',
    'Finished before it could be cancelled.',
    settledRecord({ status: 'completed', cancelRequestedAt }),
  ],
  [
    'row 81: a cancel was refused, and the result is here',
    'Finished before it could be cancelled.',
    settledRecord({ status: 'completed', cancelRequestedAt, isCancelRefused: true }),
  ],
  [
    'it was done, and the service cannot cancel',
    'Done in 2 min 14 sec.',
    settledRecord({ status: 'completed', canCancel: false, cancelRequestedAt }),
  ],
  [
    'the service answered with an error',
    'No closed periods. Error NO_PERIOD',
    failedRecord({ kind: 'service', message: 'No closed periods.', code: 'NO_PERIOD' }),
  ],
  ['the error has no words', 'The service could not do it.', failedRecord({ kind: 'service', message: '' })],
  ['the result is gone', 'The result is no longer available.', failure('expired')],
  [
    'the time is up',
    'No result after 10 min. The service may still be working.',
    failedRecord({ kind: 'timeout', message: 'Late.' }, { settledAt: submittedAt + 600_000 }),
  ],
  ['nobody answered', 'No answer from the service. It may or may not have started.', failure('network')],
  [
    'it cannot be followed',
    'Its progress can no longer be read. The service may still be working.',
    failure('monitor'),
  ],
  ['the answer makes no sense', 'The answer of the service could not be read.', failure('protocol')],
  ['the kind of error is not known here', 'For developers.', failure('novel' as ODataErrorKind)],
  ['the call was wrong', 'The request could not be sent.', failure('configuration')],
])('when %s, shows "%s"', (_, text, operation) => {
  render(status(operation))
  expect(seen()).toBe(text)
})

it('announces a lost connection once, and is silent again afterwards', () => {
  const { rerender } = render(status(undefined))
  const pollError = { kind: 'network', message: 'No answer.' } as const
  const said = [
    operationRecord({ status: 'pending' }),
    operationRecord({ pollError }),
    operationRecord(),
    operationRecord({ pollError }),
  ].map((operation) => {
    rerender(status(operation))
    return announced()
  })
  expect(said).toEqual(['Annual report: started.', 'Annual report: Connection lost. Trying again…', '', ''])
})

it('announces a refused cancel, and the quarters after it', () => {
  const { rerender } = render(status(operationRecord()))
  const refused = (percent: number) => operationRecord({ canCancel: false, cancelRequestedAt, progress: { percent } })
  const said = [operationRecord({ status: 'cancelling', cancelRequestedAt }), refused(30), refused(51)].map(
    (operation) => {
      rerender(status(operation))
      const text = announced()
      act(() => vi.advanceTimersByTime(15_000))
      return text
    },
  )
  expect(said).toEqual([
    'Annual report: Cancelling…',
    'Annual report: This service can’t cancel it. It goes on.',
    'Annual report: 51%',
  ])
})

it('announces a failed cancel once for each time that it was asked for, not the poll error that comes with it', () => {
  const { rerender } = render(status(operationRecord()))
  const pollError = { kind: 'network', message: 'No answer.' } as const
  const failedCancel = { cancelRequestedAt, pollError }
  const later = cancelRequestedAt + 5_000
  const said = [
    operationRecord({ status: 'cancelling', cancelRequestedAt }),
    operationRecord(failedCancel),
    operationRecord({ cancelRequestedAt, progress: { percent: 10 } }),
    operationRecord(failedCancel),
    operationRecord({ status: 'cancelling', cancelRequestedAt: later }),
    operationRecord({ ...failedCancel, cancelRequestedAt: later }),
    operationRecord({ cancelRequestedAt: later, progress: { percent: 51 } }),
    settledRecord({ status: 'completed', cancelRequestedAt: later }),
  ].map((operation) => {
    rerender(status(operation))
    const text = announced()?.replace('Annual report: ', '')
    act(() => vi.advanceTimersByTime(15_000))
    return text
  })
  const failed = 'Could not be cancelled. It goes on.'
  expect(said).toEqual([
    'Cancelling…',
    failed,
    failed,
    failed,
    'Cancelling…',
    failed,
    '51%',
    'Finished before it could be cancelled.',
  ])
})

it('announces once that it waits for sign-in, also with a cancel', () => {
  const { rerender } = render(status(operationRecord()))
  const cancelling = { status: 'cancelling', cancelRequestedAt } as const
  const said = [
    operationRecord({ pauseReason: 'auth' }),
    operationRecord(),
    operationRecord({ pauseReason: 'auth' }),
    operationRecord(cancelling),
    operationRecord({ ...cancelling, pauseReason: 'auth' }),
    settledRecord({ status: 'cancelled', cancelRequestedAt }),
  ].map((operation) => {
    rerender(status(operation))
    return announced()
  })
  expect(said).toEqual([
    'Annual report: Waiting for sign-in…',
    '',
    '',
    'Annual report: Cancelling…',
    'Annual report: Cancelling…',
    'Annual report: Cancelled. Work already done may remain.',
  ])
})

it('points out that it waits for sign-in, and does not speak of a failure', () => {
  render(status(operationRecord({ pauseReason: 'auth' })))
  expect(screen.getByTestId('status').dataset.tone).toBe('caution')
  expect(screen.queryByRole('alert')).toBeNull()
})

it('announces that a cancel was refused, and then the result', () => {
  const { rerender } = render(status(operationRecord({ status: 'cancelling', cancelRequestedAt })))
  const said = [
    operationRecord({ cancelRequestedAt, isCancelRefused: true }),
    settledRecord({ status: 'completed', cancelRequestedAt, isCancelRefused: true }),
  ].map((operation) => {
    rerender(status(operation))
    return announced()
  })
  expect(said).toEqual([
    'Annual report: Could not be cancelled. It goes on.',
    'Annual report: Finished before it could be cancelled.',
  ])
})

it('announces once that the service does not answer as it should', () => {
  const { rerender } = render(status(operationRecord()))
  const pollError = { kind: 'monitor', message: 'The status monitor answered 503.', status: 503 } as const
  const said = [operationRecord({ pollError }), operationRecord(), operationRecord({ pollError })].map((operation) => {
    rerender(status(operation))
    return announced()
  })
  expect(said).toEqual(['Annual report: The service does not answer as it should. Trying again…', '', ''])
})

it('announces the start when it is mounted with it', () => {
  render(status(operationRecord({ status: 'pending' })))
  expect(announced()).toBe('Annual report: started.')
})

it('does not announce what was so before it was mounted', () => {
  const { rerender } = render(status(operationRecord({ progress: { percent: 60 } })))
  expect(announced()).toBe('')
  rerender(status(operationRecord({ progress: { percent: 61 } })))
  expect(announced()).toBe('')
  rerender(status(operationRecord({ progress: { percent: 80 } })))
  expect(announced()).toBe('Annual report: 80%')
})

it('announces a second run of the same name from its start', () => {
  const { rerender } = render(status(settledRecord({ status: 'cancelled' })))
  rerender(status(operationRecord({ status: 'pending', submittedAt: submittedAt + 200_000 })))
  expect(announced()).toBe('Annual report: started.')
})

it('makes an error an alert, once, and says whose it is', () => {
  const failed = failedRecord({ kind: 'service', message: 'No closed periods.', code: 'NO_PERIOD' })
  const { rerender } = render(status(operationRecord()))
  expect(screen.queryByRole('alert')).toBeNull()
  rerender(status(failed))
  const alert = screen.getByRole('alert')
  expect(alert.textContent).toBe('Annual report failed: No closed periods. Error NO_PERIOD')
  expect(announced()).toBe('')
  rerender(status({ ...failed }))
  expect(screen.getAllByRole('alert')).toEqual([alert])
})

it('does not speak of a failure where the operation may be fine', () => {
  render(status(failure('monitor')))
  expect(screen.getByRole('alert').textContent).toMatch(/^Annual report: Its progress/)
})

it('takes words and numbers of another language, and English for the rest', () => {
  const { rerender } = render(
    <OperationStatus
      data-testid="status"
      label="Jahresbericht"
      locale="de"
      operation={operationRecord({ progress: { percent: 42, completed: 1800, total: 2000 } })}
      messages={{ itemCount: ({ progress }, { number }) => `${number(progress.completed ?? 0)} Seiten` }}
    />,
  )
  expect(seen()).toBe('42\u00a0% · 1.800 Seiten')
  rerender(<OperationStatus data-testid="status" label="Jahresbericht" locale="de" operation={undefined} />)
  expect(seen()).toBe('Not started.')
})

it('speaks neither of the protocol nor with exclamation marks', () => {
  const texts = Object.values(defaultMessages).map(String).join('\n')
  expect(texts.match(/['"`][^'"`]*(202|monitor|poll|please|!)[^'"`]*['"`]/gi)).toBeNull()
})
