import { act, render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { StrictMode, useState } from 'react'
import { renderToString } from 'react-dom/server'
import { afterEach, expect, it, vi } from 'vitest'
import type { BatchItemData, BatchOutcome } from '../../src/core/batch/BatchItem.js'
import type { OperationRecord } from '../../src/core/operation.js'
import { BatchPanel, type BatchPanelProps, OperationPanel } from '../../src/ui/index.js'
import { batchItem, batchItems, batchRecord, rejected, serviceUrl, settledBatch } from './batchRecords.js'
import { submittedAt } from './operationRecords.js'
import { ownId } from './ownId.js'

const panel = (operation: OperationRecord | undefined, props: Partial<BatchPanelProps> = {}) => (
  <BatchPanel label="Import" locale="en" operation={operation} {...props} />
)

const callbacks = () => ({ onCancel: vi.fn(), onRetry: vi.fn(), onRetryFailed: vi.fn(), onDismiss: vi.fn() })
const buttons = () => screen.queryAllByRole('button').map(({ textContent }) => textContent)
const button = (name: string) => screen.getByRole('button', { name })
const status = () => document.querySelector<HTMLElement>('.odata-status')
const statusText = () => status()?.querySelector('.odata-status-text')?.textContent
const lines = () => screen.queryAllByRole('listitem').map(({ textContent }) => textContent?.trim())
const barTone = () => screen.getByRole('progressbar').dataset.tone

const badPrice = rejected('Price must be Edm.Decimal or null.')
const noName = rejected('Name is missing.')
const threeFailed = batchItems(200, 200, { 12: badPrice, 57: noName, 143: badPrice })

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

it('counts what is done and what has failed while it goes on, in the words of the locale', () => {
  const { rerender } = render(panel(batchRecord(batchItems(2000, 1800, { 12: badPrice, 57: noName, 143: badPrice }))))
  expect(status()?.textContent).toContain('1,800 of 2,000 · 3 failed')
  rerender(panel(batchRecord(batchItems(200, 40))))
  expect(status()?.textContent).toContain('40 of 200')
  expect(status()?.textContent).not.toMatch(/failed|%/)
})

it('counts what the service says is done, when the single answers are not there yet', () => {
  const progress = { percent: 20, completed: 40, total: 200 }
  render(panel(batchRecord(batchItems(200, 0), { progress })))
  expect(status()?.textContent).toContain('40 of 200')
  expect(screen.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('20')
})

it.each<[string, BatchItemData[], string, string | undefined]>([
  ['all are done', batchItems(200, 200), '200 of 200 saved.', 'positive'],
  ['some have failed', threeFailed, '197 of 200 saved, 3 failed.', 'caution'],
  ['all have failed', [batchItem(1, badPrice), batchItem(2, noName)], '0 of 2 saved, 2 failed.', 'negative'],
  [
    'there is some of everything',
    batchItems(9, 3, {
      4: badPrice,
      5: { outcome: 'rolled-back' },
      6: { outcome: 'dependency-failed' },
      7: { outcome: 'not-executed' },
      8: { outcome: 'lost' },
      9: { outcome: 'pending' },
    }),
    '3 of 9 saved, 1 failed, 3 not done, 1 unknown, 1 still going on.',
    'caution',
  ],
  [
    'the service still works on one',
    batchItems(2, 1, { 2: { outcome: 'pending' } }),
    '1 of 2 saved, 1 still going on.',
    undefined,
  ],
  [
    'it only read',
    [batchItem(1, { method: 'GET', outcome: 'succeeded' }), batchItem(2, { method: 'GET', outcome: 'succeeded' })],
    '2 of 2 read.',
    'positive',
  ],
])('sums up when %s', (_, items, summary, tone) => {
  render(panel(settledBatch(items)))
  expect(statusText()).toBe(summary)
  expect(barTone()).toBe(tone)
})

it('says after a cancel what was done until then', () => {
  const lost: Partial<BatchItemData> = { outcome: 'lost' }
  const { rerender } = render(panel(settledBatch(batchItems(3, 2, { 3: lost }), { status: 'cancelled' })))
  expect(statusText()).toBe('Cancelled. Work already done may remain. 2 of 3 saved, 1 unknown.')
  rerender(panel(settledBatch(batchItems(2, 0, { 1: lost, 2: lost }), { id: 'other', status: 'cancelled' })))
  expect(statusText()).toBe('Cancelled. Work already done may remain.')
})

it('alerts of a failure of the whole with what was done until then', () => {
  const error = { kind: 'expired', message: 'The status monitor is gone (404).' } as const
  const items = batchItems(3, 2, { 3: { outcome: 'lost' } })
  render(panel(settledBatch(items, { status: 'failed', error })))
  expect(screen.getByRole('alert').textContent).toBe(
    'Import: The result is no longer available. 2 of 3 saved, 1 unknown.',
  )
})

it.each<[BatchOutcome | 'waiting', string]>([
  ['waiting', 'Row 1: Bookcase Waiting'],
  ['succeeded', 'Row 1: Bookcase Done'],
  ['failed', 'Row 1: Bookcase Failed Name is missing.'],
  ['rolled-back', 'Row 1: Bookcase Not done Nothing of its group was saved. Name is missing.'],
  ['dependency-failed', 'Row 1: Bookcase Not done Something that it needs failed.'],
  ['not-executed', 'Row 1: Bookcase Not done'],
  ['pending', 'Row 1: Bookcase Still going on'],
  ['lost', 'Row 1: Bookcase Unknown'],
])('says of a request that is %s what it is, where it stands and why', (outcome, line) => {
  const isWrong = outcome === 'failed' || outcome === 'rolled-back'
  render(panel(settledBatch([batchItem(1, { outcome, ...(isWrong && { error: noName.error }) })])))
  expect(lines()).toEqual([line])
})

it('names a request without a label by its method and its path below the service', () => {
  const url = `${serviceUrl}Products(1)?$select=ID`
  const reference = batchItem(2, { label: undefined, method: 'PATCH', url: '$1/Category' })
  render(panel(settledBatch([batchItem(1, { label: undefined, method: 'GET', url }), reference])))
  expect(lines()).toEqual(['GET Products(1)?$select=ID Waiting', 'PATCH $1/Category Waiting'])
})

it('lists all of 10 requests in their order', () => {
  render(panel(settledBatch(batchItems(10, 10, { 7: badPrice }))))
  expect(lines()).toHaveLength(10)
  expect(lines()[6]).toContain('Failed')
  expect(buttons()).toEqual([])
})

it('lists of more than 10 those with a problem, and all when that is asked for', async () => {
  render(panel(settledBatch(threeFailed)))
  expect(lines()).toEqual([
    'Row 12: Monitor arm Failed Price must be Edm.Decimal or null.',
    'Row 57: Bookcase Failed Name is missing.',
    'Row 143: Notebook A5 Failed Price must be Edm.Decimal or null.',
  ])
  await userEvent.click(button('Show all 200'))
  expect(lines().slice(0, 2)).toEqual(['Row 1: Bookcase Done', 'Row 2: Office chair Done'])
  expect(document.activeElement).toBe(button('Show fewer'))
  await userEvent.click(button('Show fewer'))
  expect(lines()).toHaveLength(3)
})

it('lists nothing of more than 10 while there is no problem', () => {
  const { rerender } = render(panel(batchRecord(batchItems(200, 40))))
  expect(screen.queryByRole('list')).toBeNull()
  rerender(panel(batchRecord(batchItems(200, 40, { 12: badPrice }))))
  expect(lines()).toEqual(['Row 12: Monitor arm Failed Price must be Edm.Decimal or null.'])
})

it('renders 100 of 1,000 lines, and 100 more each time that is asked for', async () => {
  const renderItem = vi.fn((_: BatchItemData, line: React.ReactNode) => line)
  render(panel(settledBatch(batchItems(1000, 1000)), { renderItem }))
  expect(renderItem).not.toHaveBeenCalled()
  await userEvent.click(button('Show all 1,000'))
  expect(renderItem).toHaveBeenCalledTimes(100)
  await userEvent.click(button('Show more'))
  expect(renderItem).toHaveBeenCalledTimes(200)
  expect(screen.getAllByRole('listitem')).toHaveLength(200)
})

it('renders only the lines of requests that have changed', () => {
  const renderItem = vi.fn((_: BatchItemData, line: React.ReactNode) => line)
  const items = batchItems(1000, 500).map((item) => ({ ...item, outcome: 'lost' as const }))
  const { rerender } = render(panel(batchRecord(items), { renderItem }))
  expect(renderItem).toHaveBeenCalledTimes(100)
  renderItem.mockClear()
  const changed = items.map((item, index) => (index === 3 ? { ...item, ...badPrice } : item))
  rerender(panel(batchRecord(changed), { renderItem }))
  expect(renderItem.mock.calls.map(([item]) => item)).toEqual([changed[3]])
})

it('keeps the focus when there is no more to show', async () => {
  render(panel(settledBatch(batchItems(120, 0).map((item) => ({ ...item, outcome: 'lost' as const })))))
  await userEvent.click(button('Show more'))
  expect(lines()).toHaveLength(120)
  expect(document.activeElement).toBe(screen.getByRole('list', { name: 'Import' }))
})

it('lets the keyboard reach a list that scrolls', () => {
  render(panel(settledBatch(threeFailed)))
  expect(screen.getByRole('list').tabIndex).toBe(0)
})

it('shows of each request what the app wants, with what is shown otherwise', () => {
  type Row = BatchItemData & { readonly result?: { readonly ID: number } }
  const items: Row[] = [batchItem(1, { outcome: 'succeeded' }) as Row, batchItem(2, noName) as Row]
  const linked: Row[] = [{ ...items[0]!, result: { ID: 7 } }, items[1]!]
  render(
    <BatchPanel
      label="Import"
      operation={settledBatch(items)}
      items={linked}
      renderItem={({ result }, line) => (result ? <a href={`#${result.ID}`}>Open {result.ID}</a> : line)}
    />,
  )
  expect(screen.getByRole('link', { name: 'Open 7' }).getAttribute('href')).toBe('#7')
  expect(lines()[1]).toBe('Row 2: Office chair Failed Name is missing.')
})

it('takes the items that it is given for all it says, as they may know more than the record', () => {
  const items = batchItems(2, 1, { 2: { outcome: 'pending' } })
  const record = settledBatch(items)
  const { rerender } = render(panel(record, { items }))
  expect(status()?.textContent).toContain('1 of 2 saved, 1 still going on.')
  rerender(panel(record, { items: batchItems(2, 2) }))
  expect(status()?.textContent).toContain('2 of 2 saved.')
  expect(lines()).toEqual(['Row 1: Bookcase Done', 'Row 2: Office chair Done'])
})

const networkError = { kind: 'network', message: 'No answer.' } as const
const refused = { kind: 'service', message: 'The batch is too large.', status: 413 } as const
const notTried = { 1: { outcome: 'not-executed' }, 2: { outcome: 'not-executed' } } as const
const lost = { 1: { outcome: 'lost' }, 2: { outcome: 'lost' } } as const

it.each<[string, OperationRecord, string[]]>([
  ['it goes on', batchRecord(batchItems(200, 40, { 12: badPrice })), ['Cancel']],
  ['some have failed', settledBatch(threeFailed), ['Dismiss', 'Retry failed (3)']],
  ['all are done', settledBatch(batchItems(200, 200)), ['Dismiss']],
  ['it is lost what was done', settledBatch(batchItems(2, 1, { 2: { outcome: 'lost' } })), ['Dismiss']],
  [
    'some were not done',
    settledBatch(batchItems(4, 1, { 2: badPrice, 3: { outcome: 'rolled-back' }, 4: { outcome: 'dependency-failed' } })),
    ['Dismiss', 'Retry failed (3)'],
  ],
  [
    'it was cancelled after some were done, and something failed',
    settledBatch(batchItems(3, 1, { 2: badPrice, 3: { outcome: 'lost' } }), { status: 'cancelled' }),
    ['Dismiss', 'Retry failed (1)'],
  ],
  [
    'it was cancelled after some were done, and of the rest that is not known',
    settledBatch(batchItems(2, 1, { 2: { outcome: 'lost' } }), { status: 'cancelled' }),
    ['Dismiss'],
  ],
  [
    'it was cancelled before anything was answered',
    settledBatch(batchItems(2, 0, lost), { status: 'cancelled' }),
    ['Dismiss', 'Retry'],
  ],
  [
    'the service refused the whole',
    settledBatch(batchItems(2, 0, notTried), { status: 'failed', error: refused }),
    ['Dismiss', 'Retry'],
  ],
  [
    'there was no answer, so that it may have been done',
    settledBatch(batchItems(2, 0, lost), { status: 'failed', error: networkError }),
    ['Dismiss'],
  ],
])('when %s, offers one thing to do about it', (_, record, names) => {
  render(panel(record, callbacks()))
  expect(buttons().filter((name) => !name?.startsWith('Show'))).toEqual(names)
})

it('offers Retry failed after the whole was refused when there is no Retry', () => {
  const record = settledBatch(batchItems(2, 0, notTried), { status: 'failed', error: refused })
  const onRetryFailed = vi.fn()
  const { rerender } = render(panel(record, { onRetryFailed }))
  expect(buttons()).toEqual(['Retry failed (2)'])
  rerender(panel(record))
  expect(buttons()).toEqual([])
})

it('calls back once for Retry failed, with no arguments', async () => {
  const { onRetryFailed, ...others } = callbacks()
  render(panel(settledBatch(threeFailed), { onRetryFailed, ...others }))
  await userEvent.click(button('Retry failed (3)'))
  expect(onRetryFailed.mock.calls).toEqual([[]])
  expect(others.onRetry).not.toHaveBeenCalled()
})

it('keeps the focus when Cancel turns into Retry failed, and that into Cancel', () => {
  const shown = (record: OperationRecord) => <StrictMode>{panel(record, callbacks())}</StrictMode>
  const running = batchRecord(threeFailed)
  const { rerender } = render(shown(running))
  act(() => button('Cancel').focus())
  rerender(shown(settledBatch(threeFailed)))
  expect(document.activeElement).toBe(button('Retry failed (3)'))
  rerender(shown(batchRecord(batchItems(200, 197), { submittedAt: submittedAt + 200_000 })))
  expect(document.activeElement).toBe(button('Cancel'))
})

it('says the start, each quarter and the summary, and nothing of the single requests', () => {
  vi.useFakeTimers({ now: submittedAt + 72_000, toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] })
  const said: string[] = []
  const { rerender } = render(panel(batchRecord(batchItems(200, 0), { status: 'pending' })))
  const live = screen.getByRole('status')
  for (let done = 0; done < 200; done++) {
    rerender(panel(batchRecord(batchItems(200, done, { 12: badPrice }))))
    act(() => vi.advanceTimersByTime(1_000))
    if (live.textContent !== said.at(-1)) said.push(`${live.textContent}`)
  }
  rerender(panel(settledBatch(threeFailed)))
  said.push(`${live.textContent}`)
  expect(said.filter(Boolean)).toEqual([
    'Import: started.',
    'Import: 25%',
    'Import: 50%',
    'Import: 75%',
    'Import: 197 of 200 saved, 3 failed.',
  ])
  expect(screen.getByRole('list').closest('[role=status], [role=alert], [aria-live]')).toBeNull()
})

it('says the summary again when the service is done with what it did by itself', () => {
  const record = settledBatch(batchItems(3, 1, { 2: { outcome: 'pending' }, 3: { outcome: 'pending' } }))
  const { rerender } = render(panel(batchRecord(batchItems(3, 0))))
  const said = (items: BatchItemData[]) => {
    rerender(panel(record, { items }))
    return screen.getByRole('status').textContent
  }
  expect(said(batchItems(3, 1, { 2: { outcome: 'pending' }, 3: { outcome: 'pending' } }))).toBe(
    'Import: 1 of 3 saved, 2 still going on.',
  )
  expect(said(batchItems(3, 2, { 3: { outcome: 'pending' } }))).toBe('Import: 1 of 3 saved, 2 still going on.')
  expect(said(batchItems(3, 3))).toBe('Import: 3 of 3 saved.')
})

it('keeps its list together with what else it shows while a retry is too short to be shown', () => {
  vi.useFakeTimers({ now: submittedAt + 300_000, toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] })
  const id = ownId()
  const again = { id, submittedAt: submittedAt + 300_000 }
  const { rerender } = render(panel(settledBatch(threeFailed, { id })))
  rerender(panel(batchRecord(batchItems(200, 197), { ...again, status: 'pending' })))
  expect(status()?.textContent).toContain('197 of 200 saved, 3 failed.')
  expect(lines()).toHaveLength(3)
  act(() => vi.advanceTimersByTime(100))
  rerender(panel(settledBatch(batchItems(200, 200), { ...again, settledAt: submittedAt + 300_100 })))
  expect(status()?.textContent).toContain('200 of 200 saved.')
  expect(lines()).toHaveLength(0)
})

