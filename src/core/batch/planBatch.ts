import type { BatchWireRequest } from '../../protocol/batchMessage.js'
import { functionUrl } from '../../protocol/functionUrl.js'
import { parsePreferences } from '../../protocol/prefer.js'
import { requestUrl } from '../../protocol/requestUrl.js'
import type { RequestMethod } from '../ODataClient.js'
import type { BatchItemData } from './BatchItem.js'
import type { BatchEntry, BatchUrlForm } from './BatchRequest.js'
import { batchBody } from './batchBody.js'
import { batchHeaders, ownHeaders } from './batchHeaders.js'
import { formatBatchUrl, readReference, serviceRoot } from './batchUrl.js'
import { dependencyFinder } from './dependencyFinder.js'
import { type NamedRequest, nameRequests } from './nameRequests.js'
import { refuse } from './refuse.js'

/** One request of a batch that is ready to be written. */
export interface PlannedRequest {
  /** As the record begins with it: `waiting`. */
  readonly item: BatchItemData
  readonly wire: BatchWireRequest
  /** It asks the service to work on it by itself, which a JSON batch alone can say. */
  readonly respondAsync: boolean
  readonly urlForm: BatchUrlForm
}

/** All requests of a batch, checked. */
export interface BatchPlan {
  readonly serviceUrl: string
  /** In the order in which they were given; members of a change set stand next to each other. */
  readonly requests: readonly PlannedRequest[]
}

const METHODS: readonly RequestMethod[] = ['GET', 'POST', 'PATCH', 'PUT', 'DELETE']

const CONTROL = /\p{Cc}/u

/**
 * Checks the requests of a batch and makes them ready to be written. Nothing is sent.
 *
 * @throws {@link ODataConfigurationError} for whatever no service could or should take: it names the request, and what to do
 */
export function planBatch(
  entries: readonly BatchEntry[],
  { serviceUrl, urlForm = 'relative' }: { readonly serviceUrl: string; readonly urlForm?: BatchUrlForm | undefined },
): BatchPlan {
  const named = nameRequests(entries)
  const context = { serviceUrl, urlForm, root: serviceRoot(serviceUrl), find: dependencyFinder(named) }
  const requests = named.map((request) => planRequest(request, context))
  const dependedOn = new Set(requests.flatMap(({ wire }) => wire.dependsOn ?? []))
  requests.forEach(({ wire: { id, group }, respondAsync }, index) => {
    if (!respondAsync || (group === undefined && !dependedOn.has(id))) return
    const reason = group === undefined ? 'others depend on it' : 'it is in a change set'
    refuse(
      `${named[index]?.title} has \`respondAsync\`, but ${reason}. Leave it out, or have the whole batch respond later.`,
    )
  })
  return { serviceUrl, requests }
}

interface PlanContext {
  readonly serviceUrl: string
  readonly urlForm: BatchUrlForm
  readonly root: string
  readonly find: ReturnType<typeof dependencyFinder>
}

function planRequest(named: NamedRequest, context: PlanContext): PlannedRequest {
  const { request, id, changeSet, group, title } = named
  const { method, body, options } = request
  if (!METHODS.includes(method)) {
    refuse(`${title} has the method ${JSON.stringify(method)}. It must be one of ${METHODS.join(', ')}.`)
  }
  if (changeSet && method === 'GET') {
    refuse(`${title} is a GET in a change set, which only changes data. Put it before or behind the change set.`)
  }
  if (body !== undefined && (method === 'GET' || method === 'DELETE')) {
    refuse(`${title} is a ${method} with a body. Leave it out, or take another method.`)
  }
  const given = [...(changeSet?.dependsOn ?? []), ...(options.dependsOn ?? [])]
  const dependsOn = new Set(given.map((on) => context.find(named, on).listed))
  const { urlForm = context.urlForm } = options
  const { url, absoluteUrl } = findUrl(named, dependsOn, urlForm, context)
  const own = ownHeaders(title, options)
  const written = body === undefined ? undefined : batchBody(title, body, own.get('content-type'))
  const headers = batchHeaders(title, options, own, written?.contentType)
  const wire = { id, group, dependsOn: dependsOn.size > 0 ? [...dependsOn] : undefined, method, url, headers }
  return {
    item: { id, changeSet: group, method, url: absoluteUrl ?? url, label: options.label, outcome: 'waiting' },
    wire: { ...wire, body: written?.content },
    respondAsync: parsePreferences(headers.prefer).has('respond-async'),
    urlForm,
  }
}

/** The URL of a request as it is sent and, unless it begins with a reference, as it is. A reference by object is added to `dependsOn`. */
function findUrl(
  named: NamedRequest,
  dependsOn: Set<string>,
  urlForm: BatchUrlForm,
  { serviceUrl, root, find }: PlanContext,
): { url: string; absoluteUrl?: string } {
  const { path, functionCall } = named.request
  const target = typeof path === 'object' ? find(named, path.request) : undefined
  const text = typeof path === 'object' ? `$${target?.name}${addSegment(path.segment)}` : `${path ?? ''}`
  const title = `${named.title} has the path ${JSON.stringify(text.slice(0, 200))}`
  if (CONTROL.test(text)) refuse(`${title}, in which there are control characters. Encode them.`)
  const made = functionCall
    ? functionUrl(serviceUrl, text, { ...functionCall.parameters }, functionCall.aliases)
    : { url: requestUrl(serviceUrl, text) }
  if ('problem' in made) refuse(`${named.title}: ${made.problem}`)
  if (!made.url) refuse(`${title}. It must be one below the service root, such as 'Products(1)'.`)
  // A quote may stand in a query, only `URL` encodes it.
  const url = text.includes('%27') ? made.url : made.url.replaceAll('%27', "'")
  if (/^[^?]*\/(?:\$|%24)batch\/?(?:\?|$)/i.test(url)) {
    refuse(`${title}, which is a batch in a batch. Put its requests into the outer one.`)
  }
  const reference = readReference(url.startsWith(root) ? url.slice(root.length) : '')
  if (target && reference?.id !== target.name) {
    refuse(`${title}, which does not stay with what it refers to. Leave out the dots.`)
  }
  const formatted = formatBatchUrl(url, root, reference ? 'relative' : urlForm)
  if (formatted === undefined) refuse(`${title}, which is not on the origin of the service. Send it by itself.`)
  if (!reference) return { url: formatted, absoluteUrl: url }
  const { name, listed } = target ?? find(named, reference.id)
  if (!target && !dependsOn.has(listed)) {
    refuse(
      `${title}, but does not depend on what it refers to. Give \`dependsOn: [${JSON.stringify(name)}]\`, or use \`reference\`.`,
    )
  }
  // What is referred to is listed itself, and so is the change set that it belongs to (JSON Format 19.1).
  dependsOn.add(listed).add(name)
  return { url: formatted }
}

function addSegment(segment: string | undefined): string {
  return segment === undefined ? '' : `/${segment}`
}
