// Runs the core for long against the OData service, on a network that loses a lot: node test/soak/soak.mjs [--operations 1000]
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { runnerImport } from 'vite'

const { values } = parseArgs({ options: { operations: { type: 'string', default: '1000' } } })
const { module } = await runnerImport(fileURLToPath(new URL('./soak.ts', import.meta.url)), {
  configFile: false,
  logLevel: 'error',
})
const { counts, faults } = await module.soak(Number(values.operations))
console.table(counts)
for (const fault of faults) console.error(fault)
process.exit(faults.length > 0 ? 1 : 0)
