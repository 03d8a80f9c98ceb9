import Button from '@mui/material/Button'
import LinearProgress from '@mui/material/LinearProgress'
import Link from '@mui/material/Link'
import Stack from '@mui/material/Stack'
import Typography from '@mui/material/Typography'
import { useODataAction, useOperationProps } from 'react-odata-async'
import type { Report, ReportPageProps } from './report.js'

const colors = { positive: 'success', negative: 'error', caution: 'warning', neutral: 'primary' } as const

/** A report with the parts of MUI. */
export function MuiReport({ headers }: ReportPageProps) {
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
    <Stack {...parts.getRootProps()} spacing={2} sx={{ maxWidth: 440 }}>
      <Typography variant="h6" component="h2">
        Sales report
      </Typography>
      <LinearProgress
        {...parts.getProgressProps()}
        variant={parts.isIndeterminate ? 'indeterminate' : 'determinate'}
        value={parts.percent ?? 0}
        color={colors[parts.tone ?? 'neutral']}
      />
      <Typography {...parts.getStatusProps()} variant="body2" />
      <Stack direction="row" spacing={1}>
        <Button
          variant="contained"
          aria-disabled={report.isActive}
          onClick={() => report.start({ StartDate: '2025-01-01', EndDate: '2025-12-31' })}
        >
          Generate report
        </Button>
        <Button {...parts.getCancelProps()} />
        <Button {...parts.getRetryProps()} />
      </Stack>
      {report.status === 'completed' && (
        <Link href={new URL(report.result.DownloadUrl, report.operation.url).href} download>
          Download {report.result.Title}
        </Link>
      )}
    </Stack>
  )
}
