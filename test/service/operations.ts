import { ODataFailure, type WorkContext } from './backend.js'
import type { Behaviour } from './behaviour.js'
import type { Data } from './checkData.js'
import { delay } from './delay.js'
import { files, type Product, type Report } from './mockData.js'
import { pdf, pixel } from './printedFiles.js'

/** The rows that operations work on. */
export interface Rows {
  products(): Promise<readonly Product[]>
  saveProduct(product: Product): Promise<void>
  addReport(report: Omit<Report, 'ID' | 'DownloadUrl'>, content: string): Promise<Report>
}

/** Tells what is done now and takes its share of the time. Rejects when the work was stopped or is to fail. */
export type Step = (done: number, total: number, message: string) => Promise<void>

/** What the code of an operation works with. */
interface OperationCall {
  readonly parameters: Data
  /** Key of the entity an operation is bound to. */
  readonly key: string | number | undefined
  readonly rows: Rows
  readonly step: Step
}

/** What it gave: JSON, and whether an entity was created. Nothing at all for an operation without a result. */
export interface OperationResult {
  readonly value: object
  /** Path of the created entity below the service root. */
  readonly created?: string
}

/** Bytes that were given instead, of an operation that returns `Edm.Stream`. */
interface StreamResult {
  readonly content: Uint8Array
  readonly contentType: string
  readonly fileName: string
}

/** The code of an action or function. */
export interface OperationCode {
  /** Refuses parameters that only this operation knows to be wrong. Throws an {@link ODataFailure}. */
  check?(parameters: Data): void
  run(call: OperationCall): Promise<OperationResult | StreamResult | undefined>
}

const steps = 10

/** Paces work: ten steps in `duration` ms, the end that `outcome` asks for half-way. */
export function createStep(
  name: string,
  { signal, report }: WorkContext,
  { duration, headStart, outcome }: Behaviour,
): Step {
  let owed = -headStart
  return async (done, total, message) => {
    signal.throwIfAborted()
    report((100 * done) / total, message)
    if (done >= total / 2 && outcome === 'hang') await aborted(signal)
    if (done >= total / 2 && outcome === 'fail') throw failure(name, message)
    owed += duration / total
    // A timer takes a millisecond at least, which is too long for the many short requests of a batch.
    if (owed < 1) return
    const pause = owed
    owed = 0
    await delay(pause, signal)
  }
}

function failure(name: string, message: string): ODataFailure {
  const code = name === 'GenerateLargeReport' ? 'REPORT_FAILED' : 'OPERATION_FAILED'
  const details = [{ code: 'STEP_FAILED', message: `Failed at: ${message}`, target: name }]
  return new ODataFailure(500, code, `${name} failed half-way.`, { target: name, details })
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }))
}

/** The months from one date to another, both ends included, as `2025-01`. */
function months(start: string, end: string): string[] {
  const found: string[] = []
  for (
    const month = new Date(`${start.slice(0, 7)}-01`);
    month <= new Date(end);
    month.setUTCMonth(month.getUTCMonth() + 1)
  ) {
    found.push(month.toISOString().slice(0, 7))
  }
  return found
}

const part = <T>(list: readonly T[], index: number) =>
  list.slice(Math.floor((index * list.length) / steps), Math.floor(((index + 1) * list.length) / steps))

