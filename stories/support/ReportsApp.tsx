import './demo.css'
import { useState } from 'react'
import { OperationAnnouncer, OperationButton, OperationTray, useODataAction, useOperationTray } from 'react-odata-async'
import { behaviourAsHeaders } from '../../test/service/behaviour.js'

interface Report {
  readonly Title: string
  readonly RowCount: number
  readonly DownloadUrl: string
}

const years = [2025, 2024, 2023]
const pages = ['Reports', 'Settings'] as const
const headers = behaviourAsHeaders({ duration: 4000, retryAfter: 1 })
const titleOf = ({ id }: { readonly id: string }) => `Report ${id}`

const renderResult = (result: unknown, { url }: { readonly url: string }) => {
  const { Title, RowCount, DownloadUrl } = result as Report
  return (
    <a href={new URL(DownloadUrl, url).href} download={`${Title}.csv`}>
      {RowCount.toLocaleString('en')} rows
    </a>
  )
}

/** The report of one year. */
function ReportButton({ year }: { readonly year: number }) {
  const report = useODataAction<Report, object>({
    action: 'Reports/Reporting.GenerateLargeReport',
    id: `${year}`,
    headers,
  })
  return (
    <OperationButton
      label={`Generate report ${year}`}
      busyLabel="Generating…"
      doneLabel={`Open report ${year}`}
      operation={report.operation}
      onStart={() => report.start({ StartDate: `${year}-01-01`, EndDate: `${year}-12-31` })}
      onCancel={report.cancel}
      onOpen={({ DownloadUrl }, { url }) => window.open(new URL(DownloadUrl, url))}
      locale="en"
    />
  )
}

/** A small app with two pages, and its operations in its head. */
export function ReportsApp() {
  const [page, setPage] = useState<(typeof pages)[number]>('Reports')
  const tray = useOperationTray()
  return (
    <OperationAnnouncer operations={tray.operations} getLabel={titleOf} locale="en">
      <div className="demo-app">
        <header className="demo-app-head">
          <nav className="demo-verbs" aria-label="Pages">
            {pages.map((name) => (
              <button
                key={name}
                type="button"
                aria-current={name === page ? 'page' : undefined}
                onClick={() => setPage(name)}
              >
                {name}
              </button>
            ))}
          </nav>
          <OperationTray {...tray} labelOf={titleOf} renderResult={renderResult} locale="en" />
        </header>
        <main className="demo-app-page">
          <h1>{page}</h1>
          {page === 'Reports' ? (
            years.map((year) => <ReportButton key={year} year={year} />)
          ) : (
            <p className="demo-muted">Nothing to set. What was started on the other page goes on.</p>
          )}
        </main>
      </div>
    </OperationAnnouncer>
  )
}
