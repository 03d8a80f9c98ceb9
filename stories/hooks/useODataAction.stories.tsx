import type { Meta, StoryObj } from '@storybook/react-vite'
import { type UseODataActionOptions, useODataAction } from 'react-odata-async'
import { expect, fn, waitFor } from 'storybook/test'
import { HookDocs } from '../support/HookDocs.js'
import { HookProbe } from '../support/HookProbe.js'
import { StoryService } from '../support/StoryService.js'

interface ActionProbeProps extends UseODataActionOptions<unknown, object> {
  /** What the buttons start it with. */
  readonly parameters: object
}

function ActionProbe({ parameters, ...options }: ActionProbeProps) {
  const action = useODataAction<unknown, object>(options)
  const verbs = {
    start: () => action.start(parameters),
    startAsync: () => action.startAsync(parameters).catch(() => {}),
  }
  return <HookProbe hook="useODataAction" value={action} verbs={verbs} />
}

const sample = `type Report = { Title: string; DownloadUrl: string }
type Period = { StartDate: string; EndDate: string }

const report = useODataAction<Report, Period>({
  action: 'Reports/Sales.GenerateLargeReport',
  onCompleted: ({ Title }) => notify(\`\${Title} is ready\`),
})

report.start({ StartDate: '2026-01-01', EndDate: '2026-12-31' })

if (report.status === 'completed') return <a href={report.result.DownloadUrl}>{report.result.Title}</a>
if (report.status === 'failed') return <p role="alert">{report.error.message}</p>
`

/**
 * Starts an OData action that may take longer than one HTTP request, and follows it to its end: progress, result or error,
 * cancel, retry. `status` narrows the type: `result` is there when it is `completed`, `error` when it is `failed`.
 *
 * A second start while one is active sends nothing. An unmount does not stop the operation. What the hook returns changes
 * only when there is something new to see; its functions never change.
 */
const meta = {
  title: 'Hooks/useODataAction',
  component: ActionProbe,
  args: {
    action: 'Reports/Reporting.GenerateLargeReport',
    parameters: { StartDate: '2025-01-01', EndDate: '2025-12-31' },
    headers: { 'x-test-duration': '5000' },
    onCompleted: fn(),
    onFailed: fn(),
    onSettled: fn(),
  },
  argTypes: {
    action: {
      description: 'Path below the service root, or a function that makes it from the parameters.',
      table: { type: { summary: 'string | (parameters) => string' } },
      control: 'text',
    },
    id: {
      description:
        'Name of the operation. Components with the same one share it; it is found again when they come back.',
      table: { type: { summary: 'string' }, defaultValue: { summary: 'a new one for each start' } },
      control: 'text',
    },
    body: {
      description: 'Makes the body, when that is not all of the parameters.',
      table: { type: { summary: '(parameters) => object' }, defaultValue: { summary: 'the parameters' } },
      control: false,
    },
    headers: {
      description: 'Headers of your own, for the polls too. Here they tell the service of the stories how to behave.',
      table: { type: { summary: 'Record<string, string>' } },
      control: 'object',
    },
    wait: {
      description: 'Seconds the service may take to answer at once before it answers 202 (`Prefer: wait`).',
      table: { type: { summary: 'number' }, defaultValue: { summary: 'not sent' } },
      control: 'number',
    },
    pollInterval: {
      description: 'ms between two polls, or a function of the record. A `Retry-After` of the service comes first.',
      table: {
        type: { summary: 'number | (record) => number' },
        defaultValue: { summary: 'a tenth of the time since the start' },
      },
      control: 'number',
    },
    timeout: {
      description: 'ms for the whole operation. Afterwards it is `failed` with kind `timeout`; the service may go on.',
      table: { type: { summary: 'number' }, defaultValue: { summary: 'no limit' } },
      control: 'number',
    },
    onCompleted: {
      description: 'Called once with the result, mounted or not.',
      table: { type: { summary: '(result, operation) => void' } },
    },
    onFailed: {
      description: 'Called once with the error.',
      table: { type: { summary: '(error, operation) => void' } },
    },
    onSettled: {
      description: 'Called once at any end, after the others; the only one after a cancel.',
      table: { type: { summary: '(operation) => void' } },
    },
    parameters: {
      description: 'Not an option: what the buttons of this page give to `start` and `startAsync`.',
      table: { category: 'This page', type: { summary: 'object' } },
      control: 'object',
    },
  },
  parameters: {
    docs: { page: HookDocs, source: { code: sample, language: 'tsx' }, canvas: { sourceState: 'shown' } },
  },
  render: (args) => <StoryService>{() => <ActionProbe {...args} />}</StoryService>,
  decorators: [
    (Story) => (
      <div className="demo-stack">
        <Story />
      </div>
    ),
  ],
} satisfies Meta<typeof ActionProbe>

export default meta
type Story = StoryObj<typeof meta>

/** What the hook returns, and its functions. Start it, then cancel it, or wait for the result. */
export const ReturnValue: Story = {}

/** `onCompleted` and `onSettled` are called once. */
export const Callbacks: Story = {
  tags: ['!autodocs'],
  args: { headers: { 'x-test-duration': '200', 'x-test-retry-after': '0' } },
  play: async ({ canvas, userEvent, args }) => {
    await expect(canvas.getByText(/"status": "idle"/)).toBeVisible()
    await userEvent.click(canvas.getByRole('button', { name: 'start' }))
    await canvas.findByText(/"status": "completed"/, {}, { timeout: 10_000 })
    await waitFor(() => expect(args.onSettled).toHaveBeenCalledOnce())
    await expect(args.onCompleted).toHaveBeenCalledOnce()
    await expect(args.onCompleted).toHaveBeenCalledWith(expect.objectContaining({ RowCount: 144 }), expect.anything())
    await expect(args.onFailed).not.toHaveBeenCalled()
    await userEvent.click(canvas.getByRole('button', { name: 'reset' }))
    await canvas.findByText(/"status": "idle"/)
  },
}
