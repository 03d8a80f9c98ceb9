import { Button } from '@fluentui/react-button'
import { ProgressBar } from '@fluentui/react-progress'
import { Subtitle2, Text } from '@fluentui/react-text'
import { useODataAction, useOperationProps } from 'react-odata-async'
import type { Report, ReportPageProps } from './report.js'

const colors = { positive: 'success', negative: 'error', caution: 'warning', neutral: 'brand' } as const

/** A report with the parts of Fluent UI. */
export function FluentReport({ headers }: ReportPageProps) {
  const report = useODataAction<Report, { StartDate: string; EndDate: string }>({
    action: 'Reports/Reporting.GenerateLargeReport',
    headers,
  })
  const parts = useOperationProps(report.operation, {
    label: 'Sales report',
    onCancel: report.cancel,
    onRetry: report.canRetry ? report.retry : undefined,
  })
  return (
    <div {...parts.getRootProps({ style: { display: 'grid', gap: 12, padding: 16, maxInlineSize: 440 } })}>
      <Subtitle2 as="h2">Sales report</Subtitle2>
      <ProgressBar
        {...parts.getProgressProps()}
        max={100}
        color={colors[parts.tone ?? 'neutral']}
        // Without a value it is indeterminate.
        {...(!parts.isIndeterminate && { value: parts.percent ?? 0 })}
      />
      <Text {...parts.getStatusProps()} />
      <div style={{ display: 'flex', gap: 8 }}>
        <Button
          appearance="primary"
          disabledFocusable={report.isActive}
          onClick={() => report.start({ StartDate: '2025-01-01', EndDate: '2025-12-31' })}
        >
          Generate report
        </Button>
        <Button {...parts.getCancelProps()} />
        <Button {...parts.getRetryProps()} />
      </div>
      {report.status === 'completed' && (
        <a href={new URL(report.result.DownloadUrl, report.operation.url).href} download>
          Download {report.result.Title}
        </a>
      )}
    </div>
  )
}
