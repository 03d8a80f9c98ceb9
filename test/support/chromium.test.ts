import { afterEach, expect, it, vi } from 'vitest'
import { locateChromium, resolveChromium } from './chromium.js'

afterEach(() => {
  vi.unstubAllEnvs()
  vi.unstubAllGlobals()
})

it('prefers CHROMIUM_PATH to the browser from npm', async () => {
  vi.stubEnv('CHROMIUM_PATH', process.execPath)
  expect(await resolveChromium()).toMatchObject({ executablePath: process.execPath })
})

it('says what to do when CHROMIUM_PATH names no file', async () => {
  vi.stubEnv('CHROMIUM_PATH', '/nowhere/chromium')
  await expect(resolveChromium()).rejects.toThrow("CHROMIUM_PATH is '/nowhere/chromium', which does not exist")
})

it('maps every host but this machine to nothing', () => {
  vi.stubEnv('CHROMIUM_PATH', process.execPath)
  expect(locateChromium()?.args.join(' ')).toContain('--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost')
})

it('says what to install on a platform that has no browser in npm', async () => {
  vi.stubGlobal('process', { ...process, env: {}, platform: 'sunos', arch: 'x64' })
  expect(locateChromium()).toBeUndefined()
  await expect(resolveChromium()).rejects.toThrow(
    'No Chromium for sunos x64: install Google Chrome, or set CHROMIUM_PATH',
  )
})
