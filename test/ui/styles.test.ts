import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const css = readFileSync('src/ui/styles.css', 'utf8')

const tokens = new Map(
  [...css.matchAll(/--odata-([\w-]+): light-dark\((#[\da-f]{6}), (#[\da-f]{6})\)/g)].map(
    ([, name = '', light = '', dark = '']) => [name, { light, dark }],
  ),
)

/** WCAG 2.2, relative luminance. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** WCAG 2.2, contrast ratio: 1–21. */
function contrast(first: string, second: string): number {
  const [lighter = 0, darker = 0] = [luminance(first), luminance(second)].sort((a, b) => b - a)
  return (lighter + 0.05) / (darker + 0.05)
}

it('computes contrast as WCAG does', () => {
  expect(contrast('#000000', '#ffffff')).toBe(21)
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2)
})

it.each(['light', 'dark'] as const)('keeps to the contrast of WCAG AA in the %s scheme', (scheme) => {
  const ratio = (token: string, ground: string) =>
    contrast(tokens.get(token)?.[scheme] ?? '', tokens.get(ground)?.[scheme] ?? '')
  for (const token of ['text', 'text-muted']) {
    expect(ratio(token, 'surface'), `${token} on surface`).toBeGreaterThanOrEqual(4.5)
  }
  for (const token of ['accent', 'positive', 'negative', 'caution', 'text-muted']) {
    expect(ratio(token, 'track'), `${token} on track`).toBeGreaterThanOrEqual(3)
  }
  for (const token of ['accent', 'positive', 'negative', 'caution', 'border']) {
    expect(ratio(token, 'surface'), `${token} on surface`).toBeGreaterThanOrEqual(3)
  }
})

it('puts every rule into its layer', () => {
  const rules = css.replace(/\/\*[\s\S]*?\*\//g, '').trim()
  expect(rules.startsWith('@layer odata-async {')).toBe(true)
  let depth = 0
  const ends = [...rules].flatMap((character, index) => {
    if (character === '{') depth++
    if (character === '}') depth--
    return character === '}' && depth === 0 ? [index] : []
  })
  expect(ends).toEqual([rules.length - 1])
  expect(rules).not.toContain('!important')
})
