import type { DataAccess } from '@sap-ux/fe-mockserver-core/dist/data/dataAccess.js'
import { toBase64Url } from './bytes.js'
import type { Product, Report } from './mockData.js'
import type { Rows } from './operations.js'
import type { EntitySet } from './resource.js'

type Key = string | number
type Row = { ID: Key }

const names = ['Products', 'Reports']

/** The rows of the engine, and the contents of reports. */
export function createTables(access: () => Promise<DataAccess>, tenant: string, basePath: string) {
  const contents = new Map<string, string>()

  async function table(name: string) {
    const set = await (await access()).getMockEntitySet(name)
    const data = set.getMockData(tenant)
    const request = {} as never
    return {
      rows: async () => (await data.getAllEntries(request)) as Row[],
      add: (row: object) => data.addEntry(row, request),
      remove: (row: Row) => data.removeEntry({ ID: row.ID }, request),
      find: async (ID: Key) => ((await data.fetchEntries({ ID }, request)) as Row[])[0],
      update: (row: Row) => data.updateEntry({ ID: row.ID }, row, row, request),
    }
  }

  const rows: Rows = {
    products: async () => (await (await table('Products')).rows()) as Product[],
    saveProduct: async (product) => (await table('Products')).update(product),
    async addReport(report, content) {
      const reports = await table('Reports')
      const numbers = ((await reports.rows()) as Report[]).map(({ ID }) => Number(ID.slice(2)) || 0)
      const ID = `R-${Math.max(0, ...numbers) + 1}`
      const row = { ID, ...report, DownloadUrl: `${basePath}Reports('${ID}')/$value` }
      await reports.add(row)
      contents.set(ID, content)
      return row
    },
  }

  return {
    rows,
    async find(set: EntitySet, key: Key): Promise<object | undefined> {
      return (await table(set.name)).find(key)
    },
    /** What `$value` of an entity is. */
    content: (set: EntitySet, key: Key) => (set.name === 'Reports' ? contents.get(String(key)) : undefined),
    async reset(): Promise<void> {
      contents.clear()
      ;(await access()).reloadData()
    },
    /** Remembers all rows; the function returned puts them back. */
    async snapshot(): Promise<() => Promise<void>> {
      const saved = new Map(
        await Promise.all(names.map(async (name) => [name, await (await table(name)).rows()] as const)),
      )
      return async () => {
        // What others changed meanwhile goes too: the engine has no transactions.
        for (const [name, old] of saved) {
          const current = await table(name)
          for (const row of await current.rows()) await current.remove(row)
          for (const row of old) await current.add(row)
        }
      }
    },
  }
}

/** The weak ETag of a row. */
export async function entityTag(row: object): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-1', new TextEncoder().encode(JSON.stringify(row)))
  return `W/"${toBase64Url(new Uint8Array(digest)).slice(0, 12)}"`
}
