import { useEffect } from 'react'
import {
  type UseODataActionOptions,
  type UseODataActionResult,
  useODataAction,
} from '../../src/react/useODataAction.js'

/** What the scripted service makes. */
export interface Report {
  readonly Title: string
}

const hooks: Record<string, UseODataActionResult<Report>> = {}

/** Starts reports, and shows the title or how it stands. */
export function Reporter({
  label = 'report',
  ...options
}: Partial<UseODataActionOptions<Report>> & { readonly label?: string }) {
  const report = useODataAction<Report>({ action: 'Rebuild', ...options })
  useEffect(() => {
    hooks[label] = report
  })
  return <p data-testid={label}>{report.result?.Title ?? report.status}</p>
}

/** What the {@link Reporter} with this label got from its hook at its last commit. */
export function reporter(label = 'report'): UseODataActionResult<Report> {
  return hooks[label] as UseODataActionResult<Report>
}
