import { createAsyncStoragePersister } from '@tanstack/query-async-storage-persister'
import { createSyncStoragePersister } from '@tanstack/query-sync-storage-persister'
import { QueryClient } from '@tanstack/react-query'
import { PersistQueryClientProvider } from '@tanstack/react-query-persist-client'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import {
  createODataClient,
  ODataProvider,
  persistOperations,
  useODataAction,
  useODataOperation,
  useODataOperations,
} from 'react-odata-async'
import { behaviourAsHeaders } from '../../service/behaviour.js'
import type { AppOptions } from '../AppOptions.js'
import { indexedDbStorage } from './indexedDbStorage.js'

interface Report {
  readonly ID: string
  readonly Title: string
}

const {
  storage = 'local',
  pauseWhenHidden = false,
  timeout,
  monitorUrl,
  ...behaviour
}: AppOptions = JSON.parse(decodeURIComponent(location.search.slice(1)) || '{}')
const year = { StartDate: '2025-01-01', EndDate: '2025-12-31' }

/** Shows an operation that was started elsewhere. */
function Found({ monitorUrl }: { readonly monitorUrl: string }) {
  const { status, result, error } = useODataOperation<Report>({ monitorUrl })
  return <p role="status">{[status, result?.ID, error?.kind].filter(Boolean).join(' ')}</p>
}

function App() {
  const report = useODataAction<Report, typeof year>({
    action: 'Reports/Reporting.GenerateLargeReport',
    id: 'report',
    headers: behaviourAsHeaders(behaviour),
    timeout,
    onCompleted: ({ ID }) => called(`completed ${ID}`),
    onFailed: ({ kind }) => called(`failed ${kind}`),
    onSettled: ({ status }) => called(`settled ${status}`),
  })
  const operations = useODataOperations()
  const { status, pauseReason = '', result, error, progress } = report
  return (
    <>
      <button type="button" onClick={() => report.start(year)}>
        Start
      </button>
      <button type="button" onClick={() => void report.cancel()}>
        Cancel
      </button>
      <button type="button" onClick={() => void report.checkNow()}>
        Check
      </button>
      <button type="button" onClick={report.reset}>
        Reset
      </button>
      <p role="status">
        {[status, pauseReason, result?.ID, error?.kind, error?.message].filter(Boolean).join(' ')}
        <progress max={100} value={progress.percent ?? 0} />
      </p>
      <ul aria-label="Operations">
        {operations.map((operation) => (
          <li key={operation.id}>{operation.status}</li>
        ))}
      </ul>
    </>
  )
}

const storages = { local: localStorage, session: sessionStorage, indexedDb: indexedDbStorage, none: undefined }
// The default throttle of a second would only make the tests wait.
const persister =
  storage === 'indexedDb'
    ? createAsyncStoragePersister({ storage: indexedDbStorage, throttleTime: 20 })
    : createSyncStoragePersister({ storage: storages[storage], throttleTime: 20 })
globalThis.stored = async () => storages[storage]?.getItem('REACT_QUERY_OFFLINE_CACHE')

const client = createODataClient({ serviceUrl: '/odata/' })
const persistOptions = { persister, ...persistOperations() }

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <PersistQueryClientProvider client={new QueryClient()} persistOptions={persistOptions}>
      <ODataProvider client={client} pauseWhenHidden={pauseWhenHidden}>
        {monitorUrl === undefined ? <App /> : <Found monitorUrl={monitorUrl} />}
      </ODataProvider>
    </PersistQueryClientProvider>
  </StrictMode>,
)
