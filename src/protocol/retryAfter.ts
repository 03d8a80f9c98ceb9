/** IMF-fixdate (`Sun, 06 Nov 1994 08:49:37 GMT`) and RFC 850 (`Sunday, 06-Nov-94 08:49:37 GMT`), in lower case. */
const HTTP_DATE = /^[a-z]{3,9}, (\d\d?)[ -]([a-z]{3})[ -](\d{4}|\d\d) ([01]\d|2[0-3]):([0-5]\d):([0-5]\d|60) gmt$/
/** asctime (`Sun Nov  6 08:49:37 1994`). */
const ASCTIME = /^([a-z]{3}) ([a-z]{3}) ([ \d]\d) (\S{8}) (\d{4})$/
const MONTHS = 'janfebmaraprmayjunjulaugsepoctnovdec'

/** Epoch ms of an HTTP-date (RFC 9110, 5.6.7), which is always in GMT; `undefined` when it is none. */
function parseHttpDate(text: string, now: number): number | undefined {
  const [, day, month = '', year = '', ...time] =
    HTTP_DATE.exec(
      text.replace(
        ASCTIME,
        (_, weekday, month, day, time, year) => `${weekday}, ${day.trim()} ${month} ${year} ${time} gmt`,
      ),
    ) ?? []
  const monthIndex = MONTHS.indexOf(month) / 3
  const [hours = 0, minutes = 0, seconds = 0] = time.map(Number)
  const at = (fullYear: number) => Date.UTC(fullYear, monthIndex, Number(day), hours, minutes, seconds)
  let fullYear = Number(year)
  if (year.length === 2) {
    // What would be more than 50 years ahead is the last century's.
    const limit = new Date(now)
    limit.setUTCFullYear(limit.getUTCFullYear() + 50)
    fullYear += Math.floor(limit.getUTCFullYear() / 100) * 100
    if (at(fullYear) > limit.getTime()) fullYear -= 100
  }
  // A 30 February would roll over into March.
  const isDate =
    Number.isInteger(monthIndex) && new Date(Date.UTC(fullYear, monthIndex, Number(day))).getUTCDate() === Number(day)
  return isDate ? at(fullYear) : undefined
}

/**
 * Reads `Retry-After`: seconds or an HTTP-date (RFC 9110, 10.2.3; Protocol 8.3.7).
 *
 * @param now epoch ms
 * @returns ms from `now`, 0 for a date in the past, without an upper limit; `undefined` for anything else, such as `-5` or `1.5`
 */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  const text = (value ?? '').trim().toLowerCase()
  if (/^\d+$/.test(text)) return Number(text) * 1000
  const date = parseHttpDate(text, now)
  return date === undefined ? undefined : Math.max(date - now, 0)
}
