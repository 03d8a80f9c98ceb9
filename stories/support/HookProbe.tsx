import './demo.css'

interface HookProbeProps {
  /** The hook, as it is written in code. */
  readonly hook: string
  /** What it returns. Its functions become buttons, unless they are in `verbs`. */
  readonly value: object
  /** Functions that need arguments, bound to them. */
  readonly verbs?: Readonly<Record<string, () => unknown>>
}

/** Shows what a hook returns: its functions as buttons, everything else as JSON. */
export function HookProbe({ hook, value, verbs = {} }: HookProbeProps) {
  const buttons = Object.entries({ ...value, ...verbs }).filter(([, member]) => typeof member === 'function')
  return (
    <section className="demo-probe" aria-label={hook}>
      {buttons.length > 0 && (
        <div className="demo-probe-verbs">
          {buttons.map(([name, verb]) => (
            <button key={name} type="button" onClick={() => void verb()}>
              {name}
            </button>
          ))}
        </div>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <pre tabIndex={0}>{inspect(value)}</pre>
    </section>
  )
}

const MISSING = '\u0000'

/** JSON that also tells what is `undefined`, and what an error says. */
function inspect(value: object): string {
  const readable = (_: string, member: unknown) => {
    // An error holds the record, which is shown already.
    if (member instanceof Error) return { ...member, name: member.name, message: member.message, record: {} }
    return member === undefined ? MISSING : member
  }
  return JSON.stringify(value, readable, 2).replaceAll(JSON.stringify(MISSING), 'undefined')
}
