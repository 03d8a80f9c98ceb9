import { createRequire } from 'node:module'

// Vite's aliases do not reach what Node loads itself: whoever requires React there gets React 18 too.
const require = createRequire(import.meta.url)
for (const name of ['react', 'react-dom', 'react-dom/client', 'react-dom/server', 'react-dom/test-utils']) {
  const alias = name.replace(/^react(-dom)?/, '$&-18')
  require(alias)
  require.cache[require.resolve(name)] = require.cache[require.resolve(alias)]
}
