import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { cleanup, configure, render } from '@testing-library/react'
import type { KyInstance } from 'ky'
import { type ReactNode, StrictMode } from 'react'
import { createODataClient, ODataProvider } from 'react-odata-async'
import { afterEach, beforeEach } from 'vitest'
import type { JobSnapshot } from '../service/job.js'
import type { RequestEntry } from '../service/requestLog.js'

// What is waited for is the work of a service, on a machine that may be busy.
configure({ asyncUtilTimeout: 10_000 })

beforeEach(async () => void (await fetch('/odata/$test/reset', { method: 'POST' })))
afterEach(cleanup)

/** Options of {@link renderBrowserApp}. */
interface BrowserAppOptions {
  readonly strict?: boolean
  readonly http?: KyInstance
}

/** Renders `ui` below a provider, on the real service, with a cache of its own. */
export function renderBrowserApp(ui: ReactNode, { strict = false, http }: BrowserAppOptions = {}) {
  const queryClient = new QueryClient()
  const client = createODataClient({ serviceUrl: '/odata/', http })
  const app = (children: ReactNode) => {
    const tree = (
      <QueryClientProvider client={queryClient}>
        <ODataProvider client={client}>{children}</ODataProvider>
      </QueryClientProvider>
    )
    return strict ? <StrictMode>{tree}</StrictMode> : tree
  }
  const view = render(app(ui))
  return {
    /** Shows something else below the same provider. */
    show: (next: ReactNode) => view.rerender(app(next)),
    /** Takes everything away, the provider too. */
    unmount: view.unmount,
    /** The same app after {@link unmount}, with the same cache. */
    mountAgain: (next: ReactNode) => void render(app(next)),
  }
}

const ask = async <T,>(endpoint: string): Promise<T> => (await fetch(`/odata/$test/${endpoint}`)).json()

/** The jobs of the service, the oldest first. */
export const serviceJobs = () => ask<JobSnapshot[]>('jobs')

/** The requests that the service answered, the oldest first. */
export const serviceRequests = () => ask<RequestEntry[]>('requests')
