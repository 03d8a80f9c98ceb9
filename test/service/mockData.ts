/** A row of the entity set `Products`. */
export interface Product {
  ID: number
  Name: string
  Category: string | null
  Price: number | null
  Stock: number | null
}

/** A row of the entity set `Reports`. */
export interface Report {
  ID: string
  Title: string
  StartDate: string | null
  EndDate: string | null
  /** One row for each product and month. */
  RowCount: number | null
  CreatedAt: string | null
  DownloadUrl: string | null
}

const products: readonly [string, string, number, number][] = [
  ['Desk lamp', 'Lighting', 39.9, 120],
  ['Floor lamp', 'Lighting', 89, 42],
  ['Bookcase', 'Furniture', 149.5, 18],
  ['Office chair', 'Furniture', 219, 35],
  ['Standing desk', 'Furniture', 480, 9],
  ['Notebook A5', 'Paper', 4.2, 900],
  ['Sketch pad', 'Paper', 7.8, 310],
  ['Fountain pen', 'Writing', 26, 75],
  ['Pencil set', 'Writing', 9.5, 260],
  ['Whiteboard', 'Furniture', 132, 14],
  ['Monitor arm', 'Accessories', 74.9, 51],
  ['Cable tray', 'Accessories', 18.4, 190],
]

/** Fresh rows for `Products`. */
export function initialProducts(): Product[] {
  return products.map(([Name, Category, Price, Stock], index) => ({ ID: index + 1, Name, Category, Price, Stock }))
}

/** Fresh rows for `Reports`. */
export function initialReports(): Report[] {
  return [
    {
      ID: 'R-1',
      Title: 'Report 2024-01-01 to 2024-12-31',
      StartDate: '2024-01-01',
      EndDate: '2024-12-31',
      RowCount: 144,
      CreatedAt: '2025-01-02T08:00:00Z',
      DownloadUrl: null,
    },
  ]
}

const line = (index: number) => `${index},${['open', 'paid', 'sent'][index % 3]},${(index * 37) % 1000}\n`

/** The files that `ProcessLargeFile` knows, by id. */
export const files: ReadonlyMap<string, string> = new Map([
  ['orders.csv', Array.from({ length: 20_000 }, (_, index) => line(index)).join('')],
  ['small.txt', 'first line\nsecond line\n'],
  ['empty.txt', ''],
])
