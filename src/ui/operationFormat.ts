/** One text for each plural form that a language has (`Intl.PluralRules`): two in English, six in Arabic. */
export type PluralForms = { readonly [form in Intl.LDMLPluralRule]?: string } & { readonly other: string }

/** Numbers, shares and times in one locale, made by `Intl`. */
export interface OperationFormat {
  /** BCP 47 tag, or `undefined` for the locale of the browser. */
  readonly locale: string | undefined
  readonly number: (value: number) => string
  /** `value` is 0–100: `42` gives "42%". */
  readonly percent: (value: number) => string
  /** `value` in ms, in its two largest units: "2 min 14 sec". */
  readonly duration: (value: number) => string
  /** `value` in ms, as a clock shows it: "1:12", "1:00:05". */
  readonly clock: (value: number) => string
  /** "Rendering pages, 42%, 180 of 200". */
  readonly list: (parts: readonly string[]) => string
  /**
   * The form that goes with `value`; `other` where that one is not given.
   *
   * @example
   * `${number(files)} ${plural(files, { one: 'file', other: 'files' })}`
   */
  readonly plural: (value: number, forms: PluralForms) => string
}

const formats = new Map<string | undefined, OperationFormat>()

/**
 * The formats of a locale, made once for each.
 *
 * @throws RangeError when `locale` is no BCP 47 tag
 */
export function operationFormat(locale: string | undefined): OperationFormat {
  const known = formats.get(locale)
  if (known) return known
  const units = ['hour', 'minute', 'second'].map(
    (unit) => new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' }),
  )
  const integer = new Intl.NumberFormat(locale, { useGrouping: false })
  const twoDigits = new Intl.NumberFormat(locale, { minimumIntegerDigits: 2 })
  const sequence = new Intl.ListFormat(locale, { type: 'unit', style: 'narrow' })
  const list = new Intl.ListFormat(locale, { type: 'unit', style: 'short' })
  const number = new Intl.NumberFormat(locale)
  const percent = new Intl.NumberFormat(locale, { style: 'percent' })
  const rules = new Intl.PluralRules(locale)
  const format: OperationFormat = {
    locale,
    number: (value) => number.format(value),
    percent: (value) => percent.format(value / 100),
    duration: (value) => {
      const amounts = hoursMinutesSeconds(value)
      const parts = units.map((unit, index) => ({ amount: amounts[index] ?? 0, unit }))
      const [largest, next] = parts.filter(({ amount }) => amount > 0)
      const shown = [largest ?? parts[2], next].flatMap((part) => (part ? [part.unit.format(part.amount)] : []))
      return sequence.format(shown)
    },
    clock: (value) => {
      const [hours, minutes, seconds] = hoursMinutesSeconds(value)
      const rest = twoDigits.format(seconds)
      return hours > 0
        ? `${integer.format(hours)}:${twoDigits.format(minutes)}:${rest}`
        : `${integer.format(minutes)}:${rest}`
    },
    list: (parts) => list.format(parts),
    plural: (value, forms) => forms[rules.select(value)] ?? forms.other,
  }
  formats.set(locale, format)
  return format
}

function hoursMinutesSeconds(ms: number): [hours: number, minutes: number, seconds: number] {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  return [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
}
