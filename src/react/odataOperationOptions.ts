import {
  type DataTag,
  type OmitKeyof,
  type QueryClient,
  type QueryFunction,
  queryOptions,
  type UseQueryOptions,
} from '@tanstack/react-query'
import { toError } from '../core/errors.js'
import type { MonitorReference, ODataClient } from '../core/ODataClient.js'
import type { OperationRecord } from '../core/operation.js'
import { managerOf } from './managerOf.js'
import { odataOperationKey } from './odataOperationKey.js'

type OperationKey = ReturnType<typeof odataOperationKey>

/** What {@link odataOperationOptions} returns: what React Query's own `queryOptions` does. */
export type ODataOperationOptions<TResult = unknown> = OmitKeyof<
  UseQueryOptions<OperationRecord<TResult>, Error, OperationRecord<TResult>, OperationKey>,
  'queryFn'
> & {
  queryFn?: QueryFunction<OperationRecord<TResult>, OperationKey, never>
  queryKey: DataTag<OperationKey, OperationRecord<TResult>, Error>
}

/**
 * An operation as a query of React Query, for `useQuery`, `useSuspenseQuery`, `prefetchQuery`, `ensureQueryData` and tests. Its
 * data is the record. It makes no request of its own but for the first one of a monitor that is not known yet: an `ODataProvider`
 * polls, once for all who look.
 *
 * @param client the client of the provider
 * @param operation `id` of a known operation, or the `monitorUrl` of one
 * @throws {@link ODataConfigurationError} as the query's error, for an `id` that is not in the cache
 * @example
 * const { data: operation } = useQuery(odataOperationOptions<Report>(client, { id: 'annual-report' }))
 * await queryClient.prefetchQuery(odataOperationOptions(client, { monitorUrl }))
 */
export function odataOperationOptions<TResult = unknown>(
  client: ODataClient,
  operation: { readonly id: string } | MonitorReference,
): ODataOperationOptions<TResult> {
  const { id, monitorUrl } = { monitorUrl: undefined, ...operation }
  const queryKey = odataOperationKey(id ?? monitorUrl)
  return queryOptions({
    queryKey,
    queryFn: async ({ client: queryClient }: { client: QueryClient }): Promise<OperationRecord<TResult>> => {
      const manager = managerOf(client, queryClient)
      if (monitorUrl !== undefined) manager.adopt(client.resume({ monitorUrl, id: `${queryKey[2]}` }))
      const known = await manager.fetch(`${queryKey[2]}`)
      if (known) return known as OperationRecord<TResult>
      const message = `The operation ${JSON.stringify(id)} is not in the cache. Start it, or give its \`monitorUrl\`.`
      throw toError({ kind: 'configuration', message })
    },
    // It is as new as the last poll, whoever looks.
    staleTime: 'static',
    retry: false,
    networkMode: 'always',
    structuralSharing: false,
  })
}
