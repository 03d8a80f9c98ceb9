import type { Plugin } from 'vite'
import type { ODataServiceOptions } from './inMemoryService.js'
import { createODataService } from './odataService.js'

/** Vite plugin: serves the OData service at `/odata/` from the dev server, so for Storybook and browser tests too. */
export function odataService(options?: ODataServiceOptions): Plugin {
  const service = createODataService(options)
  const serve = ({ middlewares }: { middlewares: { use(handler: typeof service.handler): unknown } }) => {
    middlewares.use(service.handler)
  }
  return {
    name: 'odata-service',
    configureServer: serve,
    configurePreviewServer: serve,
    closeBundle: () => service.close(),
  }
}
