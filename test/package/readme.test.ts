import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))
const readme = readFileSync(path.join(root, 'README.md'), 'utf8')

/** The code blocks of one language, in order. */
const blocks = (language: string) =>
  [...readme.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)]
    .filter(([, name]) => name === language)
    .map(([, , code = '']) => code)

const [provider = '', hook = '', ...otherComponents] = blocks('tsx')
const modules = blocks('ts')

/** What the compiler says of files that only exist here, against the built package. */
function compile(files: Record<string, string>): string[] {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    jsx: ts.JsxEmit.ReactJSX,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
    paths: {
      'react-odata-async': [path.join(root, 'dist/index.d.ts')],
      'react-odata-async/core': [path.join(root, 'dist/core/index.d.ts')],
      'react-odata-async/messages/*': [path.join(root, 'dist/ui/messages/*.d.ts')],
      'react-odata-async/styles.css': [path.join(root, 'dist/styles.css.d.ts')],
    },
  }
  const virtual = new Map(Object.entries(files).map(([name, text]) => [path.join(root, name), text]))
  const host = ts.createCompilerHost(options)
  const { fileExists, readFile, getSourceFile } = host
  host.fileExists = (file) => virtual.has(file) || fileExists.call(host, file)
  host.readFile = (file) => virtual.get(file) ?? readFile.call(host, file)
  host.getSourceFile = (file, ...rest) => {
    const text = virtual.get(file)
    return text === undefined
      ? getSourceFile.call(host, file, ...rest)
      : ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true)
  }
  const program = ts.createProgram([...virtual.keys()], options, host)
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
}

describe('README', () => {
  it('has examples that compile as they are', () => {
    const others = [
      ...otherComponents.map((text, index) => [`component${index}.tsx`, text]),
      ...modules.map((text, index) => [`module${index}.ts`, text]),
    ]
    // What the README leaves to the reader.
    const session =
      'export declare const getToken: () => string\nexport declare const refreshToken: () => Promise<void>'
    const files = { 'App.tsx': provider, 'GenerateReport.tsx': hook, 'session.ts': session }
    expect(others.length).toBeGreaterThan(2)
    expect(compile({ ...files, ...Object.fromEntries(others) })).toEqual([])
  }, 60_000)

  it('would notice an example that does not compile', () => {
    expect(compile({ 'GenerateReport.tsx': hook.replace('report.operation', 'report.opration') })).not.toEqual([])
  }, 60_000)

  it('shows the first hook in under 25 lines', () => {
    expect(hook.trimEnd().split('\n').length).toBeLessThan(25)
  })

  it.each(['npm ci && npm run storybook', 'npm ci && npm test'])('says `%s`', (command) => {
    expect(readme).toContain(command)
  })

  it('names every kind of error', () => {
    const { classes } = { classes: [...readme.matchAll(/^\| `(\w+)` \| `(\w+)` \|/gm)].map(([, kind]) => kind) }
    expect(classes.sort()).toEqual(
      ['cancelled', 'configuration', 'expired', 'monitor', 'network', 'protocol', 'service', 'timeout'].sort(),
    )
  })
})
