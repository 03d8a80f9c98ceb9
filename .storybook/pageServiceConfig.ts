import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { UserConfig } from 'vite'

/** What a build needs in which the OData service runs in the page: an engine without Node, and a worker that takes requests. */
export const pageServiceConfig: UserConfig = {
  plugins: [
    {
      name: 'engine-without-node',
      enforce: 'pre',
      resolveId(source, importer) {
        const isBuiltin = /^(?:http|path|path\/posix|process|stream|url|util)$/.test(source)
        if (!isBuiltin || !/node_modules[\\/](?:@sap-ux|sax)[\\/]/.test(importer ?? '')) return
        return fileURLToPath(new URL('./nodeBuiltins.ts', import.meta.url))
      },
    },
    {
      name: 'mock-service-worker',
      generateBundle() {
        const source = readFileSync(fileURLToPath(import.meta.resolve('msw/mockServiceWorker.js')))
        this.emitFile({ type: 'asset', fileName: 'mockServiceWorker.js', source })
      },
    },
  ],
}
