import type { Meta, StoryObj } from '@storybook/react-vite'
import {
  type BatchEntry,
  create,
  get,
  type UseODataBatchOptions,
  update,
  useODataBatch,
  WireLog,
} from 'react-odata-async'
import { expect, fn, waitFor } from 'storybook/test'
import { HookDocs } from '../support/HookDocs.js'
import { HookProbe } from '../support/HookProbe.js'
import { operationArgTypes } from '../support/operationArgTypes.js'
import { StoryService } from '../support/StoryService.js'

type BatchProbeProps = UseODataBatchOptions<readonly BatchEntry[]>

function BatchProbe(options: BatchProbeProps) {
  const batch = useODataBatch<readonly BatchEntry[]>(options)
  const verbs = { startAsync: () => batch.startAsync().catch(() => {}), retryFailed: () => batch.retryFailed() }
  return <HookProbe hook="useODataBatch" value={batch} verbs={verbs} />
}

const sample = `type Product = { ID: number; Name: string; Price: number }

const save = useODataBatch({
  requests: (rows: Product[]) => rows.map((row) => update<Product>(\`Products(\${row.ID})\`, row, { label: row.Name })),
})

save.start(rows)

<BatchPanel label="Products" operation={save.operation} items={save.items}
  onCancel={save.cancel} onRetryFailed={save.canRetryFailed ? save.retryFailed : undefined} />
`

/**
 * Sends many requests in one and tells what became of each: `items` while it goes on, `result` at the end, in the types of the
 * requests. `retryFailed` sends again what was not done, and puts the answers in their places.
 *
 * Otherwise it is as `useODataAction`.
 */
const meta = {
  title: 'Hooks/useODataBatch',
  component: BatchProbe,
  args: {
    requests: [
      get('Products(1)?$select=ID,Name'),
      update('Products(2)', { Price: 99 }, { label: 'Floor lamp', returnPreference: 'minimal' }),
      create('Products', { Name: 'Paper clips', Price: -1 }, { label: 'Paper clips' }),
    ],
    headers: { 'x-test-duration': '3000', 'x-test-service': 'interim-results' },
    onItemSettled: fn(),
    onCompleted: fn(),
    onFailed: fn(),
    onSettled: fn(),
  },
  argTypes: {
    requests: {
      description:
        'What to send, made by `get`, `create`, `update`, `replace`, `remove`, `action`, `func`, `request` and `changeSet`; or a function that makes it from what `start` is given.',
      table: { type: { summary: 'BatchEntry[] | (input) => BatchEntry[]' } },
      control: false,
    },
    format: {
      description: 'How the batch is written.',
      table: { type: { summary: "'multipart' | 'json'" }, defaultValue: { summary: 'what the service says it takes' } },
      options: [undefined, 'multipart', 'json'],
      control: 'radio',
    },
    urlForm: {
      description: 'Form of the URLs in the batch.',
      table: { type: { summary: "'relative' | 'path' | 'absolute'" }, defaultValue: { summary: 'relative' } },
      options: [undefined, 'relative', 'path', 'absolute'],
      control: 'radio',
    },
    continueOnError: {
      description: 'Does the service go on after a request that failed?',
      table: { type: { summary: 'boolean' }, defaultValue: { summary: 'it goes on' } },
      options: [undefined, true, false],
      control: 'radio',
    },
    maxBatchSize: {
      description: 'Requests that the service takes at once. More are sent in pieces, which look like one operation.',
      table: { type: { summary: 'number' }, defaultValue: { summary: 'no limit' } },
      control: 'number',
    },
    concurrency: {
      description: 'Pieces under way at a time.',
      table: { type: { summary: 'number' }, defaultValue: { summary: '1' } },
      control: 'number',
    },
    respondAsync: {
      description: 'May the service answer later?',
      table: { type: { summary: 'boolean' }, defaultValue: { summary: 'true' } },
      control: 'boolean',
    },
    ...operationArgTypes,
    onItemSettled: {
      description: 'Called once for each request that has an outcome, as the answers come.',
      table: { type: { summary: '(item, operation) => void' } },
    },
  },
  parameters: {
    docs: { page: HookDocs, source: { code: sample, language: 'tsx' }, canvas: { sourceState: 'shown' } },
  },
  render: (args) => (
    <StoryService>
      {(wire) => (
        <>
          <BatchProbe {...args} />
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
} satisfies Meta<typeof BatchProbe>

export default meta
type Story = StoryObj<typeof meta>

/** What the hook returns, and its functions. */
export const ReturnValue: Story = {}

/** One of three fails. The batch is completed all the same, and tells of each. */
export const PartialFailure: Story = {
  tags: ['!autodocs'],
  args: { headers: { 'x-test-duration': '300', 'x-test-retry-after': '0', 'x-test-service': 'interim-results' } },
  play: async ({ canvas, userEvent, args }) => {
    await userEvent.click(canvas.getByRole('button', { name: 'start' }))
    await canvas.findByText(/"status": "completed"/, {}, { timeout: 10_000 })
    await waitFor(() => expect(args.onCompleted).toHaveBeenCalledOnce())
    await expect(args.onCompleted).toHaveBeenCalledWith(
      expect.objectContaining({ allSucceeded: false, hasErrors: true }),
      expect.anything(),
    )
    await expect(args.onItemSettled).toHaveBeenCalledTimes(3)
    await expect(canvas.getByText(/"outcome": "failed"/)).toHaveTextContent('Price is -1. Give 0 or more.')
  },
}
