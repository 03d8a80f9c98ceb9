import type { BehaviourOptions } from '../service/behaviour.js'

/** What the app is told by its address. */
export interface AppOptions extends BehaviourOptions {
  /** Where the cache is stored. @default 'local' */
  readonly storage?: 'local' | 'session' | 'indexedDb' | 'none'
  /** Watches the operation of this monitor instead of starting one. */
  readonly monitorUrl?: string
  readonly pauseWhenHidden?: boolean
  /** ms */
  readonly timeout?: number
}

declare global {
  /** The app tells the test of each callback: `completed R-1`, `failed network`, `settled cancelled`. */
  var called: (what: string) => void
  /** What the app's storage holds. */
  var stored: () => Promise<string | null | undefined>
  /** Hides the page, or shows it again. */
  var hide: (isHidden: boolean) => void
}
