import { render, screen } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import type { BatchItemData } from '../../src/core/batch/BatchItem.js'
import type { ODataErrorKind } from '../../src/core/errors.js'
import type { OperationRecord } from '../../src/core/operation.js'
import { batchCounts } from '../../src/ui/batchCounts.js'
import { BatchPanel, type MessageContext, type OperationMessages, OperationPanel } from '../../src/ui/index.js'
import * as ar from '../../src/ui/messages/ar.js'
import * as de from '../../src/ui/messages/de.js'
import * as en from '../../src/ui/messages/en.js'
import * as es from '../../src/ui/messages/es.js'
import * as fr from '../../src/ui/messages/fr.js'
import * as ja from '../../src/ui/messages/ja.js'
import { operationFormat } from '../../src/ui/operationFormat.js'
import type { TrayCounts } from '../../src/ui/trayCounts.js'
import { batchItem, batchItems, batchRecord, rejected, settledBatch } from './batchRecords.js'
import { failedRecord, operationRecord, settledRecord, submittedAt } from './operationRecords.js'

const languages = { en, de, es, fr, ja, ar }
type Language = keyof typeof languages
const others = ['de', 'es', 'fr', 'ja', 'ar'] as const

const outcomes: BatchItemData['outcome'][] = [
  'waiting',
  'succeeded',
  'failed',
  'rolled-back',
  'dependency-failed',
  'not-executed',
  'pending',
  'lost',
]
const kinds: ODataErrorKind[] = [
  'configuration',
  'service',
  'monitor',
  'expired',
  'timeout',
  'protocol',
  'network',
  'cancelled',
]

/** A batch of which so many requests failed, out of 200. */
const withFailures = (failed: number) =>
  settledBatch(
    batchItems(
      200,
      200,
      Object.fromEntries(Array.from({ length: failed }, (_, index) => [index + 1, rejected('Price is wrong.')])),
    ),
  )

const records: [string, OperationRecord][] = [
  ['pending', operationRecord({ status: 'pending' })],
  ['of which nothing is known', operationRecord()],
  ['with a percentage', operationRecord({ progress: { percent: 42 } })],
  ['with a count', operationRecord({ progress: { percent: null, completed: 7 } })],
  ['with a count of so many', operationRecord({ progress: { percent: 90, completed: 1800, total: 2000 } })],
  ['with a step', operationRecord({ progress: { percent: null, message: '42' } })],
  ['done at once', settledRecord({ status: 'completed', settledAt: submittedAt + 300 })],
  ['done', settledRecord({ status: 'completed' })],
  ['cancelled', settledRecord({ status: 'cancelled' })],
  ...kinds.map((kind): [string, OperationRecord] => [
    `failed (${kind})`,
    failedRecord({ kind, message: '', code: 'E7' }),
  ]),
  ['that is a batch under way', batchRecord(batchItems(200, 40, { 3: rejected('Price is wrong.') }))],
  ...[0, 1, 2, 3, 11, 100, 200].map((failed): [string, OperationRecord] => [
    `that is a batch with ${failed} failures`,
    withFailures(failed),
  ]),
  ['that is a batch of reads', settledBatch([batchItem(1, { method: 'GET', outcome: 'succeeded' })])],
  ['that is a batch with every outcome', settledBatch(outcomes.map((outcome, row) => batchItem(row, { outcome })))],
]

const contextOf = (operation: OperationRecord | undefined, locale: string): MessageContext => ({
  ...operationFormat(locale),
  label: 'L',
  counts: batchCounts(operation),
})

const inTray: TrayCounts = { active: 2, results: 1, failures: 11, cancellable: 3, finished: 100 }

/** Every text of an operation in one language, by the name of its message. */
function textsOf(operation: OperationRecord, { messages, locale }: { messages: OperationMessages; locale: string }) {
  const { idle, announcement, itemName, itemState, itemReason, ...rest } = messages
  const context = contextOf(operation, locale)
  const items = operation.batch?.items ?? []
  return {
    idle: idle(undefined, contextOf(undefined, locale)),
    announcement: announcement(operation, context, '42'),
    ...Object.fromEntries(
      Object.entries(rest).map(([name, message]) => [name, message({ ...operation, ...inTray }, context)]),
    ),
    ...Object.fromEntries(
      items.slice(0, 10).flatMap((item, index) => [
        [`itemName ${index}`, itemName(item, context, 'Products')],
        [`itemState ${index}`, itemState(item, context)],
        [`itemReason ${index}`, itemReason({ ...item, error: undefined }, context)],
      ]),
    ),
  }
}

const batchSummary = (language: Language, operation: OperationRecord, locale: string = language) =>
  languages[language].messages.batchSummary(operation, contextOf(operation, locale))

