import { act, render, screen, within } from '@testing-library/react'
import { createRef, StrictMode } from 'react'
import { renderToString } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { createWireLog, type WireExchange, type WireLogStore } from '../../src/core/index.js'
import { OperationMessagesProvider, WireLog } from '../../src/ui/index.js'

const at = new Date(2026, 0, 15, 9, 30, 5, 240).getTime()

function exchange(change: Partial<WireExchange> = {}): WireExchange {
  return {
    ...{ operationId: 'report', kind: 'poll', method: 'GET', at, duration: 40, status: 202 },
    ...{ serviceUrl: 'https://host/odata/', url: 'https://host/odata/$async/7' },
    ...change,
  }
}

function logOf(...exchanges: readonly Partial<WireExchange>[]): WireLogStore {
  const log = createWireLog()
  for (const change of exchanges) log.onExchange(exchange(change))
  return log
}

/** The cells of each line, as text. */
const lines = () =>
  screen
    .getAllByRole('row')
    .slice(1)
    .map((row) => within(row).getAllByRole('cell'))
    .map((cells) => cells.map(({ textContent }) => textContent))

it('is a table with a name, in a region that the keyboard reaches', () => {
  render(<WireLog log={logOf({})} locale="en" />)
  const region = screen.getByRole('region', { name: 'Requests' })
  expect(region.tabIndex).toBe(0)
  const table = within(region).getByRole('table', { name: 'Requests' })
  expect(within(table).getAllByRole('columnheader')).toHaveLength(5)
  expect(
    within(table)
      .getAllByRole('columnheader')
      .map(({ textContent }) => textContent),
  ).toEqual(['Time', 'Request', 'Answer', 'Retry-After', 'Location'])
})

it('shows what was sent, what came back, how long to wait, and where to ask', () => {
  const log = logOf(
    {
      ...{ kind: 'submit', method: 'POST', url: 'https://host/odata/Reports/Generate' },
      ...{ retryAfter: 8000, location: 'https://host/odata/$async/7' },
    },
    { at: at + 8100, status: 200, asyncResult: '201' },
  )
  render(<WireLog log={log} locale="en" />)
  expect(lines()).toEqual([
    ['09:30:05.2', 'POST Reports/Generate', '202 Accepted', '8 sec', '$async/7'],
    ['09:30:13.3', 'GET $async/7', '200 OKAsyncResult 201', '', ''],
  ])
})

it.each<[string, Partial<WireExchange>, string, string | undefined]>([
  ['a 201', { status: 201 }, '201 Created', undefined],
  ['a 204', { status: 204 }, '204 No content', undefined],
  ['another 2xx', { status: 206 }, '206 OK', undefined],
  ['a redirect', { status: 307 }, '307 Redirect', undefined],
  ['a redirect that the browser hides', { status: 0 }, 'Redirect', undefined],
  ['a 401', { status: 401 }, '401 Not signed in', 'negative'],
  ['a 404', { status: 404 }, '404 Not found', 'negative'],
  ['a 405', { status: 405 }, '405 Not allowed', 'negative'],
  ['another 4xx', { status: 422 }, '422 Refused', 'negative'],
  ['a 429', { status: 429 }, '429 Too many requests', 'caution'],
  ['a 503', { status: 503 }, '503 Unavailable', 'caution'],
  ['another 5xx', { status: 500 }, '500 Failed', 'negative'],
  ['no answer', { status: undefined, error: 'fetch failed' }, 'No answerfetch failed', 'negative'],
  ['an answer that is not taken', { status: 307, error: 'Not trusted.' }, '307 RedirectNot trusted.', 'negative'],
])('says of %s what it means in words', (_, change, text, tone) => {
  render(<WireLog log={logOf(change)} locale="en" />)
  expect(lines()[0]?.[2]).toBe(text)
  expect({ ...screen.getAllByRole('row')[1]?.dataset }).toEqual({ kind: 'poll', ...(tone && { tone }) })
})

it.each([
  ['below the service', 'https://host/odata/$async/7', '$async/7'],
  ['elsewhere on its host', 'https://host/jobs/7?key=1', '/jobs/7?key=1'],
  ['on another host', 'https://jobs.example/7', 'https://jobs.example/7'],
  ['on a host whose name only begins like that of the service', 'https://host.example/7', 'https://host.example/7'],
  ['relative, as it was sent', '../jobs/7', '../jobs/7'],
])('shows a URL %s as short as it is clear', (_, location, text) => {
  render(<WireLog log={logOf({ location, url: 'https://host/odata/Rebuild' })} locale="en" />)
  expect(lines()[0]?.[4]).toBe(text)
  expect(screen.getByText(text).title).toBe(location)
})

it('says that nothing was sent', () => {
  render(<WireLog log={createWireLog()} />)
  expect(lines()).toEqual([['Nothing was sent yet.']])
})

it('shows a line as soon as it is written, and none after it was cleared', () => {
  const log = createWireLog()
  render(<WireLog log={log} />)
  act(() => log.onExchange(exchange()))
  act(() => log.onExchange(exchange({ status: 200 })))
  expect(lines().map(([, , answer]) => answer)).toEqual(['202 Accepted', '200 OK'])
  act(() => log.clear())
  expect(lines()).toEqual([['Nothing was sent yet.']])
})

