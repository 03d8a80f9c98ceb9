import type { OperationRecord } from '../core/operation.js'
import { operationIdentity } from '../core/operationIdentity.js'

/** ms that other tabs have to say what they know, before this one polls in their place or gives an operation up. */
export const ANSWER_TIME = 300

/** What tabs tell each other of an operation, `record` being the sender's newest. */
export interface TabMessage {
  /**
   * - `told`: this is what I know now.
   * - `asked`: who knows more?
   * - `due`: whoever leads, poll if it is time; my clock runs, yours may be slowed down.
   * - `urgent`: whoever leads, poll now.
   */
  readonly type: 'told' | 'asked' | 'due' | 'urgent'
  readonly record: OperationRecord
}

/** The tabs of one origin that watch operations of one service. */
export interface Tabs {
  /** False when the browser has no Web Locks or no channel: then each tab is on its own. */
  readonly areShared: boolean
  /** Calls `onLead` as soon as this tab is the one that asks the service for the operation. Returns the function that gives that up. */
  lead(record: OperationRecord, onLead: () => void): () => void
  /** Tells the other tabs. */
  send(type: TabMessage['type'], record: OperationRecord): void
  /** No more is told or heard. */
  close(): void
}

const alone: Tabs = {
  areShared: false,
  lead(_, onLead) {
    onLead()
    return () => {}
  },
  send() {},
  close() {},
}

/** Opens the channel to the other tabs that have the same `scope`. One of them leads for each operation, by a Web Lock: a tab that is closed loses it. */
export function openTabs(scope: string, onMessage: (message: TabMessage) => void): Tabs {
  const name = `react-odata-async ${scope}`
  const { locks } = (globalThis.navigator ?? {}) as Partial<Navigator>
  const channel = locks && openChannel(name)
  if (!channel) return alone
  channel.onmessage = ({ data }) => onMessage(data)
  return {
    areShared: true,
    lead(record, onLead) {
      const abort = new AbortController()
      let release = () => {}
      const hold = async () => {
        if (abort.signal.aborted) return
        const released = new Promise<void>((resolve) => {
          release = resolve
        })
        onLead()
        await released
      }
      locks.request(`${name} ${operationIdentity(record)}`, { signal: abort.signal }, hold).catch(() => {
        // Where locks are forbidden each tab leads.
        if (!abort.signal.aborted) onLead()
      })
      return () => {
        abort.abort()
        release()
      }
    },
    send(type, record) {
      try {
        channel.postMessage({ type, record } satisfies TabMessage)
      } catch {
        // A result that cannot be copied stays in the tab that got it.
      }
    },
    close: () => channel.close(),
  }
}

function openChannel(name: string): BroadcastChannel | undefined {
  try {
    return new BroadcastChannel(name)
  } catch {
    return undefined
  }
}
