import { act, render } from '@testing-library/react'
import { StrictMode } from 'react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { OperationRecord } from '../../src/core/operation.js'
import { OperationPanel, useOperationProps } from '../../src/ui/index.js'
import { hear, textsOf } from './hear.js'
import { failedRecord, operationRecord, settledRecord, submittedAt } from './operationRecords.js'
import { ownId } from './ownId.js'

beforeEach(() => {
  vi.useFakeTimers({ now: submittedAt, toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

function OwnParts({ operation }: { operation: OperationRecord | undefined }) {
  const { getRootProps, getStatusProps } = useOperationProps(operation, { label: 'Annual report', locale: 'en' })
  return (
    <div {...getRootProps()}>
      <p {...getStatusProps()} />
    </div>
  )
}

const pollError = { kind: 'network', message: 'No answer.' } as const

describe.each([
  [
    'OperationPanel',
    (operation: OperationRecord | undefined) => (
      <OperationPanel label="Annual report" locale="en" operation={operation} onCancel={() => {}} />
    ),
  ],
  ['useOperationProps', (operation: OperationRecord | undefined) => <OwnParts operation={operation} />],
])('%s', (_, ui) => {
  const mount = (operation?: OperationRecord) => {
    const { rerender } = render(ui(operation), { wrapper: StrictMode })
    return (next: OperationRecord) => rerender(ui(next))
  }

  /** 100 polls, one each `interval` ms, each of them 1 % further, then the end. */
  const follow = (interval: number, last: OperationRecord) => {
    const show = mount()
    return hear(101 * interval, (at) => {
      const poll = Math.floor(at / interval)
      if (at === 0) show(operationRecord({ id: ownId(), status: 'pending' }))
      else if (poll > 100) show(last)
      else if (at % interval === 0)
        show(operationRecord({ id: ownId(), pollCount: poll, progress: { percent: poll, message: `Page ${poll}` } }))
    })
  }
  const completed = () => settledRecord({ id: ownId(), status: 'completed' })

  it('says over 100 polls the start, each quarter and the end, and nothing else', () => {
    expect(textsOf(follow(2_000, completed()))).toEqual([
      'Annual report: started.',
      'Annual report: 25%',
      'Annual report: 50%',
      'Annual report: 75%',
      'Annual report: Done in 2 min 14 sec.',
    ])
  })

  it('says of 100 polls within 10 s the start and the end', () => {
    expect(textsOf(follow(100, completed()))).toEqual([
      'Annual report: started.',
      'Annual report: Done in 2 min 14 sec.',
    ])
  })

  it('says how far it is at most every 15 s, and then how far it is by then', () => {
    const heard = follow(400, completed())
    expect(textsOf(heard)).toEqual([
      'Annual report: started.',
      'Annual report: 38%',
      'Annual report: 75%',
      'Annual report: Done in 2 min 14 sec.',
    ])
    const [start, first, second] = heard.map(({ at }) => at)
    expect(Math.min(first! - start!, second! - first!)).toBeGreaterThanOrEqual(15_000)
  })

  it('says of 100 polls that fail the start, the trouble and the error', () => {
    const failed = failedRecord({ kind: 'monitor', message: 'No answer.' }, { id: ownId() })
    const show = mount()
    const heard = hear(202_000, (at) => {
      if (at === 0) show(operationRecord({ id: ownId(), status: 'pending' }))
      else if (at > 200_000) show(failed)
      else if (at % 2_000 === 0) show(operationRecord({ id: ownId(), pollCount: at / 2_000, pollError }))
    })
    expect(textsOf(heard)).toEqual([
      'Annual report: started.',
      'Annual report: Connection lost. Trying again…',
      'Annual report: Its progress can no longer be read. The service may still be working.',
    ])
  })

  it('says nothing of the time that goes by', () => {
    const show = mount()
    show(operationRecord({ id: ownId(), status: 'pending' }))
    expect(textsOf(hear(300_000))).toEqual(['Annual report: started.'])
  })

  it('says what it held back when 15 s are over, without another poll', () => {
    const show = mount()
    const heard = hear(20_000, (at) => {
      if (at === 0) show(operationRecord({ id: ownId(), status: 'pending' }))
      if (at === 3_000) show(operationRecord({ id: ownId(), progress: { percent: 60 } }))
    })
    expect(heard.map(({ text, at }) => [text, at])).toEqual([
      ['Annual report: started.', 300],
      ['Annual report: 60%', 15_300],
    ])
  })

  it('says trouble, a cancel and the end at once', () => {
    const cancelling = { status: 'cancelling', cancelRequestedAt: submittedAt + 17_000 } as const
    const steps: Record<number, OperationRecord> = {
      0: operationRecord({ id: ownId(), status: 'pending' }),
      16000: operationRecord({ id: ownId(), progress: { percent: 25 } }),
      16500: operationRecord({ id: ownId(), progress: { percent: 26 }, pollError }),
      17000: operationRecord({ id: ownId(), ...cancelling }),
      17500: settledRecord({ ...cancelling, id: ownId(), status: 'cancelled' }),
    }
    const show = mount()
    const heard = hear(60_000, (at) => steps[at] && show(steps[at]))
    expect(heard.map(({ text, at }) => [at, text.replace('Annual report: ', '')])).toEqual([
      [300, 'started.'],
      [16_000, '25%'],
      [16_500, 'Connection lost. Trying again…'],
      [17_000, 'Cancelling…'],
      [17_500, 'Cancelled. Work already done may remain.'],
    ])
  })

  it('leaves no timer behind when it goes while something is held back', () => {
    const { rerender, unmount } = render(ui(undefined))
    rerender(ui(operationRecord({ id: ownId(), status: 'pending' })))
    act(() => vi.advanceTimersByTime(1_000))
    rerender(ui(operationRecord({ id: ownId(), progress: { percent: 60 } })))
    unmount()
    expect(vi.getTimerCount()).toBe(0)
  })
})
