/** An HTTP-date (RFC 9110, 5.6.7): IMF-fixdate, RFC 850, asctime. */
const HTTP_DATE = /^[a-z]{3,9},? [\w -]{6,11} \d\d:\d\d:\d\d (gmt|\d{4})$/i

/**
 * Reads `Retry-After`: seconds or an HTTP-date (RFC 9110, 10.2.3; Protocol 8.3.7).
 *
 * @param now epoch ms
 * @returns ms from `now`, 0 for a date in the past, without an upper limit; `undefined` for anything else, such as `-5` or `1.5`
 */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  const text = value?.trim() ?? ''
  if (/^\d+$/.test(text)) return Number(text) * 1000
  // An asctime says no zone, and is in GMT like the others.
  const date = HTTP_DATE.test(text) ? Date.parse(text.replace(/\d{4}$/, '$& GMT')) : Number.NaN
  return Number.isNaN(date) ? undefined : Math.max(date - now, 0)
}
