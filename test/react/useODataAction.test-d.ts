import { expectTypeOf, test } from 'vitest'
import type { ODataError, OperationRecord } from '../../src/core/index.js'
import { useODataAction } from '../../src/react/useODataAction.js'
import { useODataOperation } from '../../src/react/useODataOperation.js'
import { useODataOperations } from '../../src/react/useODataOperations.js'

interface Report {
  readonly Title: string
}

test('parameters are asked for when there are any, and only then', () => {
  const withParameters = useODataAction<Report, { Year: number }>({ action: 'Generate' })
  withParameters.start({ Year: 2026 })
  expectTypeOf(withParameters.startAsync({ Year: 2026 })).toEqualTypeOf<Promise<Report>>()
  // @ts-expect-error the parameters are missing
  withParameters.start()
  // @ts-expect-error a parameter of another type
  withParameters.start({ Year: '2026' })
  // @ts-expect-error a parameter that there is not
  withParameters.start({ Year: 2026, Month: 1 })

  const without = useODataAction<Report>({ action: 'Rebuild' })
  without.start()
  // @ts-expect-error it takes no parameters, and so not the event of a click either
  without.start({ Year: 2026 })
})

test('the status narrows result, error and operation', () => {
  const report = useODataAction<Report>({ action: 'Generate' })
  // @ts-expect-error there may be no result yet
  report.result.Title
  if (report.status === 'completed') expectTypeOf(report.result).toEqualTypeOf<Report>()
  if (report.status === 'failed') expectTypeOf(report.error).toEqualTypeOf<ODataError>()
  if (report.status === 'cancelled') expectTypeOf(report.result).toEqualTypeOf<undefined>()
  if (report.isIdle) expectTypeOf(report.operation).toEqualTypeOf<undefined>()
  if (report.isActive) expectTypeOf(report.operation).toEqualTypeOf<OperationRecord<Report>>()
  if (report.isSettled) expectTypeOf(report.status).toEqualTypeOf<'completed' | 'failed' | 'cancelled'>()
  // @ts-expect-error there is no such status
  if (report.status === 'success') report.start()
})

test('callbacks know the result', () => {
  useODataAction<Report>({
    action: 'Generate',
    onCompleted: (result) => expectTypeOf(result).toEqualTypeOf<Report>(),
    onFailed: (error) => expectTypeOf(error).toEqualTypeOf<ODataError>(),
  })
})

test('the path and the body of a bound action are made from the parameters', () => {
  useODataAction<Report, { ID: number }>({
    action: ({ ID }) => `Products(${ID})/Sales.Discontinue`,
    body: ({ ID }) => ({ Reason: `${ID}` }),
  })
  // @ts-expect-error an action is required
  useODataAction<Report>({})
  // @ts-expect-error there is no such parameter
  useODataAction<Report, { ID: number }>({ action: ({ Id }) => `Products(${Id})` })
})

test('an operation is named by its id or by its monitor', () => {
  expectTypeOf(useODataOperation<Report>({ id: 'a' }).result).toEqualTypeOf<Report | undefined>()
  useODataOperation<Report>({ monitorUrl: '/jobs/7' })
  // @ts-expect-error neither
  useODataOperation<Report>({})
  // @ts-expect-error a watched operation was started elsewhere
  useODataOperation<Report>({ id: 'a' }).start()
})

test('records cannot be changed', () => {
  const [first] = useODataOperations({ status: ['running'], kind: 'action' })
  // @ts-expect-error read-only
  if (first) first.status = 'failed'
  // @ts-expect-error there is no such status
  useODataOperations({ status: 'done' })
})
