import { FluentProvider } from '@fluentui/react-provider'
import { webDarkTheme, webLightTheme } from '@fluentui/react-theme'
import type { Meta, StoryObj } from '@storybook/react-vite'
import { StoryService } from '../support/StoryService.js'
import { type ServiceArgs, serviceArgs, serviceArgTypes, serviceHeaders } from '../support/serviceArgs.js'
import { FluentReport } from './FluentReport.js'
// biome-ignore lint/correctness/useImportExtensions: its text, to be shown
import source from './FluentReport.tsx?raw'
import { playCancel, playReport } from './playReport.js'

/** The props of `useOperationProps` on Fluent UI's ProgressBar, Text and Button, which take them as they are. */
const meta = {
  title: 'Drop into others/Fluent UI',
  args: serviceArgs,
  argTypes: serviceArgTypes,
  parameters: { docs: { source: { code: source, language: 'tsx' } } },
  render: (service, { globals }) => (
    <StoryService>
      {() => (
        <FluentProvider theme={globals.theme === 'dark' ? webDarkTheme : webLightTheme}>
          <FluentReport headers={serviceHeaders(service)} />
        </FluentProvider>
      )}
    </StoryService>
  ),
} satisfies Meta<ServiceArgs>

export default meta
type Story = StoryObj<typeof meta>

/** Press the button, watch it run. */
export const Live: Story = {}

/** From the start to the link. */
export const Completed: Story = { args: { duration: 1500, retryAfter: 0 }, play: playReport }

/** The button that is gone hands its focus on. */
export const Cancelled: Story = { args: { outcome: 'hang', retryAfter: 0 }, play: playCancel }
