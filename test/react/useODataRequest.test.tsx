import { useEffect } from 'react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  type UseODataRequestOptions,
  type UseODataRequestResult,
  useODataRequest,
} from '../../src/react/useODataRequest.js'
import { call, pass, renderApp } from '../support/renderApp.js'
import { accepted, MONITOR, SERVICE } from '../support/scriptedClient.js'

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 9, 5) }))
afterEach(() => void vi.useRealTimers())

interface Order {
  readonly ID: number
  readonly Status: string
}

type Options = UseODataRequestOptions<unknown, Order>
type Hook = UseODataRequestResult<unknown, Order>

function Sender({ seen, ...options }: Options & { seen: (hook: Hook) => void }) {
  const request = useODataRequest<unknown, Order>(options)
  useEffect(() => seen(request))
  return <p>{request.status}</p>
}

async function start(options: Options, ...answers: string[]) {
  const all: Hook[] = []
  const app = renderApp(<Sender seen={(hook) => void all.push(hook)} {...options} />, { answers })
  const last = () => all.at(-1) as Hook
  call(() => last().start({ ID: 7, Status: 'Closed' }))
  await pass(0)
  return { ...app, last }
}

const path = ({ ID }: Order) => `Orders(${ID})`

describe('useODataRequest', () => {
  it.each(['POST', 'PATCH', 'PUT'] as const)('sends a %s with what start is given as its body', async (method) => {
    const { sent, last } = await start({ method, path, etag: 'W/"1"' }, accepted, '200 OK\nAsyncResult: 204')
    expect(sent[0]).toMatchObject({ method, url: `${SERVICE}Orders(7)`, body: '{"ID":7,"Status":"Closed"}' })
    expect(sent[0]?.headers).toMatchObject({ 'if-match': 'W/"1"', prefer: 'respond-async' })
    await pass(2_000)
    expect(last()).toMatchObject({ status: 'completed', result: undefined })
    expect(sent[1]).toMatchObject({ method: 'GET', url: MONITOR })
    expect(sent[1]?.headers['if-match']).toBeUndefined()
  })

  it.each(['GET', 'DELETE'] as const)('sends a %s without a body', async (method) => {
    const { sent } = await start({ method, path }, accepted)
    expect(sent[0]).toMatchObject({ method, url: `${SERVICE}Orders(7)`, body: '' })
    expect(sent[0]?.headers['content-type']).toBeUndefined()
  })

  it('sends the body that the option makes', async () => {
    const { sent } = await start({ method: 'PATCH', path, body: ({ Status }) => ({ Status }) }, accepted)
    expect(sent[0]?.body).toBe('{"Status":"Closed"}')
  })

  it('cancels at the status monitor, not at the path', async () => {
    const { sent, last } = await start({ method: 'DELETE', path }, accepted, '204 No Content')
    const outcome = call(() => last().cancel())
    await pass(0)
    expect(await outcome).toBe('cancelled')
    expect(sent[1]).toMatchObject({ method: 'DELETE', url: MONITOR })
    expect(last().status).toBe('cancelled')
  })
})