it('speaks of a batch in the same words without the list', () => {
  render(<OperationPanel label="Import" locale="en" operation={settledBatch(threeFailed)} compact />)
  expect(status()?.textContent).toContain('197 of 200 saved, 3 failed.')
})

it('takes other words and numbers for all it says', async () => {
  const messages: BatchPanelProps['messages'] = {
    batchSummary: (_, { number, counts }) => `${number(counts.succeeded)} gespeichert, ${counts.failed} nicht.`,
    retryFailed: (_, { counts }) => `Fehlerhafte wiederholen (${counts.failed})`,
    showAll: (_, { number, counts }) => `Alle ${number(counts.total)} zeigen`,
    showMore: () => 'Mehr',
    showFewer: () => 'Weniger',
    itemName: ({ id }) => `Zeile ${id}`,
    itemState: ({ outcome }) => (outcome === 'failed' ? 'Fehler' : 'Fertig'),
    itemReason: () => '',
  }
  render(
    panel(settledBatch(batchItems(2000, 2000, { 12: badPrice })), { messages, locale: 'de', onRetryFailed: vi.fn() }),
  )
  expect(status()?.textContent).toContain('1.999 gespeichert, 1 nicht.')
  expect(lines()).toEqual(['Zeile 12 Fehler'])
  await userEvent.click(button('Alle 2.000 zeigen'))
  expect(buttons()).toEqual(['Fehlerhafte wiederholen (1)', 'Weniger', 'Mehr'])
})

