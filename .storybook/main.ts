import { fileURLToPath } from 'node:url'
import type { StorybookConfig } from '@storybook/react-vite'
import { mergeConfig } from 'vite'
import { pageServiceConfig } from './pageServiceConfig.js'

/**
 * Aliases and the OData service come from vite.config.ts, which Storybook reads by itself. A static build has no server: there
 * the service runs in the page.
 */
export default {
  framework: '@storybook/react-vite',
  stories: ['../stories/**/*.stories.tsx'],
  addons: ['@storybook/addon-docs', '@storybook/addon-a11y', '@storybook/addon-vitest'],
  core: { disableTelemetry: true, disableWhatsNewNotifications: true },
  features: { backgrounds: false, changeDetection: false, sidebarOnboardingChecklist: false },
  previewAnnotations: (entries = [], { configType }) => [
    ...entries,
    ...(configType === 'PRODUCTION' ? [fileURLToPath(import.meta.resolve('./pageService.ts'))] : []),
    // A test makes a static build, too.
    ...(process.env.VITEST && configType !== 'PRODUCTION'
      ? [fileURLToPath(import.meta.resolve('./everyMode.ts'))]
      : []),
  ],
  viteFinal: (config, { configType }) =>
    configType === 'PRODUCTION' ? mergeConfig(config, pageServiceConfig) : config,
} satisfies StorybookConfig
