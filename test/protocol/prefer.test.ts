import { describe, expect, it } from 'vitest'
import { formatPrefer, parsePreferences } from '../../src/protocol/prefer.js'

describe('formatPrefer', () => {
  it.each<[string, (string | undefined)[], string]>([
    [
      'row 5: merges the lists of user and library',
      ['return=minimal, wait=5', 'respond-async'],
      'return=minimal, wait=5, respond-async',
    ],
    ['row 5: keeps the first of two equal tokens', ['wait=5', 'respond-async', 'wait=30'], 'wait=5, respond-async'],
    ['row 5: drops a token that comes twice in one list', ['wait=5,wait=6'], 'wait=5'],
    ['compares tokens in any case', ['Respond-Async', 'respond-async'], 'Respond-Async'],
    [
      'keeps parameters and commas in quotes',
      ['odata.callback;url="https://a/b?c=1,2"', 'wait=1'],
      'odata.callback;url="https://a/b?c=1,2", wait=1',
    ],
    [
      'keeps commas in a quoted value',
      ['include-annotations="a.*,-b.*",wait=1'],
      'include-annotations="a.*,-b.*", wait=1',
    ],
    ['keeps a backslash', ['x="a\\b,c", y'], 'x="a\\b,c", y'],
    ['drops empty elements, and elements without a token', [', ,wait=1,, =3'], 'wait=1'],
    ['skips parts that are missing', [undefined, 'wait=1', undefined], 'wait=1'],
    ['is empty without any part', [], ''],
    [
      'treats tokens named like members of Object as any other',
      ['__proto__, constructor=1, __proto__'],
      '__proto__, constructor=1',
    ],
  ])('%s', (_, parts, expected) => {
    expect(formatPrefer(...parts)).toBe(expected)
  })
})

describe('parsePreferences', () => {
  it.each<[string, string | undefined, [string, string][]]>([
    [
      'row 4: reads a list',
      'respond-async, wait=10',
      [
        ['respond-async', ''],
        ['wait', '10'],
      ],
    ],
    [
      'row 4: gives tokens in lower case and values as they are',
      'Respond-Async,RETURN=Minimal',
      [
        ['respond-async', ''],
        ['return', 'Minimal'],
      ],
    ],
    ['removes quotes', 'include-annotations="a,b"', [['include-annotations', 'a,b']]],
    ['allows spaces around the equals sign', 'wait = 10', [['wait', '10']]],
    [
      'leaves parameters out',
      'odata.callback;url="https://a/b,c", wait=1',
      [
        ['odata.callback', ''],
        ['wait', '1'],
      ],
    ],
    ['leaves the parameters of a value out', 'wait=10; x=1', [['wait', '10']]],
    ['takes the first of two', 'wait=1, WAIT=2', [['wait', '1']]],
    [
      'leaves out a quote that is never closed',
      'a="b, c',
      [
        ['a', ''],
        ['b', ''],
        ['c', ''],
      ],
    ],
    ['is empty for nothing', undefined, []],
    ['is empty for a blank', '  ', []],
  ])('%s', (_, header, expected) => {
    expect([...parsePreferences(header)]).toEqual(expected)
  })

  it('reads a long run of quotes, backslashes and spaces', () => {
    const hostile = `${'"\\'.repeat(50_001)}${' '.repeat(50_000)}=`
    expect(parsePreferences(`a${hostile}, wait=1`).get('wait')).toBe('1')
    expect(formatPrefer(hostile, 'wait=1')).toMatch(/, wait=1$/)
  })
})
