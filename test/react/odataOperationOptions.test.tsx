import { onlineManager, QueryClient, useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { screen } from '@testing-library/react'
import { Suspense } from 'react'
import { afterEach, beforeEach, describe, expect, inject, it, vi } from 'vitest'
import type { ODataClient } from '../../src/core/index.js'
import { odataOperationKey } from '../../src/react/odataOperationKey.js'
import { odataOperationOptions } from '../../src/react/odataOperationOptions.js'
import { useODataOperation } from '../../src/react/useODataOperation.js'
import { type Report, Reporter, reporter } from '../support/Reporter.js'
import { call, pass, renderApp } from '../support/renderApp.js'
import { accepted, MONITOR, rejection, scriptedClient, stillRunning, succeeded } from '../support/scriptedClient.js'

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 9, 5) }))
afterEach(() => void vi.useRealTimers())

type Reference = { readonly id: string } | { readonly monitorUrl: string }

const { react, reactQuery } = inject('versions')
const isOldest = react.startsWith('18.') && reactQuery.startsWith('5.90.')

const text = (label = 'query') => screen.getByTestId(label).textContent

function Cached({ client, of, label = 'query' }: { client: ODataClient; of: Reference; label?: string }) {
  const { data, error } = useQuery(odataOperationOptions<Report>(client, of))
  return <p data-testid={label}>{data?.result?.Title ?? data?.status ?? error?.message ?? 'nothing'}</p>
}

describe('useQuery', () => {
  it('by id shows each step of an operation, and asks nothing by itself', async () => {
    const { sent, client, show } = renderApp(null, { answers: [accepted, stillRunning, succeeded] })
    const page = (isShown: boolean) => (
      <>
        <Reporter key="reporter" id="a" />
        {isShown && <Cached client={client} of={{ id: 'a' }} />}
      </>
    )
    show(page(false))
    call(() => reporter().start())
    await pass(0)
    show(page(true))
    await pass(0)
    expect(text()).toBe('running')
    await pass(60_000)
    expect(text()).toBe('Annual report')
    expect(sent).toHaveLength(3)
  })

  it('by id of what nobody started is an error that says so, until it is started; and follows each later run', async () => {
    const { client, show } = renderApp(null, { answers: [accepted, succeeded, accepted, succeeded] })
    show(
      <>
        <Reporter id="a" />
        <Cached client={client} of={{ id: 'a' }} />
      </>,
    )
    await pass(0)
    expect(text()).toContain('The operation "a" is not in the cache')
    for (let run = 0; run < 2; run++) {
      call(() => reporter().start())
      await pass(100)
      expect(text()).toBe('running')
      await pass(10_000)
      expect(text()).toBe('Annual report')
    }
  })

  it('by monitorUrl takes an operation up, together with the hook of the same monitor: one request per due time', async () => {
    function Watcher() {
      const { result, status } = useODataOperation<Report>({ monitorUrl: MONITOR })
      return <p data-testid="hook">{result?.Title ?? status}</p>
    }
    const { sent, client, show } = renderApp(null, { answers: [stillRunning, succeeded] })
    show(
      <>
        <Cached client={client} of={{ monitorUrl: MONITOR }} />
        <Watcher />
        <Cached client={client} of={{ monitorUrl: MONITOR }} label="second" />
      </>,
    )
    await pass(60_000)
    for (const label of ['query', 'hook', 'second']) expect(text(label)).toBe('Annual report')
    expect(sent).toHaveLength(2)
  })

  it('by a monitorUrl that is not trusted is an error, and nothing is sent there', async () => {
    const { sent, client, show } = renderApp(null, { answers: [] })
    show(<Cached client={client} of={{ monitorUrl: 'https://elsewhere.example.com/jobs/7' }} />)
    await pass(60_000)
    expect(text()).toContain('`resume` takes a record, or a `monitorUrl`')
    expect(sent).toHaveLength(0)
  })

  it('trap 6: invalidate, refetch, focus and reconnect make no request while nothing is due, nor after the end', async () => {
    const { sent, client, queryClient, show } = renderApp(null, { answers: [accepted, succeeded] })
    show(
      <>
        <Reporter id="a" />
        <Cached client={client} of={{ id: 'a' }} />
      </>,
    )
    const disturb = async () => {
      void queryClient.invalidateQueries()
      void queryClient.refetchQueries()
      void queryClient.fetchQuery(odataOperationOptions(client, { id: 'a' }))
      call(() => onlineManager.setOnline(false))
      call(() => onlineManager.setOnline(true))
      await pass(10)
    }
    call(() => reporter().start())
    await pass(0)
    for (let times = 0; times < 50; times++) await disturb()
    expect(sent).toHaveLength(1)
    await pass(1_500)
    expect(text()).toBe('Annual report')
    for (let times = 0; times < 50; times++) await disturb()
    expect(text()).toBe('Annual report')
    expect(sent).toHaveLength(2)
  })

  it('with `select` renders only when what is selected differs', async () => {
    const onRender = vi.fn()
    function Status({ client }: { client: ODataClient }) {
      const { data } = useQuery({
        ...odataOperationOptions(client, { monitorUrl: MONITOR }),
        select: ({ status }) => status,
      })
      onRender(data)
      return null
    }
    const answers = [...Array.from({ length: 20 }, () => stillRunning), succeeded]
    const { client, show, sent } = renderApp(null, { answers })
    show(<Status client={client} />)
    await pass(60_000)
    expect(sent).toHaveLength(21)
    expect(onRender.mock.calls.flat()).toEqual([undefined, 'running', 'completed'])
  })
})

