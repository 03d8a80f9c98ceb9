import { fileURLToPath } from 'node:url'
import { ESLint } from 'eslint'
import { expect, it } from 'vitest'

const eslint = new ESLint({ cwd: fileURLToPath(new URL('../../', import.meta.url)) })

const breaks = {
  'rules-of-hooks': 'export function useIt(on: boolean) { if (on) useState(0) }',
  'exhaustive-deps': 'export function useIt(id: string) { useEffect(() => watch(id), []) }',
  refs: 'export function useIt() { const ref = useRef<number>(0); return ref.current }',
  immutability: 'export function useIt(options: { id?: string }) { useEffect(() => {}); options.id = "mine" }',
  purity: 'export function useIt() { return useRef(Date.now()) }',
  'set-state-in-effect': 'export function useIt() { const [, set] = useState(0); useEffect(() => { set(1) }, []) }',
}

it.each(['src/react/useIt.ts', 'src/ui/useIt.ts'])(
  'the rules of React and of its compiler hold in %s',
  async (filePath) => {
    for (const [rule, code] of Object.entries(breaks)) {
      const [report] = await eslint.lintText(`import { useEffect, useRef, useState } from 'react'\n${code}`, {
        filePath,
      })
      expect(report?.messages.map(({ ruleId }) => ruleId)).toEqual([`react-hooks/${rule}`])
    }
  },
)
