import parser from '@typescript-eslint/parser'
import { configs } from 'eslint-plugin-react-hooks'

/** Only the rules of React, hooks and compiler: Biome does the rest. */
export default [
  {
    ...configs.flat['recommended-latest'],
    files: ['src/{react,ui}/**/*.{ts,tsx}'],
    languageOptions: { parser },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
  },
]
