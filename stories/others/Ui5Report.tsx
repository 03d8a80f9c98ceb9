import { Button } from '@ui5/webcomponents-react/Button'
import { Link } from '@ui5/webcomponents-react/Link'
import { ProgressIndicator } from '@ui5/webcomponents-react/ProgressIndicator'
import { Text } from '@ui5/webcomponents-react/Text'
import { Title } from '@ui5/webcomponents-react/Title'
import { useODataAction, useOperationProps } from 'react-odata-async'
import type { Report, ReportPageProps } from './report.js'

const states = { positive: 'Positive', negative: 'Negative', caution: 'Critical', neutral: 'Information' } as const

/** A report with the parts of UI5 Web Components for React. */
export function Ui5Report({ headers }: ReportPageProps) {
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
      <Title level="H2" size="H5">
        Sales report
      </Title>
      {/* The bar of UI5 has its role inside, where props don't reach, so the element around it is the bar for screen readers. */}
      <div {...parts.getProgressProps()}>
        <ProgressIndicator
          aria-hidden="true"
          value={parts.percent ?? 0}
          hideValue
          valueState={parts.tone ? states[parts.tone] : 'None'}
        />
      </div>
      <Text {...parts.getStatusProps()} />
      <div style={{ display: 'flex', gap: 8 }}>
        <Button
          design="Emphasized"
          aria-disabled={report.isActive}
          onClick={() => report.start({ StartDate: '2025-01-01', EndDate: '2025-12-31' })}
        >
          Generate report
        </Button>
        <Button {...parts.getCancelProps({ type: 'Button' })} />
        <Button {...parts.getRetryProps({ type: 'Button' })} />
      </div>
      {report.status === 'completed' && (
        <Link href={new URL(report.result.DownloadUrl, report.operation.url).href}>Download {report.result.Title}</Link>
      )}
    </div>
  )
}
