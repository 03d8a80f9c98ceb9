import { act, screen, waitFor } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import ky from 'ky'
import { useODataOperation } from 'react-odata-async'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { cdp } from 'vitest/browser'
import 'react-odata-async/styles.css'
import { renderBrowserApp } from './browserApp.js'
import { ReportPanel } from './ReportPanel.js'

// The clock of the page stands still unless a test moves it, so that no machine is too slow for a quick answer.
beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
afterEach(async () => {
  vi.useRealTimers()
  await cdp().send('Emulation.setEmulatedMedia', { features: [] })
})

const pass = (ms: number) => act(() => vi.advanceTimersByTime(ms))

const panel = () => screen.getByRole('region')
const bar = () => screen.getByRole('progressbar')
const start = () => userEvent.click(screen.getByRole('button', { name: 'Generate report' }))

/** What the operation is, whatever is shown of it. */
function Truth() {
  return <p data-testid="truth">{useODataOperation({ id: 'report' }).status}</p>
}

const truth = (status: string) => waitFor(() => expect(screen.getByTestId('truth')).toHaveTextContent(status))

/** What the panel looked like and said since it was asked for, each change of the page once. */
function recordStates(): string[] {
  const state = () => `${bar().dataset.status} | ${screen.getByRole('status').textContent}`
  const states = [state()]
  new MutationObserver(() => {
    if (state() !== states.at(-1)) states.push(state())
  }).observe(panel(), { attributes: true, characterData: true, childList: true, subtree: true })
  return states
}

/** A network whose answer to the start is held back until `release` is called. */
function holdBack() {
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  return { http: ky.create({ hooks: { afterResponse: [() => released] } }), release }
}

it('goes from not started to done without a bar, a word or a jump when the service answers at once', async () => {
  renderBrowserApp(<ReportPanel service={['sync']} duration={0} />, { strict: true })
  const line = panel().querySelector('.odata-panel-line')
  const place = line?.getBoundingClientRect()
  const states = recordStates()
  await start()
  await waitFor(() => expect(bar().dataset.status).toBe('completed'))
  await waitFor(() => expect(states.at(-1)).toMatch(/Sales report: Done/))
  expect(states[0]).toBe('idle | ')
  expect(states.slice(1).filter((state) => !state.startsWith('completed | '))).toEqual([])
  expect(line?.getBoundingClientRect()).toEqual(place)
})

it.each(['no-preference', 'reduce'])(
  'shows a wait once it is one, and for a while, with prefers-reduced-motion: %s',
  async (value) => {
    await cdp().send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-reduced-motion', value }] })
    const { http, release } = holdBack()
    const app = (
      <>
        <ReportPanel service={['sync']} duration={0} />
        <Truth />
      </>
    )
    renderBrowserApp(app, { strict: true, http })
    const { height } = panel().getBoundingClientRect()
    const states = recordStates()
    const indicator = bar().querySelector('.odata-progress-indicator') as Element
    const look = () => [getComputedStyle(indicator).animationName, indicator.getBoundingClientRect().width > 0]
    await start()
    await truth('pending')
    expect(look()).toEqual(['none', false])
    pass(300)
    await waitFor(() => expect(bar().dataset.status).toBe('pending'))
    expect(look()).toEqual([value === 'reduce' ? 'none' : 'odata-slide', true])
    expect(panel().getBoundingClientRect().height).toBe(height)
    release()
    await truth('completed')
    pass(499)
    expect(bar().dataset.status).toBe('pending')
    pass(1)
    await waitFor(() => expect(states.at(-1)).toMatch(/Sales report: Done/))
    expect(
      states.map((state) => state.replace(/ \|.*/, '')).filter((state, index, all) => state !== all[index - 1]),
    ).toEqual(['idle', 'pending', 'completed'])
  },
)
