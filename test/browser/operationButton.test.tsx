import { screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { OperationButton, useODataAction } from 'react-odata-async'
import { beforeEach, expect, it, vi } from 'vitest'
import { page } from 'vitest/browser'
import 'react-odata-async/styles.css'
import { type BehaviourOptions, behaviourAsHeaders } from '../service/behaviour.js'
import { renderBrowserApp } from './browserApp.js'

interface Report {
  readonly DownloadUrl: string
}

beforeEach(() => page.viewport(1024, 768))

const onOpen = vi.fn()

/** A toolbar, so that what moves moves something else. */
function Toolbar(behaviour: BehaviourOptions) {
  const report = useODataAction<Report, object>({
    action: 'Reports/Reporting.GenerateLargeReport',
    headers: behaviourAsHeaders({ retryAfter: 0, ...behaviour }),
  })
  return (
    <div style={{ display: 'flex', gap: 8, alignItems: 'center', font: '16px sans-serif' }}>
      <OperationButton
        label="Generate"
        busyLabel="Generating…"
        doneLabel="Open report"
        operation={report.operation}
        onStart={() => report.start({ StartDate: '2025-01-01', EndDate: '2025-12-31' })}
        onCancel={report.cancel}
        onDismiss={report.reset}
        onOpen={onOpen}
        locale="en"
      />
    </div>
  )
}

const main = () => document.querySelector('[aria-busy]') as HTMLElement
const find = (name: string) => screen.findByRole('button', { name })

/** Where the button is, and what is around it: each place that it had since, once. */
function recordPlaces(): string[] {
  const root = main().closest('.odata-start') as HTMLElement
  const place = () => {
    const { x, y, width, height } = main().getBoundingClientRect()
    return [x, y, width, height, root.getBoundingClientRect().height].join(' ')
  }
  const places = [place()]
  new MutationObserver(() => {
    if (!places.includes(place())) places.push(place())
  }).observe(root, { attributes: true, characterData: true, childList: true, subtree: true })
  return places
}

it('has one place and one size from the start to the result and back', async () => {
  renderBrowserApp(<Toolbar duration={1500} />, { strict: true })
  const places = recordPlaces()
  await userEvent.click(await find('Generate'))
  await find('Generating…')
  await userEvent.click(await find('Open report'))
  expect(onOpen).toHaveBeenCalledOnce()
  await userEvent.click(await find('Dismiss'))
  await find('Generate')
  expect(places).toHaveLength(1)
})

it('has them when it is cancelled, and Cancel is never where the pointer started it', async () => {
  renderBrowserApp(<Toolbar outcome="hang" />)
  const places = recordPlaces()
  await userEvent.click(await find('Generate'))
  const cancel = await find('Cancel')
  const { right } = main().getBoundingClientRect()
  expect(cancel.getBoundingClientRect().left).toBeGreaterThan(right)
  await userEvent.click(cancel)
  await find('Generate')
  expect(places).toHaveLength(1)
})

it('has them when it fails, and says why behind itself', async () => {
  renderBrowserApp(<Toolbar outcome="fail" duration={500} />)
  const { x, y, width, height } = main().getBoundingClientRect()
  await userEvent.click(await find('Generate'))
  const alert = await screen.findByRole('alert')
  expect(main()).toHaveTextContent(/Retry$/)
  expect(main().getBoundingClientRect()).toMatchObject({ x, y, width, height })
  const said = alert.getBoundingClientRect()
  expect(said.left).toBeGreaterThan(main().getBoundingClientRect().right)
})

it('has its bar inside of its edges, and none when it does nothing', async () => {
  renderBrowserApp(<Toolbar outcome="hang" />)
  expect(screen.queryByRole('progressbar')).toBeNull()
  await userEvent.click(await find('Generate'))
  await find('Generating…')
  const outer = main().getBoundingClientRect()
  const track = screen.getByRole('progressbar').firstElementChild?.getBoundingClientRect() as DOMRect
  expect(track.height).toBe(4)
  expect([track.left, track.right, track.bottom]).toEqual([outer.left + 1, outer.right - 1, outer.bottom - 1])
})
