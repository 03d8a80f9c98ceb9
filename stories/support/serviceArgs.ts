import type { ArgTypes } from '@storybook/react-vite'
import { type BehaviourOptions, behaviourAsHeaders } from '../../test/service/behaviour.js'

/** What the service of the stories is told to do with the next operation. */
export type ServiceArgs = Required<BehaviourOptions>

/** Eight seconds of work that end well. */
export const serviceArgs: ServiceArgs = { duration: 8000, outcome: 'success', service: [], retryAfter: 1 }

const outcomes: Record<ServiceArgs['outcome'], string> = {
  success: 'success: a report',
  fail: 'fail: an error half-way',
  void: 'void: done, without a report',
  hang: 'hang: never ends',
}

const switches: Record<ServiceArgs['service'][number], string> = {
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
  'always-wrapped': 'always-wrapped: the result as application/http',
  'never-wrapped': 'never-wrapped: a plain 200 without AsyncResult',
  sync: 'sync: answers at once',
}

const names = <T extends string>(labels: Record<T, string>) => Object.keys(labels) as T[]

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

/** The request headers by which the service is told. */
export function serviceHeaders({ duration, outcome, service, retryAfter }: ServiceArgs): Record<string, string> {
  return behaviourAsHeaders({ duration, outcome, service, retryAfter })
}
