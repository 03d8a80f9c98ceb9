import type { Meta, StoryObj } from '@storybook/react-vite'
import { createAsyncStoragePersister } from '@tanstack/query-async-storage-persister'
import { QueryClient } from '@tanstack/react-query'
import { PersistQueryClientProvider } from '@tanstack/react-query-persist-client'
import { useState } from 'react'
import { createODataClient, ODataProvider, OperationPanel, persistOperations, useODataAction } from 'react-odata-async'
import { expect, waitFor } from 'storybook/test'
import './support/demo.css'

const client = createODataClient({ serviceUrl: '/odata/' })
const STORAGE_KEY = 'a report that survives'
const ID = 'surviving-report'

interface Report {
  readonly Title: string
}

function ReportOfTheYear({ duration }: { readonly duration: number }) {
  const report = useODataAction<Report, { StartDate: string; EndDate: string }>({
    action: 'Reports/Reporting.GenerateLargeReport',
    id: ID,
    headers: { 'x-test-duration': `${duration}` },
  })
  return (
    <>
      <div className="demo-verbs">
        <button type="button" onClick={() => report.start({ StartDate: '2025-01-01', EndDate: '2025-12-31' })}>
          Generate report
        </button>
        <button type="button" onClick={report.isPaused ? report.resume : report.pause} disabled={!report.isActive}>
          {report.isPaused ? 'Resume' : 'Pause'}
        </button>
      </div>
      <OperationPanel
        label="Report of the year"
        operation={report.operation}
        onCancel={report.cancel}
        onDismiss={report.reset}
        renderResult={({ Title }) => Title}
      />
    </>
  )
}

/** An app as it is after a reload: a new cache, that is filled from the storage. */
function App({ duration }: { readonly duration: number }) {
  const [queryClient] = useState(() => new QueryClient())
  const [persistOptions] = useState(() => ({
    persister: createAsyncStoragePersister({ storage: window.sessionStorage, key: STORAGE_KEY, throttleTime: 100 }),
    ...persistOperations(),
  }))
  return (
    <PersistQueryClientProvider client={queryClient} persistOptions={persistOptions}>
      <ODataProvider client={client}>
        <ReportOfTheYear duration={duration} />
      </ODataProvider>
    </PersistQueryClientProvider>
  )
}

function Page({ duration }: { readonly duration: number }) {
  const [visit, setVisit] = useState(1)
  return (
    <div className="demo-stack">
      <div className="demo-verbs">
        <button type="button" onClick={() => setVisit(visit + 1)}>
          Leave the app and come back (visit {visit})
        </button>
      </div>
      <App key={visit} duration={duration} />
    </div>
  )
}

/**
 * Start it, then reload this page, as often as you like: the operation is found again and goes on. The button does the same
 * without a reload: a new app, a new cache, filled from the storage.
 */
const meta = {
  title: 'Survives a reload',
  tags: ['!autodocs'],
  component: Page,
  args: { duration: 15_000 },
  argTypes: {
    duration: {
      name: 'Duration (ms)',
      description: 'How long the work takes in all.',
      control: { type: 'range', min: 1000, max: 60_000, step: 500 },
    },
  },
} satisfies Meta<typeof Page>

export default meta
type Story = StoryObj<typeof meta>

/** The jobs that the service ran for it. */
async function countReports(): Promise<number> {
  const jobs: { url: string }[] = await (await fetch('/odata/$test/jobs')).json()
  return jobs.filter(({ url }) => url.includes('GenerateLargeReport')).length
}

/** Press the button, and reload. */
export const Live: Story = {}

/** One request, two apps, one result. */
export const FoundAgain: Story = {
  args: { duration: 2500 },
  play: async ({ canvas, userEvent }) => {
    sessionStorage.removeItem(STORAGE_KEY)
    const before = await countReports()
    await userEvent.click(canvas.getByRole('button', { name: /visit 1/ }))
    await userEvent.click(canvas.getByRole('button', { name: 'Generate report' }))
    await waitFor(() => expect(sessionStorage.getItem(STORAGE_KEY)).toContain('"status":"running"'), { timeout: 5_000 })
    await userEvent.click(canvas.getByRole('button', { name: /visit 2/ }))
    await canvas.findByText(/Report 2025-01-01/, {}, { timeout: 15_000 })
    await expect(await countReports()).toBe(before + 1)
    await userEvent.click(canvas.getByRole('button', { name: 'Dismiss' }))
    sessionStorage.removeItem(STORAGE_KEY)
  },
}

/** Paused, nothing is asked; resumed, it goes on to its end. */
export const PauseAndResume: Story = {
  args: { duration: 1500 },
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(canvas.getByRole('button', { name: 'Generate report' }))
    await waitFor(() => expect(canvas.getByRole('button', { name: 'Pause' })).toBeEnabled())
    await userEvent.click(canvas.getByRole('button', { name: 'Pause' }))
    const panel = canvas.getByRole('region', { name: 'Report of the year' })
    await waitFor(() => expect(panel).toHaveTextContent(/Paused\./), { timeout: 5_000 })
    await userEvent.click(canvas.getByRole('button', { name: 'Resume' }))
    await canvas.findByText(/Report 2025-01-01/, {}, { timeout: 15_000 })
    await userEvent.click(canvas.getByRole('button', { name: 'Dismiss' }))
    sessionStorage.removeItem(STORAGE_KEY)
  },
}
