import '../../src/ui/styles.css'
import type { Meta, StoryObj } from '@storybook/react-vite'
import { useState } from 'react'
import { expect, fn, waitFor, within } from 'storybook/test'
import type { OperationRecord } from '../../src/core/operation.js'
import { BatchPanel } from '../../src/ui/index.js'
import { batchItem, rejected, settledBatch } from '../../test/ui/batchRecords.js'
import { batchStates } from './batchStates.js'

/**
 * A batch from start to end: how many of its requests are done, which of them failed, and why. Of many requests only those with a
 * problem are listed, until one asks for all.
 */
const meta = {
  title: 'Components/BatchPanel',
  component: BatchPanel,
  tags: ['autodocs'],
  args: {
    label: 'Import',
    operation: undefined,
    locale: 'en',
    onCancel: fn(),
    onRetry: fn(),
    onRetryFailed: fn(),
    onDismiss: fn(),
  },
  decorators: [
    (Story) => (
      <div style={{ maxInlineSize: '34rem', fontFamily: 'system-ui, sans-serif' }}>
        <Story />
      </div>
    ),
  ],
} satisfies Meta<typeof BatchPanel>

export default meta
type Story = StoryObj<typeof meta>

/** Nothing was started. */
export const Idle: Story = {}

/** The batch is sent, there is no answer yet. */
export const Pending: Story = { args: { operation: batchStates.pending } }

/** The service has done 40 of 200. */
export const Running: Story = {
  args: { operation: batchStates.running },
  play: async ({ canvas }) => {
    await expect(canvas.getByRole('progressbar', { name: 'Import' })).toHaveAttribute('aria-valuenow', '20')
    await expect(canvas.getByRole('region')).toHaveTextContent('40 of 200')
  },
}

/** Answers come while it goes on: what has failed is known at once. */
export const Interim: Story = {
  args: { operation: batchStates.interim },
  play: async ({ canvas }) => {
    await expect(canvas.getByRole('region')).toHaveTextContent('180 of 200 · 3 failed')
    await expect(canvas.getAllByRole('listitem')).toHaveLength(3)
  },
}

/** All were done. */
export const Completed: Story = { args: { operation: batchStates.completed } }

/** Three of 200 failed: which, why, and what can be done about it. */
export const ThreeFailed: Story = {
  args: { operation: batchStates.threeFailed },
  play: async ({ canvas, userEvent, args }) => {
    await expect(canvas.getByRole('region')).toHaveTextContent('197 of 200 saved, 3 failed.')
    await userEvent.click(canvas.getByRole('button', { name: 'Show all 200' }))
    await expect(canvas.getAllByRole('listitem')).toHaveLength(100)
    await userEvent.click(canvas.getByRole('button', { name: 'Show more' }))
    await expect(canvas.getAllByRole('listitem')).toHaveLength(200)
    await expect(canvas.getByRole('list')).toHaveFocus()
    await userEvent.click(canvas.getByRole('button', { name: 'Show fewer' }))
    await expect(canvas.getAllByRole('listitem')).toHaveLength(3)
    await userEvent.click(canvas.getByRole('button', { name: 'Retry failed (3)' }))
    await expect(args.onRetryFailed).toHaveBeenCalledOnce()
  },
}

/** A change set of which one request failed: nothing of it was saved, and what depends on it was not tried. */
export const ChangeSetRolledBack: Story = { args: { label: 'Order 4711', operation: batchStates.rolledBack } }

/** The service stopped at the first error, as it was asked to. */
export const NotExecuted: Story = { args: { operation: batchStates.notExecuted } }

/** The answer of the service ended too early. What is missing may have been done, so it is not sent again. */
export const Truncated: Story = {
  args: { operation: batchStates.truncated },
  play: async ({ canvas }) => {
    await expect(canvas.getByRole('region')).toHaveTextContent('150 of 200 saved, 50 unknown.')
    await expect(canvas.queryByRole('button', { name: /Retry/ })).toBeNull()
  },
}

/** The batch is answered, and the service still works on two of its requests by themselves. */
export const PendingRequests: Story = { args: { operation: batchStates.pendingRequests } }

/** Cancelled half-way. What was done is told, and there is no Retry that would do it again. */
export const Cancelled: Story = { args: { operation: batchStates.cancelled } }

/** The service took nothing of it, so that all of it may be sent again. */
export const FailedAsAWhole: Story = {
  args: { operation: batchStates.failedAsAWhole },
  play: async ({ canvas }) => {
    await expect(canvas.getByRole('alert')).toHaveTextContent('Import failed: A batch may have at most 5 requests.')
    await expect(canvas.getByRole('button', { name: 'Retry' })).toBeVisible()
  },
}

/** Requests without a label are named by method and path. */
export const WithoutLabels: Story = { args: { label: 'Overview', operation: batchStates.readOnly } }

