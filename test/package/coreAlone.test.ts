import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type RunningODataService, startODataService } from '../service/odataService.js'

const root = fileURLToPath(new URL('../../', import.meta.url))
let service: RunningODataService
let folder: string

/** A project that has the built package and ky installed, and nothing else. */
beforeAll(async () => {
  service = await startODataService({ service: ['no-retry-after'] })
  folder = await mkdtemp(path.join(tmpdir(), 'core-alone-'))
  const installed = path.join(folder, 'node_modules')
  await mkdir(path.join(installed, 'react-odata-async'), { recursive: true })
  await cp(path.join(root, 'dist'), path.join(installed, 'react-odata-async/dist'), { recursive: true })
  await cp(path.join(root, 'package.json'), path.join(installed, 'react-odata-async/package.json'))
  await cp(path.join(root, 'node_modules/ky'), path.join(installed, 'ky'), { recursive: true })
})

afterAll(async () => {
  await service.close()
  await rm(folder, { recursive: true, force: true })
})

async function run(program: string): Promise<unknown> {
  const file = path.join(folder, 'program.mjs')
  await writeFile(file, program)
  const { stdout } = await promisify(execFile)(process.execPath, [file], { env: { SERVICE: service.url } })
  return JSON.parse(stdout)
}

const start = `
import { createODataClient, isODataServiceError } from 'react-odata-async/core'
const client = createODataClient({ serviceUrl: process.env.SERVICE, polling: { interval: 5, minInterval: 5 } })
const action = 'Reports/Reporting.GenerateLargeReport'
const year = { StartDate: '2025-01-01', EndDate: '2025-12-31' }
`

it('plain Node without React starts, sees progress, and gets the report', async () => {
  const output = await run(`${start}
const seen = []
const report = await client.callActionAndWait(action, year, {
  headers: { 'x-test-duration': '60' }, onProgress: ({ percent }) => seen.push(percent),
})
console.log(JSON.stringify({ title: report.Title, last: seen.at(-1), steps: seen.length }))`)
  expect(output).toMatchObject({ title: expect.stringContaining('2025'), last: 100 })
  expect((output as { steps: number }).steps).toBeGreaterThan(1)
})

it('plain Node without React cancels, and reads the error of the service', async () => {
  const output = await run(`${start}
const operation = await client.callAction(action, year, { headers: { 'x-test-outcome': 'hang' } })
const cancelled = await operation.tryCancel()
const error = await client.callActionAndWait(action, year, { headers: { 'x-test-outcome': 'fail' } }).catch((e) => e)
console.log(JSON.stringify({ cancelled, isServiceError: isODataServiceError(error), code: error.code }))`)
  expect(output).toEqual({ cancelled: 'cancelled', isServiceError: true, code: 'REPORT_FAILED' })
  expect(service.jobs().some(({ state, aborted }) => state === 'cancelled' && aborted)).toBe(true)
})

it('React cannot be reached from that project, so the core really goes without it', async () => {
  const output = await run(`
const reached = await import('react').then(() => true, () => false)
console.log(JSON.stringify({ reached }))`)
  expect(output).toEqual({ reached: false })
})
