import { fileURLToPath } from 'node:url'
import viteConfig from '../../vite.config.js'

/** What the build of the app and its server have in common. */
export const pagesConfig = {
  root: fileURLToPath(new URL('./app', import.meta.url)),
  configFile: false,
  logLevel: 'error',
  resolve: viteConfig.resolve ?? {},
} as const
