import { describe, expect, it } from 'vitest'
import type { BatchData, BatchItemData } from '../../../src/core/batch/BatchItem.js'
import { batchItems, createBatchResult } from '../../../src/core/batch/createBatchResult.js'
import { ODataServiceError, type OperationRecord } from '../../../src/core/index.js'

const item = (id: string, rest: Partial<BatchItemData> = {}): BatchItemData => ({
  id,
  method: 'POST',
  url: `https://host/odata/Rows(${id})`,
  outcome: 'succeeded',
  status: 201,
  ...rest,
})
const failure = (id: string, message: string, rest: Partial<BatchItemData> = {}) =>
  item(id, { outcome: 'failed', status: 400, error: { kind: 'service', status: 400, message }, ...rest })

describe('the places of the results', () => {
  it('puts the requests of a change set as a list into its place', () => {
    const data: BatchData = {
      items: [
        item('1'),
        item('2', { changeSet: 'a' }),
        item('3', { changeSet: 'a' }),
        item('4', { changeSet: 'b' }),
        item('5'),
        item('6', { changeSet: 'c' }),
      ],
    }
    const { results, items } = createBatchResult(data)
    const ids = (entry: unknown): unknown => (Array.isArray(entry) ? entry.map(ids) : (entry as BatchItemData).id)
    expect(results.map(ids)).toEqual(['1', ['2', '3'], ['4'], '5', ['6']])
    expect(items.map(({ id }) => id)).toEqual(['1', '2', '3', '4', '5', '6'])
    expect((results as unknown[])[0]).toBe(items[0])
  })

  it('finds a request by its identifier, also by one that objects have by themselves', () => {
    const { get } = createBatchResult({ items: [item('1'), item('__proto__')] })
    expect(get('1')?.url).toBe('https://host/odata/Rows(1)')
    expect(get('__proto__')?.id).toBe('__proto__')
    expect(get('constructor')).toBeUndefined()
  })
})

describe('the summary', () => {
  it('is a success when each request has succeeded', () => {
    const result = createBatchResult({ items: [item('1', { result: { ID: 1 } }), item('2', { changeSet: 'a' })] })
    expect(result).toMatchObject({ allSucceeded: true, hasErrors: false, isTruncated: false, firstError: undefined })
    expect(result.failed).toEqual([])
    expect(result.succeeded.map(({ result }) => result)).toEqual([{ ID: 1 }, undefined])
  })

  it('blames the first request that failed itself, not one that only went down with it', () => {
    const error = { kind: 'service', status: 400, message: 'No price.' } as const
    const result = createBatchResult({
      items: [
        item('1', { outcome: 'rolled-back', error, changeSet: 'a' }),
        failure('2', 'No name.', { changeSet: 'a' }),
      ],
    })
    expect(result).toMatchObject({ allSucceeded: false, hasErrors: true })
    expect(result.firstError?.message).toBe('No name.')
    expect(result.firstError).toBe(result.get('2')?.error)
    expect(result.failed.map(({ id }) => id)).toEqual(['1', '2'])
  })

  it('names the first error of any kind when no request failed itself', () => {
    const error = { kind: 'expired', message: 'The result is gone.' } as const
    const { firstError } = createBatchResult({ items: [item('1'), item('2', { outcome: 'lost', error })] })
    expect(firstError).toMatchObject({ kind: 'expired', message: 'The result is gone.' })
  })

  it('is neither a full success nor an error while a request has an operation of its own', () => {
    const operation = { id: 'b/1', url: 'https://host/odata/Rows(1)', status: 'running' } as OperationRecord
    const result = createBatchResult({ items: [item('1', { outcome: 'pending', status: 202, operation })] })
    expect(result).toMatchObject({ allSucceeded: false, hasErrors: false, firstError: undefined })
    expect(result.get('1')?.operation).toBe(operation)
  })

  it('says that the answer ended too early', () => {
    expect(createBatchResult({ items: [item('1')], isTruncated: true }).isTruncated).toBe(true)
  })
})

describe('what is remembered', () => {
  it('gives the same objects for the same data', () => {
    const data: BatchData = { items: [item('1'), failure('2', 'No name.')] }
    expect(createBatchResult(data)).toBe(createBatchResult(data))
    expect(batchItems(data)).toBe(batchItems(data))
    expect(createBatchResult(data).items).toBe(batchItems(data))
  })

  it('keeps what did not change when another request gets its answer', () => {
    const before: BatchData = {
      items: [failure('1', 'No name.'), item('2', { outcome: 'waiting', status: undefined })],
    }
    const [first, waiting] = batchItems(before)
    const after = batchItems({ items: [before.items[0] as BatchItemData, item('2')] })
    expect(after[0]).toBe(first)
    expect(waiting?.outcome).toBe('waiting')
    expect(after[1]?.outcome).toBe('succeeded')
  })

  it('makes errors of the right class, with what the service said', () => {
    const [first] = batchItems({ items: [failure('1', 'No name.')] })
    expect(first?.error).toBeInstanceOf(ODataServiceError)
    expect(first?.error).toMatchObject({ status: 400, message: 'No name.' })
    expect(first?.headers).toEqual({})
  })
})
