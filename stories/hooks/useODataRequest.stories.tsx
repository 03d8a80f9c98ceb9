import type { Meta, StoryObj } from '@storybook/react-vite'
import { type UseODataRequestOptions, useODataRequest, WireLog } from 'react-odata-async'
import { expect, fn, waitFor } from 'storybook/test'
import { HookDocs } from '../support/HookDocs.js'
import { HookProbe } from '../support/HookProbe.js'
import { givenArgType, operationArgTypes } from '../support/operationArgTypes.js'
import { StoryService } from '../support/StoryService.js'

interface RequestProbeProps extends UseODataRequestOptions<unknown, object> {
  /** What the buttons start it with. */
  readonly given: object
}

function RequestProbe({ given, ...options }: RequestProbeProps) {
  const request = useODataRequest<unknown, object>(options)
  const verbs = {
    start: () => request.start(given),
    startAsync: () => request.startAsync(given).catch(() => {}),
  }
  return <HookProbe hook="useODataRequest" value={request} verbs={verbs} />
}

const sample = `type Product = { ID: number; Stock: number }

const restock = useODataRequest<Product, Product>({
  method: 'PATCH',
  path: ({ ID }) => \`Products\${formatKey(ID)}\`,
  body: ({ Stock }) => ({ Stock }),
  returnPreference: 'representation',
})

restock.start({ ID: 1, Stock: 40 })
`

/**
 * Sends any request that may take longer than one HTTP request, when it is told to, and follows it to its end: a large query, an
 * update that sets off a workflow, the upload of a file.
 *
 * It returns the same as `useODataAction`.
 */
const meta = {
  title: 'Hooks/useODataRequest',
  component: RequestProbe,
  args: {
    method: 'PATCH',
    path: 'Products(1)',
    given: { Stock: 40 },
    headers: { 'x-test-duration': '5000' },
    onCompleted: fn(),
    onFailed: fn(),
    onSettled: fn(),
  },
  argTypes: {
    method: {
      description: 'HTTP method.',
      table: { type: { summary: "'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'" } },
      options: ['GET', 'POST', 'PATCH', 'PUT', 'DELETE'],
      control: 'radio',
    },
    path: {
      description:
        'Path below the service root with its query, or a function that makes it from what `start` is given.',
      table: { type: { summary: 'string | (input) => string' } },
      control: 'text',
    },
    body: {
      description: 'Makes the body from what `start` is given.',
      table: {
        type: { summary: '(input) => object | string | undefined' },
        defaultValue: { summary: 'the input for POST, PATCH and PUT' },
      },
      control: false,
    },
    etag: {
      description: 'ETag that what is changed must still have (`If-Match`).',
      table: { type: { summary: 'string' }, defaultValue: { summary: 'not sent' } },
      control: 'text',
    },
    returnPreference: {
      description: 'Should what was changed be sent back?',
      table: { type: { summary: "'representation' | 'minimal'" }, defaultValue: { summary: 'not sent' } },
      options: [undefined, 'representation', 'minimal'],
      control: 'radio',
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
          <RequestProbe {...args} />
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
} satisfies Meta<typeof RequestProbe>

export default meta
type Story = StoryObj<typeof meta>

/** What the hook returns, and its functions. */
export const ReturnValue: Story = {}

/** A query that takes its time: the rows come as an array. */
export const Query: Story = {
  tags: ['!autodocs'],
  args: {
    method: 'GET',
    path: 'Products?$top=2&$select=ID',
    headers: { 'x-test-duration': '200', 'x-test-retry-after': '0' },
  },
  play: async ({ canvas, userEvent, args }) => {
    await userEvent.click(canvas.getByRole('button', { name: 'start' }))
    await canvas.findByText(/"status": "completed"/, {}, { timeout: 10_000 })
    await waitFor(() => expect(args.onCompleted).toHaveBeenCalledOnce())
    await expect(args.onCompleted).toHaveBeenCalledWith(
      [expect.objectContaining({ ID: 1 }), expect.objectContaining({ ID: 2 })],
      expect.anything(),
    )
  },
}