/** The code of all operations, by name. */
export const operations: Readonly<Record<string, OperationCode>> = {
  GenerateLargeReport: {
    check({ StartDate, EndDate }) {
      const [start, end] = [String(StartDate), String(EndDate)]
      const refuse = (message: string) => {
        const details = [{ code: 'BAD_RANGE', message: `Given: ${start} to ${end}.`, target: 'EndDate' }]
        throw new ODataFailure(400, 'BAD_RANGE', message, { target: 'EndDate', details })
      }
      if (end < start) refuse('EndDate is before StartDate.')
      if (Number(end.slice(0, 4)) - Number(start.slice(0, 4)) > 20) refuse('The range is longer than 20 years.')
    },
    async run({ parameters, rows, step }) {
      const [start, end] = [String(parameters.StartDate), String(parameters.EndDate)]
      const products = await rows.products()
      const lines: string[] = []
      for (let index = 0; index < steps; index++) {
        await step(index, steps, index < 2 ? 'Reading products' : `Writing rows (${lines.length} so far)`)
        for (const month of part(months(start, end), index)) {
          for (const { ID, Name, Price } of products) lines.push(`${month},${ID},${Name},${Price ?? ''}\n`)
        }
      }
      const report = await rows.addReport(
        {
          Title: `Report ${start} to ${end}`,
          StartDate: start,
          EndDate: end,
          RowCount: lines.length,
          CreatedAt: new Date().toISOString(),
        },
        `Month,ID,Name,Price\n${lines.join('')}`,
      )
      return { value: report, created: `Reports('${report.ID}')` }
    },
  },

  ProcessLargeFile: {
    check({ FileId }) {
      if (files.has(String(FileId))) return
      const details = [{ code: 'KNOWN_FILES', message: `Known are ${[...files.keys()].join(', ')}.`, target: 'FileId' }]
      throw new ODataFailure(404, 'FILE_NOT_FOUND', `There is no file "${FileId}".`, { target: 'FileId', details })
    },
    async run({ parameters, step }) {
      const FileId = String(parameters.FileId)
      const bytes = new TextEncoder().encode(files.get(FileId))
      let Lines = 0
      const size = Math.ceil(bytes.length / steps)
      for (let index = 0; index < steps; index++) {
        await step(index, steps, `Counting lines (${Lines} so far)`)
        for (const byte of bytes.subarray(index * size, (index + 1) * size)) if (byte === 10) Lines++
      }
      return { value: { FileId, Lines, Bytes: bytes.length } }
    },
  },

  Export: {
    check({ Format }) {
      if (Format === 'csv' || Format === 'json') return
      throw new ODataFailure(400, 'BAD_FORMAT', `The format "${Format}" is not known. Give csv or json.`, {
        target: 'Format',
      })
    },
    async run({ parameters, rows, step }) {
      const products = await rows.products()
      let csv = 'ID,Name,Price\n'
      for (let index = 0; index < steps; index++) {
        await step(index, steps, 'Exporting products')
        for (const { ID, Name, Price } of part(products, index)) csv += `${ID},${Name},${Price ?? ''}\n`
      }
      return { value: { value: parameters.Format === 'csv' ? csv : JSON.stringify(products) } }
    },
  },

  Reprice: {
    check({ Percent }) {
      if (Number(Percent) >= -100) return
      throw new ODataFailure(400, 'BAD_PERCENT', 'Percent is below -100.', { target: 'Percent' })
    },
    async run({ parameters, key, rows, step }) {
      for (let index = 0; index < steps; index++) await step(index, steps, 'Calculating the price')
      const product = (await rows.products()).find(({ ID }) => ID === key)
      if (!product) throw new ODataFailure(404, 'NOT_FOUND', `There is no product ${key} any more.`)
      const factor = 1 + Number(parameters.Percent) / 100
      const repriced = { ...product, Price: Math.round((product.Price ?? 0) * factor * 100) / 100 }
      await rows.saveProduct(repriced)
      return { value: repriced }
    },
  },

  RebuildIndex: {
    async run({ rows, step }) {
      const products = await rows.products()
      const index = new Map<string, number[]>()
      for (let at = 0; at < steps; at++) {
        await step(at, steps, `Indexing products (${index.size} words)`)
        for (const { ID, Name } of part(products, at)) {
          for (const word of Name.toLowerCase().split(' ')) index.set(word, [...(index.get(word) ?? []), ID])
        }
      }
      return undefined
    },
  },

  TopProducts: {
    check({ Count }) {
      if (Number(Count) >= 1) return
      throw new ODataFailure(400, 'BAD_COUNT', 'Count is below 1.', { target: 'Count' })
    },
    async run({ parameters, rows, step }) {
      for (let index = 0; index < steps; index++) await step(index, steps, 'Comparing prices')
      const products = [...(await rows.products())].sort((a, b) => (b.Price ?? 0) - (a.Price ?? 0))
      return { value: products.slice(0, Number(parameters.Count)) }
    },
  },

  ForecastCosts: {
    check({ Year }) {
      if (Number(Year) >= 2000 && Number(Year) <= 2100) return
      throw new ODataFailure(400, 'BAD_YEAR', 'Year is not from 2000 to 2100.', { target: 'Year' })
    },
    async run({ parameters, key, rows, step }) {
      const { Category } = parameters.Scope as { Category: string }
      const products = (await rows.products()).filter((product) =>
        key === undefined ? product.Category === Category : product.ID === key,
      )
      for (let index = 0; index < steps; index++) await step(index, steps, 'Forecasting costs')
      const base = products.reduce((sum, { Price, Stock }) => sum + (Price ?? 0) * (Stock ?? 0), 0)
      const Costs = (parameters.Factors as number[]).map((factor) => Math.round(base * factor * 100) / 100)
      return { value: { ...(key !== undefined && { ProductID: key }), ...parameters, Costs } }
    },
  },

  PrintProducts: {
    check({ Format }) {
      if (Format === 'pdf' || Format === 'png') return
      const message = `The format "${Format}" is not known. Give pdf or png.`
      throw new ODataFailure(400, 'BAD_FORMAT', message, { target: 'Format' })
    },
    async run({ parameters, rows, step }) {
      const products = await rows.products()
      for (let index = 0; index < steps; index++) await step(index, steps, 'Printing products')
      return parameters.Format === 'png'
        ? { content: pixel, contentType: 'image/png', fileName: 'products.png' }
        : { content: pdf(products.map(({ Name }) => Name)), contentType: 'application/pdf', fileName: 'products.pdf' }
    },
  },
}
