import { focusManager } from '@tanstack/react-query'
import { screen } from '@testing-library/react'
import ky from 'ky'
import { useEffect, useState } from 'react'
import { afterEach, describe, expect, it } from 'vitest'
import { renderBrowserApp, serviceRequests } from './browserApp.js'
import { ReportPanel } from './ReportPanel.js'

const findReport = () => screen.findByRole('link', { name: /^Report 2025/ })
const count = async (wanted: string, status?: number) =>
  (await serviceRequests()).filter((entry) => entry.method === wanted && (status ?? entry.status) === entry.status)
    .length

it('polls once per due time while its component renders every 40 ms, and is not starved', async () => {
  let renders = 0
  function Busy() {
    const [, render] = useState({})
    renders += 1
    useEffect(() => {
      const timer = setInterval(() => render({}), 40)
      return () => clearInterval(timer)
    }, [])
    return <ReportPanel startOnMount duration={3500} retryAfter={1} />
  }
  renderBrowserApp(<Busy />)
  await findReport()
  const [post, ...polls] = await serviceRequests()
  const dueTimes = Math.round((polls.at(-1)!.time - post!.time) / 1000)
  expect(polls.length).toBeGreaterThan(1)
  expect(polls.length).toBeLessThanOrEqual(dueTimes)
  expect(renders).toBeGreaterThan(4 * polls.length)
})

it('sends one POST when it is started by a mount in StrictMode', async () => {
  renderBrowserApp(<ReportPanel startOnMount duration={800} retryAfter={0} />, { strict: true })
  await findReport()
  expect(await count('POST')).toBe(1)
  expect(await count('GET', 200)).toBe(1)
})

describe('a result that is delivered once', () => {
  /** A network whose final answer is held back until `release` is called. */
  function holdBack() {
    let arrive = () => {}
    let release = () => {}
    const arrived = new Promise<void>((resolve) => {
      arrive = resolve
    })
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    const http = ky.create({
      hooks: {
        afterResponse: [
          async ({ response }) => {
            if (response.status === 202) return
            arrive()
            await released
          },
        ],
      },
    })
    return { http, arrived, release }
  }
  const report = <ReportPanel startOnMount duration={200} retryAfter={0} service={['deliver-once']} />
  const watching = <ReportPanel service={['deliver-once']} />

  it('survives the unmount of its component during the last poll', async () => {
    const { http, arrived, release } = holdBack()
    const { show } = renderBrowserApp(report, { http })
    await arrived
    show(null)
    release()
    show(watching)
    await findReport()
    expect(await count('GET', 200)).toBe(1)
    expect(await count('GET', 404)).toBe(0)
  })

  it('survives the unmount of the provider during the last poll', async () => {
    const { http, arrived, release } = holdBack()
    const { unmount, mountAgain } = renderBrowserApp(report, { http })
    await arrived
    unmount()
    release()
    mountAgain(watching)
    await findReport()
    expect(await count('GET', 200)).toBe(1)
    expect(await count('GET', 404)).toBe(0)
  })
})

describe('in a hidden tab', () => {
  function setVisibility(state: DocumentVisibilityState): void {
    Object.defineProperty(document, 'visibilityState', { value: state, configurable: true })
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
  }
  afterEach(() => {
    Reflect.deleteProperty(document, 'visibilityState')
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
  })

  it('goes on to the end', async () => {
    renderBrowserApp(<ReportPanel startOnMount duration={800} retryAfter={0} />)
    setVisibility('hidden')
    expect(focusManager.isFocused()).toBe(false)
    await findReport()
    expect(focusManager.isFocused()).toBe(false)
  })
})
