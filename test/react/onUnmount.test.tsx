import { screen } from '@testing-library/react'
import { Activity } from 'react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { OperationCallbacks } from '../../src/react/OperationCallbacks.js'
import { useODataOperation } from '../../src/react/useODataOperation.js'
import { useODataOperations } from '../../src/react/useODataOperations.js'
import { type Report, Reporter, reporter } from '../support/Reporter.js'
import { call, pass, renderApp } from '../support/renderApp.js'
import { accepted, rejection, stillRunning, succeeded } from '../support/scriptedClient.js'

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 9, 5) }))
afterEach(() => void vi.useRealTimers())

const MINUTE = 60_000
const text = (label = 'report') => screen.getByTestId(label).textContent
const methods = (sent: readonly { method: string }[]) => sent.map(({ method }) => method)

function Watcher({ label = 'watcher', onUnmount }: { label?: string } & Pick<OperationCallbacks, 'onUnmount'>) {
  const { result, status } = useODataOperation<Report>({ id: 'a', onUnmount })
  return <p data-testid={label}>{result?.Title ?? status}</p>
}

describe('when its last component unmounts, an operation', () => {
  it('goes on by default', async () => {
    const { sent, show } = renderApp(<Reporter />, { answers: [accepted, stillRunning, succeeded] })
    const promise = call(() => reporter().startAsync())
    await pass(0)
    show(null)
    await pass(4_000)
    expect(await promise).toMatchObject({ Title: 'Annual report' })
    expect(methods(sent)).toEqual(['POST', 'GET', 'GET'])
  })

  it('is polled no more with `stop`, until one comes back: then at once', async () => {
    const page = <Reporter id="a" onUnmount="stop" />
    const { sent, show } = renderApp(page, { answers: [accepted, succeeded] })
    call(() => reporter().start())
    await pass(0)
    show(null)
    await pass(60 * MINUTE)
    expect(methods(sent)).toEqual(['POST'])
    show(page)
    await pass(0)
    expect(text()).toBe('Annual report')
    expect(reporter().isPaused).toBe(false)
    expect(methods(sent)).toEqual(['POST', 'GET'])
  })

  it('says with `stop` why it is not polled', async () => {
    function List() {
      return <p>{useODataOperations().map(({ pauseReason }) => `waits: ${pauseReason}`)}</p>
    }
    const { show } = renderApp(<Reporter onUnmount="stop" />, { answers: [accepted] })
    call(() => reporter().start())
    await pass(0)
    show(<List />)
    await pass(0)
    expect(screen.getByText('waits: unmounted')).toBeDefined()
  })

  it('is cancelled with `cancel`; its promise says so', async () => {
    const onSettled = vi.fn()
    const { sent, show } = renderApp(<Reporter onUnmount="cancel" onSettled={onSettled} />, {
      answers: [accepted, '204 No Content'],
    })
    const failed = rejection(call(() => reporter().startAsync()))
    await pass(0)
    show(null)
    await pass(0)
    expect(await failed).toMatchObject({ kind: 'cancelled' })
    expect(onSettled).toHaveBeenCalledTimes(1)
    await pass(60 * MINUTE)
    expect(methods(sent)).toEqual(['POST', 'DELETE'])
  })

  it('is cancelled with `cancel` also before the service has answered', async () => {
    const slow = () => new Promise<string>((resolve) => setTimeout(() => resolve(accepted), 5_000))
    const { sent, show } = renderApp(<Reporter onUnmount="cancel" />, { answers: [slow, '204 No Content'] })
    call(() => reporter().start())
    await pass(1_000)
    show(null)
    await pass(MINUTE)
    expect(methods(sent)).toEqual(['POST', 'DELETE'])
  })

  it.each(['stop', 'cancel'] as const)('is left alone with `%s` after its end', async (onUnmount) => {
    const page = <Reporter id="a" onUnmount={onUnmount} />
    const { sent, show } = renderApp(page, { answers: [accepted, succeeded] })
    call(() => reporter().start())
    await pass(2_000)
    show(null)
    await pass(MINUTE)
    show(page)
    expect(text()).toBe('Annual report')
    expect(methods(sent)).toEqual(['POST', 'GET'])
  })
})

