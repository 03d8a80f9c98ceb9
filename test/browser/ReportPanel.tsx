import { useEffect } from 'react'
import { OperationPanel, useODataAction } from 'react-odata-async'
import type { BehaviourOptions } from '../service/behaviour.js'
import { behaviourAsHeaders } from '../service/behaviour.js'

interface Report {
  readonly Title: string
  readonly DownloadUrl: string
}

interface ReportPanelProps extends BehaviourOptions {
  /** Starts in an effect instead of by the button. */
  readonly startOnMount?: boolean
}

const year = { StartDate: '2025-01-01', EndDate: '2025-12-31' }

/** What an app shows of a report: a button, and the panel. */
export function ReportPanel({ startOnMount = false, ...behaviour }: ReportPanelProps) {
  const { start, cancel, retry, operation } = useODataAction<Report, typeof year>({
    action: 'Reports/Reporting.GenerateLargeReport',
    id: 'report',
    headers: behaviourAsHeaders(behaviour),
  })
  useEffect(() => {
    if (startOnMount) start(year)
  }, [startOnMount, start])
  return (
    <>
      <button type="button" onClick={() => start(year)}>
        Generate report
      </button>
      <OperationPanel
        label="Sales report"
        operation={operation}
        onCancel={cancel}
        onRetry={retry}
        renderResult={({ Title, DownloadUrl }) => <a href={DownloadUrl}>{Title}</a>}
      />
    </>
  )
}
