// Starts the OData service as a program: node test/service/serve.mjs [--port 4004]
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { runnerImport } from 'vite'

const { values } = parseArgs({ options: { port: { type: 'string', default: '4004' } } })
const { module } = await runnerImport(fileURLToPath(new URL('./odataService.ts', import.meta.url)), {
  configFile: false,
  logLevel: 'error',
})
const service = await module.startODataService({ port: Number(values.port) })
console.log(`OData service: ${service.url}`)

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => service.close().finally(() => process.exit()))
}
