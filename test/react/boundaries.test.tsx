import { screen } from '@testing-library/react'
import { Component, lazy, type ReactNode, Suspense, use } from 'react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { isODataServiceError } from '../../src/core/index.js'
import { odataOperationKey } from '../../src/react/odataOperationKey.js'
import { useODataOperation } from '../../src/react/useODataOperation.js'
import { Reporter, reporter } from '../support/Reporter.js'
import { call, pass, renderApp } from '../support/renderApp.js'
import { accepted, stillRunning, succeeded } from '../support/scriptedClient.js'

const hush = (event: Event) => event.preventDefault()

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 9, 5) })
  // React says in the console what a boundary catches.
  vi.spyOn(console, 'error').mockImplementation(() => {})
  addEventListener('error', hush)
})
afterEach(() => {
  removeEventListener('error', hush)
  vi.restoreAllMocks()
  vi.useRealTimers()
})

const failure =
  '200 OK\nAsyncResult: 500\nContent-Type: application/json\n\n{"error":{"code":"X","message":"No paper"}}'

let recover = () => {}

class Boundary extends Component<{ children: ReactNode }, { error?: Error }> {
  override state: { error?: Error } = {}
  static getDerivedStateFromError(error: Error) {
    return { error }
  }
  override render() {
    recover = () => this.setState({ error: undefined as never })
    return this.state.error ? <p>{`caught: ${this.state.error.message}`}</p> : this.props.children
  }
}

describe('throwOnError', () => {
  it.each([
    ['a new operation', undefined],
    ['one with an id, after its query was removed', 'a'],
  ])('gives the error to the nearest boundary, which recovers with %s', async (_, id) => {
    const page = (
      <Boundary>
        <Reporter id={id} throwOnError />
      </Boundary>
    )
    const { queryClient } = renderApp(page, { answers: [accepted, failure, accepted, succeeded], strict: true })
    call(() => reporter().start())
    await pass(0)
    expect(screen.getByText('running')).toBeDefined()
    await pass(2_000)
    expect(screen.getByText('caught: No paper')).toBeDefined()

    call(() => {
      if (id !== undefined) queryClient.removeQueries({ queryKey: odataOperationKey(id) })
      recover()
    })
    expect(screen.getByText('idle')).toBeDefined()
    call(() => reporter().start())
    await pass(60_000)
    expect(screen.getByText('Annual report')).toBeDefined()
  })

  it('as a function says which errors are thrown', async () => {
    const throwOnError = vi.fn((error: Error) => isODataServiceError(error) && error.message === 'No paper')
    const page = (
      <Boundary>
        <Reporter throwOnError={throwOnError} />
      </Boundary>
    )
    renderApp(page, { answers: ['500 Oops', accepted, failure] })
    call(() => reporter().start())
    await pass(0)
    expect(screen.getByText('failed')).toBeDefined()
    expect(throwOnError).toHaveBeenLastCalledWith(
      expect.objectContaining({ kind: 'service' }),
      expect.objectContaining({ status: 'failed' }),
    )
    call(() => reporter().start())
    await pass(60_000)
    expect(screen.getByText('caught: No paper')).toBeDefined()
  })

  it('of one who watches leaves the one who started alone, and callbacks are called once', async () => {
    function Watcher() {
      return <p>{useODataOperation({ id: 'a', throwOnError: true }).status}</p>
    }
    const onFailed = vi.fn()
    const page = (
      <>
        <Reporter id="a" onFailed={onFailed} />
        <Boundary>
          <Watcher />
        </Boundary>
      </>
    )
    renderApp(page, { answers: [accepted, failure] })
    call(() => reporter().start())
    await pass(60_000)
    expect(screen.getByText('failed')).toBeDefined()
    expect(screen.getByText('caught: No paper')).toBeDefined()
    expect(onFailed).toHaveBeenCalledTimes(1)
  })

  it('throws no failed poll and no cancel', async () => {
    const page = (
      <Boundary>
        <Reporter throwOnError />
      </Boundary>
    )
    renderApp(page, { answers: [accepted, '503 Busy', '204 No Content'] })
    call(() => reporter().start())
    await pass(2_000)
    expect(screen.getByText('running')).toBeDefined()
    expect(reporter().pollError?.kind).toBe('monitor')
    void call(() => reporter().cancel())
    await pass(0)
    expect(screen.getByText('cancelled')).toBeDefined()
  })
})

describe('Suspense around', () => {
  it('shows the component with its operation as soon as it can, and neither repeats nor stops anything', async () => {
    const code = new Promise<{ default: typeof Reporter }>((resolve) =>
      setTimeout(() => resolve({ default: Reporter }), 500),
    )
    const LazyReporter = lazy(() => code)
    const page = (isLazy: boolean) => (
      <Suspense fallback={<p>suspended</p>}>
        <Reporter key="first" id="a" label="first" onUnmount="cancel" />
        {isLazy && <LazyReporter id="a" label="lazy" />}
      </Suspense>
    )
    const { sent, show } = renderApp(page(false), { answers: [accepted, stillRunning, succeeded], strict: true })
    call(() => reporter('first').start())
    await pass(0)
    show(page(true))
    expect(screen.getByText('suspended')).toBeDefined()
    await pass(600)
    expect(screen.getAllByText('running')).toHaveLength(2)
    await pass(60_000)
    expect(screen.getAllByText('Annual report')).toHaveLength(2)
    expect(sent.map(({ method }) => method)).toEqual(['POST', 'GET', 'GET'])
  })

  it.skipIf(use === undefined)(
    'with `use` (React 19): a component that suspends while it polls comes back as it was',
    async () => {
      let resolve = (_: string) => {}
      const data = new Promise<string>((settle) => {
        resolve = settle
      })
      function Page({ isSuspending }: { isSuspending: boolean }) {
        const heading = isSuspending ? use(data) : 'no data'
        return (
          <>
            <h1>{heading}</h1>
            <Reporter id="a" onUnmount="cancel" />
          </>
        )
      }
      const page = (isSuspending: boolean) => (
        <Suspense fallback={<p>suspended</p>}>
          <Page isSuspending={isSuspending} />
        </Suspense>
      )
      const { sent, show } = renderApp(page(false), { answers: [accepted, succeeded] })
      call(() => reporter().start())
      await pass(0)
      show(page(true))
      await pass(60_000)
      expect(screen.getByText('suspended')).toBeDefined()
      expect(sent.map(({ method }) => method)).toEqual(['POST', 'GET'])
      resolve('Data')
      await pass(0)
      expect(screen.getByText('Annual report')).toBeDefined()
    },
  )
})
