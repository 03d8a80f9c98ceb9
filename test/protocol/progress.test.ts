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
    ['counts', { done: 3, total: 12 }, { completed: 3, total: 12, percent: 25 }],
    ['counts by other names', { completed: '1', count: '3' }, { completed: 1, total: 3, percent: 33.333333333333336 }],
    ['a percentage beside counts', { progress: 10, done: 3, total: 12 }, { completed: 3, total: 12, percent: 10 }],
    ['more done than there is', { done: 13, total: 12 }, { completed: 13, total: 12, percent: 100 }],
    ['a total of 0, which gives no percentage', { done: 0, total: 0 }, { completed: 0, total: 0 }],
    ['one count alone', { done: 3 }, { completed: 3 }],
    ['message', { message: ' Reading orders ', status: 'running' }, { message: 'Reading orders' }],
    ['status', { status: 'running' }, { message: 'running' }],
    ['statusDetail', { status: 202, statusDetail: 'Reading' }, { message: 'Reading' }],
    ['statusDetail behind a blank message', { message: ' ', statusDetail: 'Reading' }, { message: 'Reading' }],
    ['more than 100', { progress: 250 }, { percent: 100 }],
    ['less than 0', { progress: -1 }, { percent: 0 }],
    ['a usable name behind unusable ones', { percentComplete: null, progress: 4 }, { percent: 4 }],
    ['NaN as text', { progress: 'NaN' }, {}],
    ['blank text', { progress: ' ' }, {}],
    ['true', { progress: true, completed: false }, {}],
    ['negative counts', { done: -1, total: -5 }, { completed: 0, total: 0 }],
    ['an object for a number', { progress: { value: 3 } }, {}],
    ['1e999, which JSON reads as infinite', '{"progress":1e999}', {}],
    ['other names', { '@odata.context': 'c', value: 3 }, {}],
    ['an array', [{ progress: 3 }], {}],
    ['null', 'null', undefined],
    ['a number', '50', undefined],
    ['text', 'half done', undefined],
    ['JSON that is cut', '{"progress":3', undefined],
    ['nothing', '', undefined],
    ['an own __proto__, which counts for nothing', '{"__proto__":{"progress":3}}', {}],
  ])('row 16: reads %s', (_, body, expected) => {
    expect(readProgress(reply(202, {}, body))).toEqual(expected)
  })

  it('has no members for what the body does not tell', () => {
    expect(Object.keys(readProgress(reply(202, {}, { progress: 0 })) ?? {})).toEqual(['percent'])
  })

  it('cuts a message at 500 characters', () => {
    expect(readProgress(reply(202, {}, { message: 'x'.repeat(501) }))?.message).toBe('x'.repeat(500))
  })
})
