import { createReadStream, createWriteStream, existsSync, readFileSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { homedir } from 'node:os'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { createBrotliDecompress } from 'node:zlib'

/** What Playwright's `chromium.launch()` needs to start the browser; `env` replaces the whole environment of the child process. */
export interface ChromiumLaunch {
  executablePath: string
  args: string[]
  env?: Record<string, string | undefined>
}

const require = createRequire(import.meta.url)
const cacheRoot = fileURLToPath(new URL('../../node_modules/.cache/react-odata-async/', import.meta.url))

/** The browser may talk to this machine only: every other host name stays unresolved. */
const args = [
  '--no-sandbox',
  '--no-first-run',
  '--no-pings',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--disable-sync',
  '--disable-quic',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE 127.0.0.1, EXCLUDE ::1',
]

const installedBrowsers: Partial<Record<NodeJS.Platform, string[]>> = {
  darwin: ['', homedir()].map((root) => `${root}/Applications/Google Chrome.app/Contents/MacOS/Google Chrome`),
  win32: ['ProgramFiles', 'ProgramFiles(x86)', 'LOCALAPPDATA'].flatMap((name) => {
    const root = process.env[name]
    return root ? [path.join(root, 'Google/Chrome/Application/chrome.exe')] : []
  }),
  linux: ['/opt/google/chrome/chrome', '/usr/bin/google-chrome', '/usr/bin/chromium', '/usr/bin/chromium-browser'],
}

/**
 * Says which Chromium the tests use, without unpacking anything: `CHROMIUM_PATH`, else the one from npm (Linux x64),
 * else an installed Chrome. `undefined` when there is none.
 */
export function locateChromium(): ChromiumLaunch | undefined {
  const override = process.env.CHROMIUM_PATH
  if (override) return { executablePath: override, args }
  if (process.platform === 'linux' && process.arch === 'x64') return packagedChromium()
  const installed = installedBrowsers[process.platform]?.find((file) => existsSync(file))
  return installed === undefined ? undefined : { executablePath: installed, args }
}

/**
 * Makes sure that the Chromium of {@link locateChromium} can be started, unpacking the one from npm on first use.
 *
 * @example
 * const browser = await chromium.launch({ ...(await resolveChromium()), headless: true })
 *
 * @throws Error when there is no browser for this platform, or when `CHROMIUM_PATH` names no file.
 */
export async function resolveChromium(): Promise<ChromiumLaunch> {
  const launch = locateChromium()
  if (launch === undefined) {
    throw new Error(
      `No Chromium for ${process.platform} ${process.arch}: install Google Chrome, or set CHROMIUM_PATH to the executable of a Chromium-based browser.`,
    )
  }
  if (existsSync(launch.executablePath)) return launch
  if (process.env.CHROMIUM_PATH) {
    throw new Error(
      `CHROMIUM_PATH is '${launch.executablePath}', which does not exist: set it to a browser's executable.`,
    )
  }
  await unpackChromium(path.dirname(launch.executablePath))
  return launch
}

function packagedChromium(): ChromiumLaunch {
  const manifest: { version: string } = JSON.parse(readFileSync(path.join(chromiumPackage(), 'package.json'), 'utf8'))
  const directory = path.join(cacheRoot, `chromium-${manifest.version}`)
  const libraries = [path.join(directory, 'lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(path.delimiter)
  const env = { ...process.env, LD_LIBRARY_PATH: libraries, FONTCONFIG_PATH: directory }
  return { executablePath: path.join(directory, 'chromium'), args, env }
}

function chromiumPackage(): string {
  return path.resolve(path.dirname(require.resolve('@sparticuz/chromium')), '../..')
}

/** Unpacks beside the target and renames, so that processes that start together never see half a browser. */
async function unpackChromium(directory: string): Promise<void> {
  const source = path.join(chromiumPackage(), 'bin')
  await mkdir(path.dirname(directory), { recursive: true })
  const temporary = await mkdtemp(`${directory}-`)
  const tar: { extract(target: string, options: { chown: boolean }): NodeJS.WritableStream } = createRequire(
    path.join(source, 'bin'),
  )('tar-fs')
  const inflate = (name: string, target: NodeJS.WritableStream) =>
    pipeline(createReadStream(path.join(source, name)), createBrotliDecompress(), target)
  try {
    await Promise.all([
      inflate('chromium.br', createWriteStream(path.join(temporary, 'chromium'))),
      inflate('al2023.tar.br', tar.extract(temporary, { chown: false })),
      inflate('fonts.tar.br', tar.extract(temporary, { chown: false })),
    ])
    await writeFile(path.join(temporary, 'fonts.conf'), fontsConfiguration)
    await chmod(path.join(temporary, 'chromium'), 0o755)
    await chmod(temporary, 0o755)
    await rename(temporary, directory)
  } catch (error) {
    await rm(temporary, { recursive: true, force: true })
    if (!existsSync(path.join(directory, 'chromium'))) throw error
  }
}

const fontsConfiguration = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`
