import { notifyManager, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { Profiler, type ReactNode, useEffect } from 'react'
import { createRoot } from 'react-dom/client'
import { createODataClient } from '../../src/core/index.js'
import { ODataProvider } from '../../src/react/ODataProvider.js'
import { odataOperationKey } from '../../src/react/odataOperationKey.js'
import { type UseODataActionResult, useODataAction } from '../../src/react/useODataAction.js'
import { useODataOperation } from '../../src/react/useODataOperation.js'
import { useODataOperations } from '../../src/react/useODataOperations.js'
import { MONITOR, SERVICE } from '../support/scriptedClient.js'
import { type Answer, scriptedWire } from '../support/scriptedWire.js'

/** How to act and wait: a test does it on a fake clock, the bench on the real one. */
export interface Turns {
  /** Runs what React has to notice. */
  readonly run: (action: () => void) => void
  /** Lets time go by until it is so. */
  readonly until: (isDone: () => boolean) => Promise<void>
}

/** One line of the table. */
export interface RenderCount {
  readonly scene: string
  readonly renders: number
  /** The most that is allowed. */
  readonly budget: number
}

const accepted = `202 Accepted\nLocation: ${MONITOR}`
const at = (percent: number) =>
  `202 Accepted\nLocation: ${MONITOR}\nContent-Type: application/json\n\n{"percentComplete":${percent}}`
const done = '200 OK\nAsyncResult: 200\nContent-Type: application/json\n\n{"Title":"Annual report"}'
const polls = (count: number): Answer[] => Array.from({ length: count }, () => accepted)

type Hook = UseODataActionResult<{ Title: string }>

/** Counts the renders of components in the life of operations. */
export async function countRenders({ run, until }: Turns): Promise<RenderCount[]> {
  const counts: RenderCount[] = []
  let hook: Hook | undefined
  let renders = 0

  function Report() {
    const report = useODataAction<{ Title: string }>({ action: 'Rebuild', id: 'report' })
    useEffect(() => {
      hook = report
    })
    return <p>{report.status}</p>
  }

  function Watcher() {
    return <p>{useODataOperation({ id: 'report' }).progress.percent}</p>
  }

  function List() {
    return (
      <ul>
        {useODataOperations().map(({ id, status }) => (
          <li key={id}>{status}</li>
        ))}
      </ul>
    )
  }

  function Count() {
    return <p>{useODataOperations({ select: (all) => all.length })}</p>
  }

  /** Shows a page, has something happen there, and writes down how often what is in its profiler rendered. */
  async function scene(
    name: string,
    budget: number,
    answers: readonly Answer[],
    page: (counted: (children: ReactNode) => ReactNode) => ReactNode,
    play: (stage: { sent: readonly unknown[]; queryClient: QueryClient; forget: () => void }) => Promise<void>,
  ): Promise<void> {
    const { http, sent } = scriptedWire(...answers)
    const polling = { interval: 1, minInterval: 1 }
    const client = createODataClient({ serviceUrl: SERVICE, http, polling })
    const queryClient = new QueryClient()
    const root = createRoot(document.createElement('div'))
    const counted = (children: ReactNode) => (
      <Profiler
        id={name}
        onRender={() => {
          renders += 1
        }}
      >
        {children}
      </Profiler>
    )
    renders = 0
    run(() =>
      root.render(
        <QueryClientProvider client={queryClient}>
          <ODataProvider client={client}>{page(counted)}</ODataProvider>
        </QueryClientProvider>,
      ),
    )
    const forget = () => {
      renders = 0
    }
    await play({ sent, queryClient, forget })
    counts.push({ scene: name, renders, budget })
    run(() => root.unmount())
    queryClient.clear()
  }

  const start = () => run(() => hook?.start())
  const isRunning = () => hook?.status === 'running'
  const isCompleted = () => hook?.status === 'completed'

  await scene(
    '100 polls that change nothing',
    0,
    [accepted, ...polls(200)],
    (counted) => counted(<Report />),
    async ({ sent, forget }) => {
      start()
      await until(isRunning)
      forget()
      await until(() => sent.length > 101)
    },
  )
  await scene(
    'from idle to completed, 5 changes of progress',
    9,
    [accepted, at(10), at(30), at(50), at(70), at(90), done],
    (counted) => counted(<Report />),
    async () => {
      start()
      await until(isCompleted)
    },
  )
  await scene(
    'the same with 10 unchanged polls after each change',
    9,
    [accepted, ...[10, 30, 50, 70, 90].flatMap((percent) => [at(percent), ...polls(10)]), done],
    (counted) => counted(<Report />),
    async () => {
      start()
      await until(isCompleted)
    },
  )
  await scene(
    'one that watches, among 10 others',
    9,
    [accepted, at(10), at(30), at(50), at(70), at(90), done],
    (counted) => (
      <>
        <Report />
        {Array.from({ length: 10 }, (_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: they never move.
          <Watcher key={index} />
        ))}
        {counted(<Watcher />)}
      </>
    ),
    async () => {
      start()
      await until(isCompleted)
    },
  )
  await scene(
    'what is around, in the same time',
    1,
    [accepted, at(10), at(50), done],
    (counted) => (
      <>
        <Report />
        {counted(<p>Other things</p>)}
      </>
    ),
    async () => {
      start()
      await until(isCompleted)
    },
  )

  const fill = (queryClient: QueryClient) => {
    for (let index = 0; index < 1_000; index++) {
      const data = {
        id: `o${index}`,
        kind: 'action',
        method: 'POST',
        url: `${SERVICE}Rebuild`,
        monitor: 'odata',
        status: 'completed',
        canCancel: true,
        progress: { percent: 100 },
        submittedAt: 0,
        pollCount: 0,
        pollFailures: 0,
      }
      queryClient.setQueryData(odataOperationKey(data.id), data)
    }
  }
  for (const [name, budget, list] of [
    ['a list of 1,000: all of them come at once', 1, <List key="list" />],
    ['a count of 1,000: all of them come at once', 1, <Count key="count" />],
  ] as const) {
    await scene(
      name,
      budget,
      [],
      (counted) => counted(list),
      async ({ queryClient, forget }) => {
        forget()
        run(() => notifyManager.batch(() => fill(queryClient)))
        await until(() => renders > 0)
      },
    )
  }
  await scene(
    'a list of 1,000: one starts, goes through 5 changes, completes',
    8,
    [accepted, at(10), at(30), at(50), at(70), at(90), done],
    (counted) => (
      <>
        <Report />
        {counted(<List />)}
      </>
    ),
    async ({ queryClient, forget }) => {
      run(() => notifyManager.batch(() => fill(queryClient)))
      await until(() => renders > 1)
      forget()
      start()
      await until(isCompleted)
    },
  )
  await scene(
    'a count of 1,000: the same',
    1,
    [accepted, at(10), at(30), at(50), at(70), at(90), done],
    (counted) => (
      <>
        <Report />
        {counted(<Count />)}
      </>
    ),
    async ({ queryClient, forget }) => {
      run(() => notifyManager.batch(() => fill(queryClient)))
      await until(() => renders > 1)
      forget()
      start()
      await until(isCompleted)
    },
  )
  return counts
}
