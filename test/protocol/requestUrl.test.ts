import { describe, expect, it } from 'vitest'
import { requestUrl } from '../../src/protocol/requestUrl.js'

const SERVICE = 'https://host/odata/v4/'

describe('requestUrl', () => {
  it.each<[string, string, string, string]>([
    ['an action bound to a collection', SERVICE, 'Reports/Ns.Generate', 'https://host/odata/v4/Reports/Ns.Generate'],
    [
      'an action bound to an entity',
      SERVICE,
      'Products(1)/Ns.Discontinue',
      'https://host/odata/v4/Products(1)/Ns.Discontinue',
    ],
    ['an action import', SERVICE, 'Rebuild', 'https://host/odata/v4/Rebuild'],
    ['spaces around', SERVICE, ' Rebuild ', 'https://host/odata/v4/Rebuild'],
    ['a service without its last slash', 'https://host/odata/v4', 'Rebuild', 'https://host/odata/v4/Rebuild'],
    ['a service at the root of the host', 'https://host', 'Rebuild', 'https://host/Rebuild'],
    ['a service with a double slash', 'https://host//odata', 'Rebuild', 'https://host//odata/Rebuild'],
    ['a leading slash', SERVICE, '/Rebuild', 'https://host/odata/v4/Rebuild'],
    [
      'leading slashes, which lead to no other host',
      SERVICE,
      '//evil.example/Rebuild',
      'https://host/odata/v4/evil.example/Rebuild',
    ],
    ['a colon in the first segment', SERVICE, 'Products(a:1)/Ns.X', 'https://host/odata/v4/Products(a:1)/Ns.X'],
    ['a segment like a scheme', SERVICE, 'javascript:alert(1)', 'https://host/odata/v4/javascript:alert(1)'],
    ['another scheme', SERVICE, 'ftp://host/x', 'https://host/odata/v4/ftp://host/x'],
    ['a scheme with one slash', SERVICE, 'https:/evil.example', 'https://host/odata/v4/https:/evil.example'],
    ['a scheme with backslashes', SERVICE, 'https:\\\\evil.example', 'https://host/odata/v4/https://evil.example'],
    ['a scheme with a line break', SERVICE, 'ht\ntps://evil.example', 'https://host/odata/v4/https://evil.example'],
    ['a URL in a key', SERVICE, "Products('http://x')", "https://host/odata/v4/Products('http://x')"],
    [
      'characters that URLs have to encode',
      SERVICE,
      "Products('Öl %')/Ns.X",
      "https://host/odata/v4/Products('%C3%96l%20%')/Ns.X",
    ],
    ['a number sign in a key', SERVICE, "Products('a#b')/Ns.X", "https://host/odata/v4/Products('a%23b')/Ns.X"],
    ['dots that stay inside', SERVICE, 'Reports/../Rebuild', 'https://host/odata/v4/Rebuild'],
    ['dots in a key', SERVICE, "Files('..')/Ns.X", "https://host/odata/v4/Files('..')/Ns.X"],
    [
      'the query of the service',
      'https://host/odata?sap-client=100#x',
      'Rebuild',
      'https://host/odata/Rebuild?sap-client=100',
    ],
    [
      'both queries',
      'https://host/odata/?sap-client=100&x=1',
      'Rebuild?$top=a b',
      'https://host/odata/Rebuild?$top=a%20b&sap-client=100&x=1',
    ],
    [
      'a query that has a name of the service itself',
      'https://host/odata/?sap-client=100&x=1',
      'Rebuild?sap-client=200',
      'https://host/odata/Rebuild?sap-client=200&x=1',
    ],
    [
      'a query that has it percent-encoded',
      'https://host/odata/?sap-client=100',
      'Rebuild?sap%2Dclient=200',
      'https://host/odata/Rebuild?sap%2Dclient=200',
    ],
    ['a query that has all', 'https://host/odata/?a=1&b', 'Rebuild?b=2&a', 'https://host/odata/Rebuild?b=2&a'],
    ['a query without a name', 'https://host/odata/?', 'Rebuild?', 'https://host/odata/Rebuild?'],
    ['an absolute URL below the service root', SERVICE, `${SERVICE}Ns.X?y=1`, 'https://host/odata/v4/Ns.X?y=1'],
    [
      'the service root in a key',
      SERVICE,
      `Links('${SERVICE}')/Ns.X`,
      "https://host/odata/v4/Links('https://host/odata/v4/')/Ns.X",
    ],
    [
      'an absolute URL and the query of the service',
      'https://host/odata?sap-client=100',
      'https://host/odata/Ns.X',
      'https://host/odata/Ns.X?sap-client=100',
    ],
  ])('takes %s', (_, service, path, expected) => {
    expect(requestUrl(service, path)).toBe(expected)
  })

  // Formerly paths below the root; since targets can be advertised by the service they are what they say.
  it.each<[string, string, string]>([
    ['another host', 'https://other.example/odata/v4/Rebuild', 'https://other.example/odata/v4/Rebuild'],
    ['another port', 'https://host:444/odata/v4/Rebuild', 'https://host:444/odata/v4/Rebuild'],
    ['another scheme', 'HTTP://host/odata/v4/Rebuild?x=1', 'http://host/odata/v4/Rebuild?x=1'],
    ['another path of the host', 'https://host/other/Ns.X', 'https://host/other/Ns.X'],
    ['a way out of the service root', 'https://host/odata/v4/../Rebuild', 'https://host/odata/Rebuild'],
    ['a fragment, which is not sent', 'https://other.example/Ns.X#y', 'https://other.example/Ns.X'],
  ])('takes an absolute URL as it is, and adds no query of the service: %s', (_, path, expected) => {
    expect(requestUrl(`${SERVICE}?sap-client=100`, path)).toBe(expected)
  })

  it.each<[string, unknown]>([
    ['nothing', ''],
    ['a blank', '  '],
    ['a slash', '/'],
    ['a dot', '.'],
    ['a way out', '../Rebuild'],
    ['a way out of another segment', 'Reports/../../other/Rebuild'],
    ['a way out with a leading slash', '/../Rebuild'],
    ['a way out in percent signs', '%2e%2E/Rebuild'],
    ['a way out with backslashes', 'a\\..\\..\\Rebuild'],
    ['a way to a sibling that begins alike', '../v40/Rebuild'],
    ['a user name', 'https://me@host/odata/v4/Rebuild'],
    ['the host as a user name', 'https://host@evil.example/Rebuild'],
    ['an absolute URL that is none', 'https://'],
    ['undefined', undefined],
    ['an object', {}],
  ])('refuses %s', (_, path) => {
    expect(requestUrl(SERVICE, path as string)).toBeUndefined()
  })

  it('refuses a service that is no http URL', () => {
    expect(requestUrl('odata', 'Rebuild')).toBeUndefined()
  })
})
