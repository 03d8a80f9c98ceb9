import type { StoryObj } from '@storybook/react-vite'
import { expect, waitFor } from 'storybook/test'
import { recordProgress } from '../support/recordProgress.js'
import type { ServiceArgs } from '../support/serviceArgs.js'

type Play = NonNullable<StoryObj<ServiceArgs>['play']>
type Context = Pick<Parameters<Play>[0], 'canvas' | 'userEvent'>

const patience = { timeout: 10_000 }

// By text: the role of a web component's button is out of reach.
const start = ({ canvas, userEvent }: Context) => userEvent.click(canvas.getByText('Generate report'))
const visible = ({ canvas }: Context, name: string) =>
  waitFor(() => expect(canvas.getByText(name)).toBeVisible(), patience)

/** Starts the report, and follows it to its end. */
export async function playReport(context: Context): Promise<void> {
  const { canvas } = context
  const bar = canvas.getByRole('progressbar', { name: 'Sales report' })
  const values = recordProgress(bar)
  await start(context)
  await visible(context, 'Cancel')
  await canvas.findByText(/^Download Report 2025/, {}, patience)
  await expect(values.length).toBeGreaterThan(1)
  await expect(values).toEqual([...values].sort((a, b) => a - b))
  await expect(bar).toHaveAttribute('aria-valuetext', expect.stringMatching(/^Done/))
  await expect(canvas.getByText('Cancel')).not.toBeVisible()
}

/** Starts the report and cancels it; the focus goes on to what can be done then. */
export async function playCancel(context: Context): Promise<void> {
  const { canvas } = context
  await start(context)
  await visible(context, 'Cancel')
  // What `userEvent` clicks gets no focus when its button is inside of a web component.
  const cancel = canvas.getByText('Cancel')
  cancel.focus()
  await waitFor(() => expect(cancel).toHaveFocus())
  cancel.click()
  await visible(context, 'Retry')
  await expect(canvas.getByText(/^Cancelled\./)).toBeVisible()
  await waitFor(() => expect(canvas.getByText('Retry')).toHaveFocus())
}
