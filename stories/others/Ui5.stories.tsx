import './ui5Fonts.js'
import type { Meta, StoryObj } from '@storybook/react-vite'
import { ThemeProvider } from '@ui5/webcomponents-react/ThemeProvider'
import { StoryService } from '../support/StoryService.js'
import { type ServiceArgs, serviceArgs, serviceArgTypes, serviceHeaders } from '../support/serviceArgs.js'
import { playCancel, playReport } from './playReport.js'
import { Ui5Report } from './Ui5Report.js'
// biome-ignore lint/correctness/useImportExtensions: its text, to be shown
import source from './Ui5Report.tsx?raw'

/**
 * The props of `useOperationProps` on UI5 Web Components for React: on Text and Button as they are, and around
 * ProgressIndicator, whose role is inside of it. Always light: its dark theme is set for a whole page.
 */
const meta = {
  title: 'Drop into others/UI5 Web Components',
  args: serviceArgs,
  argTypes: serviceArgTypes,
  parameters: { docs: { source: { code: source, language: 'tsx' } } },
  render: (service) => (
    <StoryService>
      {() => (
        <ThemeProvider>
          <div style={{ colorScheme: 'light', background: 'Canvas', color: 'CanvasText' }}>
            <Ui5Report headers={serviceHeaders(service)} />
          </div>
        </ThemeProvider>
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
