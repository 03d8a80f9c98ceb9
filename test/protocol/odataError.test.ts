import { describe, expect, it } from 'vitest'
import { parseODataError } from '../../src/protocol/odataError.js'
import { bytes, reply } from './reply.js'

const NOTHING = { code: '', message: '' }

describe('parseODataError', () => {
  it.each<[string, unknown, object | undefined]>([
    ['row 2: code and message', { error: { code: 'E', message: 'No.' } }, { code: 'E', message: 'No.' }],
    [
      'all members',
      {
        error: {
          code: 'E',
          message: 'No.',
          target: 'ID',
          details: [{ code: 'D', message: 'Why.', target: 'ID' }],
          innererror: { trace: [1] },
        },
      },
      {
        code: 'E',
        message: 'No.',
        target: 'ID',
        details: [{ code: 'D', message: 'Why.', target: 'ID' }],
        innererror: { trace: [1] },
      },
    ],
    ['a target that is null', { error: { code: 'E', message: 'No.', target: null } }, { code: 'E', message: 'No.' }],
    [
      'a target that is a number',
      { error: { code: 'E', message: 'No.', target: 3 } },
      { code: 'E', message: 'No.', target: '3' },
    ],
    ['no code', { error: { message: 'No.' } }, { code: '', message: 'No.' }],
    ['a code that is a number', { error: { code: 404, message: 'No.' } }, { code: '404', message: 'No.' }],
    ['no message', { error: { code: 'E' } }, { code: 'E', message: '' }],
    [
      'a message with a value',
      { error: { code: 'E', message: { lang: 'en', value: 'No.' } } },
      { code: 'E', message: 'No.' },
    ],
    [
      'annotations',
      { '@odata.context': 'c', error: { code: 'E', '@Example.Note': 1, message: 'No.' } },
      { code: 'E', message: 'No.' },
    ],
    [
      'details of wrong types',
      {
        error: {
          code: 'E',
          message: 'No.',
          details: [null, 'x', [], {}, { code: 1 }, { message: 'Why.', target: {} }],
        },
      },
      {
        code: 'E',
        message: 'No.',
        details: [
          { code: '', message: '' },
          { code: '', message: '' },
          { code: '1', message: '' },
          { code: '', message: 'Why.', target: '' },
        ],
      },
    ],
    [
      'details that are no array',
      { error: { code: 'E', message: 'No.', details: { code: 'D' } } },
      { code: 'E', message: 'No.' },
    ],
    ['an empty error', { error: {} }, NOTHING],
    ['members of wrong types', { error: { code: {}, message: ['No.'] } }, NOTHING],
    [
      'an object with its own toString',
      { error: { code: { toString: 1 }, message: { value: { toString: 1 } } } },
      NOTHING,
    ],
    ['a code that is deeply nested', `{"error":{"code":${'['.repeat(498)}${']'.repeat(498)}}}`, NOTHING],
    // Formerly read; but a record that has it as `innererror` could not be written as JSON any more.
    ['more than 500 levels', `{"error":{"code":${'['.repeat(499)}${']'.repeat(499)}}}`, undefined],
    ['50 000 levels', `{"error":{"code":${'['.repeat(50_000)}${']'.repeat(50_000)}}}`, undefined],
    ['an error that is null', { error: null }, undefined],
    ['an error that is text', { error: 'No.' }, undefined],
    ['an error that is an array', { error: [] }, NOTHING],
    ['no error', { message: 'No.' }, undefined],
    ['an array', [{ error: {} }], undefined],
    ['null', 'null', undefined],
    ['HTML', '<h1>Bad gateway</h1>', undefined],
    ['JSON that is cut', '{"error":{"code":"E"', undefined],
    ['nothing', '', undefined],
    ['an own __proto__, which counts for nothing', '{"__proto__":{"error":{"code":"E"}}}', undefined],
  ])('reads %s', (_, body, expected) => {
    expect(parseODataError(reply(400, {}, body))).toEqual(expected)
  })

  it('reads UTF-8, also after a byte order mark and with bytes that are none', () => {
    expect(parseODataError(reply(400, {}, '\uFEFF{"error":{"message":"Öl fehlt."}}'))?.message).toBe('Öl fehlt.')
    const latin1 = Uint8Array.from(bytes('{"error":{"message":"?l"}}'), (byte) => (byte === 63 ? 0xd6 : byte))
    expect(parseODataError(reply(400, {}, latin1))?.message).toBe('\uFFFDl')
  })

  it('keeps 2,000 characters of each text', () => {
    const text = 'x'.repeat(2_001)
    const entry = { code: text, message: text, target: text }
    const cut = { code: text.slice(1), message: text.slice(1), target: text.slice(1) }
    const error = parseODataError(reply(400, {}, { error: { ...entry, details: [entry] } }))
    expect(error).toEqual({ ...cut, details: [cut] })
  })

  it('keeps an innererror of up to 16,384 characters of JSON', () => {
    const inner = (length: number) =>
      parseODataError(reply(400, {}, { error: { innererror: 'x'.repeat(length - 2) } }))?.innererror
    expect(inner(16_384)).toBe('x'.repeat(16_382))
    expect(inner(16_385)).toBeUndefined()
  })

  it('keeps 100 details', () => {
    const details = Array.from({ length: 101 }, (_, index) => ({ code: `${index}`, message: '' }))
    const error = parseODataError(reply(400, {}, { error: { message: 'No.', details } }))
    expect(error?.details).toEqual(details.slice(0, 100))
  })
})
