import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, preview } from 'vite'
import type { TestProject } from 'vitest/node'
import viteConfig from '../../vite.config.js'
import { odataService } from '../service/odataServicePlugin.js'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the app is served, with the OData service at `odata/` below it. */
    readonly appUrl: string
  }
}

const root = fileURLToPath(new URL('./app', import.meta.url))

/** Vitest's global setup of the tests in real pages: builds the app, and serves it beside the OData service. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const outDir = await mkdtemp(path.join(tmpdir(), 'react-odata-async-pages-'))
  const common = { root, configFile: false, logLevel: 'error', resolve: viteConfig.resolve ?? {} } as const
  await build({
    ...common,
    // React's development build, so that StrictMode does what it does.
    define: { 'process.env.NODE_ENV': '"development"' },
    esbuild: { jsx: 'automatic' },
    build: { outDir, emptyOutDir: true, minify: false },
  })
  const server = await preview({
    ...common,
    plugins: [odataService()],
    build: { outDir },
    preview: { host: '127.0.0.1', port: 0 },
  })
  project.provide('appUrl', server.resolvedUrls?.local[0] ?? '')
  return async () => {
    await server.close()
    await rm(outDir, { recursive: true })
  }
}
