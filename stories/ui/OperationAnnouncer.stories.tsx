import '../../src/ui/styles.css'
import type { Meta, StoryObj } from '@storybook/react-vite'
import { useState } from 'react'
import { expect, waitFor, within } from 'storybook/test'
import { OperationAnnouncer, OperationPanel } from '../../src/ui/index.js'
import { operationStates } from './operationStates.js'

const titles = ['Annual report', 'Price list']

const both = (operation: typeof operationStates.percent) => titles.map((id) => ({ ...operation, id }))

/**
 * One place from which screen readers hear of all operations inside. Nothing of it is to be seen: what two of them say at the same
 * time is said one after the other.
 */
const meta = {
  title: 'Components/OperationAnnouncer',
  component: OperationAnnouncer,
  tags: ['autodocs'],
  args: { locale: 'en' },
} satisfies Meta<typeof OperationAnnouncer>

export default meta
type Story = StoryObj<typeof meta>

/** Two operations end together; a panel is there for one of them only. */
export const TwoAtOnce: Story = {
  render: function TwoOperations({ locale }) {
    const [operations, setOperations] = useState(() => both(operationStates.percent))
    const [first] = operations
    return (
      <OperationAnnouncer locale={locale} operations={operations} getLabel={({ id }) => id}>
        <div style={{ display: 'grid', gap: 16, maxInlineSize: '34rem', fontFamily: 'system-ui, sans-serif' }}>
          <OperationPanel label="Annual report" locale={locale} operation={first} />
          <div>
            <button
              type="button"
              className="odata-button"
              onClick={() => setOperations(both(operationStates.completed))}
            >
              Finish both
            </button>
          </div>
        </div>
      </OperationAnnouncer>
    )
  },
  play: async ({ canvas, userEvent }) => {
    const live = canvas.getByRole('status')
    await expect(within(canvas.getByRole('region')).queryByRole('status')).toBeNull()
    await userEvent.click(canvas.getByRole('button', { name: 'Finish both' }))
    await waitFor(() => expect(live).toHaveTextContent('Annual report: Done in 2 min 14 sec.'))
    await waitFor(() => expect(live).toHaveTextContent('Price list: Done in 2 min 14 sec.'), { timeout: 5000 })
  },
}
