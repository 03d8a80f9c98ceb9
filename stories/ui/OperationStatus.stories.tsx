import '../../src/ui/styles.css'
import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect } from 'storybook/test'
import { OperationStatus } from '../../src/ui/index.js'
import { operationStates } from './operationStates.js'

/** What goes on, in words. Screen readers hear the start, each quarter, trouble and the end. */
const meta = {
  title: 'Components/OperationStatus',
  component: OperationStatus,
  tags: ['autodocs'],
  args: { operation: undefined, label: 'Annual report', locale: 'en' },
  decorators: [
    (Story) => (
      <div style={{ maxInlineSize: '34rem', fontFamily: 'system-ui, sans-serif' }}>
        <Story />
      </div>
    ),
  ],
} satisfies Meta<typeof OperationStatus>

export default meta
type Story = StoryObj<typeof meta>

/** Nothing was started. */
export const Idle: Story = {}

/** The request is sent. */
export const Pending: Story = { args: { operation: operationStates.pending } }

/** The service tells nothing of how far it is. */
export const Running: Story = { args: { operation: operationStates.running } }

/** The service tells all it can. */
export const Items: Story = { args: { operation: operationStates.items } }

/** The service could not be asked. */
export const ConnectionLost: Story = { args: { operation: operationStates.connectionLost } }

/** The service gave no usable answer. */
export const ServiceUnavailable: Story = { args: { operation: operationStates.serviceUnavailable } }

/** A cancel was asked for. */
export const Cancelling: Story = { args: { operation: operationStates.cancelling } }

/** The service cannot cancel. */
export const CannotCancel: Story = { args: { operation: operationStates.cannotCancel } }

/** A cancel did not reach the service. */
export const CancelFailed: Story = { args: { operation: operationStates.cancelFailed } }

/** Done. */
export const Completed: Story = { args: { operation: operationStates.completed } }

/** Cancelled. */
export const Cancelled: Story = { args: { operation: operationStates.cancelled } }

/** The service's own message and code. */
export const Failed: Story = {
  args: { operation: operationStates.service },
  play: async ({ canvas }) => {
    await expect(canvas.getByRole('alert')).toHaveTextContent('Annual report failed: The fiscal year 2026')
  },
}

/** Another language. */
export const German: Story = {
  args: {
    operation: operationStates.completed,
    locale: 'de',
    messages: {
      completed: ({ submittedAt, settledAt = submittedAt }, { duration }) =>
        `Fertig nach ${duration(settledAt - submittedAt)}`,
    },
  },
}