describe.each(['stop', 'cancel'] as const)('`onUnmount: %s`', (onUnmount) => {
  const page = <Reporter key="page" id="a" onUnmount={onUnmount} />

  it('does nothing while another component looks at the operation', async () => {
    const both = (
      <>
        {page}
        <Watcher key="watcher" />
      </>
    )
    const { sent, show } = renderApp(both, { answers: [accepted, stillRunning, succeeded] })
    call(() => reporter().start())
    await pass(0)
    show(<Watcher key="watcher" />)
    await pass(4_000)
    expect(text('watcher')).toBe('Annual report')
    expect(methods(sent)).toEqual(['POST', 'GET', 'GET'])
  })

  it('does nothing when one page hands over to the next', async () => {
    const { sent, show } = renderApp(page, { answers: [accepted, succeeded] })
    call(() => reporter().start())
    await pass(0)
    show(<Watcher key="next" onUnmount={onUnmount} />)
    await pass(2_000)
    expect(text('watcher')).toBe('Annual report')
    expect(methods(sent)).toEqual(['POST', 'GET'])
  })

  it('trap 4: does nothing on the unmount that StrictMode simulates', async () => {
    const { sent } = renderApp(page, { answers: [accepted, succeeded], strict: true })
    call(() => reporter().start())
    await pass(2_000)
    expect(text()).toBe('Annual report')
    expect(methods(sent)).toEqual(['POST', 'GET'])
  })

  it('is that of the last render', async () => {
    const { sent, show } = renderApp(page, { answers: [accepted, succeeded] })
    call(() => reporter().start())
    await pass(0)
    show(<Reporter key="page" id="a" onUnmount="keep" />)
    show(null)
    await pass(2_000)
    expect(methods(sent)).toEqual(['POST', 'GET'])
  })

  it('is heeded when the component turns to another operation', async () => {
    const answers = [accepted, ...(onUnmount === 'cancel' ? ['204 No Content'] : [])]
    const { sent, show } = renderApp(page, { answers })
    call(() => reporter().start())
    await pass(0)
    show(<Reporter key="page" id="b" onUnmount={onUnmount} />)
    await pass(MINUTE)
    expect(methods(sent)).toEqual(onUnmount === 'cancel' ? ['POST', 'DELETE'] : ['POST'])
  })
})

describe.skipIf(Activity === undefined)('an Activity (React 19.2 and later) that is hidden', () => {
  const shown = (mode: 'hidden' | 'visible', onUnmount: OperationCallbacks['onUnmount']) => (
    <Activity mode={mode}>
      <Reporter onUnmount={onUnmount} />
    </Activity>
  )

  it('trap 7: has `stop` stop the polling, and shows the result after it is shown again', async () => {
    const { sent, show } = renderApp(shown('visible', 'stop'), { answers: [accepted, succeeded] })
    call(() => reporter().start())
    await pass(0)
    show(shown('hidden', 'stop'))
    await pass(60 * MINUTE)
    expect(methods(sent)).toEqual(['POST'])
    show(shown('visible', 'stop'))
    await pass(0)
    expect(text()).toBe('Annual report')
  })

  it('trap 7: cancels nothing with `cancel`, as it may be shown again; when it unmounts, that is done', async () => {
    const answers = [accepted, stillRunning, '204 No Content']
    const { sent, show } = renderApp(shown('visible', 'cancel'), { answers })
    call(() => reporter().start())
    await pass(0)
    show(shown('hidden', 'cancel'))
    await pass(3_000)
    expect(methods(sent)).toEqual(['POST', 'GET'])
    show(null)
    await pass(MINUTE)
    expect(methods(sent)).toEqual(['POST', 'GET', 'DELETE'])
  })
})
