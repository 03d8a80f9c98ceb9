// Counts how often components render in the life of operations: node test/bench/renders.mjs
import { fileURLToPath } from 'node:url'
import { JSDOM } from 'jsdom'
import { runnerImport } from 'vite'

const { window } = new JSDOM()
for (const [name, value] of Object.entries({ window, document: window.document, navigator: window.navigator })) {
  Object.defineProperty(globalThis, name, { value, configurable: true })
}

const { module } = await runnerImport(fileURLToPath(new URL('./renderCounts.tsx', import.meta.url)), {
  configFile: false,
  logLevel: 'error',
})
const { flushSync } = await import('react-dom')
const counts = await module.countRenders({
  run: (action) => flushSync(action),
  async until(isDone) {
    while (!isDone()) await new Promise((resolve) => void setTimeout(resolve, 1))
  },
})
console.table(counts)
process.exit(counts.some(({ renders, budget }) => renders > budget) ? 1 : 0)
