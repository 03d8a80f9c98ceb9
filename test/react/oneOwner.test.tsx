import { focusManager, onlineManager, QueryClient, useQuery } from '@tanstack/react-query'
import { act, screen } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { OperationRecord } from '../../src/core/index.js'
import { odataOperationKey } from '../../src/react/odataOperationKey.js'
import { odataOperationOptions } from '../../src/react/odataOperationOptions.js'
import { useODataOperation } from '../../src/react/useODataOperation.js'
import { useODataOperations } from '../../src/react/useODataOperations.js'
import { type Report, Reporter, reporter } from '../support/Reporter.js'
import { call, pass, renderApp } from '../support/renderApp.js'
import { accepted, MONITOR, SERVICE, type scriptedClient, stillRunning, succeeded } from '../support/scriptedClient.js'
import type { SentRequest } from '../support/scriptedWire.js'

const nextTurn = setImmediate
const START = Date.UTC(2026, 9, 5)

beforeEach(() => void vi.useFakeTimers({ now: START }))
afterEach(() => {
  focusManager.setFocused(undefined)
  onlineManager.setOnline(true)
  vi.useRealTimers()
})

const times = (sent: readonly SentRequest[]) => sent.map(({ at }) => at - START)

const running: OperationRecord = {
  id: 'a',
  kind: 'action',
  method: 'POST',
  url: `${SERVICE}Rebuild`,
  monitor: 'odata',
  status: 'running',
  isAsync: true,
  monitorUrl: MONITOR,
  canCancel: true,
  progress: { percent: null },
  submittedAt: START,
  nextPollAt: START + 2_000,
  pollCount: 0,
  pollFailures: 0,
}

/** Many that look at one operation, each in its way. */
function Crowd({ client }: { client: ReturnType<typeof scriptedClient>['client'] }) {
  return (
    <>
      {Array.from({ length: 5 }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they never move.
        <Reporter key={index} id="a" label={`report ${index}`} />
      ))}
      <Watcher id="a" />
      <Watcher id="a" />
      <List />
      <Cached client={client} />
    </>
  )
}

function Watcher(options: { id: string; monitorUrl?: string }) {
  const { result, status } = useODataOperation<Report>(options as { id: string })
  return <p>{result?.Title ?? status}</p>
}

function List() {
  return <p>{`${useODataOperations({ status: 'completed' }).length} ready`}</p>
}

function Cached({ client }: { client: ReturnType<typeof scriptedClient>['client'] }) {
  return <p>{`cached: ${useQuery(odataOperationOptions(client, { id: 'a' })).data?.status}`}</p>
}

describe('an operation is asked once per due time', () => {
  it('however many components look at it, come and go, and render', async () => {
    const { sent, client, show } = renderApp(null, { answers: [accepted, stillRunning, stillRunning, succeeded] })
    show(<Crowd client={client} />)
    await pass(0)
    call(() => reporter('report 3').start())
    for (let step = 0; step < 62; step++) {
      await pass(100)
      show(step % 7 === 3 ? null : <Crowd client={client} />)
    }
    expect(screen.getAllByText('Annual report')).toHaveLength(7)
    expect(screen.getByText('1 ready')).toBeDefined()
    expect(screen.getByText('cached: completed')).toBeDefined()
    expect(times(sent)).toEqual([0, 2_000, 4_000, 6_000])
  })

  it('with no component at all, for one that came with the cache', async () => {
    const queryClient = new QueryClient()
    queryClient.setQueryData(odataOperationKey('a'), running)
    const { sent } = renderApp(null, { answers: [stillRunning, succeeded], queryClient })
    await pass(60_000)
    expect(queryClient.getQueryData(odataOperationKey('a'))).toMatchObject({ status: 'completed' })
    expect(times(sent)).toEqual([2_000, 4_000])
  })

  it('when it comes with the cache while components look at it already', async () => {
    const { sent, client, queryClient, show } = renderApp(null, { answers: [stillRunning, succeeded] })
    show(<Crowd client={client} />)
    await pass(500)
    call(() => queryClient.setQueryData(odataOperationKey('a'), running))
    await pass(60_000)
    expect(screen.getAllByText('Annual report')).toHaveLength(7)
    expect(times(sent)).toEqual([2_000, 4_000])
  })

  it('and at once when it was due long ago', async () => {
    vi.setSystemTime(START + 3_600_000)
    const queryClient = new QueryClient()
    queryClient.setQueryData(odataOperationKey('a'), running)
    const { sent } = renderApp(<List />, { answers: [succeeded], queryClient })
    await pass(0)
    expect(times(sent)).toEqual([3_600_000])
  })

  it('whatever happens at the same moment: focus, reconnect, mount, refetch, checkNow twice', async () => {
    const slow = () => new Promise<string>((resolve) => setTimeout(() => resolve(succeeded), 1_000))
    const { sent, client, queryClient, show } = renderApp(null, { answers: [accepted, slow] })
    show(<Crowd client={client} />)
    call(() => reporter('report 0').start())
    await pass(0)
    focusManager.setFocused(false)
    vi.setSystemTime(START + 10_000)
    call(() => {
      focusManager.setFocused(true)
      onlineManager.setOnline(false)
      onlineManager.setOnline(true)
      void queryClient.refetchQueries()
      void reporter('report 0').checkNow()
      void reporter('report 1').checkNow()
    })
    show(
      <>
        <Crowd client={client} />
        <Watcher id="a" />
      </>,
    )
    await pass(60_000)
    expect(screen.getAllByText('Annual report')).toHaveLength(8)
    expect(sent.map(({ method }) => method)).toEqual(['POST', 'GET'])
  })
})

it('trap 5: a fetch from the cache that crosses with the last poll does not bring the operation back', async () => {
  const onSettled = vi.fn()
  const { sent, queryClient } = renderApp(<Reporter id="a" onSettled={onSettled} />, { answers: [accepted, succeeded] })
  call(() => reporter().start())
  await pass(0)
  await act(async () => {
    void reporter().checkNow()
    for (let turn = 0; turn < 10; turn++) {
      // One is under way at every moment, so also when the answer comes.
      for (let step = 0; step < 100; step++) {
        void queryClient.refetchQueries({ queryKey: odataOperationKey('a') }, { cancelRefetch: false })
        await Promise.resolve()
      }
      await new Promise<void>((resolve) => void nextTurn(resolve))
    }
  })
  await pass(60_000)
  expect(queryClient.getQueryData(odataOperationKey('a'))).toMatchObject({ status: 'completed' })
  expect(onSettled).toHaveBeenCalledTimes(1)
  expect(sent).toHaveLength(2)
})
