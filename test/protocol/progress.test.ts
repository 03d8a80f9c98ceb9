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
    ['a fraction', { progress: 0.37 }, { percent: 37 }],
    // Formerly 100 %; but a service that counts to 100 would show a full bar at its first percent.
    ['1, which is one percent and no fraction', { progress: 1 }, { percent: 1 }],
    ['a fraction as text', { progress: '0.5' }, { percent: 50 }],
    ['half a percent', { progress: '0.5 %' }, { percent: 0.5 }],
    ['half a percent by a name that says so', { percentComplete: 0.5 }, { percent: 0.5 }],
    ['counts in progress', { progress: '3/10' }, { percent: 30, completed: 3, total: 10 }],
    ['counts in words', { progress: ' 3 of 12 ' }, { percent: 25, completed: 3, total: 12 }],
    ['counts of nothing', { progress: '0/0' }, { completed: 0, total: 0 }],
    ['more counted than there is', { progress: '13/12' }, { percent: 100, completed: 13, total: 12 }],
    ['counts beside those in progress', { progress: '3/10', total: 12 }, { percent: 30, completed: 3, total: 12 }],
    ['words in progress', { progress: ' Reading orders ', status: 'running' }, { message: 'Reading orders' }],
    ['a message before words in progress', { message: 'Reading', progress: 'half' }, { message: 'Reading' }],
    ['processed and totalCount', { processed: 1, totalCount: 4 }, { completed: 1, total: 4, percent: 25 }],
    [
      'names in properties',
      { status: 'InProgress', properties: { percentComplete: 40, statusDetail: 'Copying' } },
      { percent: 40, message: 'Copying' },
    ],
    ['the top before properties', { percentComplete: 41, properties: { percentComplete: 40 } }, { percent: 41 }],
    ['properties that are none', { properties: 'x' }, {}],
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

  it.each<[string, string, object]>([
    ['a percentage', '37', { percent: 37 }],
    ['a percentage with its sign', '37%', { percent: 37 }],
    ['a fraction', '0.37', { percent: 37 }],
    ['one percent', '1', { percent: 1 }],
    ['counts', '3/10', { percent: 30, completed: 3, total: 10 }],
    ['more than 100', '137', { percent: 100 }],
  ])('reads %s in X-Progress', (_, value, expected) => {
    expect(readProgress(reply(202, { 'x-progress': value }))).toEqual(expected)
  })

  it.each(['', 'soon', '37;38', '1'.repeat(100), '3/x', 'NaN'])('does not read %j in X-Progress', (value) => {
    expect(readProgress(reply(202, { 'x-progress': value }))).toBeUndefined()
  })

  it('asks X-Progress only when the body tells no percentage', () => {
    const headers = { 'x-progress': '37' }
    expect(readProgress(reply(202, headers, { progress: 40 }))).toEqual({ percent: 40 })
    expect(readProgress(reply(202, headers, { done: 1, total: 4 }))).toEqual({ percent: 25, completed: 1, total: 4 })
    expect(readProgress(reply(202, headers, { status: 'running' }))).toEqual({ percent: 37, message: 'running' })
  })
})
