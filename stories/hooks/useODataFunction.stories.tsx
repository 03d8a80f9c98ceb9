import type { Meta, StoryObj } from '@storybook/react-vite'
import { type UseODataFunctionOptions, useODataFunction, WireLog } from 'react-odata-async'
import { expect, fn, waitFor } from 'storybook/test'
import { HookDocs } from '../support/HookDocs.js'
import { HookProbe } from '../support/HookProbe.js'
import { givenArgType, operationArgTypes } from '../support/operationArgTypes.js'
import { StoryService } from '../support/StoryService.js'

interface FunctionProbeProps extends Omit<UseODataFunctionOptions<unknown, object>, 'parameters'> {
  /** What the buttons start it with. */
  readonly given: object
}

function FunctionProbe({ given, ...options }: FunctionProbeProps) {
  const called = useODataFunction<unknown, object>(options)
  const verbs = {
    start: () => called.start(given),
    startAsync: () => called.startAsync(given).catch(() => {}),
  }
  return <HookProbe hook="useODataFunction" value={called} verbs={verbs} />
}

const sample = `type Forecast = { Costs: number[] }
type Query = { Year: number; Scope: { Category: string }; Factors: number[] }

const forecast = useODataFunction<Forecast, Query>({ function: 'ForecastCosts' })

forecast.start({ Year: 2027, Scope: { Category: 'Tools' }, Factors: [1, 1.1] })

if (forecast.status === 'completed') return <p>{forecast.result.Costs.join(', ')}</p>
`

/**
 * Calls an OData function that may take longer than one HTTP request, when it is told to, and follows it to its end. Primitive
 * parameters stand in the path, objects and arrays in the query: `ForecastCosts(Year=2027,Scope=@Scope)?@Scope={...}`. A stream
 * comes as a `data:` URL.
 *
 * It returns the same as `useODataAction`.
 */
const meta = {
  title: 'Hooks/useODataFunction',
  component: FunctionProbe,
  args: {
    function: 'ForecastCosts',
    given: { Year: 2027, Scope: { Category: 'Tools' }, Factors: [1, 1.1] },
    headers: { 'x-test-duration': '5000' },
    onCompleted: fn(),
    onFailed: fn(),
    onSettled: fn(),
  },
  argTypes: {
    function: {
      description: 'Path below the service root, or a function that makes it from the parameters.',
      table: { type: { summary: 'string | (parameters) => string' } },
      control: 'text',
    },
    aliases: {
      description: 'Puts the values of all parameters into the query.',
      table: { type: { summary: 'boolean' }, defaultValue: { summary: 'false' } },
      control: 'boolean',
    },
    ...operationArgTypes,
    given: givenArgType,
  },
  parameters: {
    docs: { page: HookDocs, source: { code: sample, language: 'tsx' }, canvas: { sourceState: 'shown' } },
  },
  render: (args) => (
    <StoryService>
      {(wire) => (
        <>
          <FunctionProbe {...args} />
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
} satisfies Meta<typeof FunctionProbe>

export default meta
type Story = StoryObj<typeof meta>

/** What the hook returns, and its functions. */
export const ReturnValue: Story = {}

/** Objects and arrays go as aliases; the service understood them. */
export const Parameters: Story = {
  tags: ['!autodocs'],
  args: { headers: { 'x-test-duration': '200', 'x-test-retry-after': '0' } },
  play: async ({ canvas, userEvent, args }) => {
    await userEvent.click(canvas.getByRole('button', { name: 'start' }))
    await canvas.findByText(/"status": "completed"/, {}, { timeout: 10_000 })
    await waitFor(() => expect(args.onCompleted).toHaveBeenCalledOnce())
    await expect(args.onCompleted).toHaveBeenCalledWith(
      expect.objectContaining({ Year: 2027, Scope: { Category: 'Tools' }, Factors: [1, 1.1] }),
      expect.anything(),
    )
  },
}

/** A file comes as a `data:` URL. */
export const Stream: Story = {
  tags: ['!autodocs'],
  args: {
    function: 'PrintProducts',
    given: { Format: 'png' },
    headers: { 'x-test-duration': '200', 'x-test-retry-after': '0' },
  },
  play: async ({ canvas, userEvent, args }) => {
    await userEvent.click(canvas.getByRole('button', { name: 'start' }))
    await canvas.findByText(/"status": "completed"/, {}, { timeout: 10_000 })
    await waitFor(() => expect(args.onCompleted).toHaveBeenCalledOnce())
    await expect(args.onCompleted).toHaveBeenCalledWith(
      expect.stringContaining('data:image/png;base64,'),
      expect.anything(),
    )
  },
}
