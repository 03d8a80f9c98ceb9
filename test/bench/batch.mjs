// Compares the reading of large batch responses with decoding and parsing alone: node test/bench/batch.mjs
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'

const { module } = await runnerImport(fileURLToPath(new URL('./batchReading.ts', import.meta.url)), {
  configFile: false,
  logLevel: 'error',
})
const rows = module.measureBatchReading()
console.table(rows)
process.exit(rows.some(({ ratio, allowed }) => ratio > allowed) ? 1 : 0)
