import { describe, expect, it } from 'vitest'
import { parseRetryAfter } from '../../src/protocol/retryAfter.js'

const NOW = Date.UTC(2026, 9, 5, 7, 12, 9)

describe('parseRetryAfter', () => {
  it.each<[string, string | undefined, number | undefined]>([
    ['row 17: 0 is now', '0', 0],
    ['reads seconds as ms', '120', 120_000],
    ['ignores spaces around', ' 7 ', 7_000],
    ['reads leading zeros', '007', 7_000],
    ['row 18: a date in the past is now', 'Fri, 31 Dec 1999 23:59:59 GMT', 0],
    ['row 18: a date in the future is the time until then', 'Mon, 05 Oct 2026 07:13:09 GMT', 60_000],
    ['row 18: reads the RFC 850 form', 'Monday, 05-Oct-26 07:13:09 GMT', 60_000],
    ['row 18: reads the asctime form', 'Mon Oct  5 07:13:09 2026', 60_000],
    ['reads the asctime form with a day of two digits', 'Thu Oct 15 07:12:09 2026', 864_000_000],
    ['reads four digits of a year between dashes', 'Mon, 05-Oct-2026 07:13:09 GMT', 60_000],
    ['reads names in any case', 'MON, 05 oct 2026 07:13:09 gmt', 60_000],
    ['reads 29 February of a leap year', 'Tue, 29 Feb 2028 00:00:00 GMT', Date.UTC(2028, 1, 29) - NOW],
    ['row 20: gives a huge number of seconds as it is', '9999999999', 9_999_999_999_000],
    ['row 19: missing', undefined, undefined],
    ['row 19: empty', '', undefined],
    ['row 19: blank', '  ', undefined],
    ['row 19: a word', 'abc', undefined],
    ['row 19: negative', '-5', undefined],
    ['row 19: a fraction', '1.5', undefined],
    ['row 19: an exponent', '1e3', undefined],
    ['row 19: hexadecimal', '0x10', undefined],
    ['row 19: a sign', '+5', undefined],
    ['row 19: a repeated header', '5, 5', undefined],
    ['row 19: no month', 'Mon, 05 Foo 2026 07:13:09 GMT', undefined],
    ['row 19: letters across two months', 'Mon, 05 anf 2026 07:13:09 GMT', undefined],
    ['row 19: another time zone', 'Mon, 05 Oct 2026 07:13:09 CET', undefined],
    ['row 19: no time zone', 'Mon, 05 Oct 2026 07:13:09', undefined],
    ['row 19: an ISO date', '2026-10-05T07:13:09Z', undefined],
  ])('%s', (_, value, expected) => {
    expect(parseRetryAfter(value, NOW)).toBe(expected)
  })
})
