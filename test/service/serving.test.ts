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

it('runs as a program that prints its URL and ends when it is told to', async () => {
  const program = spawn(process.execPath, [fileURLToPath(new URL('./serve.mjs', import.meta.url)), '--port', '0'])
  const ended = new Promise((resolve) => program.once('exit', resolve))
  const output = await new Promise<string>((resolve, reject) => {
    program.stdout.once('data', (chunk) => resolve(String(chunk)))
    program.stderr.once('data', (chunk) => reject(new Error(String(chunk))))
  })
  const [, url] = /^OData service: (http:\/\/127\.0\.0\.1:\d+\/odata\/)\n$/.exec(output) ?? []
  expect(await (await fetch(`${url}Products/$count`)).text()).toBe('12')
  program.kill('SIGTERM')
  expect(await ended).toBe(0)
})
