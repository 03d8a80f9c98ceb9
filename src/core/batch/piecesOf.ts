import type { OperationRecord } from '../operation.js'
import type { BatchData, BatchItemData } from './BatchItem.js'

/** The wanted pieces of a batch, of those that were sent, each as the record of a batch of its own: `client.resume` takes it. */
export function piecesOf(
  { batch, pieces = [] }: OperationRecord,
  isWanted: (piece: OperationRecord) => boolean = () => true,
): readonly OperationRecord[] {
  const wanted = pieces.filter(isWanted)
  if (wanted.length === 0) return []
  const items = new Map(batch?.items.map((item) => [item.id, item]))
  return wanted.map((piece) => {
    const { itemIds = [], ...data }: Partial<BatchData> = piece.batch ?? {}
    const own = itemIds.map((id) => items.get(id)).filter((item): item is BatchItemData => item !== undefined)
    return { ...piece, batch: { ...data, items: own } }
  })
}

/** A piece as the record of the whole holds it: its items are there already. The one before when nothing has happened since. */
export function withoutItems(piece: OperationRecord, before: OperationRecord | undefined): OperationRecord {
  if (before && before.revision === piece.revision) return before
  const { items = [], ...data }: Partial<BatchData> = piece.batch ?? {}
  const itemIds = before?.batch?.itemIds ?? items.map(({ id }) => id)
  return { ...piece, batch: { ...data, itemIds, items: [] } }
}