describe.each(others)('%s', (language) => {
  const theirs = languages[language]

  it('has its language as its locale', () => {
    expect(theirs.locale).toBe(language)
  })

  it('has exactly the messages of English', () => {
    expect(Object.keys(theirs.messages).sort()).toEqual(Object.keys(en.messages).sort())
  })

  it.each(records)('says something where English does of an operation %s, and only there', (_, operation) => {
    const empty = (texts: Record<string, string>) => Object.keys(texts).filter((name) => texts[name] === '')
    expect(empty(textsOf(operation, theirs))).toEqual(empty(textsOf(operation, en)))
  })

  it.each(records)('has words of its own for all that is words in English of an operation %s', (_, operation) => {
    const english: Record<string, string> = textsOf(operation, en)
    const same = Object.entries(textsOf(operation, theirs)).filter(
      ([name, text]) => text === english[name] && /\p{L}{2,}/u.test(text) && !name.startsWith('itemName'),
    )
    // Spanish says "Error", too.
    expect(same.filter(([name]) => !(language === 'es' && name === 'errorCode'))).toEqual([])
  })

  it.each(records)(
    'has neither undefined nor double punctuation in what it says of an operation %s',
    (_, operation) => {
      for (const text of Object.values(textsOf(operation, theirs))) {
        expect(text).not.toMatch(/undefined|NaN|null|\[object|[.。][.。]|\s{2}|^\s|\s$|[!！¡]/)
      }
    },
  )

  it('puts its words and numbers into a panel', () => {
    const operation = withFailures(3)
    render(<BatchPanel {...theirs} label="L" operation={operation} onRetryFailed={() => {}} onDismiss={() => {}} />)
    const panel = screen.getByRole('region')
    expect(panel.textContent).toContain(batchSummary(language, operation))
    expect(panel.textContent).not.toMatch(/saved|failed|Retry|Dismiss|Show/)
  })
})

it.each<[Language, number, string]>([
  ['en', 0, '200 of 200 saved.'],
  ['en', 3, '197 of 200 saved, 3 failed.'],
  ['de', 3, '197 von 200 gespeichert, 3 fehlgeschlagen.'],
  ['es', 3, '197 de 200 guardados y 3 con error.'],
  ['es', 199, '1 de 200 guardado y 199 con error.'],
  ['es', 200, '0 de 200 guardados y 200 con error.'],
  ['fr', 3, '197 sur 200 enregistrés et 3 en échec.'],
  ['fr', 199, '1 sur 200 enregistré et 199 en échec.'],
  ['fr', 200, '0 sur 200 enregistré et 200 en échec.'],
  ['ja', 3, '200 件中 197 件を保存、失敗 3 件。'],
  ['ar', 0, 'تم حفظ 200 عنصر من أصل 200.'],
  ['ar', 1, 'تم حفظ 199 عنصرًا من أصل 200 وفشل عنصر واحد.'],
  ['ar', 2, 'تم حفظ 198 عنصرًا من أصل 200 وفشل عنصرين.'],
  ['ar', 3, 'تم حفظ 197 عنصرًا من أصل 200 وفشل 3 عناصر.'],
  ['ar', 11, 'تم حفظ 189 عنصرًا من أصل 200 وفشل 11 عنصرًا.'],
  ['ar', 100, 'تم حفظ 100 عنصر من أصل 200 وفشل 100 عنصر.'],
  ['ar', 200, 'تم حفظ 0 عنصر من أصل 200 وفشل 200 عنصر.'],
])('%s: of 200 saves with %i failures says "%s"', (language, failed, text) => {
  // Which digits `ar` has is up to the browser.
  expect(batchSummary(language, withFailures(failed), `${language}-u-nu-latn`)).toBe(text)
})

it('uses the plurals of French for each count of a summary', () => {
  const outcome = (...names: BatchItemData['outcome'][]) =>
    batchSummary('fr', settledBatch(names.map((name, row) => batchItem(row, { method: 'GET', outcome: name }))))
  expect(outcome('succeeded', 'lost', 'not-executed')).toBe('1 sur 3 lu, 1 non effectué et 1 incertain.')
  expect(outcome('succeeded', 'succeeded', 'lost', 'lost', 'not-executed', 'not-executed')).toBe(
    '2 sur 6 lus, 2 non effectués et 2 incertains.',
  )
})

it.each<[Language, string, string, string, string]>([
  ['en', 'en', '90%', '1,800 of 2,000', 'Done in 2 min 14 sec.'],
  ['de', 'de', '90 %', '1.800 von 2.000', 'Fertig nach 2 Min., 14 Sek.'],
  ['es', 'es', '90 %', '1800 de 2000', 'Listo en 2 min 14 s.'],
  ['es', 'es-MX', '90%', '1,800 de 2,000', 'Listo en 2 min 14 s.'],
  ['fr', 'fr', '90 %', '1 800 sur 2 000', 'Terminé en 2 min 14 s.'],
  ['ja', 'ja', '90%', '2,000 件中 1,800 件', '完了しました（2分14秒）。'],
  ['ar', 'ar-u-nu-latn', '90%', '1,800 من 2,000', 'اكتملت العملية خلال 2 د و14 ث.'],
  ['ar', 'ar-EG', '٩٠٪', '١٬٨٠٠ من ٢٬٠٠٠', 'اكتملت العملية خلال ٢ د و١٤ ث.'],
])('%s has the numbers, percentages and times of %s', (language, locale, percent, count, done) => {
  const { messages } = languages[language]
  const running = operationRecord({ progress: { percent: 90, completed: 1800, total: 2000 } })
  const completed = settledRecord({ status: 'completed' })
  const texts = [
    messages.percent(running, contextOf(running, locale)),
    messages.itemCount(running, contextOf(running, locale)),
    messages.completed(completed, contextOf(completed, locale)),
  ]
  // Which of its spaces and marks of direction Unicode uses where changes from version to version.
  expect(texts.map((text) => text.replace(/[\u200e\u061c]/g, '').replace(/\s/g, ' '))).toEqual([percent, count, done])
})

it('shows the words of the service as they are', () => {
  const error = { kind: 'service', message: 'No closed periods.', code: 'NO_PERIOD' } as const
  render(<OperationPanel {...de} label="Jahresbericht" operation={failedRecord(error)} />)
  expect(screen.getByRole('alert').textContent).toBe(
    'Jahresbericht fehlgeschlagen: No closed periods. Fehler NO_PERIOD',
  )
})
