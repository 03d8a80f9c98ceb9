import type { DataAccess } from '@sap-ux/fe-mockserver-core/dist/data/dataAccess.js'
import { BatchContent, getBoundary, parseBatch } from '@sap-ux/fe-mockserver-core/dist/router/batchParser.js'
import { batchRouter } from '@sap-ux/fe-mockserver-core/dist/router/batchRouter.js'
import { type BackendReply, type BackendRequest, ODataFailure } from './backend.js'

/** The engine's parser stays for ever at what it does not know. */
class BoundedContent extends BatchContent {
  #looks = 0

  override lookLine(): string {
    if (++this.#looks > 10 * this.stringSplit.length) throw new Error('A part has a Content-Type that is not known.')
    return super.lookLine()
  }
}

/** Gives a multipart batch to the engine as it came; its answer is the engine's, byte for byte. */
export function createEngineBatch(access: () => Promise<DataAccess>, tenantId: string) {
  return async ({ headers, body }: BackendRequest): Promise<BackendReply> => {
    const text = new TextDecoder().decode(body)
    const type = headers['content-type'] ?? ''
    try {
      parseBatch(new BoundedContent(text), getBoundary(type))
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'unreadable'
      throw new ODataFailure(400, 'BAD_BATCH', `The engine cannot read the batch: ${reason}`)
    }
    let written = ''
    const found: Record<string, string> = {}
    const response = {
      statusCode: 200,
      setHeader: (name: string, value: string) => {
        found[name.toLowerCase()] = value
      },
      write: (chunk: string) => {
        written += chunk
      },
      end() {},
    }
    const request = { headers: { 'content-type': type }, body: text, tenantId }
    let failure: unknown
    await batchRouter(await access())(request as never, response as never, (error: unknown) => {
      failure = error
    })
    if (failure) throw failure
    return { status: response.statusCode, headers: found, body: new TextEncoder().encode(written) }
  }
}