it('shows the requests of one operation, and of the parts of a batch', () => {
  const ids = ['report', 'import', 'import/piece-1', 'import-2', undefined]
  const log = logOf(...ids.map((operationId, index) => ({ operationId, url: `https://host/odata/${index}` })))
  const { rerender } = render(<WireLog log={log} operationId="import" />)
  expect(lines().map(([, request]) => request)).toEqual(['GET 1', 'GET 2'])
  rerender(<WireLog log={log} operationId="unknown" />)
  expect(lines()).toEqual([['Nothing was sent yet.']])
  rerender(<WireLog log={log} />)
  expect(lines()).toHaveLength(5)
})

it('announces nothing', () => {
  const { container } = render(<WireLog log={logOf({ status: 503 })} />)
  expect(container.querySelector('[role=status], [role=alert], [role=log], [aria-live]')).toBeNull()
})

it('speaks in the texts that it is given', () => {
  const messages = { caption: () => 'Anfragen', time: () => 'Zeit', status: () => 'Angenommen' }
  render(<WireLog log={logOf({})} messages={messages} />)
  expect(screen.getByRole('table', { name: 'Anfragen' })).toBeDefined()
  expect(screen.getByRole('columnheader', { name: 'Zeit' })).toBeDefined()
  expect(screen.getByRole('columnheader', { name: 'Request' })).toBeDefined()
  expect(lines()[0]?.[2]).toBe('Angenommen')
})

it('writes times in its locale, else in that of the provider', () => {
  const log = logOf({ retryAfter: 45_000 })
  render(
    <OperationMessagesProvider locale="ar-EG">
      <WireLog log={log} />
      <WireLog log={log} locale="de" />
    </OperationMessagesProvider>,
  )
  const [inArabic, inGerman] = screen.getAllByRole('table').map((table) => within(table).getAllByRole('cell'))
  expect(inArabic?.[0]?.textContent).toBe('٠٩:٣٠:٠٥٫٢')
  expect(inGerman?.[0]?.textContent).toBe('09:30:05,2')
  expect(inGerman?.[3]?.textContent).toBe('45 Sek.')
})

it('passes class, style, attributes and ref to its element', () => {
  const ref = createRef<HTMLElement>()
  render(<WireLog log={createWireLog()} ref={ref} className="mine" style={{ blockSize: 100 }} data-testid="wire" />)
  expect(ref.current).toBe(screen.getByTestId('wire'))
  expect(ref.current?.className).toBe('odata-wire mine')
  expect(ref.current?.style.blockSize).toBe('100px')
})

it('renders on a server without a line, whatever the log of the server knows, and goes on from there', () => {
  const log = logOf({ url: 'https://host/odata/$async/secret' })
  const app = (
    <StrictMode>
      <WireLog log={log} locale="en" />
    </StrictMode>
  )
  const html = renderToString(app)
  expect(html).not.toContain('secret')
  const container = document.createElement('div')
  container.innerHTML = html
  document.body.append(container)
  render(app, { container, hydrate: true })
  expect(lines()).toHaveLength(1)
  expect(screen.getByText('GET $async/secret')).toBeDefined()
  container.remove()
})

describe('the end of the log', () => {
  /** Gives an element the sizes that jsdom has none of: 100 px of view over lines of 20 px. */
  function measured(element: HTMLElement): HTMLElement {
    Object.defineProperties(element, {
      clientHeight: { value: 100 },
      scrollHeight: { get: () => screen.getAllByRole('row').length * 20 },
    })
    return element
  }

  /** The reader scrolls. */
  function scroll(element: HTMLElement, top: number): void {
    act(() => {
      element.scrollTop = top
      element.dispatchEvent(new Event('scroll'))
    })
  }

  function setUp() {
    const log = createWireLog({ limit: 1000 })
    render(<WireLog log={log} />)
    const element = measured(screen.getByRole('region'))
    const write = (count: number) =>
      act(() => {
        for (let index = 0; index < count; index++) log.onExchange(exchange())
      })
    return { element, write }
  }

  it('stays in view as lines come', () => {
    const { element, write } = setUp()
    write(10)
    expect(element.scrollTop).toBe(220)
    write(5)
    expect(element.scrollTop).toBe(320)
  })

  it('is left alone while the reader has scrolled up', () => {
    const { element, write } = setUp()
    write(10)
    scroll(element, 40)
    write(5)
    expect(element.scrollTop).toBe(40)
  })

  it('is followed again when the reader is back, to a few pixels', () => {
    const { element, write } = setUp()
    write(10)
    scroll(element, 40)
    scroll(element, 117)
    write(1)
    expect(element.scrollTop).toBe(240)
  })

  it('calls a handler of the app’s own too', () => {
    const log = createWireLog()
    const seen: string[] = []
    render(<WireLog log={log} onScroll={({ type }) => seen.push(type)} />)
    scroll(screen.getByRole('region'), 0)
    expect(seen).toEqual(['scroll'])
  })
})

it('renders only the line that is new', () => {
  const log = createWireLog({ limit: 10 })
  let calls = 0
  const messages = {
    status: () => {
      calls += 1
      return 'x'
    },
  }
  render(<WireLog log={log} messages={messages} />)
  for (let index = 0; index < 15; index++) act(() => log.onExchange(exchange()))
  expect(lines()).toHaveLength(10)
  expect(calls).toBe(15)
})
