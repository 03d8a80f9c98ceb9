import { useEffect, useRef, useSyncExternalStore } from 'react'
import type { WireEntry, WireLog } from './wireLog.js'

const SENT = ['Prefer']
const ANSWERED = ['Preference-Applied', 'Location', 'Retry-After', 'AsyncResult', 'Allow']

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

function WireItem({ entry: { method, url, at, sent, answer } }: { readonly entry: WireEntry }) {
  const path = new URL(url).pathname.replace('/odata/', '')
  const isAnswered = answer !== undefined && !(answer instanceof Error)
  const status = isAnswered ? answer.status : undefined
  return (
    <li>
      <span className="demo-wire-time">{(at / 1000).toFixed(1)} s</span>
      <b>{method}</b>
      <span className="demo-wire-path" title={url}>
        {path}
      </span>
      <span className="demo-wire-status" data-failed={status !== undefined && status >= 400 ? '' : undefined}>
        {status ?? (answer ? 'lost' : '…')}
      </span>
      <Headers headers={sent} names={SENT} direction="sent" />
      {isAnswered && <Headers headers={answer.headers} names={ANSWERED} direction="answered" />}
    </li>
  )
}

interface HeadersProps {
  readonly headers: globalThis.Headers
  readonly names: readonly string[]
  readonly direction: 'sent' | 'answered'
}

/** The headers that an asynchronous operation is about. `application/http` is the only content type that matters to it. */
function Headers({ headers, names, direction }: HeadersProps) {
  const type = headers.get('Content-Type')
  const shown = [
    ...names.map((name) => [name, headers.get(name)] as const),
    ['Content-Type', type?.startsWith('application/http') ? type : null] as const,
  ].filter(([, value]) => value !== null)
  if (shown.length === 0) return null
  return (
    <dl data-direction={direction}>
      {shown.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd title={value ?? ''}>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
