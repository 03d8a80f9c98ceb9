import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { odataService } from './test/service/odataServicePlugin.js'

const source = (path: string) => fileURLToPath(new URL(`./src/${path}`, import.meta.url))

/** What everything that runs in a browser shares: Storybook, its tests, and the browser tests. */
export default defineConfig({
  plugins: [react(), odataService()],
  // Found while a test runs, they would reload its page.
  optimizeDeps: { include: ['@tanstack/query-async-storage-persister', '@tanstack/react-query-persist-client'] },
  resolve: {
    alias: [
      { find: /^react-odata-async$/, replacement: source('index.ts') },
      { find: /^react-odata-async\/(core|ui)$/, replacement: source('$1/index.ts') },
      { find: /^react-odata-async\/messages\/(\w+)$/, replacement: source('ui/messages/$1.ts') },
      { find: /^react-odata-async\/styles\.css$/, replacement: source('ui/styles.css') },
    ],
  },
})
