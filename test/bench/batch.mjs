// Compares the reading of large batch responses with decoding and parsing alone: node test/bench/batch.mjs
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

// In one piece, as an app has it: what imports cost in development would be measured, too.
const { output } = await build({
  configFile: false,
  logLevel: 'error',
  build: { ssr: fileURLToPath(new URL('./batchReading.ts', import.meta.url)), write: false },
})
const { measureBatchReading } = await import(`data:text/javascript,${encodeURIComponent(output[0].code)}`)
const rows = measureBatchReading()
console.table(rows)
process.exit(rows.some(({ ratio, allowed }) => ratio > allowed) ? 1 : 0)
