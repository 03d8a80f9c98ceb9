import '../src/ui/styles.css'
import type { Preview } from '@storybook/react-vite'

export default {
  tags: ['autodocs'],
  parameters: {
    layout: 'fullscreen',
    a11y: { test: 'error' },
    options: { storySort: { order: ['Generate a report', 'Import products', 'Hooks', 'Components'] } },
  },
  globalTypes: {
    theme: {
      description: 'Colour scheme',
      toolbar: {
        title: 'Theme',
        icon: 'contrast',
        dynamicTitle: true,
        items: [
          { value: 'light', title: 'Light', icon: 'sun' },
          { value: 'dark', title: 'Dark', icon: 'moon' },
        ],
      },
    },
    dir: {
      description: 'Direction of the page',
      toolbar: {
        title: 'Direction',
        icon: 'transfer',
        dynamicTitle: true,
        items: [
          { value: 'ltr', title: 'Left to right' },
          { value: 'rtl', title: 'Right to left' },
        ],
      },
    },
  },
  initialGlobals: { theme: 'light', dir: 'ltr' },
  decorators: [
    (Story, { globals, viewMode }) => (
      <div
        data-theme={globals.theme}
        dir={globals.dir}
        style={{
          boxSizing: 'border-box',
          padding: '1.5rem',
          colorScheme: globals.theme,
          background: 'Canvas',
          color: 'CanvasText',
          minBlockSize: viewMode === 'story' ? '100vh' : undefined,
        }}
      >
        <Story />
      </div>
    ),
  ],
} satisfies Preview
