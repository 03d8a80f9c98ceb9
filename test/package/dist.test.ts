import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { SourceMap } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseAst } from 'vite'
import { expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))
const dist = path.join(root, 'dist')
if (!existsSync(dist)) throw new Error('There is no dist folder: run `npm run build` before the tests of the package.')

interface DistModule {
  source: string
  isClient: boolean
  imports: string[]
}

const modules = new Map(
  readdirSync(dist, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.js'))
    .map((file) => path.join(dist, file))
    .map((file) => [file, readModule(file)]),
)

function readModule(file: string): DistModule {
  const source = readFileSync(file, 'utf8')
  const { body } = parseAst(source)
  const [first] = body
  return {
    source,
    isClient: first !== undefined && 'directive' in first && first.directive === 'use client',
    imports: body.flatMap((node) => ('source' in node && node.source ? [String(node.source.value)] : [])),
  }
}

function reachableFrom(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen
  seen.add(file)
  for (const name of modules.get(file)?.imports ?? []) {
    if (name.startsWith('.')) reachableFrom(path.resolve(path.dirname(file), name), seen)
  }
  return seen
}

const packageOf = (name: string) => /^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name
const isReact = (name: string) => ['react', 'react-dom', '@tanstack/react-query'].includes(packageOf(name))
const relative = (files: Iterable<string>) => [...files].map((file) => path.relative(dist, file))

/** What the script prints. It has to end by itself. */
const runInNode = (script: string, ...flags: string[]) =>
  execFileSync(process.execPath, [...flags, '--input-type=module', '--eval', script], {
    cwd: root,
    encoding: 'utf8',
    timeout: 30_000,
  }).trim()

it('ships every file that its exports name', () => {
  const targets = Object.values<string | Record<string, string>>(manifest.exports).flatMap((target) =>
    typeof target === 'string' ? [target] : Object.values(target),
  )
  expect(targets.filter((target) => !existsSync(path.join(root, target)))).toEqual([])
  expect(targets.length).toBeGreaterThan(6)
})

it('trap 20: marks the React entries, and every shared chunk that uses React, as client modules', () => {
  const unmarked = [...modules].filter(([, { isClient, imports }]) => imports.some(isReact) && !isClient)
  expect(relative(unmarked.map(([file]) => file))).toEqual([])
  for (const entry of ['index.js', 'ui/index.js'])
    expect(modules.get(path.join(dist, entry))?.isClient, entry).toBe(true)
})

it('keeps React and client modules out of everything that ./core reaches', () => {
  const reached = [...reachableFrom(path.join(dist, 'core/index.js'))].map((file) => modules.get(file))
  expect(reached.filter((module) => module === undefined || module.isClient || module.imports.some(isReact))).toEqual(
    [],
  )
  expect(reached.some((module) => module?.source.includes('createODataClient'))).toBe(true)
})

it('imports nothing but its peers, in its types neither', () => {
  const typeImports = readdirSync(dist, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.d.ts'))
    .flatMap((file) => [...readFileSync(path.join(dist, file), 'utf8').matchAll(/^(?:import|export) .*'(.+)';$/gm)])
    .map(([, name]) => `${name}`)
  const imported = [...modules.values()]
    .flatMap(({ imports }) => imports)
    .concat(typeImports)
    .filter((name) => !name.startsWith('.'))
  expect(typeImports).toContain('@tanstack/react-query')
  const peers = Object.keys(manifest.peerDependencies)
  expect([...new Set(imported.map(packageOf))].filter((name) => !peers.includes(name))).toEqual([])
  expect(manifest.dependencies).toBeUndefined()
})

it('has source maps that point at the line of each function', () => {
  let checked = 0
  for (const [file, { source }] of modules) {
    const map = new SourceMap(JSON.parse(readFileSync(`${file}.map`, 'utf8')))
    for (const [line, text] of source.split('\n').entries()) {
      const name = /^(?:async )?function (\w+)/.exec(text)?.[1]
      if (name === undefined || name.startsWith('__')) continue
      const entry = map.findEntry(line, text.indexOf(name))
      if (!('originalSource' in entry))
        throw new Error(`Nothing is mapped at ${path.relative(dist, file)}:${line + 1}.`)
      const original = map.payload.sourcesContent[map.payload.sources.indexOf(entry.originalSource)]
      // A second function of one name is numbered.
      const written = name.replace(/\d+$/, '')
      expect(original?.split('\n')[entry.originalLine], `${path.relative(dist, file)}:${line + 1}`).toContain(written)
      checked += 1
    }
  }
  expect(checked).toBeGreaterThan(10)
})

it('trap 20: loads in plain Node through its own name, as a server does, and does nothing by that', () => {
  const script = `
    const begun = []
    for (const name of ['setTimeout', 'setInterval', 'setImmediate', 'fetch', 'BroadcastChannel']) {
      globalThis[name] = function () { begun.push(name) }
    }
    const [all, core, ui] = await Promise.all(['', '/core', '/ui'].map((entry) => import('${manifest.name}' + entry)))
    const missing = [core, ui].flatMap((entry) => Object.keys(entry).filter((name) => all[name] !== entry[name]))
    console.log(JSON.stringify({ client: typeof core.createODataClient, provider: typeof all.ODataProvider, missing, begun }))`
  expect(JSON.parse(runInNode(script))).toEqual({ client: 'function', provider: 'function', missing: [], begun: [] })
})

it('loads ./core where server components run, and what needs no hook runs on any server', () => {
  const script = `
    const { createODataClient } = await import('${manifest.name}/core')
    console.log(createODataClient({ serviceUrl: 'https://api.example.com/v4/' }).serviceUrl)`
  expect(runInNode(script, '--conditions=react-server')).toBe('https://api.example.com/v4/')

  const plainScript = `
    const { createODataClient, odataOperationKey, odataOperationOptions, persistOperations } = await import('${manifest.name}')
    const client = createODataClient({ serviceUrl: 'https://api.example.com/v4/' })
    const { queryKey } = odataOperationOptions(client, { id: 'nightly' })
    console.log(JSON.stringify([queryKey, odataOperationKey(), Object.keys(persistOperations())]))`
  expect(JSON.parse(runInNode(plainScript))).toEqual([
    ['odata', 'operation', 'nightly'],
    ['odata', 'operation'],
    ['maxAge', 'buster', 'dehydrateOptions'],
  ])
})
