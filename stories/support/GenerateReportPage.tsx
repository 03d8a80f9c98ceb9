import './demo.css'
import { type FormEvent, useState } from 'react'
import { OperationPanel, useODataAction, WireLog, type WireLogStore } from 'react-odata-async'
import { type ServiceArgs, serviceHeaders } from './serviceArgs.js'

interface Report {
  readonly Title: string
  readonly RowCount: number
  readonly DownloadUrl: string
}

interface Period {
  readonly StartDate: string
  readonly EndDate: string
}

interface GenerateReportPageProps {
  /** What the service is told to do with the next start. */
  readonly service: ServiceArgs
  readonly wire: WireLogStore
}

/** A page of a business app, and beside it what goes over the wire. */
export function GenerateReportPage({ service, wire }: GenerateReportPageProps) {
  const [period, setPeriod] = useState<Period>({ StartDate: '2025-01-01', EndDate: '2025-12-31' })
  const report = useODataAction<Report | undefined, Period>({
    action: 'Reports/Reporting.GenerateLargeReport',
    headers: serviceHeaders(service),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    report.start(period)
  }
  return (
    <div className="demo">
      <main className="demo-page">
        <h1>Generate a report</h1>
        <p className="demo-muted">Sales of all products, month by month, as a CSV file.</p>
        <form className="demo-form" onSubmit={submit}>
          <label>
            From
            <input
              type="date"
              required
              value={period.StartDate}
              onChange={({ target }) => setPeriod({ ...period, StartDate: target.value })}
            />
          </label>
          <label>
            To
            <input
              type="date"
              required
              value={period.EndDate}
              onChange={({ target }) => setPeriod({ ...period, EndDate: target.value })}
            />
          </label>
          <button type="submit" className="demo-button" aria-disabled={report.isActive}>
            Generate report
          </button>
        </form>
        <OperationPanel
          label="Sales report"
          headingLevel={2}
          operation={report.operation}
          onCancel={report.cancel}
          onRetry={report.canRetry ? report.retry : undefined}
          renderResult={({ Title, RowCount, DownloadUrl }, { url }) => (
            <a href={new URL(DownloadUrl, url).href} download={`${Title}.csv`}>
              Download {Title} ({RowCount.toLocaleString('en')} rows)
            </a>
          )}
        />
      </main>
      <WireLog log={wire} locale="en" />
    </div>
  )
}
