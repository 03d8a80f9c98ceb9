import { describe, expect, it } from 'vitest'
import { isTrustedUrl, resolveLocation } from '../../src/protocol/location.js'

const ACTION = "https://api.example.com/api/v1/Processes('p')/tm1.ExecuteWithReturn"

describe('resolveLocation', () => {
  it.each<[string, string | undefined, string, string | undefined]>([
    ['row 9: empty', '', ACTION, undefined],
    ['row 9: blank', '  ', ACTION, undefined],
    ['row 9: missing', undefined, ACTION, undefined],
    ['row 9: no URL', 'http://', ACTION, undefined],
    ['row 9: a port that is none', 'https://api.example.com:99999/jobs', ACTION, undefined],
    ['row 9: another scheme', 'javascript:alert(1)', ACTION, undefined],
    ['row 9: a file', 'file:///etc/passwd', ACTION, undefined],
    ['row 9: a user name, which no request may have', 'https://a:b@api.example.com/jobs', ACTION, undefined],
    ['row 9: a password, which no request may have', 'https://:b@api.example.com/jobs', ACTION, undefined],
    ['row 9: a base that is none', 'jobs/7', 'fleet', undefined],
    [
      'row 10: relative, against the URL of the request',
      "../_async('abc')",
      ACTION,
      "https://api.example.com/api/v1/_async('abc')",
    ],
    [
      'row 25: relative, against the monitor just asked',
      "_async('abc')",
      "https://api.example.com/api/v1/_async('abc')",
      "https://api.example.com/api/v1/_async('abc')",
    ],
    [
      'row 11: an absolute path outside of the service',
      '/api/backgroundoperation/7',
      ACTION,
      'https://api.example.com/api/backgroundoperation/7',
    ],
    ['row 12: a network path', '//other/x', ACTION, 'https://other/x'],
    ['row 12: backslashes, which URLs read as slashes', '\\\\other\\x', ACTION, 'https://other/x'],
    [
      'row 14: keeps the query and drops the fragment',
      '/jobs/7?sig=a%2Fb&t=1#now',
      ACTION,
      'https://api.example.com/jobs/7?sig=a%2Fb&t=1',
    ],
    ['row 14: drops an empty fragment', '/jobs/7#', ACTION, 'https://api.example.com/jobs/7'],
    ['spaces around', ' /jobs/7 ', ACTION, 'https://api.example.com/jobs/7'],
  ])('%s', (_, location, base, expected) => {
    expect(resolveLocation(location, base)).toBe(expected)
  })
})

describe('isTrustedUrl', () => {
  const SERVICE = 'https://api.example.com/fleet/v4/'
  it.each<[string, string, readonly string[], boolean]>([
    ['the origin of the service', 'https://api.example.com/jobs/7', [], true],
    ['the default port, written out', 'https://api.example.com:443/jobs/7', [], true],
    ['row 12: another host', 'https://other.example.com/jobs/7', [], false],
    ['row 12: a host that begins like it', 'https://api.example.com.evil.example/jobs/7', [], false],
    ['row 12: the host as a user name', 'https://api.example.com@evil.example/jobs/7', [], false],
    ['row 12: another port', 'https://api.example.com:8443/jobs/7', [], false],
    ['row 12: a listed origin', 'https://jobs.example.com/7', ['https://jobs.example.com'], true],
    [
      'row 12: an origin that is listed with a path',
      'https://jobs.example.com/7',
      ['https://jobs.example.com/x/'],
      true,
    ],
    [
      'row 12: a listed origin with another port',
      'https://jobs.example.com:444/7',
      ['https://jobs.example.com'],
      false,
    ],
    ['row 13: http where the service is https', 'http://api.example.com/jobs/7', [], false],
    ['row 13: http where https is listed', 'http://jobs.example.com/7', ['https://jobs.example.com'], false],
    ['row 13: http that is listed itself', 'http://api.example.com/jobs/7', ['http://api.example.com'], true],
    ['a blob of the same origin', 'blob:https://api.example.com/7', [], false],
    ['two opaque origins', 'data:,x', ['data:,y'], false],
    ['a relative URL', '/jobs/7', [], false],
    ['an entry that is no URL', 'https://jobs.example.com/7', ['jobs.example.com', '*', ''], false],
  ])('%s', (_, url, trustedOrigins, expected) => {
    expect(isTrustedUrl(url, SERVICE, trustedOrigins)).toBe(expected)
  })

  it('https is not trusted by an http service either', () => {
    expect(isTrustedUrl('https://api.example.com/jobs/7', 'http://api.example.com/fleet/', [])).toBe(false)
  })
})
