import type { BatchRequest, ChangeSet } from './BatchRequest.js'

/**
 * Requests that are done together or not at all (Protocol 11.7.7.4): anything but a `GET`. Their results stand in the place of the
 * change set, as a list.
 *
 * @param requests a list of unknown length is as good as a fixed one
 * @param options `id` names the change set, `dependsOn` counts for each of its requests
 * @example
 * changeSet([create<Order>('Orders', order), update('Products(1)', { Stock: 6 })])
 */
export function changeSet<const TRequests extends readonly BatchRequest[]>(
  requests: TRequests,
  options: Pick<ChangeSet, 'id' | 'dependsOn'> = {},
): ChangeSet<TRequests> {
  return { kind: 'change-set', requests, id: options.id, dependsOn: options.dependsOn }
}
