'use client'

import { memo } from 'react'
import type { WireExchange } from '../core/WireExchange.js'
import { operationFormat } from './operationFormat.js'
import { type WireMessages, wireMessages } from './wireMessages.js'

interface WireLineProps {
  readonly exchange: WireExchange
  readonly messages: Partial<WireMessages> | undefined
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
export const WireLine = /* @__PURE__ */ memo(function WireLine({ exchange, messages, locale }: WireLineProps) {
  const { at, kind, method, url, serviceUrl, error, retryAfter, location, asyncResult } = exchange
  return (
    <tr data-kind={kind} data-tone={toneOf(exchange)}>
      <td>
        <time dateTime={new Date(at).toISOString()}>{new Date(at).toLocaleTimeString(locale, timeFormat)}</time>
      </td>
      <td>
        {method} <bdi>{below(serviceUrl, url)}</bdi>
      </td>
      <td>
        <b>{(messages?.status ?? wireMessages.status)(exchange)}</b>
        {asyncResult && <div>AsyncResult {asyncResult}</div>}
        {error && <bdi>{error}</bdi>}
      </td>
      <td>{retryAfter !== undefined && operationFormat(locale).duration(retryAfter)}</td>
      <td>
        <bdi>{location && below(serviceUrl, location)}</bdi>
      </td>
    </tr>
  )
})

function toneOf({ status = 500 }: WireExchange): 'negative' | 'caution' | undefined {
  if (status < 400) return undefined
  return status === 429 || status === 503 ? 'caution' : 'negative'
}

/** A URL without what all have in common. */
function below(serviceUrl: string, url: string): string {
  return url.startsWith(serviceUrl) ? url.slice(serviceUrl.length) : url
}
