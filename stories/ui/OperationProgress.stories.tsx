import '../../src/ui/styles.css'
import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect } from 'storybook/test'
import { OperationProgress } from '../../src/ui/index.js'
import { operationStates } from './operationStates.js'

/** The bar alone. Its label is the page's. */
const meta = {
  title: 'Components/OperationProgress',
  component: OperationProgress,
  tags: ['autodocs'],
  args: { operation: undefined, 'aria-label': 'Annual report', locale: 'en' },
  decorators: [
    (Story) => (
      <div style={{ maxInlineSize: '34rem' }}>
        <Story />
      </div>
    ),
  ],
} satisfies Meta<typeof OperationProgress>

export default meta
type Story = StoryObj<typeof OperationProgress>

/** Nothing was started. */
export const Idle: Story = {}

/** How far it is, is unknown. */
export const Indeterminate: Story = { args: { operation: operationStates.running } }

/** 42 %. */
export const Determinate: Story = {
  args: { operation: operationStates.percent },
  play: async ({ canvas }) => {
    await expect(canvas.getByRole('progressbar', { name: 'Annual report' })).toHaveAttribute('aria-valuenow', '42')
  },
}

/** The service could not be asked. */
export const ConnectionLost: Story = { args: { operation: operationStates.connectionLost } }

/** A cancel was asked for. */
export const Cancelling: Story = { args: { operation: operationStates.cancelling } }

/** Done. */
export const Completed: Story = { args: { operation: operationStates.completed } }

/** The service answered with an error. */
export const Failed: Story = { args: { operation: operationStates.service } }

/** Cancelled on the way. */
export const Cancelled: Story = { args: { operation: operationStates.cancelled } }

/** The bar grows from the right where text does. */
export const RightToLeft: Story = {
  args: { operation: operationStates.percent, locale: 'ar-EG' },
  decorators: [
    (Story) => (
      <div dir="rtl">
        <Story />
      </div>
    ),
  ],
}
