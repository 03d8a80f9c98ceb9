import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { UserConfig } from 'vite'

/** What a build needs in which the OData service runs in the page: a worker that takes requests, and no Node. */
export const pageServiceConfig: UserConfig = {
  resolve: {
    alias: [
      {
        find: /^(?:http|path|path\/posix|process|stream|url|util)$/,
        replacement: fileURLToPath(new URL('./nodeBuiltins.ts', import.meta.url)),
      },
    ],
  },
  plugins: [
    {
      name: 'mock-service-worker',
      generateBundle() {
        const source = readFileSync(fileURLToPath(import.meta.resolve('msw/mockServiceWorker.js')))
        this.emitFile({ type: 'asset', fileName: 'mockServiceWorker.js', source })
      },
    },
  ],
}
