import { expectTypeOf, test } from 'vitest'
import { useODataFunction } from '../../src/react/useODataFunction.js'
import { useODataRequest } from '../../src/react/useODataRequest.js'

interface Order {
  readonly ID: number
}

test('a function asks for its parameters when there are any', () => {
  const forecast = useODataFunction<number[], { Year: number }>({ function: 'Sales.Forecast', aliases: true })
  expectTypeOf(forecast.startAsync({ Year: 2027 })).toEqualTypeOf<Promise<number[]>>()
  if (forecast.isSettled && forecast.status === 'completed') expectTypeOf(forecast.result).toEqualTypeOf<number[]>()
  // @ts-expect-error the parameters are missing
  forecast.start()
  // @ts-expect-error a parameter of another type
  forecast.start({ Year: '2027' })
  useODataFunction<number>({ function: 'Sales.Count' }).start()
  // @ts-expect-error the function is required
  useODataFunction<number>({})
  // @ts-expect-error an action has no aliases
  useODataRequest({ method: 'GET', path: 'Orders', aliases: true })
})

test('a request makes its path and body from what start is given', () => {
  const close = useODataRequest<Order, { ID: number; Reason: string }>({
    method: 'PATCH',
    path: ({ ID }) => `Orders(${ID})`,
    body: ({ Reason }) => ({ Reason }),
  })
  close.start({ ID: 7, Reason: 'done' })
  // @ts-expect-error the reason is missing
  close.start({ ID: 7 })
  useODataRequest<Order[]>({ method: 'GET', path: 'Orders' }).start()
  // @ts-expect-error there is no such method
  useODataRequest({ method: 'MERGE', path: 'Orders' })
  // @ts-expect-error a body is an object or a text
  useODataRequest<Order, number>({ method: 'POST', path: 'Orders', body: (count) => count })
  useODataRequest<undefined, File>({ method: 'PUT', path: (file) => `Files(${file.name})/$value` })
})
