/**
 * What a service on another origin must name in `Access-Control-Expose-Headers`, as it stands there: a browser hides all of
 * these headers from the app otherwise.
 */
export const EXPOSED_HEADERS =
  'Location, Retry-After, AsyncResult, Preference-Applied, OData-Version, Repeatability-Result'
