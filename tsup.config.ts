import { copyFile } from 'node:fs/promises'
import { defineConfig } from 'tsup'

const clientEntries = ['src/index.ts', 'src/ui/index.ts']
const languages = ['en', 'de', 'es', 'fr', 'ja', 'ar']
const directive = '"use client";\n'

export default defineConfig({
  // One file for each module: a bundler of an app then takes, and splits, what that app uses.
  entry: ['src/**/*.{ts,tsx}', '!src/**/*.d.ts'],
  bundle: false,
  format: 'esm',
  target: 'es2022',
  platform: 'neutral',
  sourcemap: true,
  clean: true,
  // tsup gives TypeScript a baseUrl, which TypeScript 6 calls deprecated.
  dts: {
    entry: {
      index: 'src/index.ts',
      'core/index': 'src/core/index.ts',
      'ui/index': 'src/ui/index.ts',
      ...Object.fromEntries(languages.map((name) => [`ui/messages/${name}`, `src/ui/messages/${name}.ts`])),
    },
    compilerOptions: { ignoreDeprecations: '6.0' },
  },
  plugins: [
    {
      // esbuild drops the directive from shared chunks and from entries that only re-export; server components need it on both.
      name: 'use-client',
      renderChunk(code, chunk) {
        const usesReact = chunk.imports?.some(({ path }) =>
          /^(react|react-dom|@tanstack\/react-query)(\/|$)/.test(path),
        )
        const isClient = usesReact || clientEntries.includes(chunk.entryPoint ?? '')
        if (!isClient || code.startsWith(directive)) return
        if (typeof chunk.map === 'string') {
          const map = JSON.parse(chunk.map)
          chunk.map = JSON.stringify({ ...map, mappings: `;${map.mappings}` })
        }
        return { code: directive + code }
      },
    },
  ],
  onSuccess: () => copyFile('src/ui/styles.css', 'dist/styles.css'),
})
