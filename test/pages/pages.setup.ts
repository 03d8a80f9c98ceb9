import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { build } from 'vite'
import type { TestProject } from 'vitest/node'
import { pagesConfig } from './pagesConfig.js'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the built app is. */
    readonly appDir: string
  }
}

/** Vitest's global setup of the tests in real pages: builds the app. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const outDir = await mkdtemp(path.join(tmpdir(), 'react-odata-async-pages-'))
  await build({
    ...pagesConfig,
    // React's development build, so that StrictMode does what it does.
    define: { 'process.env.NODE_ENV': '"development"' },
    esbuild: { jsx: 'automatic' },
    build: { outDir, emptyOutDir: true, minify: false },
  })
  project.provide('appDir', outDir)
  return () => rm(outDir, { recursive: true })
}