/** A thousand requests: 100 lines at a time. */
export const Thousand: Story = {
  args: { operation: batchStates.thousand },
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(canvas.getByRole('button', { name: 'Show all 1,000' }))
    await expect(canvas.getAllByRole('listitem')).toHaveLength(100)
  },
}

/** What is shown of one request can be anything: here a link to what was wrong. */
export const OwnLines: Story = {
  args: {
    operation: batchStates.threeFailed,
    renderItem: (item, line) => (
      <>
        {line}
        <a href={`#row-${item.id}`} style={{ marginInlineStart: 22, color: 'inherit' }}>
          Correct row {item.id}
        </a>
      </>
    ),
  },
}

/** Long words of another language. */
export const German: Story = {
  args: {
    label: 'Lieferantenstammdatenübernahme aus dem Bestandsführungssystem',
    operation: batchStates.threeFailed,
    locale: 'de',
    messages: {
      batchSummary: (_, { number, counts }) =>
        `${number(counts.succeeded)} von ${number(counts.total)} gespeichert, ${number(counts.failed)} fehlgeschlagen.`,
      retryFailed: (_, { number, counts }) => `Fehlgeschlagene wiederholen (${number(counts.failed)})`,
      dismiss: () => 'Schließen',
      showAll: (_, { number, counts }) => `Alle ${number(counts.total)} anzeigen`,
      itemName: ({ id }) => `Lieferantenrahmenvereinbarungsposition ${id} mit Sonderkonditionenkennzeichen`,
      itemState: () => 'Fehlgeschlagen',
      itemReason: () =>
        'Die Umsatzsteueridentifikationsnummer des Geschäftspartners stimmt nicht mit dem Länderkennzeichen überein.',
    },
  },
}

/** Right to left, with the words and numbers of another language. */
export const RightToLeft: Story = {
  args: {
    label: 'استيراد المنتجات',
    operation: settledBatch([
      batchItem(1, { label: 'مصباح مكتب', outcome: 'succeeded' }),
      batchItem(2, { label: 'رف كتب', ...rejected('السعر ليس رقمًا.') }),
      batchItem(3, { label: 'Notebook A5', outcome: 'lost' }),
    ]),
    locale: 'ar-EG',
    messages: {
      batchSummary: (_, { number, counts }) => `حُفظ ${number(counts.succeeded)} من ${number(counts.total)}.`,
      retryFailed: (_, { number, counts }) => `أعد المحاولة (${number(counts.failed)})`,
      dismiss: () => 'إغلاق',
      itemState: ({ outcome }) => (outcome === 'succeeded' ? 'تم' : outcome === 'failed' ? 'فشل' : 'غير معروف'),
      itemReason: ({ error }) => error?.message ?? '',
    },
  },
  decorators: [
    (Story) => (
      <div dir="rtl" lang="ar">
        <Story />
      </div>
    ),
  ],
}

/** A phone. */
export const Narrow: Story = {
  args: { operation: batchStates.threeFailed },
  decorators: [
    (Story) => (
      <div style={{ inlineSize: 288 }}>
        <Story />
      </div>
    ),
  ],
  play: async ({ canvas }) => {
    const { scrollWidth, clientWidth } = canvas.getByRole('region')
    await expect(scrollWidth).toBe(clientWidth)
  },
}

/** Each state: whatever comes and goes, the bar stays where it is. */
export const AllStates: Story = {
  render: (args) => (
    <div style={{ display: 'grid', gap: 16 }}>
      {Object.entries(batchStates).map(([name, operation]) => (
        <BatchPanel key={name} {...args} label={name} operation={operation} />
      ))}
    </div>
  ),
  play: async ({ canvas }) => {
    const offsets = canvas.getAllByRole('region').map((panel) => {
      const bar = within(panel).getByRole('progressbar').getBoundingClientRect()
      return [bar.top - panel.getBoundingClientRect().top, bar.height]
    })
    await expect(offsets).toEqual(offsets.map(() => offsets[0]))
  },
}

/** The same on a dark page. */
export const Dark: Story = { ...AllStates, globals: { theme: 'dark' } }

/** The focus stays in its place when Cancel turns into Retry failed. */
export const Focus: Story = {
  args: { operation: batchStates.interim },
  render: function FromRunningToTheEnd(args) {
    const [operation, setOperation] = useState<OperationRecord | undefined>(args.operation)
    return (
      <BatchPanel
        {...args}
        operation={operation}
        onCancel={() => setOperation(batchStates.threeFailed)}
        onRetryFailed={() => setOperation(batchStates.completed)}
        onDismiss={undefined}
      />
    )
  },
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(canvas.getByRole('button', { name: 'Cancel' }))
    await waitFor(() => expect(canvas.getByRole('button', { name: 'Retry failed (3)' })).toHaveFocus())
    await expect(canvas.getByRole('status')).toHaveTextContent('Import: 197 of 200 saved, 3 failed.')
    await userEvent.keyboard('{Enter}')
    await waitFor(() => expect(canvas.getByText('Import')).toHaveFocus())
  },
}
