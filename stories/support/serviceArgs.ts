import type { ArgTypes } from '@storybook/react-vite'
import { type BehaviourOptions, behaviourAsHeaders } from '../../test/service/behaviour.js'

/** What the service of the stories is told to do with the next operation. */
export type ServiceArgs = Required<Pick<BehaviourOptions, 'duration' | 'outcome' | 'service' | 'retryAfter'>>

/** Eight seconds of work that end well. */
export const serviceArgs: ServiceArgs = { duration: 8000, outcome: 'success', service: [], retryAfter: 1 }

const outcomes: Record<ServiceArgs['outcome'], string> = {
  success: 'success: a report',
  fail: 'fail: an error half-way',
  void: 'void: done, without a report',
  hang: 'hang: never ends',
}

type Switches = Partial<Record<ServiceArgs['service'][number], string>>

/** Those that a page can show; the others are for tests. */
const switches = {
  'relative-location': 'relative-location: a relative Location',
  'changing-location': 'changing-location: a new Location with each answer',
  'no-location': 'no-location: 202 without Location',
  'no-retry-after': 'no-retry-after: 202 without Retry-After',
  'http-date': 'http-date: Retry-After as a date',
  'no-body': 'no-body: 202 without a body, so no progress',
  'deliver-once': 'deliver-once: the result can be read once',
  unavailable: 'unavailable: every second poll is answered 503',
  'cancel-refused': 'cancel-refused: DELETE is answered 405',
  'cancel-async': 'cancel-async: DELETE is answered 202',
  'cancel-same-location': 'cancel-same-location: DELETE is answered 202 with the same monitor',
  'delete-result': 'delete-result: DELETE of a finished operation gives its result',
  'always-wrapped': 'always-wrapped: the result as application/http',
  'never-wrapped': 'never-wrapped: a plain 200 without AsyncResult',
  gzip: 'gzip: the result packed inside application/http',
  sync: 'sync: answers at once',
  redirect: 'redirect: polls are answered 307',
  'progress-header': 'progress-header: progress in X-Progress',
  'progress-properties': 'progress-properties: progress as counts below properties',
  'large-accepted-body': 'large-accepted-body: 202 with a body that does not end',
} satisfies Switches

/** Those that are about batches. */
const switchesOfBatches = {
  'interim-results': 'interim-results: each poll gives what is done so far',
  'truncated-batch': 'truncated-batch: the answer ends too early',
  'no-content-id': 'no-content-id: multipart answers without Content-ID',
  sync: switches.sync,
} satisfies Switches

const names = <T extends string>(labels: Partial<Record<T, string>>) => Object.keys(labels) as T[]

/** The controls for {@link ServiceArgs}. */
export const serviceArgTypes: ArgTypes<ServiceArgs> = {
  duration: {
    name: 'Duration (ms)',
    description: 'How long the work takes in all.',
    control: { type: 'range', min: 0, max: 60_000, step: 500 },
  },
  outcome: {
    name: 'Outcome',
    description: 'How the work ends.',
    options: names(outcomes),
    control: { type: 'radio', labels: outcomes },
  },
  service: {
    name: 'Service behaviour',
    description: 'Ways in which real services differ.',
    options: names(switches),
    control: { type: 'check', labels: switches },
  },
  retryAfter: {
    name: 'Retry-After (s)',
    description: 'What the service asks the client to wait between two polls.',
    control: { type: 'number', min: 0, max: 60 },
  },
}

/** The choices of {@link serviceArgTypes}.service for a page about batches. */
export const batchSwitches = {
  options: names(switchesOfBatches),
  control: { type: 'check', labels: switchesOfBatches },
} as const

/** The request headers by which the service is told. */
export function serviceHeaders({ duration, outcome, service, retryAfter }: ServiceArgs): Record<string, string> {
  return behaviourAsHeaders({ duration, outcome, service, retryAfter })
}
