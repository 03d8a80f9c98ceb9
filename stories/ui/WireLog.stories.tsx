import '../../src/ui/styles.css'
import '../support/demo.css'
import type { Meta, StoryObj } from '@storybook/react-vite'
import { OperationPanel, useODataAction } from 'react-odata-async'
import { expect, waitFor, within } from 'storybook/test'
import type { WireLogStore } from '../../src/core/index.js'
import { WireLog } from '../../src/ui/index.js'
import { StoryService } from '../support/StoryService.js'
import { answersOf, wireLogOf, wireStates } from './wireStates.js'

/**
 * What goes over the wire, for developers. The client writes the log, when it is told to:
 * `createODataClient({ serviceUrl, onExchange: log.onExchange })`.
 */
const meta = {
  title: 'Components/WireLog',
  component: WireLog,
  tags: ['autodocs'],
  args: { log: wireLogOf(wireStates.running), locale: 'en' },
  argTypes: { log: { control: false }, messages: { control: false } },
  decorators: [
    (Story) => (
      <div style={{ maxInlineSize: '46rem', fontFamily: 'system-ui, sans-serif' }}>
        <Story />
      </div>
    ),
  ],
} satisfies Meta<typeof WireLog>

export default meta
type Story = StoryObj<typeof meta>
type Canvas = Parameters<NonNullable<Story['play']>>[0]['canvas']

const answers = (canvas: Canvas) =>
  within(canvas.getByRole('table', { name: 'Requests' }))
    .getAllByRole('row')
    .slice(1)
    .map((row) => within(row).getAllByRole('cell')[2]?.textContent)

/** Nothing was sent. */
export const Empty: Story = { args: { log: wireLogOf(wireStates.empty) } }

/** The service works, and says when to ask again. */
export const Running: Story = {}

/** The operation has a status of its own. */
export const Completed: Story = { args: { log: wireLogOf(wireStates.completed) } }

/** The status monitor has moved. */
export const Redirected: Story = { args: { log: wireLogOf(wireStates.redirected) } }

/** The service has too much to do. */
export const Throttled: Story = { args: { log: wireLogOf(wireStates.throttled) } }

/** There was no answer, and why. */
export const Lost: Story = { args: { log: wireLogOf(wireStates.lost) } }

/** Fresh credentials were needed. */
export const SignIn: Story = { args: { log: wireLogOf(wireStates.signIn) } }

/** The service has cancelled. */
export const Cancelled: Story = { args: { log: wireLogOf(wireStates.cancelled) } }

/** The service cannot cancel. */
export const CannotCancel: Story = { args: { log: wireLogOf(wireStates.cannotCancel) } }

/** The status monitor is not there any more. */
export const Gone: Story = { args: { log: wireLogOf(wireStates.gone) } }

/** URLs keep their direction, and the table follows the page. */
export const RightToLeft: Story = {
  args: { log: wireLogOf(wireStates.throttled), locale: 'ar' },
  decorators: [
    (Story) => (
      <div dir="rtl">
        <Story />
      </div>
    ),
  ],
}

/** Little room: words are not cut; what is wider than the screen scrolls in its own box. */
export const Narrow: Story = {
  args: { log: wireLogOf(wireStates.lost) },
  decorators: [
    (Story) => (
      <div style={{ inlineSize: 272 }}>
        <Story />
      </div>
    ),
  ],
  play: async ({ canvas }) => {
    const region = canvas.getByRole('region', { name: 'Requests' })
    await expect(region.getBoundingClientRect().width).toBeLessThanOrEqual(272)
  },
}

/** It keeps the last 200. The end stays in view, until the reader scrolls up. */
export const Long: Story = {
  args: { log: wireLogOf(answersOf(250)) },
  play: async ({ canvas, args }) => {
    const { onExchange, getSnapshot } = args.log as WireLogStore
    const region = canvas.getByRole('region', { name: 'Requests' })
    const write = async () => {
      const last = getSnapshot().at(-1)!
      const at = last.at + 5000
      onExchange({ ...last, at })
      await waitFor(() => expect(region.querySelector(`[datetime="${new Date(at).toISOString()}"]`)).not.toBeNull())
    }
    const scroll = (top: number) =>
      new Promise((told) => {
        region.addEventListener('scroll', told, { once: true })
        region.scrollTop = top
      })
    const distance = () => region.scrollHeight - region.scrollTop - region.clientHeight
    await expect(answers(canvas)).toHaveLength(200)
    await waitFor(() => expect(distance()).toBeLessThan(2))
    await write()
    await waitFor(() => expect(distance()).toBeLessThan(2))
    await scroll(300)
    await write()
    await expect(distance()).toBeGreaterThan(300)
    await scroll(region.scrollHeight)
    await write()
    await waitFor(() => expect(distance()).toBeLessThan(2))
  },
}

function LiveReport({ wire }: { readonly wire: WireLogStore }) {
  const rebuild = useODataAction({
    action: 'RebuildIndex',
    headers: { 'x-test-duration': '1500', 'x-test-retry-after': '0' },
  })
  return (
    <div className="demo-stack">
      <div className="demo-verbs">
        <button type="button" onClick={() => rebuild.start()}>
          Rebuild the index
        </button>
      </div>
      <OperationPanel label="Index" operation={rebuild.operation} onCancel={rebuild.cancel} locale="en" />
      <WireLog log={wire} operationId={rebuild.operation?.id} locale="en" />
    </div>
  )
}

/** Start it, and see what is sent: the requests of the newest run. */
export const Live: Story = {
  render: () => <StoryService>{(wire) => <LiveReport wire={wire} />}</StoryService>,
  play: async ({ canvas, userEvent }) => {
    const panel = canvas.getByRole('region', { name: 'Index' })
    await expect(answers(canvas)).toHaveLength(1)
    await userEvent.click(canvas.getByRole('button', { name: 'Rebuild the index' }))
    await waitFor(() => expect(panel).toHaveTextContent(/Done/), { timeout: 10_000 })
    await expect(answers(canvas)[0]).toBe('202 Accepted')
    await expect(answers(canvas).at(-1)).toMatch(/^20[04] .*AsyncResult 204$/)
  },
}
