import { notifyManager, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { act, render } from '@testing-library/react'
import { type ReactNode, StrictMode } from 'react'
import { vi } from 'vitest'
import { ODataProvider, type ODataProviderProps } from '../../src/react/ODataProvider.js'
import { scriptedClient } from './scriptedClient.js'
import type { Answer } from './scriptedWire.js'

// React Query tells its observers after a timer of 0 ms, which a fake clock puts off by one.
notifyManager.setScheduler(queueMicrotask)

/** Options of {@link renderApp}. */
export interface AppOptions {
  readonly answers: readonly Answer[]
  readonly queryClient?: QueryClient
  readonly strict?: boolean
  /** Props of the provider. */
  readonly provider?: Pick<ODataProviderProps, 'pauseWhenHidden' | 'pauseWhenOffline'>
}

/** Renders `ui` below a provider, on a scripted network, with a cache of its own. */
export function renderApp(
  ui: ReactNode,
  { answers, queryClient = new QueryClient(), strict = false, provider }: AppOptions,
) {
  const wire = scriptedClient(answers)
  const app = (children: ReactNode, props = provider) => {
    const tree = (
      <QueryClientProvider client={queryClient}>
        <ODataProvider client={wire.client} {...props}>
          {children}
        </ODataProvider>
      </QueryClientProvider>
    )
    return strict ? <StrictMode>{tree}</StrictMode> : tree
  }
  const view = render(app(ui))
  const show = (next: ReactNode, props?: AppOptions['provider']) => view.rerender(app(next, props))
  return { ...wire, queryClient, show, unmount: view.unmount }
}

const nextTurn = setImmediate

/** Lets `ms` go by: timers fire, answers arrive, React renders. */
export async function pass(ms: number): Promise<void> {
  await act(async () => {
    await vi.advanceTimersByTimeAsync(ms)
    // Bodies of answers are read in real turns of the event loop, which fake timers do not wait for.
    for (let turn = 0; turn < 5; turn++) {
      await new Promise<void>((resolve) => void nextTurn(resolve))
      await vi.advanceTimersByTimeAsync(0)
    }
  })
}

/** Calls a hook's function as an event handler would, and gives what it returns. */
export function call<T>(verb: () => T): T {
  let value: { readonly returned: T } | undefined
  act(() => {
    value = { returned: verb() }
  })
  return (value as { readonly returned: T }).returned
}
