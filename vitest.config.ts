import { storybookTest } from '@storybook/addon-vitest/vitest-plugin'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import type { ProjectConfig } from 'vitest/node'
import { locateChromium } from './test/support/chromium.js'
import { domProjects } from './test/support/domProjects.js'
import viteConfig from './vite.config.js'

const resolve = viteConfig.resolve ?? {}

/** Unpacked by `chromium.setup.ts`, which also reports a missing browser, so that the other projects run without one. */
const inChromium = () =>
  ({
    globalSetup: './test/support/chromium.setup.ts',
    // The files of a project share one OData service.
    fileParallelism: false,
    browser: {
      enabled: true,
      headless: true,
      provider: playwright({ launchOptions: locateChromium() ?? {} }),
      instances: [{ browser: 'chromium' }],
      screenshotFailures: false,
    },
  }) satisfies ProjectConfig

export default defineConfig({
  test: {
    reporters: ['default', './test/support/CountReporter.ts'],
    projects: [
      {
        resolve,
        test: {
          name: 'unit',
          environment: 'node',
          include: ['test/{protocol,core,monitors,service,support}/**/*.test.ts'],
        },
      },
      ...domProjects(resolve.alias),
      {
        test: {
          name: 'types',
          include: [],
          typecheck: {
            enabled: true,
            only: true,
            include: ['test/**/*.test-d.{ts,tsx}'],
            ignoreSourceErrors: true,
          },
        },
      },
      { test: { name: 'package', environment: 'node', include: ['test/package/**/*.test.ts'] } },
      {
        extends: './vite.config.ts',
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.{ts,tsx}'],
          ...inChromium(),
        },
      },
      {
        test: {
          name: 'pages',
          environment: 'node',
          include: ['test/pages/**/*.test.ts'],
          globalSetup: ['./test/support/chromium.setup.ts', './test/pages/pages.setup.ts'],
          // They wait for the service most of the time.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
          testTimeout: 60_000,
        },
      },
      {
        extends: './vite.config.ts',
        plugins: [storybookTest()],
        optimizeDeps: { include: ['@storybook/addon-a11y/preview'] },
        test: { name: 'storybook', ...inChromium() },
      },
    ],
  },
})
