import type { Meta, StoryObj } from '@storybook/react-vite'
import { useState } from 'react'
import { type UseODataOperationOptions, useODataAction, useODataOperation, WireLog } from 'react-odata-async'
import { expect } from 'storybook/test'
import { HookDocs } from '../support/HookDocs.js'
import { HookProbe } from '../support/HookProbe.js'
import { StoryService } from '../support/StoryService.js'

function OperationProbe(options: UseODataOperationOptions) {
  return <HookProbe hook="useODataOperation" value={useODataOperation(options)} />
}

interface StarterProps {
  readonly headers: Record<string, string>
}

/** Starts an operation of a given name. Another component watches it. */
function NamedStarter({ id, headers }: StarterProps & { readonly id: string }) {
  const { start } = useODataAction({ action: 'RebuildIndex', id, headers })
  return (
    <div className="demo-verbs">
      <button type="button" onClick={() => start()}>
        Rebuild the index
      </button>
    </div>
  )
}

/** Starts an operation without the library, as another program might, and watches its monitor. */
function ForeignStarter({ headers }: StarterProps) {
  const [monitorUrl, setMonitorUrl] = useState<string | null>(null)
  const start = async () => {
    const accepted = await fetch('/odata/RebuildIndex', {
      method: 'POST',
      headers: { Prefer: 'respond-async', ...headers },
    })
    setMonitorUrl(accepted.headers.get('Location'))
  }
  return (
    <>
      <div className="demo-verbs">
        <button type="button" onClick={() => void start()}>
          Rebuild the index elsewhere
        </button>
      </div>
      {monitorUrl && <OperationProbe monitorUrl={monitorUrl} />}
    </>
  )
}

const byId = `const report = useODataOperation<Report>({ id: 'annual-report' })

if (report.status === 'completed') return <a href={report.result.DownloadUrl}>Open</a>
`

const byMonitorUrl = `const rebuild = useODataOperation({ monitorUrl: 'https://host.example/odata/$async/7f3a' })
`

/**
 * Follows an operation that was started elsewhere: in another component, before a reload, or by another program that tells
 * the URL of the status monitor. It returns the same as `useODataAction`, without what starts an operation. However many
 * components watch, the service is asked once each time a poll is due.
 */
const meta = {
  title: 'Hooks/useODataOperation',
  component: OperationProbe,
  args: { id: 'index' },
  argTypes: {
    id: {
      description: 'Name of the operation, as it was started or resumed with.',
      table: { type: { summary: 'string | undefined' }, defaultValue: { summary: 'the monitorUrl' } },
      control: false,
    },
    monitorUrl: {
      description:
        'URL of a status monitor, absolute or relative to the service root, on the origin of the service or one of `trustedOrigins`.',
      table: { type: { summary: 'string' } },
      control: false,
    },
    onCompleted: {
      description: 'Called once with the result.',
      table: { type: { summary: '(result, operation) => void' } },
    },
    onFailed: {
      description: 'Called once with the error.',
      table: { type: { summary: '(error, operation) => void' } },
    },
    onSettled: {
      description: 'Called once at any end, after the others.',
      table: { type: { summary: '(operation) => void' } },
    },
  },
  parameters: {
    docs: { page: HookDocs, source: { code: byId, language: 'tsx' }, canvas: { sourceState: 'shown' } },
  },
  decorators: [
    (Story) => (
      <div className="demo-stack">
        <StoryService>
          {(wire) => (
            <>
              <Story />
              <WireLog log={wire} />
            </>
          )}
        </StoryService>
      </div>
    ),
  ],
} satisfies Meta<typeof OperationProbe>

export default meta
type Story = StoryObj

const quick = { 'x-test-duration': '200', 'x-test-retry-after': '0' }
const slow = { 'x-test-duration': '5000' }

/** One component starts it, another one watches it by its name. */
export const ById: Story = {
  name: 'By id',
  render: () => (
    <>
      <NamedStarter id="index" headers={slow} />
      <OperationProbe id="index" />
    </>
  ),
}

/** Another program started it; all that is known is where to ask. */
export const ByMonitorUrl: Story = {
  name: 'By monitorUrl',
  parameters: { docs: { source: { code: byMonitorUrl } } },
  render: () => <ForeignStarter headers={quick} />,
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(canvas.getByRole('button', { name: 'Rebuild the index elsewhere' }))
    await canvas.findByText(/"status": "completed"/, {}, { timeout: 10_000 })
    await expect(canvas.queryByRole('button', { name: 'start' })).toBeNull()
  },
}
