import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { render, screen } from '@testing-library/react'
import { useEffect } from 'react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ODataProvider } from '../../src/react/ODataProvider.js'
import { type UseODataRequestResult, useODataRequest } from '../../src/react/useODataRequest.js'
import { type Report, Reporter, reporter } from '../support/Reporter.js'
import { call, pass, renderApp } from '../support/renderApp.js'
import { accepted, rejection, scriptedClient, succeeded } from '../support/scriptedClient.js'

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 9, 5) }))
afterEach(() => void vi.useRealTimers())

const failure = '200 OK\nAsyncResult: 500'
const REPORT = expect.objectContaining({ Title: 'Annual report' })

describe('startAsync', () => {
  it.each([
    ['resolves', succeeded, { Title: 'Annual report' }],
    ['rejects', failure, { kind: 'service' }],
  ] as const)('%s when the component is gone', async (_, answer, outcome) => {
    const { show } = renderApp(<Reporter />, { answers: [accepted, answer] })
    const settled = call(() => reporter().startAsync()).catch((error: unknown) => error)
    show(null)
    await pass(60_000)
    expect(await settled).toMatchObject(outcome)
  })

  it('rejects when the operation is taken from under it', async () => {
    const { queryClient, show } = renderApp(<Reporter />, { answers: [accepted] })
    const failed = rejection(call(() => reporter().startAsync()))
    show(null)
    await pass(0)
    queryClient.clear()
    expect(await failed).toMatchObject({ kind: 'cancelled' })
  })
})

describe('a double submit', () => {
  it('sends nothing, and gives the promise of the one that goes on', async () => {
    const { sent } = renderApp(<Reporter />, { answers: [accepted, succeeded] })
    const promises = [0, 1, 2].map(() => call(() => reporter().startAsync()))
    await pass(1_000)
    promises.push(call(() => reporter().startAsync()))
    await pass(60_000)
    expect(await Promise.all(promises)).toEqual([REPORT, REPORT, REPORT, REPORT])
    expect(sent).toHaveLength(2)
  })

  it('from another component with the same `id` sends nothing either', async () => {
    const page = (
      <>
        <Reporter id="a" />
        <Reporter id="a" label="second" />
      </>
    )
    const { sent } = renderApp(page, { answers: [accepted, succeeded] })
    const promises = [call(() => reporter().startAsync()), call(() => reporter('second').startAsync())]
    await pass(60_000)
    expect(await Promise.all(promises)).toEqual([REPORT, REPORT])
    expect(sent.map(({ method }) => method)).toEqual(['POST', 'GET'])
  })

  it('under another `id` is another operation, which runs side by side', async () => {
    const page = (
      <>
        <Reporter id="a" />
        <Reporter id="b" label="second" />
      </>
    )
    const { sent } = renderApp(page, { answers: [accepted, accepted, succeeded, succeeded] })
    const promises = [call(() => reporter().startAsync()), call(() => reporter('second').startAsync())]
    await pass(60_000)
    expect(await Promise.all(promises)).toEqual([REPORT, REPORT])
    expect(sent.map(({ method }) => method)).toEqual(['POST', 'POST', 'GET', 'GET'])
  })
})

it('a request to another address that is trusted is shown to its end, as any', async () => {
  let hook: UseODataRequestResult<Report> | undefined
  function Elsewhere() {
    const request = useODataRequest<Report>({ method: 'POST', path: 'https://jobs.example.com/rebuild' })
    useEffect(() => {
      hook = request
    })
    return <p>{request.result?.Title ?? request.status}</p>
  }
  const { client, sent } = scriptedClient(['202 Accepted\nLocation: /jobs/7\nRetry-After: 2', succeeded], {
    trustedOrigins: ['https://jobs.example.com'],
  })
  render(
    <QueryClientProvider client={new QueryClient()}>
      <ODataProvider client={client}>
        <Elsewhere />
      </ODataProvider>
    </QueryClientProvider>,
  )
  call(() => hook?.start())
  await pass(0)
  expect(screen.getByText('running')).toBeDefined()
  await pass(60_000)
  expect(screen.getByText('Annual report')).toBeDefined()
  expect(sent).toHaveLength(2)
})
