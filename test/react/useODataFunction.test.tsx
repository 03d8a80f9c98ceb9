import { fireEvent, screen } from '@testing-library/react'
import { useEffect } from 'react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  type UseODataFunctionOptions,
  type UseODataFunctionResult,
  useODataFunction,
} from '../../src/react/useODataFunction.js'
import { call, pass, renderApp } from '../support/renderApp.js'
import { accepted, MONITOR, SERVICE } from '../support/scriptedClient.js'

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 9, 5) }))
afterEach(() => void vi.useRealTimers())

interface Query {
  readonly Year: number
  readonly Depots?: readonly string[]
}

type Hook = UseODataFunctionResult<number[], Query>

function Forecast({
  seen,
  ...options
}: Partial<UseODataFunctionOptions<number[], Query>> & { seen: (hook: Hook) => void }) {
  const forecast = useODataFunction<number[], Query>({ function: 'Sales.Forecast', ...options })
  useEffect(() => seen(forecast))
  return (
    <button type="button" onClick={() => forecast.start({ Year: 2027, Depots: ['North', 'South'] })}>
      {forecast.status}
    </button>
  )
}

function recorder() {
  const all: Hook[] = []
  return { seen: (hook: Hook) => void all.push(hook), last: () => all.at(-1) as Hook }
}

const costs = '200 OK\nAsyncResult: 200\nContent-Type: application/json\n\n{"@context":"c","value":[1200.5,980]}'

describe('useODataFunction', () => {
  it('sends a GET with the parameters in the URL, and follows it to its result', async () => {
    const { seen, last } = recorder()
    const { sent } = renderApp(<Forecast seen={seen} />, { answers: [accepted, costs] })
    expect(sent).toHaveLength(0)

    fireEvent.click(screen.getByRole('button'))
    await pass(0)
    expect(last().status).toBe('running')
    expect(sent[0]).toMatchObject({ method: 'GET', body: '' })
    expect(decodeURIComponent(sent[0]?.url ?? '')).toBe(
      `${SERVICE}Sales.Forecast(Year=2027,Depots=@Depots)?@Depots=["North","South"]`,
    )
    expect(sent[0]?.headers.prefer).toBe('respond-async')
    await pass(2_000)
    expect(last()).toMatchObject({ status: 'completed', result: [1200.5, 980] })
    expect(last().operation?.kind).toBe('function')
    expect(sent[1]).toMatchObject({ method: 'GET', url: MONITOR })
  })

  it('takes its path and its parameters from what start is given', async () => {
    const { seen, last } = recorder()
    const { sent } = renderApp(
      <Forecast
        seen={seen}
        function={({ Year }) => `Plans(${Year})/Sales.Forecast`}
        parameters={({ Depots }) => ({ Depot: Depots?.[0] })}
        aliases
      />,
      { answers: [accepted] },
    )
    call(() => last().start({ Year: 2027, Depots: ["O'Hare"] }))
    await pass(0)
    expect(decodeURIComponent(sent[0]?.url ?? '')).toBe(
      `${SERVICE}Plans(2027)/Sales.Forecast(Depot=@Depot)?@Depot='O''Hare'`,
    )
  })

  it('starts the same call again', async () => {
    const { seen, last } = recorder()
    const { sent } = renderApp(<Forecast seen={seen} />, { answers: ['500 Error', accepted] })
    call(() => last().start({ Year: 2027 }))
    await pass(0)
    expect(last()).toMatchObject({ status: 'failed', canRetry: true })
    call(() => last().retry())
    await pass(0)
    expect(last().status).toBe('running')
    expect(sent[1]?.url).toBe(sent[0]?.url)
  })

  it('says which hook needs a provider', async () => {
    const { render } = await import('@testing-library/react')
    vi.spyOn(console, 'error').mockImplementation(() => {})
    expect(() => render(<Forecast seen={() => {}} />)).toThrow('useODataFunction')
    vi.restoreAllMocks()
  })
})
