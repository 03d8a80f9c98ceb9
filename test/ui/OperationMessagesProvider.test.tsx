import { act, render, screen } from '@testing-library/react'
import { useState } from 'react'
import { renderToString } from 'react-dom/server'
import { expect, it, vi } from 'vitest'
import {
  BatchPanel,
  type MessageProps,
  OperationMessagesProvider,
  OperationPanel,
  OperationProgress,
  OperationStatus,
} from '../../src/ui/index.js'
import * as arabic from '../../src/ui/messages/ar.js'
import * as german from '../../src/ui/messages/de.js'
import { batchItem, rejected, settledBatch } from './batchRecords.js'
import { operationRecord } from './operationRecords.js'

const running = operationRecord({ progress: { percent: null, completed: 1800, total: 2000 } })
const panel = () => screen.getByRole('region').textContent

it('gives its texts and its locale to every component below', () => {
  const batch = settledBatch([batchItem(1, { outcome: 'succeeded' }), batchItem(2, rejected(''))])
  const { container } = render(
    <OperationMessagesProvider {...german}>
      <OperationProgress operation={running} aria-label="Fortschritt" />
      <OperationStatus operation={running} label="Bericht" />
      <OperationPanel operation={operationRecord()} label="Bericht" onCancel={() => {}} />
      <BatchPanel operation={batch} label="Import" onRetryFailed={() => {}} />
    </OperationMessagesProvider>,
  )
  expect(screen.getByRole('progressbar', { name: 'Fortschritt' }).getAttribute('aria-valuetext')).toBe(
    '1.800 von 2.000',
  )
  expect(container.querySelector('.odata-status')?.textContent).toBe('1.800 von 2.000')
  screen.getByRole('button', { name: 'Abbrechen' })
  screen.getByRole('button', { name: 'Fehlgeschlagene wiederholen (1)' })
  expect(screen.getAllByRole('listitem').map(({ textContent }) => textContent)).toEqual([
    'Row 1: Bookcase Erledigt ',
    'Row 2: Office chair Fehlgeschlagen Der Dienst konnte das nicht ausführen.',
  ])
})

it('comes after what a component has of its own, text by text', () => {
  render(
    <OperationMessagesProvider {...german}>
      <OperationPanel
        operation={running}
        label="Bericht"
        onCancel={() => {}}
        onCheckNow={() => {}}
        locale="en"
        messages={{ cancel: () => 'Stoppen' }}
      />
    </OperationMessagesProvider>,
  )
  expect(screen.getAllByRole('button').map(({ textContent }) => textContent)).toEqual(['Jetzt prüfen', 'Stoppen'])
  expect(panel()).toContain('1,800 von 2,000')
})

it('comes after one further inside, text by text', () => {
  render(
    <OperationMessagesProvider {...german}>
      <OperationMessagesProvider locale="en" messages={{ cancel: () => 'Stoppen' }}>
        <OperationPanel operation={running} label="Bericht" onCancel={() => {}} onCheckNow={() => {}} />
      </OperationMessagesProvider>
    </OperationMessagesProvider>,
  )
  expect(screen.getAllByRole('button').map(({ textContent }) => textContent)).toEqual(['Jetzt prüfen', 'Stoppen'])
  expect(panel()).toContain('1,800 von 2,000')
})

it('changes the language of what is shown', () => {
  let change: (language: MessageProps) => void = () => {}
  function App() {
    const [language, setLanguage] = useState<MessageProps>(german)
    change = setLanguage
    return (
      <OperationMessagesProvider {...language} locale={language === german ? 'de' : 'ar-EG'}>
        <BatchPanel operation={settledBatch([batchItem(1, { outcome: 'succeeded' })])} label="L" />
      </OperationMessagesProvider>
    )
  }
  render(<App />)
  expect(panel()).toContain('1 von 1 gespeichert.')
  expect(screen.getByRole('listitem').textContent).toContain('Erledigt')
  act(() => change(arabic))
  expect(panel()).toContain('تم حفظ عنصر واحد من أصل ١.')
  expect(screen.getByRole('listitem').textContent).toContain('تم')
})

it('renders no line of a batch anew for a change that is not its own', () => {
  const itemState = vi.fn(() => 'Fertig')
  const messages = { itemState }
  const items = [batchItem(1, { outcome: 'succeeded' }), batchItem(2)]
  const app = (second: 'waiting' | 'succeeded') => (
    <OperationMessagesProvider {...german}>
      <BatchPanel
        operation={settledBatch(items)}
        items={[items[0]!, { ...items[1]!, outcome: second }]}
        label="L"
        messages={messages}
      />
    </OperationMessagesProvider>
  )
  const { rerender } = render(app('waiting'))
  itemState.mockClear()
  rerender(app('succeeded'))
  expect(itemState).toHaveBeenCalledTimes(1)
})

it('is rendered on a server in its language', () => {
  const html = renderToString(
    <OperationMessagesProvider {...german}>
      <OperationPanel operation={running} label="Bericht" />
    </OperationMessagesProvider>,
  )
  expect(html).toContain('1.800 von 2.000')
})
