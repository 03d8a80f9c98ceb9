/** One request that the service answered. */
export interface RequestEntry {
  readonly method: string
  /** Path and query as sent. */
  readonly url: string
  readonly status: number
  /** Epoch ms at which the request came in. */
  readonly time: number
  /** Those request headers that matter to OData, CORS and credentials. */
  readonly requestHeaders: Readonly<Record<string, string>>
  /** Those response headers that matter to OData. */
  readonly responseHeaders: Readonly<Record<string, string>>
}

const interesting = new Set([
  'accept',
  'allow',
  'asyncresult',
  'authorization',
  'content-type',
  'cookie',
  'if-match',
  'location',
  'odata-entityid',
  'odata-maxversion',
  'odata-version',
  'origin',
  'prefer',
  'preference-applied',
  'repeatability-first-sent',
  'repeatability-request-id',
  'repeatability-result',
  'retry-after',
  'x-progress',
])

/** The last requests, oldest first. */
export function createRequestLog(size = 1000) {
  let entries: RequestEntry[] = []
  const pick = (headers: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(headers).filter(([name]) => interesting.has(name) || name.startsWith('x-test-')))
  return {
    add(entry: RequestEntry): void {
      entries.push({
        ...entry,
        requestHeaders: pick(entry.requestHeaders),
        responseHeaders: pick(entry.responseHeaders),
      })
      if (entries.length > size) entries.shift()
    },
    entries: (): readonly RequestEntry[] => [...entries],
    clear(): void {
      entries = []
    },
  }
}
