import { QueryClient } from '@tanstack/react-query'
import { vi } from 'vitest'
import type { OperationRecord } from '../../src/core/index.js'
import { odataOperationKey } from '../../src/react/odataOperationKey.js'
import { openTabs, type TabMessage, type Tabs } from '../../src/react/openTabs.js'
import { Reporter } from './Reporter.js'
import { renderApp } from './renderApp.js'
import { MONITOR, SERVICE } from './scriptedClient.js'

/** When the tests of tabs begin. */
export const START = Date.UTC(2026, 9, 5)

/** An operation that was sent a second ago. */
export const pending: OperationRecord = {
  id: 'a',
  revision: 0,
  kind: 'action',
  method: 'POST',
  url: `${SERVICE}Rebuild`,
  monitor: 'odata',
  status: 'pending',
  canCancel: true,
  progress: { percent: null },
  submittedAt: START - 1_000,
  pollCount: 0,
  pollFailures: 0,
}
/** The same after its first answer; the next poll is due in five seconds. */
export const running: OperationRecord = {
  ...pending,
  revision: 1,
  status: 'running',
  isAsync: true,
  monitorUrl: MONITOR,
  nextPollAt: START + 5_000,
}
/** The same at its end, as only another tab can know it. */
export const completed: OperationRecord = {
  ...running,
  revision: 2,
  status: 'completed',
  nextPollAt: undefined,
  settledAt: START,
  result: { Title: 'From the other tab' },
}

/** Another tab, played by the test. */
export interface OtherTab extends Tabs {
  /** What it heard. */
  readonly heard: TabMessage[]
  /** The types of that. */
  types(): TabMessage['type'][]
}

/** Opens another tab of the service of {@link renderApp}. */
export function openOtherTab(): OtherTab {
  const heard: TabMessage[] = []
  const tabs = openTabs(SERVICE, (message) => heard.push(message))
  return { ...tabs, heard, types: () => heard.map(({ type }) => type) }
}

/** Renders a page that finds a record in its storage. */
export function renderFound(record: OperationRecord, answers: readonly string[] = []) {
  const queryClient = new QueryClient()
  queryClient.setQueryData(odataOperationKey(record.id), record)
  const onSettled = vi.fn()
  return { ...renderApp(<Reporter id="a" onSettled={onSettled} />, { answers, queryClient, strict: true }), onSettled }
}