describe('useSuspenseQuery', () => {
  it('waits for nothing that is known: an operation goes on until its monitor says more, and each step is shown', async () => {
    function Suspended({ client }: { client: ODataClient }) {
      const { data } = useSuspenseQuery(odataOperationOptions<Report>(client, { monitorUrl: MONITOR }))
      return <p data-testid="query">{data.result?.Title ?? data.status}</p>
    }
    const slow = () => new Promise<string>((resolve) => setTimeout(() => resolve(stillRunning), 1_000))
    const { client, show, sent } = renderApp(null, { answers: [slow, succeeded] })
    show(
      <Suspense fallback={<p data-testid="query">suspended</p>}>
        <Suspended client={client} />
      </Suspense>,
    )
    await pass(500)
    // Of the versions that are tested, only the oldest two together wait for the first answer.
    expect(text()).toBe(isOldest ? 'suspended' : 'running')
    await pass(60_000)
    expect(text()).toBe('Annual report')
    expect(sent).toHaveLength(2)
  })
})

describe('without a component', () => {
  it('prefetchQuery asks a monitor once; a page that is opened later goes on from there, at the due time', async () => {
    const queryClient = new QueryClient()
    const { client, sent } = scriptedClient([stillRunning])
    await prefetch(queryClient, client)
    expect(queryClient.getQueryData(odataOperationKey(MONITOR))).toMatchObject({ status: 'running', pollCount: 1 })
    const stored = queryClient.getQueryData(odataOperationKey(MONITOR))
    await pass(1_000)
    expect(sent).toHaveLength(1)

    const page = new QueryClient()
    page.setQueryData(odataOperationKey(MONITOR), structuredClone(stored))
    const { sent: later } = renderApp(null, { answers: [succeeded], queryClient: page })
    await pass(999)
    expect(later).toHaveLength(0)
    await pass(1)
    expect(later).toHaveLength(1)
  })

  it('ensureQueryData gives what is known, and asks nothing', async () => {
    const { client, queryClient, sent } = renderApp(<Reporter id="a" />, { answers: [accepted, succeeded] })
    call(() => reporter().start())
    await pass(10_000)
    const record = await queryClient.ensureQueryData(odataOperationOptions<Report>(client, { id: 'a' }))
    expect(record.result?.Title).toBe('Annual report')
    expect(sent).toHaveLength(2)
  })

  it('fetchQuery by an id that nobody started rejects', async () => {
    const { client, queryClient } = renderApp(null, { answers: [] })
    const error = await rejection(queryClient.fetchQuery(odataOperationOptions(client, { id: 'a' })))
    expect(error).toMatchObject({ kind: 'configuration' })
  })

  async function prefetch(queryClient: QueryClient, client: ODataClient): Promise<void> {
    const done = queryClient.prefetchQuery(odataOperationOptions(client, { monitorUrl: MONITOR }))
    await pass(0)
    await done
  }
})
