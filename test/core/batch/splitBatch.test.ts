import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { BatchEntry } from '../../../src/core/batch/BatchRequest.js'
import { action, create, get } from '../../../src/core/batch/batchRequests.js'
import { changeSet } from '../../../src/core/batch/changeSet.js'
import { planBatch } from '../../../src/core/batch/planBatch.js'
import { reference } from '../../../src/core/batch/reference.js'
import { splitBatch } from '../../../src/core/batch/splitBatch.js'

const planned = (entries: readonly BatchEntry[]) => planBatch(entries, { serviceUrl: 'https://host/odata/' }).requests
const split = (entries: readonly BatchEntry[], size: number | undefined) =>
  splitBatch(planned(entries), size).map((piece) => piece.map(({ wire }) => wire.id).join(' '))
const row = (id: string, ...dependsOn: string[]) => create('Rows', { id }, { id, dependsOn })

describe('a batch over the limit of the service', () => {
  it('is one piece without a limit, and within it', () => {
    const rows = ['a', 'b', 'c'].map((id) => row(id))
    expect(split(rows, undefined)).toEqual(['a b c'])
    expect(split(rows, 3)).toEqual(['a b c'])
  })

  it('becomes pieces that are filled in order', () => {
    const rows = ['a', 'b', 'c', 'd', 'e'].map((id) => row(id))
    expect(split(rows, 2)).toEqual(['a b', 'c d', 'e'])
  })

  it('never tears a change set', () => {
    const set = changeSet([row('b'), row('c'), row('d')])
    expect(split([row('a'), set, row('e')], 3)).toEqual(['a', 'b c d', 'e'])
    expect(split([row('a'), set, row('e')], 4)).toEqual(['a b c d', 'e'])
  })

  it('keeps together what depends on each other, over any number of steps, in its order', () => {
    expect(split([row('a'), row('b'), row('c', 'a'), row('d'), row('e', 'c')], 3)).toEqual(['a c e', 'b d'])
    expect(split([row('a'), row('b'), row('c', 'a', 'b'), row('d')], 3)).toEqual(['a b c', 'd'])
  })

  it('keeps a request together with what it refers to, and with a change set that it depends on', () => {
    const order = create<{ Items: object[] }>('Orders', {}, { id: 'order' })
    const set = changeSet([order, row('x')], { id: 'set' })
    const entries = [row('a'), set, row('b'), create(reference(order, 'Items'), {}, { id: 'line' }), row('c', 'set')]
    expect(split(entries, 4)).toEqual(['a', 'order x line c', 'b'])
  })

  it('refuses what must stay together and is larger than the limit, by its name', () => {
    const set = changeSet([row('a'), row('b'), row('c')], { id: 'import' })
    expect(() => split([set], 2)).toThrow(
      '3 requests must stay together, from the change set "import" on, and `maxBatchSize` is 2.',
    )
    const order = create('Orders', {}, { label: 'Save order' })
    expect(() => split([order, action(reference(order, 'Ns.A')), action(reference(order, 'Ns.B'))], 2)).toThrow(
      'from request "1" (Save order) on',
    )
  })

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '5'])('refuses the limit %s', (size) => {
    expect(() => split([get('Rows')], size as number)).toThrow(`\`maxBatchSize\` is ${size}. It must be a whole number`)
  })

  it('loses no request, and keeps order and limit, whatever depends on what', () => {
    const graph = fc.array(fc.record({ back: fc.nat(8), isLinked: fc.boolean() }), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(graph, fc.integer({ min: 1, max: 70 }), (links, size) => {
        const rows = links.map(({ back, isLinked }, index) =>
          isLinked && index > back ? row(`r${index}`, `r${index - back - 1}`) : row(`r${index}`),
        )
        const requests = planned(rows)
        const positions = new Map(requests.map((request, index) => [request, index]))
        let pieces: ReturnType<typeof splitBatch>
        try {
          pieces = splitBatch(requests, size)
        } catch (error) {
          expect(error).toMatchObject({ kind: 'configuration' })
          return
        }
        expect(new Set(pieces.flat()).size).toBe(requests.length)
        for (const piece of pieces) {
          expect(piece.length).toBeGreaterThan(0)
          expect(piece.length).toBeLessThanOrEqual(size)
          const places = piece.map((request) => positions.get(request) ?? -1)
          expect(places).toEqual([...places].sort((a, b) => a - b))
          const ids = new Set(piece.map(({ wire }) => wire.id))
          for (const { wire } of piece) for (const id of wire.dependsOn ?? []) expect(ids).toContain(id)
        }
      }),
    )
  })

  it('splits 20,000 requests that are one long chain, or all alone', () => {
    const count = 20_000
    const alone = planned(Array.from({ length: count }, (_, index) => get(`Rows(${index})`)))
    expect(splitBatch(alone, 1000)).toHaveLength(20)
    const chain = planned(
      Array.from({ length: count }, (_, index) => row(`r${index}`, ...(index ? [`r${index - 1}`] : []))),
    )
    expect(splitBatch(chain, count)).toHaveLength(1)
  })
})
