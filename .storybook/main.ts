import type { StorybookConfig } from '@storybook/react-vite'

/** Aliases and the OData service come from vite.config.ts, which Storybook reads by itself. */
export default {
  framework: '@storybook/react-vite',
  stories: ['../stories/**/*.stories.tsx'],
  addons: ['@storybook/addon-docs', '@storybook/addon-a11y', '@storybook/addon-vitest'],
  core: { disableTelemetry: true, disableWhatsNewNotifications: true },
  features: { backgrounds: false, changeDetection: false, sidebarOnboardingChecklist: false },
} satisfies StorybookConfig
