import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, waitFor, within } from 'storybook/test'
import type { JobSnapshot } from '../test/service/job.js'
import { ImportProductsPage } from './support/ImportProductsPage.js'
import { StoryService } from './support/StoryService.js'
import { batchSwitches, type ServiceArgs, serviceArgs, serviceArgTypes, serviceHeaders } from './support/serviceArgs.js'

interface Args extends ServiceArgs {
  readonly format: 'json' | 'multipart' | undefined
  readonly maxBatchSize: number | undefined
}

/**
 * 200 products are created by one request. Three of them are wrong; the service says which and why, and only those are sent again.
 */
const meta = {
  title: 'Import products',
  tags: ['!autodocs'],
  args: { ...serviceArgs, service: ['interim-results'], format: undefined, maxBatchSize: undefined },
  argTypes: {
    ...serviceArgTypes,
    service: { ...serviceArgTypes.service, ...batchSwitches },
    format: {
      name: 'Format',
      description: 'How the batch is written. Without one the service is asked what it takes.',
      options: [undefined, 'json', 'multipart'],
      control: 'inline-radio',
    },
    maxBatchSize: {
      name: 'maxBatchSize',
      description: 'Requests in one batch; more are sent one batch after the other, and look like one.',
      control: { type: 'number', min: 1 },
    },
  },
  render: ({ format, maxBatchSize, ...service }) => (
    <StoryService>
      {(wire) => (
        <ImportProductsPage
          headers={serviceHeaders(service)}
          format={format}
          maxBatchSize={maxBatchSize || undefined}
          wire={wire}
        />
      )}
    </StoryService>
  ),
} satisfies Meta<Args>

export default meta
type Story = StoryObj<typeof meta>
type Play = NonNullable<Story['play']>
type Canvas = Parameters<Play>[0]['canvas']

const patience = { timeout: 10_000 }
const quick = { duration: 600, retryAfter: 0 }

const panel = (canvas: Canvas) => within(canvas.getByRole('region', { name: 'Import' }))
const listed = (canvas: Canvas) =>
  panel(canvas)
    .queryAllByRole('listitem')
    .map(({ textContent }) => textContent?.trim())

/** Waits until the panel says it. */
const said = (canvas: Canvas, text: string | RegExp) =>
  waitFor(() => expect(canvas.getByRole('region', { name: 'Import' })).toHaveTextContent(text), patience)

const start: Play = async ({ canvas, userEvent }) => {
  await userEvent.click(canvas.getByRole('button', { name: 'Import 200 products' }))
}

/** Which three, and why; corrected, only they are sent again. */
const correctAndRetry: Play = async (context) => {
  const { canvas, userEvent } = context
  await start(context)
  await said(canvas, '197 of 200 saved, 3 failed.')
  await expect(listed(canvas)).toEqual([
    'Line 12: Pencil set Failed Price is -19.9. Give 0 or more.',
    'Line 57: (no name) Failed The request has wrong data: Name is missing.',
    'Line 143: Office chair Failed Products has an entity with the key 4.',
  ])
  await userEvent.click(canvas.getByRole('button', { name: 'Correct the three' }))
  await userEvent.click(canvas.getByRole('button', { name: 'Retry failed (3)' }))
  await said(canvas, '200 of 200 saved.')
  await expect(listed(canvas)).toEqual([])
  await expect(canvas.queryByRole('button', { name: /Retry/ })).toBeNull()
}

/** Press the button, see what is wrong, correct it, and retry. */
export const Live: Story = {}

/** The service works on it for a while, and tells what is done so far. */
export const Asynchronous: Story = { args: quick, play: correctAndRetry }

/** The same as multipart. */
export const Multipart: Story = { args: { ...quick, format: 'multipart' }, play: correctAndRetry }

/** The service answers at once. */
export const AnsweredAtOnce: Story = { args: { duration: 0, service: ['sync'] }, play: correctAndRetry }

/** Four batches of 50 requests, one after the other. They look like one. */
export const InPieces: Story = { args: { duration: 200, retryAfter: 0, maxBatchSize: 50 }, play: correctAndRetry }

/** Cancel stops the work on the service, too. */
export const Cancel: Story = {
  args: { duration: 20_000, retryAfter: 0, service: [] },
  play: async (context) => {
    const { canvas, userEvent } = context
    await start(context)
    await said(canvas, /[1-9]\d* of 200/)
    await userEvent.click(canvas.getByRole('button', { name: 'Cancel' }))
    await said(canvas, 'Cancelled. Work already done may remain.')
    const jobs: JobSnapshot[] = await (await fetch('/odata/$test/jobs')).json()
    await expect(jobs.at(-1)).toMatchObject({ state: 'cancelled', aborted: true })
  },
}
