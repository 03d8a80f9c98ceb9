import type { PlannedRequest } from './planBatch.js'
import { refuse } from './refuse.js'

/**
 * Splits a batch into pieces of no more than `maxBatchSize` requests. Change sets, and what depends on each other, stay in one piece;
 * in each piece the order is that of the batch. A piece is filled until what comes next has no room in it.
 *
 * @throws {@link ODataConfigurationError} for a `maxBatchSize` that is none, and for what must stay together and is larger
 */
export function splitBatch(
  requests: readonly PlannedRequest[],
  maxBatchSize: number | undefined,
): readonly (readonly PlannedRequest[])[] {
  if (maxBatchSize === undefined) return [requests]
  if (!Number.isInteger(maxBatchSize) || maxBatchSize < 1) {
    refuse(`\`maxBatchSize\` is ${maxBatchSize}. It must be a whole number of requests from 1, or left out.`)
  }
  const units = connect(requests)
  const sizes = new Map<number, number>()
  for (const unit of units) sizes.set(unit, (sizes.get(unit) ?? 0) + 1)
  const pieces: PlannedRequest[][] = []
  const pieceOf = new Map<number, PlannedRequest[]>()
  let room = 0
  requests.forEach((request, index) => {
    const unit = units[index] ?? index
    let piece = pieceOf.get(unit)
    if (!piece) {
      const size = sizes.get(unit) ?? 1
      if (size > maxBatchSize) refuse(tooLarge(request, size, maxBatchSize))
      const last = size <= room ? pieces.at(-1) : undefined
      piece = last ?? []
      if (!last) {
        pieces.push(piece)
        room = maxBatchSize
      }
      room -= size
      pieceOf.set(unit, piece)
    }
    piece.push(request)
  })
  return pieces
}

/** For each request the index of one that stands for all that it must stay together with. */
function connect(requests: readonly PlannedRequest[]): readonly number[] {
  const parents = requests.map((_, index) => index)
  function find(index: number): number {
    let at = index
    for (let parent = parents[at]; parent !== undefined && parent !== at; parent = parents[at]) {
      // Each look makes the next one shorter.
      parents[at] = parents[parent] ?? parent
      at = parent
    }
    return at
  }
  const places = new Map<string, number>()
  requests.forEach(({ wire: { id, group, dependsOn = [] } }, index) => {
    const together = group === undefined ? dependsOn : [group, ...dependsOn]
    for (const name of together) {
      const place = places.get(name)
      if (place !== undefined) parents[find(index)] = find(place)
    }
    places.set(id, index)
    if (group !== undefined) places.set(group, index)
  })
  return requests.map((_, index) => find(index))
}

function tooLarge({ wire, item }: PlannedRequest, size: number, limit: number): string {
  const what =
    wire.group === undefined ? `request ${JSON.stringify(wire.id)}` : `the change set ${JSON.stringify(wire.group)}`
  const label = item.label === undefined ? '' : ` (${item.label.slice(0, 100)})`
  return `${size} requests must stay together, from ${what}${label} on, and \`maxBatchSize\` is ${limit}. Make the change set smaller, let less depend on each other, or raise it.`
}
