import { resolveChromium } from './chromium.js'

/** Vitest's global setup of the projects that run in the browser: unpacks it once, before any of them starts. */
export async function setup(): Promise<void> {
  await resolveChromium()
}