it('shows markup in what the service says as text', () => {
  const markup = '<img src=x onerror=alert(1)>'
  render(panel(settledBatch([batchItem(1, { ...rejected(markup), label: markup })])))
  expect(lines()).toEqual([`${markup} Failed ${markup}`])
  expect(document.querySelector('img')).toBeNull()
})

it('bears a record of a newer version, whose outcomes it does not know', () => {
  const items = [{ ...batchItem(1), outcome: 'postponed' } as unknown as BatchItemData, batchItem(2)]
  render(panel(settledBatch(items)))
  expect(lines()).toEqual(['Row 1: Bookcase', 'Row 2: Office chair Waiting'])
})

it('is an OperationPanel without a list before the start and for what is no batch', () => {
  const { rerender } = render(panel(undefined, { headingLevel: 2, children: <p>200 rows.</p> }))
  screen.getByRole('heading', { level: 2, name: 'Import' })
  expect(status()?.textContent).toBe('Not started.')
  screen.getByText('200 rows.')
  rerender(panel(batchRecord([], { batch: undefined, progress: { percent: 42 } })))
  expect(status()?.textContent).toContain('42%')
  expect(screen.queryByRole('list')).toBeNull()
})

it('is rendered on a server', () => {
  const html = renderToString(panel(settledBatch(threeFailed)))
  expect(html).toContain('197 of 200 saved, 3 failed.')
  expect(html).toContain('Row 143: Notebook A5')
})

it('moves the focus to the title when it is dismissed', async () => {
  function App() {
    const [operation, setOperation] = useState<OperationRecord | undefined>(settledBatch(threeFailed))
    return panel(operation, { onDismiss: () => setOperation(undefined) })
  }
  render(<App />)
  await userEvent.click(button('Dismiss'))
  expect(document.activeElement).toBe(within(screen.getByRole('region')).getByText('Import'))
})
