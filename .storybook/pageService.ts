/// <reference types="vite/client" />
import { http } from 'msw'
import { setupWorker } from 'msw/browser'
import { createFetchHandler } from '../test/service/fetchHandler.js'
import { basePath, createInMemoryService } from '../test/service/inMemoryService.js'
import edmx from '../test/service/metadata.xml?raw'
import { createReloadableHandler } from '../test/service/reloadableHandler.js'

/** Starts the OData service in the page, before any story. Storybook's preview annotation of a static build. */
export async function beforeAll(): Promise<void> {
  const handler = createFetchHandler(createInMemoryService(edmx).front)
  const answer = await createReloadableHandler(handler, sessionStorage)
  const worker = setupWorker(http.all(`${basePath}*`, ({ request }) => answer(request)))
  await worker.start({
    // Relative, so that the build can be put into any folder.
    serviceWorker: { url: 'mockServiceWorker.js' },
    onUnhandledRequest: 'bypass',
    quiet: true,
  })
  document.addEventListener('click', saveFile, true)
}

/** A browser loads what it saves past the worker. */
async function saveFile(event: MouseEvent): Promise<void> {
  const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a[download]') : null
  if (!link || !new URL(link.href).pathname.startsWith(basePath)) return
  event.preventDefault()
  const copy = document.createElement('a')
  copy.download = link.download
  copy.href = URL.createObjectURL(await (await fetch(link.href)).blob())
  copy.click()
  URL.revokeObjectURL(copy.href)
}
