import { expect, it } from 'vitest'
import { operationFormat } from '../../src/ui/operationFormat.js'

it.each([
  [0, '0 sec'],
  [14_999, '14 sec'],
  [60_000, '1 min'],
  [134_000, '2 min 14 sec'],
  [3_600_000, '1 hr'],
  [3_605_000, '1 hr 5 sec'],
  [7_384_000, '2 hr 3 min'],
])('puts %i ms into the two largest units: %s', (ms, text) => {
  expect(operationFormat('en').duration(ms)).toBe(text)
})

it.each([
  [0, '0:00'],
  [72_000, '1:12'],
  [3_605_000, '1:00:05'],
  [4_320_000_000, '1200:00:00'],
])('shows %i ms as a clock: %s', (ms, text) => {
  expect(operationFormat('en').clock(ms)).toBe(text)
})

it('uses the numerals and the order of the locale', () => {
  expect(operationFormat('de').duration(134_000)).toBe('2 Min., 14 Sek.')
  expect(operationFormat('ar-EG').clock(72_000)).toBe('١:١٢')
})

it.each([
  [0, 'zero'],
  [1, 'one'],
  [2, 'two'],
  [3, 'few'],
  [11, 'many'],
  [100, 'other'],
])('takes the plural form of the language for %i: %s', (value, form) => {
  const forms = { zero: 'zero', one: 'one', two: 'two', few: 'few', many: 'many', other: 'other' }
  expect(operationFormat('ar').plural(value, forms)).toBe(form)
})

it('takes the general form where the one of the language is not given', () => {
  expect(operationFormat('ar').plural(2, { one: 'one', other: 'other' })).toBe('other')
})

it('refuses a locale that is none', () => {
  expect(() => operationFormat('not a locale')).toThrow(RangeError)
})
