/**
 * What the `Prefer` header of a batch says about failures (Protocol 8.2.8.3, 11.7.7.4). A service stops at the first one in multipart,
 * and goes on in JSON, unless it is told otherwise. A 4.0 service knows the longer name alone.
 *
 * @param continueOnError that of the batch; `undefined` goes on
 * @param maxVersion the `OData-MaxVersion` of the request
 * @returns `undefined` when nothing is to be said
 */
export function continueOnErrorPreference(
  continueOnError: boolean | undefined,
  format: 'multipart' | 'json',
  maxVersion: string,
): string | undefined {
  const isDefault = format === 'json' ? continueOnError === undefined : continueOnError === false
  if (isDefault) return undefined
  const preference = `continue-on-error${continueOnError === false ? '=false' : ''}`
  return `${maxVersion === '4.0' ? '' : `${preference}, `}odata.${preference}`
}
