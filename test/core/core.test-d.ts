import { expectTypeOf, test } from 'vitest'
import {
  type AsyncOperation,
  type CancelOutcome,
  createODataClient,
  isODataServiceError,
  type ODataErrorDetail,
} from '../../src/core/index.js'

const client = createODataClient({ serviceUrl: 'https://host/odata/' })

test('results have the type that is asked for', () => {
  expectTypeOf(client.callAction<number>('Count')).toEqualTypeOf<Promise<AsyncOperation<number>>>()
  expectTypeOf(client.callActionAndWait<number>('Count', {})).toEqualTypeOf<Promise<number>>()
  expectTypeOf(client.callActionAndWait('Count')).toEqualTypeOf<Promise<unknown>>()
})

test('the outcome of a cancel is one of five', () => {
  expectTypeOf<CancelOutcome>().toEqualTypeOf<'cancelled' | 'requested' | 'unsupported' | 'too-late' | 'failed'>()
})

test('guards narrow', () => {
  const error: unknown = undefined
  if (isODataServiceError(error)) {
    expectTypeOf(error.status).toEqualTypeOf<number>()
    expectTypeOf(error.details).toEqualTypeOf<readonly ODataErrorDetail[] | undefined>()
    expectTypeOf(error.kind).toEqualTypeOf<'service'>()
  }
})

test('what does not compile', () => {
  // @ts-expect-error a client needs its service
  createODataClient({})
  // @ts-expect-error there is no such version
  createODataClient({ serviceUrl: 'https://host/', maxVersion: '4.2' })
  // @ts-expect-error parameters are an object
  client.callAction('Count', 7)
  // @ts-expect-error seconds, not text
  client.callAction('Count', {}, { wait: '5' })
  // @ts-expect-error a record, or the URL of a monitor
  client.resume('https://host/jobs/7')
})
