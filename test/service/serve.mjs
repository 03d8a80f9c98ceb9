// Starts the OData service as a program. The options but `--port` are the manners of `behaviour.ts`:
// node test/service/serve.mjs [--port 4004] [--duration 8000] [--outcome fail] [--service no-body,cancel-refused]
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { runnerImport } from 'vite'

const string = { type: 'string' }
const { values } = parseArgs({
  options: { port: { ...string, default: '4004' }, duration: string, outcome: string, service: string },
})
const { port, service: switches, ...manners } = values
const options = { ...manners, ...(switches && { service: switches.split(',') }) }

const { startODataService } = await load(new URL('./odataService.ts', import.meta.url))
const { behaviourAsHeaders, readBehaviour } = await load(new URL('./behaviour.ts', import.meta.url))
try {
  // A wrong value would be the answer to each request.
  readBehaviour(behaviourAsHeaders(options))
} catch (error) {
  console.error(error.message)
  process.exit(1)
}
const service = await startODataService({ port: Number(port), ...options })
console.log(`OData service: ${service.url}`)

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => service.close().finally(() => process.exit()))
}

async function load(url) {
  return (await runnerImport(fileURLToPath(url), { configFile: false, logLevel: 'error' })).module
}
