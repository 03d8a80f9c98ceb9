import { createTheme, ThemeProvider } from '@mui/material/styles'
import type { Meta, StoryObj } from '@storybook/react-vite'
import { StoryService } from '../support/StoryService.js'
import { type ServiceArgs, serviceArgs, serviceArgTypes, serviceHeaders } from '../support/serviceArgs.js'
import { MuiReport } from './MuiReport.js'
// biome-ignore lint/correctness/useImportExtensions: its text, to be shown
import source from './MuiReport.tsx?raw'
import { playCancel, playReport } from './playReport.js'

const light = createTheme()
const dark = createTheme({ palette: { mode: 'dark' } })

/** The props of `useOperationProps` on MUI's LinearProgress, Typography and Button, which take them as they are. */
const meta = {
  title: 'Drop into others/MUI',
  args: serviceArgs,
  argTypes: serviceArgTypes,
  parameters: { docs: { source: { code: source, language: 'tsx' } } },
  render: (service, { globals }) => (
    <StoryService>
      {() => (
        <ThemeProvider theme={globals.theme === 'dark' ? dark : light}>
          <MuiReport headers={serviceHeaders(service)} />
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
