import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright'
import { type PreviewServer, preview } from 'vite'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { resolveChromium } from '../support/chromium.js'

let outDir: string
let server: PreviewServer
/** Where the static build is served, without a service: a folder of a site, as on GitHub Pages. */
let docsUrl: string
let browser: Browser
let context: BrowserContext
let page: Page
/** Requests that a server answered with an error, and what the page had to say. */
let problems: string[]

beforeAll(async () => {
  outDir = await mkdtemp(path.join(tmpdir(), 'react-odata-async-storybook-'))
  const cwd = fileURLToPath(new URL('../..', import.meta.url))
  await promisify(execFile)('npm', ['run', 'build-storybook', '--', '--quiet', '--output-dir', outDir], {
    cwd,
    shell: process.platform === 'win32',
  })
  server = await preview({
    configFile: false,
    logLevel: 'error',
    base: '/docs/',
    appType: 'mpa',
    build: { outDir },
    preview: { host: '127.0.0.1', port: 0 },
  })
  docsUrl = server.resolvedUrls?.local[0] ?? ''
  browser = await chromium.launch({ ...(await resolveChromium()), headless: true } as object)
}, 300_000)
afterAll(async () => {
  await browser?.close()
  await server?.close()
  await rm(outDir, { recursive: true })
})

beforeEach(async () => {
  problems = []
  context = await browser.newContext()
  context.setDefaultTimeout(20_000)
  context.on('weberror', (error) => problems.push(`${error.error()}`))
  context.on('console', (message) => message.type() === 'error' && problems.push(message.text()))
  page = await context.newPage()
})
afterEach(async () => {
  await context.close()
  expect(problems).toEqual([])
})

/** Opens a story in Storybook. */
async function openStory(id: string, args = '') {
  await page.goto(`${docsUrl}?path=/story/${id}&args=${args}`)
  return page.frameLocator('#storybook-preview-iframe')
}

it('generates a report and saves it, without a server', async () => {
  const story = await openStory('generate-a-report--live', 'duration:1500;retryAfter:0')
  await story.getByRole('button', { name: 'Generate report' }).click()
  const link = story.getByRole('link', { name: /^Download Report 2025-01-01/ })
  await link.waitFor()
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()])
  expect(download.suggestedFilename()).toBe('Report 2025-01-01 to 2025-12-31.csv')
  expect(await readFile(await download.path(), 'utf8')).toMatch(/^Month,ID,Name,Price\n2025-01,1,Desk lamp,39.9\n/)
})

it('goes on with a report after a reload', async () => {
  const posts: string[] = []
  page.on('request', (request) => request.method() === 'POST' && posts.push(request.url()))
  const story = await openStory('survives-a-reload--live', 'duration:4000')
  await story.getByRole('button', { name: 'Generate report' }).click()
  await story
    .getByText(/Writing rows/)
    .first()
    .waitFor()
  await page.reload()
  await story
    .getByText(/Report 2025-01-01/)
    .first()
    .waitFor()
  expect(posts).toHaveLength(1)
})

it.each([
  'import-products--multipart',
  'import-products--asynchronous',
  'generate-a-report--cancel',
  'hooks-useodatafunction--stream',
])('plays %s to its end', async (id) => {
  await page.goto(`${docsUrl}iframe.html?id=${id}&viewMode=story`)
  const render = await page.waitForFunction(() => {
    const { phase } = Reflect.get(globalThis, '__STORYBOOK_PREVIEW__')?.currentRender ?? {}
    return ['finished', 'errored', 'aborted'].includes(phase) && phase
  })
  expect(await render.jsonValue()).toBe('finished')
})

it('shows the page of a hook, which has the service too', async () => {
  await page.goto(`${docsUrl}iframe.html?id=hooks-useodataaction--docs&viewMode=docs`)
  const probe = page.getByRole('button', { name: 'start', exact: true }).first()
  await probe.click()
  await page.getByText(/"status": "running"/).waitFor()
})
