import type { Meta, StoryObj } from '@storybook/react-vite'
import { type UseODataOperationsOptions, useODataAction, useODataOperations, WireLog } from 'react-odata-async'
import { expect } from 'storybook/test'
import { HookDocs } from '../support/HookDocs.js'
import { HookProbe } from '../support/HookProbe.js'
import { StoryService } from '../support/StoryService.js'

function OperationsProbe(options: UseODataOperationsOptions) {
  return <HookProbe hook="useODataOperations" value={useODataOperations(options)} />
}

function Starter({ action, parameters }: { readonly action: string; readonly parameters: object }) {
  const { start } = useODataAction<unknown, object>({ action, headers: { 'x-test-duration': '4000' } })
  return (
    <button type="button" onClick={() => start(parameters)}>
      {action}
    </button>
  )
}

const sample = `const running = useODataOperations({ status: ['pending', 'running', 'cancelling'] })

return <p>{running.length} operations are under way.</p>
`

/**
 * Lists the operations in the cache, the newest first, wherever they were started. The array is the same until something
 * visible changes in it.
 */
const meta = {
  title: 'Hooks/useODataOperations',
  component: OperationsProbe,
  argTypes: {
    status: {
      description: 'Only operations in this status, or one of these. Here: nothing ticked lists all.',
      options: ['pending', 'running', 'cancelling', 'completed', 'failed', 'cancelled'],
      table: { type: { summary: 'AsyncOperationStatus | AsyncOperationStatus[]' }, defaultValue: { summary: 'any' } },
      control: 'check',
    },
    kind: {
      description: 'Only operations that were started as this.',
      options: ['action', 'function', 'request', 'batch'],
      table: { type: { summary: 'OperationKind' }, defaultValue: { summary: 'any' } },
      control: 'inline-radio',
    },
    predicate: {
      description: 'Only operations for which it returns true. Keep the function stable.',
      table: { type: { summary: '(operation) => boolean' } },
      control: false,
    },
  },
  parameters: {
    docs: { page: HookDocs, source: { code: sample, language: 'tsx' }, canvas: { sourceState: 'shown' } },
  },
  render: ({ status, ...options }) => (
    <StoryService>
      {(wire) => (
        <>
          <div className="demo-verbs">
            <Starter action="RebuildIndex" parameters={{}} />
            <Starter action="ProcessLargeFile" parameters={{ FileId: 'orders.csv' }} />
            <Starter action="Products/Reporting.Export" parameters={{ Format: 'csv' }} />
          </div>
          <OperationsProbe {...options} status={status?.length ? status : undefined} />
          <WireLog log={wire} />
        </>
      )}
    </StoryService>
  ),
  decorators: [
    (Story) => (
      <div className="demo-stack">
        <Story />
      </div>
    ),
  ],
} satisfies Meta<typeof OperationsProbe>

export default meta
type Story = StoryObj<typeof meta>

/** Start some, and see them come and change. */
export const All: Story = {
  play: async ({ canvas, userEvent }) => {
    await expect(canvas.getByText('[]')).toBeVisible()
    await userEvent.click(canvas.getByRole('button', { name: 'RebuildIndex' }))
    await userEvent.click(canvas.getByRole('button', { name: 'ProcessLargeFile' }))
    await canvas.findByText(
      /"status": "running".*ProcessLargeFile".*"status": "running".*RebuildIndex"/,
      { selector: 'pre' },
      { timeout: 10_000 },
    )
  },
}

/** Only those under way. */
export const UnderWay: Story = { tags: ['!autodocs'], args: { status: ['pending', 'running', 'cancelling'] } }
