import '../../src/ui/styles.css'
import type { Meta, StoryObj } from '@storybook/react-vite'
import { useState } from 'react'
import { expect, fn, waitFor, within } from 'storybook/test'
import type { OperationRecord } from '../../src/core/operation.js'
import { OperationTray } from '../../src/ui/index.js'
import * as arabic from '../../src/ui/messages/ar.js'
import { batchItems, batchRecord, rejected } from '../../test/ui/batchRecords.js'
import { ReportsApp } from '../support/ReportsApp.js'
import { StoryService } from '../support/StoryService.js'
import { operationStates, type Report } from './operationStates.js'

const names: Readonly<Record<string, string>> = {
  percent: 'Annual report 2026',
  running: 'Search index',
  completed: 'Annual report 2025',
  service: 'Annual report 2024',
  cancelled: 'Price export',
  connectionLost: 'Customer export',
  import: 'Product import',
}

/** A state, by its name as id; the later in the list, the longer ago. */
const named = (...states: (keyof typeof operationStates)[]) =>
  states.flatMap((name, index) => {
    const operation: OperationRecord<Report> | undefined = operationStates[name]
    return operation ? [{ ...operation, id: name, submittedAt: operation.submittedAt - index }] : []
  })

const batch = batchRecord(
  batchItems(200, 90, { 7: rejected('The price must not be negative.') }),
) as OperationRecord<Report>

/** What the tray has not been opened for: it ended after the page was opened. */
const isNews = (operation: OperationRecord<Report>) => ({ ...operation, settledAt: Date.now() + 86_400_000 })

const mixed = [...named('percent', 'connectionLost', 'completed', 'service', 'cancelled'), batch]

/** All operations of an app, wherever they were started. */
const meta = {
  title: 'Components/OperationTray',
  component: OperationTray<Report>,
  tags: ['autodocs'],
  args: {
    operations: mixed,
    labelOf: ({ id }: OperationRecord<Report>) => names[id] ?? `Report ${id}`,
    locale: 'en',
    onCancel: fn(),
    onDismiss: fn(),
    renderResult: ({ Url, Name }: Report) => <a href={Url}>{Name}</a>,
  },
  decorators: [
    (Story) => (
      <div style={{ minBlockSize: '36rem', textAlign: 'end', fontFamily: 'system-ui, sans-serif' }}>
        <Story />
      </div>
    ),
  ],
} satisfies Meta<typeof OperationTray<Report>>

export default meta
type Story = StoryObj<typeof meta>

const opener = { name: /^Operations/, expanded: false }

/** Nothing was started. */
export const Idle: Story = { args: { operations: [] } }

/** Some go on. */
export const Running: Story = {
  args: { operations: named('percent', 'running') },
  play: async ({ canvas }) => {
    await expect(canvas.getByRole('button', { name: 'Operations: 2 running' })).toBeVisible()
  },
}

/** Results and failures are counted until the list was opened. */
export const News: Story = {
  args: { operations: [...named('percent', 'running'), ...named('completed', 'service').map(isNews)] },
  play: async ({ canvas }) => {
    await expect(canvas.getByRole('button', { name: 'Operations: 2 running, 1 new result, 1 failed' })).toBeVisible()
  },
}

/** The list, the newest first. */
export const Open: Story = { args: { defaultOpen: true } }

/** The same on a dark page. */
export const Dark: Story = { ...Open, globals: { theme: 'dark' } }

/** The list is open, and there is nothing. */
export const Empty: Story = { args: { operations: [], defaultOpen: true } }

/** On a phone the list is at the bottom of the screen. */
export const Narrow: Story = { args: { defaultOpen: true }, globals: { viewport: { value: 'mobile1' } } }

/** A thousand do no harm: 20 at a time are listed. */
export const Thousand: Story = {
  args: {
    defaultOpen: true,
    operations: Array.from({ length: 1000 }, (_, index) => ({
      ...operationStates.percent,
      id: `${index}`,
      submittedAt: operationStates.percent.submittedAt - 60_000 * index,
    })),
  },
  play: async ({ canvas, userEvent }) => {
    const rows = () => canvas.getAllByRole('listitem').length
    await expect(rows()).toBe(20)
    await userEvent.click(canvas.getByRole('button', { name: 'Show more' }))
    await expect(rows()).toBe(40)
  },
}

