import { screen, waitFor } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { expect, it } from 'vitest'
import { recordProgress } from '../../stories/support/recordProgress.js'
import { renderBrowserApp, serviceJobs, serviceRequests } from './browserApp.js'
import { ReportPanel } from './ReportPanel.js'

const click = (name: string) => userEvent.click(screen.getByRole('button', { name }))
/** Waits until the panel says it. */
const said = (text: RegExp) => waitFor(() => expect(screen.getByRole('region')).toHaveTextContent(text))
const findReport = () => screen.findByRole<HTMLAnchorElement>('link', { name: 'Report 2025-01-01 to 2025-12-31' })

it('starts, shows the progress rise, and gives the link to the report', async () => {
  renderBrowserApp(<ReportPanel duration={2000} retryAfter={0} />)
  const values = recordProgress(screen.getByRole('progressbar', { name: 'Sales report' }))
  await click('Generate report')
  const { href } = await findReport()
  expect(values.length).toBeGreaterThan(2)
  expect(values).toEqual([...values].sort((a, b) => a - b))
  expect(values.at(-1)).toBe(100)
  expect((await (await fetch(href)).text()).split('\n')).toHaveLength(1 + 144 + 1)
  expect(await serviceJobs()).toMatchObject([{ state: 'finished', aborted: false }])
})

it('starts, is cancelled, and the job is stopped on the service', async () => {
  renderBrowserApp(<ReportPanel outcome="hang" retryAfter={0} />)
  await click('Generate report')
  await said(/Writing rows/)
  expect(await serviceJobs()).toMatchObject([{ state: 'running', aborted: false }])
  await click('Cancel')
  await said(/Cancelled\./)
  expect(await serviceJobs()).toMatchObject([{ state: 'cancelled', aborted: true }])
})

it("starts, fails, shows the service's own error, and succeeds at the second attempt", async () => {
  const { show } = renderBrowserApp(<ReportPanel outcome="fail" duration={200} retryAfter={0} />)
  await click('Generate report')
  const alert = await screen.findByRole('alert')
  expect(alert).toHaveTextContent('GenerateLargeReport failed half-way.')
  expect(alert).toHaveTextContent('REPORT_FAILED')
  show(<ReportPanel retryAfter={0} />)
  await click('Retry')
  await findReport()
  expect(screen.queryByRole('alert')).toBeNull()
  const posts = (await serviceRequests()).filter(({ method }) => method === 'POST')
  expect(posts).toHaveLength(2)
})
