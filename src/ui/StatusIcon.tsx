'use client'

import type { OperationTone } from './describeOperation.js'

const circle = 'M8 1.75a6.25 6.25 0 1 0 0 12.5 6.25 6.25 0 0 0 0-12.5Z'

const paths: Record<OperationTone, string> = {
  positive: `${circle}M5.25 8.25 7.25 10.25 10.75 6`,
  negative: `${circle}M5.9 5.9 10.1 10.1M10.1 5.9 5.9 10.1`,
  caution: 'M8 2 14.5 13.5H1.5ZM8 6.25V9.5M8 11.4V11.5',
  neutral: `${circle}M5.25 8H10.75`,
}

/** The shape of a tone, a plain circle for none, so that colour is never the only sign. Decoration: the text beside it says the same. */
export function StatusIcon({ tone }: { readonly tone: OperationTone | undefined }) {
  return (
    <svg className="odata-icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      <path
        d={tone ? paths[tone] : circle}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  )
}
