import { useEffect, useRef, useSyncExternalStore } from 'react'
import type { WireEntry, WireLog } from './wireLog.js'

const SENT = ['Prefer']
const ANSWERED = ['Preference-Applied', 'Retry-After', 'AsyncResult', 'Allow', 'Location']

/** The requests and answers as they happen, the newest at the end and in view. */
export function WireList({ wire }: { readonly wire: WireLog }) {
  const entries = useSyncExternalStore(wire.subscribe, wire.getSnapshot)
  const list = useRef<HTMLOListElement>(null)
  useEffect(() => {
    if (entries.length > 0) list.current?.scrollTo({ top: list.current.scrollHeight })
  }, [entries])

  return (
    <aside className="demo-wire" aria-labelledby="demo-wire-title">
      <h2 id="demo-wire-title">On the wire</h2>
      {entries.length === 0 && <p className="demo-muted">Nothing was sent yet.</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <ol ref={list} aria-labelledby="demo-wire-title" tabIndex={0} hidden={entries.length === 0}>
        {entries.map((entry) => (
          <WireItem key={entry.id} entry={entry} />
        ))}
      </ol>
    </aside>
  )
}

/** One line for the request, one for its answer. */
function WireItem({ entry: { method, url, at, sent, answer } }: { readonly entry: WireEntry }) {
  return (
    <li>
      <span className="demo-wire-time">{(at / 1000).toFixed(1)} s</span>
      <b data-testid="method">{method}</b>
      <span className="demo-wire-path" title={url}>
        {new URL(url).pathname.replace('/odata/', '')}
      </span>
      <HeaderList headers={sent} names={SENT} />
      {answer instanceof Error && <b data-testid="status">lost</b>}
      {answer && !(answer instanceof Error) && (
        <>
          <b data-testid="status" data-refused={answer.status >= 400 ? '' : undefined}>
            {answer.status}
          </b>
          <HeaderList headers={answer.headers} names={ANSWERED} />
        </>
      )}
    </li>
  )
}

/** The headers that an asynchronous operation is about. `application/http` is the only content type that matters to it. */
function HeaderList({ headers, names }: { readonly headers: Headers; readonly names: readonly string[] }) {
  const type = headers.get('Content-Type')
  const shown = [
    ...names.map((name) => [name, headers.get(name)] as const),
    ['Content-Type', type?.startsWith('application/http') ? type : null] as const,
  ].filter(([, value]) => value !== null)
  if (shown.length === 0) return null
  return (
    <dl>
      {shown.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd title={value ?? ''}>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
