import { type Browser, type BrowserContext, chromium, type Page } from 'playwright'
import { type PreviewServer, preview } from 'vite'
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject } from 'vitest'
import { type BehaviourOptions, behaviourAsHeaders } from '../service/behaviour.js'
import type { JobSnapshot } from '../service/job.js'
import { odataService } from '../service/odataServicePlugin.js'
import type { RequestEntry } from '../service/requestLog.js'
import { resolveChromium } from '../support/chromium.js'
import type { AppOptions } from './AppOptions.js'
import { pagesConfig } from './pagesConfig.js'

let server: PreviewServer
/** Where the app is served, with an OData service of its own at `odata/` below it. */
let appUrl: string
let browser: Browser
let context: BrowserContext
let problems: string[]

beforeAll(async () => {
  server = await preview({
    ...pagesConfig,
    plugins: [odataService()],
    build: { outDir: inject('appDir') },
    preview: { host: '127.0.0.1', port: 0 },
  })
  appUrl = server.resolvedUrls?.local[0] ?? ''
  browser = await chromium.launch({ ...(await resolveChromium()), headless: true } as object)
})
afterAll(async () => {
  await browser.close()
  await server.close()
})

beforeEach(async () => {
  await fetch(`${appUrl}odata/$test/reset`, { method: 'POST' })
  problems = []
  context = await browser.newContext()
  // What is waited for is the work of a service, on a machine that may be busy.
  context.setDefaultTimeout(20_000)
  context.on('weberror', (error) => problems.push(`${error.error()}`))
  context.on('console', (message) => {
    // The browser's own word on a request that failed is no fault of the page.
    if (/error|warning/.test(message.type()) && !message.text().startsWith('Failed to load resource')) {
      problems.push(message.text())
    }
  })
})
afterEach(async () => {
  await context.close()
  expect(problems, 'errors on the console, and rejections that nobody handled').toEqual([])
})

/** Lets the console say what it must say in this test. */
export function expectProblems(pattern: RegExp): void {
  expect(problems.join('\n')).toMatch(pattern)
  problems = problems.filter((problem) => !pattern.test(problem))
}

/** The browser's one profile of this test: its tabs share storages, locks and channels. */
export const theContext = (): BrowserContext => context

/** A tab that shows the app. */
export interface AppPage {
  readonly page: Page
  /** What the callbacks of the hook said, over all reloads. */
  readonly calls: readonly string[]
  /** The requests to the service that this tab began, as `POST` or `GET`. */
  readonly sent: readonly string[]
  click(button: 'Start' | 'Cancel' | 'Check' | 'Reset'): Promise<void>
  /** Waits until the app says it. */
  shows(text: string | RegExp): Promise<void>
  /** The status of each operation in the app's list. */
  listed(): Promise<string[]>
  /** Waits until the storage holds a text. */
  stored(text: string): Promise<void>
  /** Hides the tab, or shows it again: headless tabs are always visible. */
  hide(isHidden: boolean): Promise<void>
}

/** Opens the app in a new tab. `prepare` may do something with the tab before. */
export async function openApp(
  options: AppOptions = {},
  prepare: (page: Page) => Promise<unknown> = async () => {},
): Promise<AppPage> {
  const page = await context.newPage()
  const calls: string[] = []
  const sent: string[] = []
  await page.exposeFunction('called', (what: string) => void calls.push(what))
  page.on('request', (request) => request.url().includes('/odata/') && sent.push(request.method()))
  await page.addInitScript(() => {
    let isHidden = false
    Object.defineProperty(document, 'visibilityState', { get: () => (isHidden ? 'hidden' : 'visible') })
    globalThis.hide = (next) => {
      isHidden = next
      document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
    }
  })
  await prepare(page)
  await page.goto(`${appUrl}?${encodeURIComponent(JSON.stringify(options))}`)
  await page.getByRole('status').waitFor()
  return {
    page,
    calls,
    sent,
    click: (name) => page.getByRole('button', { name }).click(),
    shows: (text) => page.getByRole('status').filter({ hasText: text }).waitFor(),
    listed: () => page.getByRole('listitem').allInnerTexts(),
    stored: (text) =>
      expect.poll(async () => (await page.evaluate(() => stored())) ?? '', { timeout: 20_000 }).toContain(text),
    hide: (isHidden) => page.evaluate((next) => hide(next), isHidden),
  }
}

const ask = async <T>(endpoint: string): Promise<T> => (await fetch(`${appUrl}odata/$test/${endpoint}`)).json()

/** The jobs of the service, the oldest first. */
export const serviceJobs = () => ask<JobSnapshot[]>('jobs')

/** Waits until the service has done its work. */
export const jobIsFinished = () =>
  expect.poll(async () => (await serviceJobs())[0]?.state, { timeout: 20_000 }).toBe('finished')

/** The service forgets all jobs. */
export const resetService = () => fetch(`${appUrl}odata/$test/reset`, { method: 'POST' })

/** Starts an operation that no page knows of, and gives the URL of its monitor. */
export async function startElsewhere(behaviour: BehaviourOptions): Promise<string> {
  const response = await fetch(`${appUrl}odata/Reports/Reporting.GenerateLargeReport`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', prefer: 'respond-async', ...behaviourAsHeaders(behaviour) },
    body: JSON.stringify({ StartDate: '2025-01-01', EndDate: '2025-12-31' }),
  })
  return response.headers.get('location') ?? ''
}

/** How many requests of a method the service answered, and with which status. */
export async function countRequests(method: string, status?: number): Promise<number> {
  const all = await ask<RequestEntry[]>('requests')
  return all.filter((entry) => entry.method === method && (status ?? entry.status) === entry.status).length
}
