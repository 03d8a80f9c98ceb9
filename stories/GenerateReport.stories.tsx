import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, waitFor, within } from 'storybook/test'
import type { JobSnapshot } from '../test/service/job.js'
import { GenerateReportPage } from './support/GenerateReportPage.js'
import { recordProgress } from './support/recordProgress.js'
import { StoryService } from './support/StoryService.js'
import { type ServiceArgs, serviceArgs, serviceArgTypes } from './support/serviceArgs.js'

/** By names that a URL of Storybook can carry. */
const maxVersions = { v401: '4.01', v40: '4.0' } as const

interface Args extends ServiceArgs {
  readonly maxVersion: keyof typeof maxVersions
}

/**
 * A page of a business app against a real OData service, and the requests on the wire. The controls tell the service what to
 * do with the next start.
 */
const meta = {
  title: 'Generate a report',
  tags: ['!autodocs'],
  args: { ...serviceArgs, maxVersion: 'v401' },
  argTypes: {
    ...serviceArgTypes,
    maxVersion: {
      name: 'OData-MaxVersion',
      description:
        'The newest version of OData that the client asks for. With 4.0 the result comes as application/http.',
      options: Object.keys(maxVersions),
      control: { type: 'inline-radio', labels: maxVersions },
    },
  },
  render: ({ maxVersion, ...service }) => (
    <StoryService maxVersion={maxVersions[maxVersion]}>
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

const findDownload = (canvas: Canvas) =>
  canvas.findByRole<HTMLAnchorElement>('link', { name: /^Download Report 2025-01-01/ }, patience)

/** Waits until the panel says it. */
const said = (canvas: Canvas, text: RegExp) =>
  waitFor(() => expect(canvas.getByRole('region', { name: 'Sales report' })).toHaveTextContent(text), patience)

/** The requests so far with their answers, as the log shows them: `GET 202`. */
const exchanges = (canvas: Canvas) =>
  within(canvas.getByRole('table', { name: 'Requests' }))
    .getAllByRole('row')
    .slice(1)
    .map((row) => {
      const [, request, answer] = within(row).getAllByRole('cell')
      return `${request?.textContent?.split(' ', 1)} ${answer?.textContent?.split(' ', 1)}`
    })

const count = (canvas: Canvas, exchange: string) => exchanges(canvas).filter((each) => each === exchange).length

/** Press the button, watch it run, get the file. */
export const Live: Story = {}

/** Progress rises, the link appears, and the file is there. */
export const Success: Story = {
  args: quick,
  play: async (context) => {
    const { canvas } = context
    const values = recordProgress(canvas.getByRole('progressbar', { name: 'Sales report' }))
    await start(context)
    const { href } = await findDownload(canvas)
    await expect(canvas.getByText('AsyncResult 201')).toBeVisible()
    await expect(values.length).toBeGreaterThan(1)
    await expect(values).toEqual([...values].sort((a, b) => a - b))
    const file = await fetch(href)
    await expect(file.headers.get('Content-Type')).toContain('text/csv')
    await expect(await file.text()).toMatch(/^Month,ID,Name,Price\n2025-01,1,Desk lamp,39.9\n/)
  },
}

/** Cancel stops the job on the service too. */
export const Cancel: Story = {
  args: { ...quick, outcome: 'hang' },
  play: async (context) => {
    const { canvas, userEvent } = context
    await start(context)
    await said(canvas, /Writing rows/)
    await userEvent.click(canvas.getByRole('button', { name: 'Cancel' }))
    await said(canvas, /Cancelled\./)
    const jobs: JobSnapshot[] = await (await fetch('/odata/$test/jobs')).json()
    await expect(jobs.at(-1)).toMatchObject({ state: 'cancelled', aborted: true })
    await expect(exchanges(canvas).at(-1)).toBe('DELETE 204')
  },
}

/** The service's own words and code. Retry sends the request again. */
export const Failure: Story = {
  args: { ...quick, duration: 500, outcome: 'fail' },
  play: async (context) => {
    const { canvas, userEvent } = context
    await start(context)
    const alert = await canvas.findByRole('alert', {}, patience)
    await expect(alert).toHaveTextContent('GenerateLargeReport failed half-way.')
    await expect(alert).toHaveTextContent('REPORT_FAILED')
    await userEvent.click(canvas.getByRole('button', { name: 'Retry' }))
    await waitFor(() => expect(canvas.queryByRole('alert')).toBeNull())
    await canvas.findByRole('alert', {}, patience)
    await expect(count(canvas, 'POST 202')).toBe(2)
  },
}

/** The service gives the result to the first who asks. It is read once, and kept. */
export const DeliveredOnce: Story = {
  args: { ...quick, duration: 500, service: ['deliver-once'] },
  play: async (context) => {
    const { canvas } = context
    await start(context)
    await findDownload(canvas)
    await expect(count(canvas, 'GET 200')).toBe(1)
    await expect(exchanges(canvas).at(-1)).toBe('GET 200')
    const [monitor] = canvas.getAllByTitle(/\$async/)
    await expect((await fetch(monitor!.title)).status).toBe(404)
  },
}

/** The service refuses to cancel. The panel says so, takes the button away, and goes on to the result. */
export const CannotCancel: Story = {
  args: { ...quick, service: ['cancel-refused'] },
  play: async (context) => {
    const { canvas, userEvent } = context
    await start(context)
    await userEvent.click(await canvas.findByRole('button', { name: 'Cancel' }))
    await said(canvas, /can’t cancel/)
    await expect(canvas.queryByRole('button', { name: 'Cancel' })).toBeNull()
    await findDownload(canvas)
    await expect(count(canvas, 'DELETE 405')).toBe(1)
  },
}

/** The service ignores the wish to answer later: one request, and the result is there. */
export const AnsweredAtOnce: Story = {
  args: { ...quick, duration: 500, service: ['sync'] },
  play: async (context) => {
    await start(context)
    await findDownload(context.canvas)
    await expect(exchanges(context.canvas)).toEqual(['POST 201'])
  },
}

/** OData 4.0 has no AsyncResult header: the result comes as a whole HTTP message. */
export const Wrapped: Story = {
  name: 'Wrapped 4.0',
  args: { ...quick, duration: 500, maxVersion: 'v40' },
  play: async (context) => {
    await start(context)
    await findDownload(context.canvas)
    await expect(exchanges(context.canvas).at(-1)).toBe('GET 200')
    await expect(context.canvas.queryByText(/^AsyncResult/)).toBeNull()
  },
}