/** Right to left, in Arabic. */
export const RightToLeft: Story = {
  args: { ...arabic, defaultOpen: true },
  decorators: [
    (Story) => (
      <div dir="rtl" lang="ar">
        <Story />
      </div>
    ),
  ],
}

/** Cancel all asks first; the button under the pointer is the one that cancels nothing. */
export const CancelAll: Story = {
  args: { operations: named('percent', 'running', 'completed'), defaultOpen: true },
  play: async ({ canvas, userEvent, args }) => {
    const place = canvas.getByRole('button', { name: 'Cancel all' }).getBoundingClientRect().right
    await userEvent.click(canvas.getByRole('button', { name: 'Cancel all' }))
    await expect(canvas.getByRole('alert')).toHaveTextContent('Cancel 2 operations?')
    const keep = canvas.getByRole('button', { name: 'Keep running' })
    await expect(keep).toHaveFocus()
    await expect(keep.getBoundingClientRect().right).toBe(place)
    await expect(args.onCancel).not.toHaveBeenCalled()
    await userEvent.click(canvas.getByRole('button', { name: 'Cancel all' }))
    await expect(args.onCancel).toHaveBeenCalledTimes(2)
  },
}

/** Opened, used and closed with the keyboard. */
export const Keyboard: Story = {
  render: function App(args) {
    const [operations, setOperations] = useState(args.operations)
    return (
      <OperationTray<Report>
        {...args}
        operations={operations}
        onDismiss={(id) => setOperations((all) => all.filter((operation) => operation.id !== id))}
      />
    )
  },
  play: async ({ canvas, userEvent }) => {
    await userEvent.tab()
    const button = canvas.getByRole('button', opener)
    await expect(button).toHaveFocus()
    await userEvent.keyboard('{Enter}')
    const list = canvas.getByRole('region', { name: 'Operations' })
    const dismissOf = (name: string) =>
      within(within(list).getByRole('group', { name })).getByRole('button', { name: 'Dismiss' })
    dismissOf('Annual report 2025').focus()
    await userEvent.keyboard('{Enter}')
    await expect(dismissOf('Annual report 2024')).toHaveFocus()
    await userEvent.keyboard('{Escape}')
    await expect(canvas.queryByRole('region')).toBeNull()
    await expect(button).toHaveFocus()
  },
}

/**
 * In an app, against a service: what is started on one page goes on while another one is shown. The tray tells when it is done,
 * and has the result.
 */
export const Live: Story = {
  tags: ['!autodocs'],
  parameters: { controls: { disable: true } },
  render: () => <StoryService>{() => <ReportsApp />}</StoryService>,
  decorators: [],
  play: async ({ canvas, userEvent }) => {
    const patience = { timeout: 10_000 }
    await userEvent.click(canvas.getByRole('button', { name: 'Generate report 2025' }))
    await canvas.findByRole('button', { name: 'Operations: 1 running' }, patience)
    await userEvent.click(canvas.getByRole('button', { name: 'Settings' }))
    await expect(canvas.queryByRole('button', { name: /^Generat/ })).toBeNull()
    const news = await canvas.findByRole('button', { name: 'Operations: 1 new result' }, patience)
    await userEvent.click(news)
    const row = canvas.getByRole('group', { name: 'Report 2025' })
    await expect(within(row).getByRole('link', { name: /rows/ })).toBeVisible()
    await userEvent.keyboard('{Escape}')
    await expect(canvas.getByRole('button', { name: 'Operations' })).toHaveFocus()
    await userEvent.click(canvas.getByRole('button', { name: 'Reports' }))
    await expect(canvas.getByRole('button', { name: 'Open report 2025' })).toBeVisible()
    await userEvent.click(canvas.getByRole('button', { name: 'Operations' }))
    await userEvent.click(
      within(canvas.getByRole('group', { name: 'Report 2025' })).getByRole('button', { name: 'Dismiss' }),
    )
    await waitFor(() => expect(canvas.getByText('No operations.')).toBeVisible())
    await expect(canvas.getByRole('button', { name: 'Generate report 2025' })).toBeVisible()
  },
}
