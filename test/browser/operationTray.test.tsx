import { cleanup, render, screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { OperationTray } from 'react-odata-async'
import { afterEach, describe, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import 'react-odata-async/styles.css'
import { operationRecord, settledRecord } from '../ui/operationRecords.js'

const names = ['Annual report of a company with a very long name, all subsidiaries', 'Export', 'Index']
const operations = [
  operationRecord({ id: '0', progress: { percent: 42, message: 'Rendering the pages of the appendix' } }),
  operationRecord({ id: '1', status: 'pending' }),
  settledRecord({ id: '2', status: 'completed', result: 'x' }),
  ...Array.from({ length: 30 }, (_, index) => settledRecord({ id: `more-${index}`, status: 'cancelled' })),
]

const opener = () => screen.getByRole('button', { name: /^Operations/ })
const box = (element: Element) => element.getBoundingClientRect()

afterEach(async () => {
  cleanup()
  document.documentElement.dir = ''
  await page.viewport(1024, 768)
})

/** An app bar, with the tray at one end. */
function show(justifyContent: 'start' | 'end' = 'end') {
  const view = render(
    <>
      <header style={{ display: 'flex', justifyContent, font: '16px sans-serif' }}>
        <OperationTray
          operations={operations}
          labelOf={({ id }) => names[Number(id)] ?? id}
          onCancel={() => {}}
          onDismiss={() => {}}
          renderResult={() => <a href="#result">annual-report-of-a-company.pdf</a>}
          locale="en"
        />
      </header>
      <p>The page</p>
    </>,
  )
  return view
}

describe.each([
  ['ltr', 1024, 768],
  ['rtl', 1024, 768],
  ['ltr', 320, 480],
  ['rtl', 320, 480],
] as const)('an open list in a page that is %s and %i px wide', (dir, width, height) => {
  it('is inside of it, with all that is in it, and moves nothing', async () => {
    await page.viewport(width, height)
    document.documentElement.dir = dir
    for (const end of width > 400 ? (['end'] as const) : (['start', 'end'] as const)) {
      const { unmount } = show(end)
      const before = [box(opener()), box(screen.getByText('The page'))]
      await userEvent.click(opener())
      expect([box(opener()), box(screen.getByText('The page'))]).toEqual(before)
      const list = screen.getByRole('region', { name: 'Operations' })
      expect(box(list).left).toBeGreaterThanOrEqual(0)
      expect(box(list).right).toBeLessThanOrEqual(width)
      expect(box(list).bottom).toBeLessThanOrEqual(height)
      expect(document.documentElement.scrollWidth).toBe(width)
      for (const element of list.querySelectorAll('button, a, [role=progressbar], .odata-panel-title')) {
        expect(box(element).left).toBeGreaterThanOrEqual(box(list).left)
        expect(box(element).right).toBeLessThanOrEqual(box(list).right)
      }
      unmount()
    }
  })
})

it('has its list at the end of the button on a wide screen, by the direction of the text', async () => {
  const ends = async (dir: string) => {
    document.documentElement.dir = dir
    const { unmount } = show()
    await userEvent.click(opener())
    const side = dir === 'rtl' ? 'left' : 'right'
    const both = [box(screen.getByRole('region', { name: 'Operations' }))[side], box(opener())[side]]
    unmount()
    return both
  }
  for (const dir of ['ltr', 'rtl']) {
    const [list, button] = await ends(dir)
    expect(list).toBe(button)
  }
})

it('scrolls its list, not the page, and the keyboard reaches it', async () => {
  await page.viewport(1024, 768)
  show()
  await userEvent.click(opener())
  const list = screen.getByRole('list')
  expect(list.scrollHeight).toBeGreaterThan(list.clientHeight)
  await userEvent.tab()
  expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Dismiss finished' }))
})

it('has targets of at least 24 px', async () => {
  await page.viewport(320, 480)
  show()
  await userEvent.click(opener())
  for (const button of screen.getAllByRole('button')) {
    expect(Math.min(box(button).width, box(button).height)).toBeGreaterThanOrEqual(24)
  }
})
