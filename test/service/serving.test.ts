import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { createServer } from 'vite'
import { expect, it } from 'vitest'
import { odataService } from './odataServicePlugin.js'

it('is served by a Vite dev server with the plugin, next to the files of the app', async () => {
  const server = await createServer({
    configFile: false,
    root: fileURLToPath(new URL('.', import.meta.url)),
    logLevel: 'silent',
    server: { host: '127.0.0.1', port: 0, ws: false },
    optimizeDeps: { noDiscovery: true },
    plugins: [odataService({ outcome: 'hang' })],
  })
  try {
    await server.listen()
    const address = server.httpServer?.address()
    const origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
    expect(
      await (await fetch(`${origin}/odata/Products/$count`, { headers: { 'x-test-outcome': 'success' } })).text(),
    ).toBe('12')
    const accepted = await fetch(`${origin}/odata/RebuildIndex`, {
      method: 'POST',
      headers: { Prefer: 'respond-async' },
    })
    expect(accepted.headers.get('location')).toContain(`${origin}/odata/$async/`)
    expect(await (await fetch(`${origin}/metadata.xml`)).text()).toContain('<edmx:Edmx')
  } finally {
    await server.close()
  }
})

/** Runs the service as a program. */
function runService(...options: string[]) {
  const program = spawn(process.execPath, [
    fileURLToPath(new URL('./serve.mjs', import.meta.url)),
    '--port',
    '0',
    ...options,
  ])
  const exitCode = new Promise<number | null>((resolve) => program.once('exit', resolve))
  const firstLine = new Promise<string>((resolve) => {
    for (const stream of [program.stdout, program.stderr]) stream.once('data', (chunk) => resolve(String(chunk)))
  })
  const url = firstLine.then((line) => /^OData service: (http:\/\/127\.0\.0\.1:\d+\/odata\/)\n$/.exec(line)?.[1])
  return { firstLine, url, exitCode, stop: () => program.kill('SIGTERM') }
}

it('runs as a program that prints its URL and ends when it is told to', async () => {
  const { url, exitCode, stop } = runService()
  expect(await (await fetch(`${await url}Products/$count`)).text()).toBe('12')
  stop()
  expect(await exitCode).toBe(0)
})

it('behaves as its options say, unless a request asks for something else', async () => {
  const { url, exitCode, stop } = runService('--duration', '60', '--outcome', 'fail', '--service', 'sync,no-body')
  const post = async (headers: Record<string, string>) =>
    fetch(`${await url}RebuildIndex`, { method: 'POST', headers: { Prefer: 'respond-async', ...headers } })
  try {
    expect((await post({})).status).toBe(500)
    const accepted = await post({ 'x-test-service': 'no-body', 'x-test-outcome': 'hang' })
    expect([accepted.status, await accepted.text()]).toEqual([202, ''])
    const [job] = await (await fetch(`${await url}$test/jobs`)).json()
    expect(job).toMatchObject({ state: 'running' })
  } finally {
    stop()
    await exitCode
  }
})

it.each([
  ['--outcome', 'explode', 'Known are success, fail, void, hang.'],
  ['--duration', 'long', 'Give a whole number of at most seven digits.'],
  ['--service', 'rude', 'Known are relative-location,'],
])('does not start with %s %s', async (option, value, advice) => {
  const { firstLine, exitCode } = runService(option, value)
  expect(await firstLine).toContain(`"${value}". ${advice}`)
  expect(await exitCode).toBe(1)
})
