import '../../src/ui/styles.css'
import type { Meta, StoryObj } from '@storybook/react-vite'
import type { CSSProperties } from 'react'
import { expect, fn, within } from 'storybook/test'
import type { OperationRecord } from '../../src/core/operation.js'
import { BatchPanel, type MessageProps, OperationMessagesProvider, OperationPanel } from '../../src/ui/index.js'
import * as arabic from '../../src/ui/messages/ar.js'
import * as german from '../../src/ui/messages/de.js'
import * as english from '../../src/ui/messages/en.js'
import * as spanish from '../../src/ui/messages/es.js'
import * as french from '../../src/ui/messages/fr.js'
import * as japanese from '../../src/ui/messages/ja.js'
import { batchItem, rejected, settledBatch } from '../../test/ui/batchRecords.js'
import { operationStates, type Report } from './operationStates.js'

interface LanguageProps {
  /** Texts and locale: a module of `react-odata-async/messages`. */
  readonly language: MessageProps
  /** Language of the page. */
  readonly lang: string
  readonly dir?: 'ltr' | 'rtl'
  /** What the app and its service say. */
  readonly report: string
  readonly step: string
  readonly error: string
  readonly upload: string
  readonly row: string
  readonly width?: CSSProperties['maxInlineSize']
}

/** The words of the service in the language of the page. */
function translated(operation: OperationRecord<Report> | undefined, step: string, message: string) {
  if (!operation) return operation
  const { progress, error } = operation
  return {
    ...operation,
    progress: progress.message ? { ...progress, message: step } : progress,
    error: error && { ...error, message },
  }
}

/** Names the `index`-th of them. */
const numbered = (name: string, index: number, locale: string | undefined) =>
  `${name} ${new Intl.NumberFormat(locale).format(index + 1)}`

function Language({ language, lang, dir, report, step, error, upload, row, width = '34rem' }: LanguageProps) {
  const items = Array.from({ length: 12 }, (_, index) =>
    batchItem(index + 1, { label: numbered(row, index, language.locale) }),
  ).map((item, index) => ({ ...item, outcome: index < 9 ? ('succeeded' as const) : ('lost' as const) }))
  const batch = items.map((item, index) => (index < 3 ? { ...item, ...rejected(error) } : item))
  const actions = { onCancel: fn(), onRetry: fn(), onRetryFailed: fn(), onCheckNow: fn(), onDismiss: fn() }
  return (
    <OperationMessagesProvider {...language}>
      <div
        lang={lang}
        dir={dir}
        style={{ display: 'grid', gap: 16, maxInlineSize: width, fontFamily: 'system-ui, sans-serif' }}
      >
        <BatchPanel {...actions} label={upload} operation={settledBatch(batch)} />
        {Object.entries(operationStates).map(([name, operation], index) => (
          <OperationPanel<Report>
            key={name}
            {...actions}
            label={numbered(report, index, language.locale)}
            operation={translated(operation, step, error)}
            renderResult={({ Url, Name }) => <a href={Url}>{Name}</a>}
          />
        ))}
      </div>
    </OperationMessagesProvider>
  )
}

/**
 * All that the components say, in each language. `import * as german from 'react-odata-async/messages/de'` has the texts and the
 * locale, and `<OperationMessagesProvider {...german}>` gives them to the app.
 */
const meta = {
  title: 'Components/Languages',
  component: Language,
  tags: ['autodocs'],
  parameters: { controls: { disable: true } },
  play: async ({ canvas, args }) => {
    const panels = canvas.getAllByRole('region')
    await expect(panels.filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)).toEqual([])
    const [, ...reports] = panels
    const barTops = reports.map((panel) => {
      const bar = within(panel).getByRole('progressbar').getBoundingClientRect()
      return bar.top - panel.getBoundingClientRect().top
    })
    await expect(new Set(barTops).size).toBe(1)
    // What the stories of English have is found in no other language.
    const english = /\b(Cancel|Retry|Check now|Dismiss|saved|Working|Done)\b/
    const text = panels.map(({ textContent }) => textContent).join('\n')
    await expect(english.test(text)).toBe(args.lang === 'en')
  },
} satisfies Meta<typeof Language>

export default meta
type Story = StoryObj<typeof meta>

export const English: Story = {
  args: {
    language: english,
    lang: 'en',
    report: 'Annual report',
    step: 'Rendering pages',
    error: 'The fiscal year 2026 has no closed periods, so there is nothing to report on.',
    upload: 'Import',
    row: 'Row',
  },
}

export const German: Story = {
  args: {
    language: german,
    lang: 'de',
    report: 'Jahresbericht',
    step: 'Seiten werden erstellt',
    error: 'Das Geschäftsjahr 2026 hat noch keine abgeschlossenen Perioden, über die zu berichten wäre.',
    upload: 'Import',
    row: 'Zeile',
  },
}

/** A phone, and words as long as they get. */
export const GermanAt320: Story = {
  name: 'German at 320 px',
  args: {
    ...German.args,
    language: german,
    lang: 'de',
    report: 'Lieferantenstammdatenübernahme aus dem Bestandsführungssystem',
    step: 'Umsatzsteueridentifikationsnummern werden abgeglichen',
    error: 'Die Umsatzsteueridentifikationsnummer stimmt nicht mit dem Länderkennzeichen überein.',
    upload: 'Lieferantenrahmenvereinbarungen',
    row: 'Lieferantenrahmenvereinbarungsposition',
    // With the padding of the page that makes 320.
    width: 272,
  },
}

export const Spanish: Story = {
  args: {
    language: spanish,
    lang: 'es',
    report: 'Informe anual',
    step: 'Generando páginas',
    error: 'El ejercicio 2026 no tiene periodos cerrados, por lo que no hay nada que informar.',
    upload: 'Importación',
    row: 'Fila',
  },
}

export const French: Story = {
  args: {
    language: french,
    lang: 'fr',
    report: 'Rapport annuel',
    step: 'Création des pages',
    error: 'L’exercice 2026 n’a aucune période clôturée\u00a0: il n’y a rien à présenter.',
    upload: 'Importation',
    row: 'Ligne',
  },
}

export const Japanese: Story = {
  args: {
    language: japanese,
    lang: 'ja',
    report: '年次レポート',
    step: 'ページを作成しています',
    error: '2026 年度には締め済みの期間がないため、レポートの対象がありません。',
    upload: 'インポート',
    row: '行',
  },
}

/** From right to left, with Arabic-Indic digits. */
export const Arabic: Story = {
  args: {
    language: { ...arabic, locale: 'ar-EG' },
    lang: 'ar',
    dir: 'rtl',
    report: 'التقرير السنوي',
    step: 'إنشاء الصفحات',
    error: 'لا توجد فترات مغلقة في السنة المالية ٢٠٢٦، فليس هناك ما يُعرض في التقرير.',
    upload: 'استيراد المنتجات',
    row: 'الصف',
  },
}

/** The same on a phone. */
export const ArabicAt320: Story = {
  name: 'Arabic at 320 px',
  args: { ...Arabic.args, language: { ...arabic, locale: 'ar-EG' }, width: 272 } as LanguageProps,
}
