import type { Meta, StoryObj } from '@storybook/react-vite'
import { type UseODataActionOptions, useODataAction, WireLog } from 'react-odata-async'
import { expect, fn, waitFor } from 'storybook/test'
import { HookDocs } from '../support/HookDocs.js'
import { HookProbe } from '../support/HookProbe.js'
import { givenArgType, operationArgTypes } from '../support/operationArgTypes.js'
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
    body: {
      description: 'Makes the body, when that is not all of the parameters.',
      table: { type: { summary: '(parameters) => object' }, defaultValue: { summary: 'the parameters' } },
      control: false,
    },
    ...operationArgTypes,
    parameters: givenArgType,
  },
  parameters: {
    docs: { page: HookDocs, source: { code: sample, language: 'tsx' }, canvas: { sourceState: 'shown' } },
  },
  render: (args) => (
    <StoryService>
      {(wire) => (
        <>
          <ActionProbe {...args} />
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
    await expect(args.onCompleted).toHaveBeenCalledWith(
      expect.objectContaining({ StartDate: '2025-01-01', EndDate: '2025-12-31' }),
      expect.anything(),
    )
    await expect(args.onFailed).not.toHaveBeenCalled()
    await userEvent.click(canvas.getByRole('button', { name: 'reset' }))
    await canvas.findByText(/"status": "idle"/)
  },
}
