'use client'

import { memo } from 'react'
import type { WireExchange } from '../core/WireExchange.js'
import { operationFormat } from './operationFormat.js'
import type { WireMessages } from './wireMessages.js'

interface WireLineProps {
  readonly exchange: WireExchange
  readonly status: WireMessages['status']
  readonly locale: string | undefined
}

const timeFormat: Intl.DateTimeFormatOptions = {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 1,
  hourCycle: 'h23',
}

/** One request and its answer. Never renders again, as neither changes. */
export const WireLine = /* @__PURE__ */ memo(function WireLine({ exchange, status, locale }: WireLineProps) {
  const { at, kind, method, url, serviceUrl, error, retryAfter, location, asyncResult } = exchange
  return (
    <tr data-kind={kind} data-tone={toneOf(exchange)}>
      <td>
        <time dateTime={new Date(at).toISOString()}>{new Date(at).toLocaleTimeString(locale, timeFormat)}</time>
      </td>
      <td>
        <bdi title={url}>
          {method} {below(serviceUrl, url)}
        </bdi>
      </td>
      <td>
        <b dir="auto">{status(exchange)}</b>
        {asyncResult && <div>AsyncResult {asyncResult}</div>}
        {error && <div dir="auto">{error}</div>}
      </td>
      <td>{retryAfter !== undefined && operationFormat(locale).duration(retryAfter)}</td>
      <td>{location && <bdi title={location}>{below(serviceUrl, location)}</bdi>}</td>
    </tr>
  )
})

function toneOf({ status = 500, error }: WireExchange): 'negative' | 'caution' | undefined {
  if (status === 429 || status === 503) return 'caution'
  return status >= 400 || error ? 'negative' : undefined
}

/** A URL without what all have in common. */
function below(serviceUrl: string, url: string): string {
  if (url.startsWith(serviceUrl)) return url.slice(serviceUrl.length)
  const { origin } = new URL(serviceUrl)
  return url.startsWith(`${origin}/`) ? url.slice(origin.length) : url
}
