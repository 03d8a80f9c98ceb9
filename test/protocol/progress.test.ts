import { describe, expect, it } from 'vitest'
import { readProgress } from '../../src/protocol/progress.js'
import { reply } from './reply.js'

describe('readProgress', () => {
  it.each<[string, unknown, object | undefined]>([
    ['percentComplete', { percentComplete: 40 }, { percent: 40 }],
    ['percentageComplete', { percentageComplete: 12.5 }, { percent: 12.5 }],
    ['PercentComplete', { PercentComplete: 99 }, { percent: 99 }],
    ['progress', { progress: 0 }, { percent: 0 }],
    ['a number as text', { progress: ' 41.5 ' }, { percent: 41.5 }],
    ['a number with a percent sign', { progress: '41 %' }, { percent: 41 }],
    [
      'names below properties',
      { properties: { percentComplete: 7, status: 'Reading' } },
      { percent: 7, message: 'Reading' },
    ],
    ['counts', { done: 3, total: 12 }, { completed: 3, total: 12, percent: 25 }],
    ['counts by other names', { completed: '1', count: '3' }, { completed: 1, total: 3, percent: 33.333333333333336 }],
    ['finished and total', { finished: 5, total: 5 }, { completed: 5, total: 5, percent: 100 }],
    ['a percentage beside counts', { progress: 10, done: 3, total: 12 }, { completed: 3, total: 12, percent: 10 }],
    ['more done than there is', { done: 13, total: 12 }, { completed: 13, total: 12, percent: 100 }],
    ['a total of 0, which gives no percentage', { done: 0, total: 0 }, { completed: 0, total: 0 }],
    ['one count alone', { done: 3 }, { completed: 3 }],
    ['message', { message: ' Reading orders ', status: 'running' }, { message: 'Reading orders' }],
    ['message with a value', { message: { lang: 'en', value: 'Reading' } }, { message: 'Reading' }],
    ['status', { status: 'running' }, { message: 'running' }],
    ['statusDetail', { status: 202, statusDetail: 'Reading' }, { message: 'Reading' }],
    ['description behind a blank message', { message: ' ', description: 'Reading' }, { message: 'Reading' }],
    ['more than 100', { progress: 250 }, { percent: 100 }],
    ['less than 0', { progress: -1 }, { percent: 0 }],
    ['a usable name behind unusable ones', { percentComplete: null, progress: 4 }, { percent: 4 }],
    ['NaN as text', { progress: 'NaN' }, undefined],
    ['hexadecimal', { progress: '0x10' }, undefined],
    ['blank text', { progress: ' ' }, undefined],
    ['true', { progress: true, completed: false }, undefined],
    ['negative counts', { done: -1, total: -5 }, undefined],
    ['an object for a number', { progress: { value: 3 } }, undefined],
    ['1e999, which JSON reads as infinite', '{"progress":1e999}', undefined],
    ['other names', { '@odata.context': 'c', value: 3 }, undefined],
    ['an array', [{ progress: 3 }], undefined],
    ['null', 'null', undefined],
    ['a number', '50', undefined],
    ['text', 'half done', undefined],
    ['JSON that is cut', '{"progress":3', undefined],
    ['nothing', '', undefined],
    ['an own __proto__, which counts for nothing', '{"__proto__":{"progress":3}}', undefined],
  ])('row 16: reads %s', (_, body, expected) => {
    expect(readProgress(reply(202, {}, body))).toEqual(expected)
  })

  it('reads x-progress, after the body', () => {
    expect(readProgress(reply(202, { 'x-progress': '33%' }))).toEqual({ percent: 33 })
    expect(readProgress(reply(202, { 'x-progress': '33' }, { progress: 40 }))).toEqual({ percent: 40 })
    expect(readProgress(reply(202, { 'x-progress': '33' }, { done: 1, total: 2 }))).toMatchObject({ percent: 33 })
    expect(readProgress(reply(202, { 'x-progress': 'half' }))).toBeUndefined()
  })

  it('cuts a message at 500 characters, but no character in two', () => {
    expect(readProgress(reply(202, {}, { message: 'x'.repeat(501) }))?.message).toBe('x'.repeat(500))
    expect(readProgress(reply(202, {}, { message: `${'x'.repeat(499)}😀` }))?.message).toBe('x'.repeat(499))
  })

  it('row 15: ignores a body over 64 KiB', () => {
    const body = (size: number) => `{"progress":3}${' '.repeat(size - 14)}`
    expect(readProgress(reply(202, {}, body(65_536)))).toEqual({ percent: 3 })
    expect(readProgress(reply(202, {}, body(65_537)))).toBeUndefined()
  })
})
