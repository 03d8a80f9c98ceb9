import '../../src/ui/styles.css'
import type { Meta, StoryObj } from '@storybook/react-vite'
import { useState } from 'react'
import { expect, fn, waitFor, within } from 'storybook/test'
import type { OperationRecord } from '../../src/core/operation.js'
import { OperationPanel } from '../../src/ui/index.js'
import { operationStates, type Report } from './operationStates.js'

/** An operation from start to end. The bar and everything above it stay where they are in every state. */
const meta = {
  title: 'Components/OperationPanel',
  component: OperationPanel<Report>,
  tags: ['autodocs'],
  args: {
    label: 'Annual report',
    operation: undefined,
    locale: 'en',
    onCancel: fn(),
    onRetry: fn(),
    onDismiss: fn(),
    renderResult: ({ Url, Name }: Report) => <a href={Url}>{Name}</a>,
  },
  decorators: [
    (Story) => (
      <div style={{ maxInlineSize: '34rem', fontFamily: 'system-ui, sans-serif' }}>
        <Story />
      </div>
    ),
  ],
} satisfies Meta<typeof OperationPanel<Report>>

export default meta
type Story = StoryObj<typeof meta>

/** Nothing was started. */
export const Idle: Story = {}

/** The request is sent, there is no answer yet. */
export const Pending: Story = { args: { operation: operationStates.pending } }

/** The service works on it and tells nothing of how far it is. */
export const Running: Story = {
  args: { operation: operationStates.running, onCheckNow: fn() },
  play: async ({ canvas, userEvent, args }) => {
    await expect(canvas.getByRole('progressbar', { name: 'Annual report' })).not.toHaveAttribute('aria-valuenow')
    await userEvent.click(canvas.getByRole('button', { name: 'Check now' }))
    await expect(args.onCheckNow).toHaveBeenCalledOnce()
  },
}

/** The service tells a percentage and what it does. */
export const Percent: Story = { args: { operation: operationStates.percent } }

/** The service counts. */
export const Items: Story = { args: { operation: operationStates.items } }

/** The service could not be asked. The operation may be fine, and it is asked again. */
export const ConnectionLost: Story = { args: { operation: operationStates.connectionLost, onCheckNow: fn() } }

/** The service gave no usable answer. The operation may be fine, and it is asked again. */
export const ServiceUnavailable: Story = { args: { operation: operationStates.serviceUnavailable, onCheckNow: fn() } }

/** Credentials have expired; it goes on when there are fresh ones. */
export const WaitingForSignIn: Story = { args: { operation: operationStates.waitingForSignIn } }

/** There is no network. */
export const Offline: Story = { args: { operation: operationStates.offline } }

/** The user paused the polling; the service goes on. */
export const Paused: Story = { args: { operation: operationStates.paused, onCheckNow: fn() } }

/** A cancel was asked for. The button keeps the focus. */
export const Cancelling: Story = { args: { operation: operationStates.cancelling } }

/** The service said that it cannot cancel. */
export const CannotCancel: Story = { args: { operation: operationStates.cannotCancel } }

/** A cancel was asked for, and did not reach the service. It can be asked for again. */
export const CancelFailed: Story = {
  args: { operation: operationStates.cancelFailed },
  play: async ({ canvas, userEvent, args }) => {
    await expect(canvas.getByRole('region')).toHaveTextContent('Could not be cancelled. It goes on.')
    await userEvent.click(canvas.getByRole('button', { name: 'Cancel' }))
    await expect(args.onCancel).toHaveBeenCalledOnce()
  },
}

/** Done, with its result. */
export const Completed: Story = { args: { operation: operationStates.completed } }

/** The cancel came too late; the result is there. */
export const CompletedAfterCancel: Story = { args: { operation: operationStates.completedAfterCancel } }

/** The service confirmed the cancel. */
export const Cancelled: Story = { args: { operation: operationStates.cancelled } }

/** The service answered the operation with an error. Its own message is shown, and its code. It may be tried again. */
export const FailedService: Story = {
  args: { operation: operationStates.service },
  play: async ({ canvas }) => {
    await expect(canvas.getByRole('button', { name: 'Retry' })).toBeVisible()
  },
}

/** The result was not fetched in time. */
export const FailedExpired: Story = { args: { operation: operationStates.expired } }

/** We stopped waiting. */
export const FailedTimeout: Story = { args: { operation: operationStates.timeout } }

/** The request that starts the operation got no answer. It may have started, so there is no Retry. */
export const FailedNetwork: Story = {
  args: { operation: operationStates.network },
  play: async ({ canvas }) => {
    await expect(canvas.queryByRole('button', { name: 'Retry' })).toBeNull()
  },
}

/** The service refuses to say how far it is. */
export const FailedMonitor: Story = { args: { operation: operationStates.monitor } }

/** One line, for tables and toolbars. */
export const Compact: Story = {
  args: { operation: operationStates.percent, compact: true },
  render: (args) => (
    <div style={{ display: 'grid', gap: 8 }}>
      {Object.entries(operationStates).map(([name, operation]) => (
        <OperationPanel<Report> key={name} {...args} label={name} operation={operation} />
      ))}
    </div>
  ),
  play: async ({ canvas }) => {
    const percentOf = (name: string) => within(canvas.getByRole('group', { name })).getByText('42%')
    await expect(percentOf('percent')).toBeVisible()
    for (const name of ['connectionLost', 'serviceUnavailable', 'cancelFailed']) {
      await expect(percentOf(name)).not.toBeVisible()
    }
  },
}

/** Right to left, with the words and numbers of another language. */
export const RightToLeft: Story = {
  args: {
    operation: operationStates.items,
    label: 'التقرير السنوي',
    locale: 'ar-EG',
    messages: {
      running: () => 'إنشاء الصفحات',
      itemCount: ({ progress }, { number }) => `${number(progress.completed ?? 0)} من ${number(progress.total ?? 0)}`,
      cancel: () => 'إلغاء',
      elapsed: () => 'الوقت المنقضي',
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

/** Each state: whatever comes and goes, the bar stays where it is. */
export const AllStates: Story = {
  render: (args) => (
    <div style={{ display: 'grid', gap: 16 }}>
      {Object.entries(operationStates).map(([name, operation]) => (
        <OperationPanel<Report> key={name} {...args} label={name} operation={operation} />
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

/** A click on Cancel keeps the focus. When a button goes, the focus moves to the one in its place, or to the title. */
export const Focus: Story = {
  args: { operation: operationStates.percent },
  render: function FromRunningToCancelled(args) {
    const [operation, setOperation] = useState<OperationRecord<Report> | undefined>(args.operation)
    const cancel = () => {
      setOperation(operationStates.cancelling)
      setTimeout(() => setOperation(operationStates.cancelled), 500)
    }
    return (
      <OperationPanel<Report>
        {...args}
        operation={operation}
        onCancel={cancel}
        onRetry={() => setOperation(operationStates.percent)}
        onDismiss={() => setOperation(undefined)}
      />
    )
  },
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(canvas.getByRole('button', { name: 'Cancel' }))
    const cancel = canvas.getByRole('button', { name: 'Cancel' })
    await expect(cancel).toHaveFocus()
    await expect(cancel).toHaveAttribute('aria-disabled', 'true')
    await expect(canvas.getByRole('status')).toHaveTextContent('Annual report: Cancelling…')
    await waitFor(() => expect(canvas.getByRole('button', { name: 'Retry' })).toHaveFocus())
    await userEvent.tab({ shift: true })
    await userEvent.keyboard('{Enter}')
    await waitFor(() => expect(canvas.getByText('Annual report')).toHaveFocus())
  },
}
