import { render, screen } from '@testing-library/react'
import { createRef } from 'react'
import { expect, it } from 'vitest'
import { getProgressProps, OperationProgress, operationPercent } from '../../src/ui/index.js'
import { failedRecord, operationRecord, settledRecord } from './operationRecords.js'

const bar = () => screen.getByRole('progressbar')
const indicator = () => bar().querySelector<HTMLElement>('.odata-progress-indicator')

it('names the bar, and says how far the operation is in numbers and in words', () => {
  render(
    <OperationProgress
      operation={operationRecord({
        progress: { percent: 42.9, completed: 1234, total: 5000, message: 'Rendering pages' },
      })}
      aria-label="Annual report"
      locale="en"
    />,
  )
  expect(screen.getByRole('progressbar', { name: 'Annual report' })).toBe(bar())
  expect(bar().getAttribute('aria-valuenow')).toBe('42')
  expect(bar().getAttribute('aria-valuetext')).toBe('Rendering pages, 42%, 1,234 of 5,000')
  expect(indicator()?.style.inlineSize).toBe('42%')
  expect(bar().hasAttribute('data-indeterminate')).toBe(false)
})

it('takes its name from another element', () => {
  render(
    <>
      <p id="title">Annual report</p>
      <OperationProgress operation={undefined} aria-labelledby="title" />
    </>,
  )
  expect(screen.getByRole('progressbar', { name: 'Annual report' })).toBe(bar())
})

it('has no value while the percentage is unknown, and text all the same', () => {
  render(<OperationProgress operation={operationRecord()} aria-label="Annual report" />)
  expect(bar().hasAttribute('aria-valuenow')).toBe(false)
  expect(bar().getAttribute('aria-valuetext')).toBe('Working…')
  expect(bar().textContent).toBe('Working…')
  expect(bar().hasAttribute('data-indeterminate')).toBe(true)
})

it('does not move when nothing was started', () => {
  render(<OperationProgress operation={undefined} aria-label="Annual report" />)
  expect(bar().dataset.status).toBe('idle')
  expect(bar().hasAttribute('data-indeterminate')).toBe(false)
  expect(bar().textContent).not.toBe('')
})

it.each([
  ['below 100 until it is completed', operationRecord({ progress: { percent: 100 } }), 99],
  ['100 when it is completed, whatever the service counted', settledRecord({ status: 'completed' }), 100],
  [
    'where it stopped when it failed',
    failedRecord({ kind: 'service', message: 'No.' }, { progress: { percent: 42 } }),
    42,
  ],
  ['unknown for what is no number', operationRecord({ progress: { percent: Number.NaN } }), null],
  ['at least 0', operationRecord({ progress: { percent: -5 } }), 0],
])('is %s', (_, operation, percent) => {
  expect(operationPercent(operation)).toBe(percent)
  expect(getProgressProps(operation, { 'aria-label': 'Annual report' })['aria-valuenow']).toBe(percent ?? undefined)
})

it('tells stylesheets the status and whether it is good or bad news', () => {
  const tone = (operation: Parameters<typeof getProgressProps>[0]) => {
    const props = getProgressProps(operation, { 'aria-label': 'Annual report' })
    return [props['data-status'], props['data-tone']]
  }
  expect(tone(operationRecord())).toEqual(['running', undefined])
  expect(tone(settledRecord({ status: 'completed' }))).toEqual(['completed', 'positive'])
  expect(tone(settledRecord({ status: 'cancelled' }))).toEqual(['cancelled', 'neutral'])
  expect(tone(failedRecord({ kind: 'service', message: 'No.' }))).toEqual(['failed', 'negative'])
  expect(tone(failedRecord({ kind: 'timeout', message: 'Late.' }))).toEqual(['failed', 'caution'])
})

it('passes on what belongs to the element, but keeps what makes it a progress bar', () => {
  const ref = createRef<HTMLDivElement>()
  const smuggled = { role: 'img', 'aria-valuenow': 7 }
  render(
    <OperationProgress
      {...smuggled}
      ref={ref}
      operation={operationRecord()}
      aria-label="Annual report"
      id="bar"
      style={{ marginTop: 3 }}
      className={(operation) => `is-${operation?.status}`}
    />,
  )
  expect(ref.current).toBe(bar())
  expect(bar().id).toBe('bar')
  expect(bar().style.marginTop).toBe('3px')
  expect(bar().className).toBe('odata-progress is-running')
  expect(bar().hasAttribute('aria-valuenow')).toBe(false)
})

it('makes the props for the bar of another design system', () => {
  const operation = operationRecord({ progress: { percent: 42 } })
  render(<div {...getProgressProps(operation, { 'aria-label': 'Annual report', locale: 'de' })} />)
  expect(screen.getByRole('progressbar', { name: 'Annual report' }).getAttribute('aria-valuetext')).toBe('42\u00a0%')
})
