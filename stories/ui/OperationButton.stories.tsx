import '../../src/ui/styles.css'
import type { Meta, StoryObj } from '@storybook/react-vite'
import { useState } from 'react'
import { expect, fn } from 'storybook/test'
import type { OperationRecord } from '../../src/core/operation.js'
import { OperationButton } from '../../src/ui/index.js'
import { settledRecord } from '../../test/ui/operationRecords.js'
import { operationStates, type Report } from './operationStates.js'

/** A button that starts an operation, shows how far it is, and opens the result. It has the same size in every state. */
const meta = {
  title: 'Components/OperationButton',
  component: OperationButton<Report>,
  tags: ['autodocs'],
  args: {
    label: 'Generate report',
    busyLabel: 'Generating…',
    doneLabel: 'Open report',
    operation: undefined,
    locale: 'en',
    onStart: fn(),
    onCancel: fn(),
    onDismiss: fn(),
    onOpen: fn(),
  },
  decorators: [
    (Story) => (
      <div style={{ maxInlineSize: '34rem', fontFamily: 'system-ui, sans-serif' }}>
        <Story />
      </div>
    ),
  ],
} satisfies Meta<typeof OperationButton<Report>>

export default meta
type Story = StoryObj<typeof meta>

/** Nothing was started. */
export const Idle: Story = {
  play: async ({ canvas, userEvent, args }) => {
    await userEvent.click(canvas.getByRole('button', { name: 'Generate report' }))
    await expect(args.onStart).toHaveBeenCalledOnce()
  },
}

/** The request is sent, there is no answer yet. */
export const Pending: Story = { args: { operation: operationStates.pending } }

/** The service works on it and tells nothing of how far it is. */
export const Running: Story = { args: { operation: operationStates.running } }

/** The service tells a percentage. A click does nothing; Cancel is beside it. */
export const Percent: Story = {
  args: { operation: operationStates.percent },
  play: async ({ canvas, userEvent, args }) => {
    const button = canvas.getByRole('button', { name: 'Generating…' })
    await expect(button).toHaveTextContent(/Generating… 42%$/)
    await expect(button).toHaveAttribute('aria-busy', 'true')
    await userEvent.click(button)
    await expect(args.onStart).not.toHaveBeenCalled()
    await userEvent.click(canvas.getByRole('button', { name: 'Cancel' }))
    await expect(args.onCancel).toHaveBeenCalledOnce()
  },
}

/** Without words of its own for what it does, it keeps its label. */
export const WithoutBusyLabel: Story = { args: { operation: operationStates.percent, busyLabel: undefined } }

/** The service could not be asked. It is asked again. */
export const ConnectionLost: Story = { args: { operation: operationStates.connectionLost } }

/** A cancel was asked for. */
export const Cancelling: Story = { args: { operation: operationStates.cancelling } }

/** The service said that it cannot cancel. */
export const CannotCancel: Story = { args: { operation: operationStates.cannotCancel } }

/** The service confirmed the cancel. */
export const Cancelled: Story = { args: { operation: operationStates.cancelled } }

/** Done: the same button opens the result. */
export const Completed: Story = {
  args: { operation: operationStates.completed },
  play: async ({ canvas, userEvent, args }) => {
    await userEvent.click(canvas.getByRole('button', { name: 'Open report' }))
    await expect(args.onOpen).toHaveBeenCalledOnce()
    await expect(args.onStart).not.toHaveBeenCalled()
  },
}

/** Done, with the result beside it. */
export const WithResult: Story = {
  args: {
    operation: operationStates.completed,
    renderResult: ({ Url, Name }: Report) => <a href={Url}>{Name}</a>,
  },
  render: ({ onOpen: _, ...args }) => <OperationButton<Report> {...args} />,
}

/** Done, and there was nothing to return. */
export const WithoutResult: Story = {
  args: { label: 'Rebuild index', operation: settledRecord<Report>({ status: 'completed', result: undefined }) },
}

/** The service answered with an error. It may be tried again. */
export const Failed: Story = {
  args: { operation: operationStates.service },
  play: async ({ canvas, userEvent, args }) => {
    await userEvent.click(canvas.getByRole('button', { name: 'Retry' }))
    await expect(args.onStart).toHaveBeenCalledOnce()
  },
}

/** The request got no answer. It may have started, so the button does not say "Retry". */
export const FailedNetwork: Story = {
  args: { operation: operationStates.network },
  play: async ({ canvas }) => {
    await expect(canvas.queryByRole('button', { name: 'Retry' })).toBeNull()
    await expect(canvas.getByRole('button', { name: 'Generate report' })).toBeVisible()
  },
}

/** Each state: nothing before the text changes its place or size. */
export const AllStates: Story = {
  render: (args) => (
    <div style={{ display: 'grid', gap: 16 }}>
      {Object.entries(operationStates).map(([name, operation]) => (
        <OperationButton<Report> key={name} {...args} label={name.slice(0, 15)} operation={operation} />
      ))}
    </div>
  ),
}

/** The same on a dark page. */
export const Dark: Story = { ...AllStates, globals: { theme: 'dark' } }

/** On a phone, with long words. */
export const Narrow: Story = {
  args: {
    label: 'Geschäftsjahresabschlussbericht erstellen',
    busyLabel: 'Geschäftsjahresabschlussbericht wird erstellt…',
    doneLabel: 'Geschäftsjahresabschlussbericht öffnen',
    locale: 'de',
    operation: operationStates.service,
  },
  decorators: [
    (Story) => (
      <div style={{ inlineSize: '17rem' }}>
        <Story />
      </div>
    ),
  ],
}

/** Right to left. */
export const RightToLeft: Story = {
  args: {
    label: 'إنشاء التقرير',
    busyLabel: 'جارٍ إنشاء التقرير…',
    operation: operationStates.percent,
    locale: 'ar-EG',
    messages: { cancel: () => 'إلغاء', cancelling: () => 'جارٍ الإلغاء…', retry: () => 'إعادة المحاولة' },
  },
  decorators: [
    (Story) => (
      <div dir="rtl" lang="ar">
        <Story />
      </div>
    ),
  ],
}

/** Start, open and dismiss with the keyboard: the focus stays on the button, and comes back to it. */
export const Keyboard: Story = {
  render: function FromStartToEnd(args) {
    const [operation, setOperation] = useState<OperationRecord<Report>>()
    return (
      <OperationButton<Report>
        {...args}
        operation={operation}
        onStart={() => {
          setOperation(operationStates.percent)
          setTimeout(() => setOperation(operationStates.completed), 300)
        }}
        onDismiss={() => setOperation(undefined)}
      />
    )
  },
  play: async ({ canvas, userEvent, args }) => {
    const start = canvas.getByRole('button', { name: 'Generate report' })
    const { width } = start.getBoundingClientRect()
    await userEvent.tab()
    await expect(start).toHaveFocus()
    await userEvent.keyboard('{Enter}')
    await expect(canvas.getByRole('button', { name: 'Generating…' })).toHaveFocus()
    const open = await canvas.findByRole('button', { name: 'Open report' })
    await expect(open).toHaveFocus()
    await expect(open.getBoundingClientRect().width).toBe(width)
    await userEvent.keyboard('{Enter}')
    await expect(args.onOpen).toHaveBeenCalledOnce()
    await userEvent.tab()
    await userEvent.keyboard('{Enter}')
    await expect(start).toHaveFocus()
    await expect(start).toHaveTextContent(/Generate report$/)
  },
}
