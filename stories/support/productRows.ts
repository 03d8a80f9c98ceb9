/** One row of the file that is imported: a product, and its line. */
export interface ProductRow {
  readonly Line: number
  readonly ID: number
  readonly Name: string | undefined
  readonly Category: string
  readonly Price: number
  readonly Stock: number
}

const names = ['Desk lamp', 'Bookcase', 'Office chair', 'Notebook A5', 'Pencil set', 'Monitor arm', 'Cable tray']

/**
 * 200 products with keys that are free. Three are wrong: line 12 has a negative price, line 57 no name, and line 143 the key of a
 * product that is there.
 */
export function productRows(firstId = freeId()): ProductRow[] {
  const changes: Readonly<Record<number, Partial<ProductRow>>> = {
    12: { Price: -19.9 },
    57: { Name: undefined },
    143: { ID: 4 },
  }
  return correctRows(firstId).map((row) => ({ ...row, ...changes[row.Line] }))
}

/** The same with nothing wrong. */
export function correctRows(firstId: number): ProductRow[] {
  return Array.from({ length: 200 }, (_, index) => ({
    Line: index + 1,
    ID: firstId + index,
    Name: names[index % names.length],
    Category: 'Import',
    Price: 10 + index,
    Stock: index,
  }))
}

/** What the service has keeps from one import to the next. */
function freeId(): number {
  return 1_000_000 + (Math.floor(Date.now() / 100) % 1_000_000) * 1000
}
