import { fileURLToPath } from 'node:url'
import type { AliasOptions } from 'vite'
import type { TestProjectInlineConfiguration } from 'vitest/config'
import manifest from '../../package.json' with { type: 'json' }

declare module 'vitest' {
  interface ProvidedContext {
    /** What the tests run on. */
    versions: { readonly react: string; readonly reactQuery: string }
  }
}

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url))
const versionOf = (name: keyof typeof manifest.devDependencies) =>
  manifest.devDependencies[name].replace(/^npm:.*@/, '')

const react18 = [
  { find: /^react(?=\/|$)/, replacement: 'react-18' },
  { find: /^react-dom(?=\/|$)/, replacement: 'react-dom-18' },
]
const oldestReactQuery = [{ find: /^@tanstack\/react-query(?=\/|$)/, replacement: 'react-query-5.90' }]

/**
 * The tests in jsdom, on each version of the peers that counts: React 18 and 19, the oldest React Query that the peer range
 * lets in and the newest.
 *
 * @param source aliases that lead to the source
 */
export function domProjects(source: AliasOptions | undefined): TestProjectInlineConfiguration[] {
  return [true, false].flatMap((isNewestReact) =>
    [true, false].map((isNewestReactQuery) => ({
      resolve: {
        alias: [
          ...(Array.isArray(source) ? source : []),
          ...(isNewestReact ? [] : react18),
          ...(isNewestReactQuery ? [] : oldestReactQuery),
        ],
      },
      test: {
        name: `dom${isNewestReact ? '' : '-react-18'}${isNewestReactQuery ? '' : '-query-5.90'}`,
        environment: 'jsdom',
        // The components know no React Query.
        include: isNewestReactQuery ? ['test/{react,ui}/**/*.test.{ts,tsx}'] : ['test/react/**/*.test.{ts,tsx}'],
        setupFiles: [...(isNewestReact ? [] : [here('react18.setup.ts')]), here('dom.setup.ts')],
        // Aliases are for what Vite loads, not for what Node does.
        server: { deps: { inline: [/react-query/, /@testing-library\/react/] } },
        // Much faster, and four versions of the peers in one order each show what a file leaves behind.
        isolate: false,
        provide: {
          versions: {
            react: versionOf(isNewestReact ? 'react' : 'react-18'),
            reactQuery: versionOf(isNewestReactQuery ? '@tanstack/react-query' : 'react-query-5.90'),
          },
        },
      },
    })),
  )
}
