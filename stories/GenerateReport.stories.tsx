import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, waitFor } from 'storybook/test'
import { GenerateReportPage } from './support/GenerateReportPage.js'
import { StoryService } from './support/StoryService.js'
import { type ServiceArgs, serviceArgs, serviceArgTypes } from './support/serviceArgs.js'
import { recordProgress } from './support/recordProgress.js'

interface Args extends ServiceArgs {
  readonly maxVersion: '4.0' | '4.01'
}

/**
 * A page of a business app against a real OData service, and the requests on the wire. The controls tell the service what to
 * do with the next start.
 */
const meta = {
  title: 'Generate a report',
  tags: ['!autodocs'],
  args: { ...serviceArgs, maxVersion: '4.01' },
  argTypes: {
    ...serviceArgTypes,
    maxVersion: {
      name: 'OData-MaxVersion',
      description: 'The newest version of OData that the client asks for. With 4.0 the result comes as application/http.',
      options: ['4.01', '4.0'],
      control: { type: 'inline-radio' },
    },
  },
  render: ({ maxVersion, ...service }) => (
    <StoryService maxVersion={maxVersion}>
      {(wire) => <GenerateReportPage service={service} wire={wire} />}
    </StoryService>
  ),
} satisfies Meta<Args>

export default meta
type Story = StoryObj<typeof meta>
type Play = NonNullable<Story['play']>
type Canvas = Parameters<Play>[0]['canvas']

const patience = { timeout: 10_000 }
const quick = { duration: 1500, retryAfter: 0 }

const start: Play = async ({ canvas, userEvent }) => {
  await userEvent.click(canvas.getByRole('button', { name: 'Generate report' }))
}

const findDownload = (canvas: Canvas) => canvas.findByRole('link', { name: /^Download Report 2025-01-01/ }, patience)

/** The rows of the wire list, as text without gaps: `POST Reports/... 202`. */
const wire = (canvas: Canvas) =>
  within(canvas.getByRole('list', { name: 'On the wire' }))

/** Press the button, watch it run, get the file. */
export const Live: Story = {}
