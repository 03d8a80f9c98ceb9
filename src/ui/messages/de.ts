import { type BatchStanding, batchRemainders, isReadOnly, standingOf } from '../batchCounts.js'
import type { OperationMessages } from '../operationMessages.js'
import { operationPercent } from '../operationPercent.js'
import { operationRuntime } from '../operationRuntime.js'

const itemStates: Record<BatchStanding, string> = {
  waiting: 'Wartet',
  pending: 'In Arbeit',
  succeeded: 'Erledigt',
  failed: 'Fehlgeschlagen',
  notDone: 'Nicht ausgeführt',
  unknown: 'Ungewiss',
}

const inSentence: typeof itemStates = {
  ...itemStates,
  pending: 'noch in Arbeit',
  failed: 'fehlgeschlagen',
  notDone: 'nicht ausgeführt',
  unknown: 'ungewiss',
}

/** For numbers and times. */
export const locale = 'de'

/** The texts in German. */
export const messages: OperationMessages = {
  idle: () => 'Nicht gestartet.',
  pending: () => 'Anfrage wird gesendet\u00a0…',
  running: ({ progress: { message, percent, completed } }) =>
    message || (percent === null && completed === undefined ? 'Wird bearbeitet\u00a0…' : ''),
  connectionLost: () => 'Verbindung unterbrochen. Neuer Versuch\u00a0…',
  serviceUnavailable: () => 'Der Dienst antwortet nicht richtig. Neuer Versuch\u00a0…',
  waitingForSignIn: () => 'Warten auf Anmeldung\u00a0…',
  offline: () => 'Offline. Es geht weiter, sobald Sie wieder online sind.',
  pausedWhileHidden: () => 'Pausiert, solange die Seite nicht sichtbar ist.',
  paused: () => 'Pausiert. Der Dienst arbeitet möglicherweise weiter.',
  cannotCancel: () => 'Dieser Dienst kann nicht abbrechen. Es läuft weiter.',
  cancelFailed: () => 'Konnte nicht abgebrochen werden. Es läuft weiter.',
  cancelling: () => 'Wird abgebrochen\u00a0…',
  cancelled: () => 'Abgebrochen. Bereits Erledigtes bleibt möglicherweise bestehen.',
  // German short units end with a full stop of their own.
  completed: (operation, { duration }) =>
    operationRuntime(operation) < 1000 ? 'Fertig.' : `Fertig nach ${duration(operationRuntime(operation))}`,
  completedAfterCancel: () => 'Fertig, bevor abgebrochen werden konnte.',
  serviceError: ({ error }) => error?.message || 'Der Dienst konnte den Vorgang nicht ausführen.',
  expired: () => 'Das Ergebnis ist nicht mehr verfügbar.',
  timeout: (operation, { duration }) =>
    `Nach ${duration(operationRuntime(operation))} noch kein Ergebnis. Der Dienst arbeitet möglicherweise noch daran.`,
  networkError: () => 'Keine Antwort vom Dienst. Ob der Vorgang gestartet wurde, ist ungewiss.',
  monitorError: () => 'Der Fortschritt lässt sich nicht mehr abrufen. Der Dienst arbeitet möglicherweise noch daran.',
  protocolError: () => 'Die Antwort des Dienstes konnte nicht gelesen werden.',
  configurationError: () => 'Die Anfrage konnte nicht gesendet werden.',
  errorCode: ({ error }) => (error?.code ? `Fehler ${error.code}` : ''),
  percent: (operation, { percent }) => percent(operationPercent(operation) ?? 0),
  itemCount: ({ progress: { completed = 0, total } }, { number }) =>
    total === undefined ? number(completed) : `${number(completed)} von ${number(total)}`,
  failed: ({ error }, { label }) => (error?.kind === 'service' ? `${label} fehlgeschlagen:` : `${label}:`),
  started: () => 'gestartet.',
  announcement: (_, { label }, text) => `${label}: ${text}`,
  elapsed: () => 'Verstrichene Zeit',
  cancel: () => 'Abbrechen',
  retry: () => 'Wiederholen',
  checkNow: () => 'Jetzt prüfen',
  dismiss: () => 'Ausblenden',
  batchSummary: (operation, { number, list, counts }) =>
    `${list([
      `${number(counts.succeeded)} von ${number(counts.total)} ${isReadOnly(operation) ? 'gelesen' : 'gespeichert'}`,
      ...batchRemainders(counts).map((name) => `${number(counts[name])} ${inSentence[name]}`),
    ])}.`,
  failedCount: (_, { number, counts }) => `${number(counts.failed)} fehlgeschlagen`,
  retryFailed: (_, { number, counts: { failed, notDone } }) =>
    `Fehlgeschlagene wiederholen (${number(failed + notDone)})`,
  itemName: ({ label, method }, _, path) => label || `${method} ${path}`,
  itemState: (item) => itemStates[standingOf(item)] ?? '',
  itemReason: ({ outcome, error }) => {
    const said = error?.message ?? ''
    if (outcome === 'failed') return said || 'Der Dienst konnte das nicht ausführen.'
    if (outcome === 'rolled-back') return `Aus dieser Gruppe wurde nichts gespeichert. ${said}`.trim()
    return outcome === 'dependency-failed' ? 'Etwas, das hierfür nötig ist, ist fehlgeschlagen.' : ''
  },
  showAll: (_, { number, counts }) => `Alle ${number(counts.total)} anzeigen`,
  showFewer: () => 'Weniger anzeigen',
  showMore: () => 'Mehr anzeigen',
  busy: (_, { label }) => `${label}\u00a0…`,
  open: () => 'Öffnen',
  trayTitle: () => 'Vorgänge',
  traySummary: ({ active, results, failures }, { number, plural, list }) =>
    [
      'Vorgänge',
      list([
        ...(active ? [`${number(active)} in Arbeit`] : []),
        ...(results
          ? [`${number(results)} ${plural(results, { one: 'neues Ergebnis', other: 'neue Ergebnisse' })}`]
          : []),
        ...(failures ? [`${number(failures)} fehlgeschlagen`] : []),
      ]),
    ]
      .filter(Boolean)
      .join(': '),
  trayEmpty: () => 'Keine Vorgänge.',
  dismissFinished: () => 'Beendete ausblenden',
  cancelAll: () => 'Alle abbrechen',
  cancelAllQuestion: ({ cancellable }, { number, plural }) =>
    `${number(cancellable)} ${plural(cancellable, { one: 'Vorgang', other: 'Vorgänge' })} abbrechen?`,
  keepRunning: () => 'Weiterlaufen lassen',
}
