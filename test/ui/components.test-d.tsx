import { createRef } from 'react'
import { expectTypeOf, it } from 'vitest'
import type { BatchItem, BatchItemData } from '../../src/core/batch/BatchItem.js'
import type { OperationRecord } from '../../src/core/operation.js'
import {
  BatchPanel,
  getProgressProps,
  type OperationMessages,
  OperationPanel,
  OperationProgress,
  OperationStatus,
  useElapsed,
  useOperationProps,
} from '../../src/ui/index.js'

interface Report {
  readonly Url: string
}

declare const operation: OperationRecord<Report> | undefined

it('names each bar exactly once', () => {
  ;<OperationProgress operation={operation} aria-label="Report" />
  ;<OperationProgress operation={operation} aria-labelledby="title" />
  // @ts-expect-error a bar without a name is silent
  ;<OperationProgress operation={operation} />
  // @ts-expect-error two names: one of them would not be heard
  ;<OperationProgress operation={operation} aria-label="Report" aria-labelledby="title" />
  // @ts-expect-error the same for the props of another bar
  getProgressProps(operation, {})
  // @ts-expect-error what is announced needs a name
  ;<OperationStatus operation={operation} />
  // @ts-expect-error the title is the name
  ;<OperationPanel operation={operation} />
})

it('keeps its hands on what makes it a progress bar', () => {
  // @ts-expect-error the role is given
  ;<OperationProgress operation={operation} aria-label="Report" role="meter" />
  // @ts-expect-error what is in a bar cannot be heard
  ;<OperationProgress operation={operation} aria-label="Report">
    42 %
  </OperationProgress>
  // @ts-expect-error an operation is asked for, `undefined` for none
  ;<OperationProgress aria-label="Report" />
})

it('infers the result from the operation', () => {
  ;<OperationPanel
    label="Report"
    operation={operation}
    renderResult={(result, record) => {
      expectTypeOf(result).toEqualTypeOf<Report>()
      expectTypeOf(record).toEqualTypeOf<OperationRecord<Report>>()
      return result.Url
    }}
  />
  // @ts-expect-error a report has no `Name`
  ;<OperationPanel label="Report" operation={operation} renderResult={(result) => result.Name} />
})

it('does not ask for the case that there is no result', () => {
  ;<OperationPanel
    label="Report"
    operation={{} as OperationRecord<Report | undefined>}
    renderResult={(result) => {
      expectTypeOf(result).toEqualTypeOf<Report>()
      return result.Url
    }}
  />
  ;<OperationPanel
    label="Report"
    operation={{} as OperationRecord}
    renderResult={(result) => {
      expectTypeOf(result).toEqualTypeOf<unknown>()
      return null
    }}
  />
})

it('calls back without arguments, so that a verb that takes some is not given the event', () => {
  ;<OperationPanel label="Report" operation={operation} onCancel={async () => 'cancelled' as const} />
  // @ts-expect-error `start` wants its parameters
  ;<OperationPanel label="Report" operation={operation} onRetry={(parameters: { Year: number }) => parameters} />
})

it('takes refs to the right elements', () => {
  ;<OperationPanel ref={(element: HTMLElement | null) => void element} label="Report" operation={operation} />
  ;<OperationProgress
    ref={(element: HTMLDivElement | null) => void element}
    aria-label="Report"
    operation={operation}
  />
  const button = createRef<HTMLButtonElement>()
  // @ts-expect-error it is no button
  ;<OperationStatus ref={button} label="Report" operation={operation} />
})

it('knows its messages', () => {
  ;<OperationStatus label="Report" operation={operation} messages={{ cancelled: () => 'Abgebrochen.' }} />
  // @ts-expect-error there is no such message
  ;<OperationStatus label="Report" operation={operation} messages={{ canceled: () => 'Abgebrochen.' }} />
  // @ts-expect-error a message is a function of the operation
  ;<OperationStatus label="Report" operation={operation} messages={{ cancelled: 'Abgebrochen.' }} />
  expectTypeOf<Parameters<OperationMessages['cancelled']>[0]>().toEqualTypeOf<OperationRecord>()
  expectTypeOf(useElapsed(operation)).toEqualTypeOf<number | undefined>()
})

it('takes the items of a batch as the hook and as the record has them', () => {
  ;<BatchPanel label="Import" operation={operation} />
  ;<BatchPanel
    label="Import"
    operation={operation}
    items={[] as readonly BatchItem<Report>[]}
    renderItem={(item, line) => {
      expectTypeOf(item).toEqualTypeOf<BatchItem<Report>>()
      return item.outcome === 'succeeded' ? item.result.Url : line
    }}
  />
  ;<BatchPanel
    label="Import"
    operation={operation}
    renderItem={(item) => {
      expectTypeOf(item).toEqualTypeOf<BatchItemData>()
      return item.label
    }}
  />
  // @ts-expect-error its result is in its items
  ;<BatchPanel label="Import" operation={operation} renderResult={() => null} />
  // @ts-expect-error a list needs its room
  ;<BatchPanel label="Import" operation={operation} compact />
  // @ts-expect-error the title is the name
  ;<BatchPanel operation={operation} />
  ;<BatchPanel
    label="Import"
    operation={operation}
    messages={{ batchSummary: (_, { number, counts }) => `${number(counts.succeeded)} / ${number(counts.total)}` }}
  />
})

it('puts your props over those of a getter, and knows which', () => {
  const parts = useOperationProps(operation, { label: 'Report', onCancel: async () => 'cancelled' as const })
  expectTypeOf(parts.operation).toEqualTypeOf<OperationRecord<Report> | undefined>()
  ;<button {...parts.getCancelProps({ className: 'plain', onClick: (event) => event.preventDefault() })} />
  ;<section {...parts.getRootProps({ onFocus: (event) => event.currentTarget.blur() })} />
  expectTypeOf(parts.getCancelProps().type).toEqualTypeOf<'button'>()
  expectTypeOf(parts.getCancelProps({ type: 'Button' as const }).type).toEqualTypeOf<'Button'>()
  expectTypeOf(parts.getProgressProps()['aria-valuenow']).toEqualTypeOf<number | undefined>()
  // @ts-expect-error the bar and the group want a name
  useOperationProps(operation, {})
})
