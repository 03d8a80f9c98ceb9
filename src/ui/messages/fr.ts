import { type BatchStanding, batchRemainders, isReadOnly, standingOf } from '../batchCounts.js'
import type { OperationMessages } from '../operationMessages.js'
import { operationPercent } from '../operationPercent.js'
import { operationRuntime } from '../operationRuntime.js'

const itemStates: Record<BatchStanding, string> = {
  waiting: 'En attente',
  pending: 'Encore en cours',
  succeeded: 'Terminé',
  failed: 'Échec',
  notDone: 'Non effectué',
  unknown: 'Incertain',
}

/** For numbers and times. */
export const locale = 'fr'

/** The texts in French. */
export const messages: OperationMessages = {
  idle: () => 'Pas encore lancé.',
  pending: () => 'Envoi de la demande…',
  running: ({ progress: { message, percent, completed } }) =>
    message || (percent === null && completed === undefined ? 'En cours…' : ''),
  connectionLost: () => 'Connexion interrompue. Nouvel essai…',
  serviceUnavailable: () => 'Le service répond mal. Nouvel essai…',
  waitingForSignIn: () => 'En attente de votre identification…',
  offline: () => 'Hors ligne. Reprise dès que vous serez de nouveau en ligne.',
  pausedWhileHidden: () => 'En pause tant que la page est masquée.',
  paused: () => 'En pause. Le service continue peut-être.',
  cannotCancel: () => 'Ce service ne peut pas annuler l’opération. Elle continue.',
  cancelFailed: () => 'L’annulation n’a pas abouti. L’opération continue.',
  cancelling: () => 'Annulation en cours…',
  cancelled: () => 'Opération annulée. Ce qui est déjà fait peut subsister.',
  completed: (operation, { duration }) =>
    operationRuntime(operation) < 1000 ? 'Terminé.' : `Terminé en ${duration(operationRuntime(operation))}.`,
  completedAfterCancel: () => 'Terminé avant d’avoir pu être annulé.',
  serviceError: ({ error }) => error?.message || 'Le service n’a pas pu effectuer l’opération.',
  expired: () => 'Le résultat n’est plus disponible.',
  timeout: (operation, { duration }) =>
    `Aucun résultat après ${duration(operationRuntime(operation))}. Le service y travaille peut-être encore.`,
  networkError: () => 'Aucune réponse du service. On ne sait pas si l’opération a démarré.',
  monitorError: () => 'La progression n’est plus consultable. Le service y travaille peut-être encore.',
  protocolError: () => 'La réponse du service n’a pas pu être lue.',
  configurationError: () => 'La demande n’a pas pu être envoyée.',
  errorCode: ({ error }) => (error?.code ? `Erreur ${error.code}` : ''),
  percent: (operation, { percent }) => percent(operationPercent(operation) ?? 0),
  itemCount: ({ progress: { completed = 0, total } }, { number }) =>
    total === undefined ? number(completed) : `${number(completed)} sur ${number(total)}`,
  failed: ({ error }, { label }) => (error?.kind === 'service' ? `${label}, échec\u00a0:` : `${label}\u00a0:`),
  started: () => 'démarrage.',
  announcement: (_, { label }, text) => `${label}\u00a0: ${text}`,
  elapsed: () => 'Temps écoulé',
  cancel: () => 'Annuler',
  retry: () => 'Réessayer',
  checkNow: () => 'Vérifier maintenant',
  dismiss: () => 'Fermer',
  batchSummary: (operation, { number, list, plural, counts }) => {
    const { succeeded, notDone, unknown } = counts
    const done = isReadOnly(operation)
      ? plural(succeeded, { one: 'lu', other: 'lus' })
      : plural(succeeded, { one: 'enregistré', other: 'enregistrés' })
    const words = {
      failed: 'en échec',
      notDone: plural(notDone, { one: 'non effectué', other: 'non effectués' }),
      unknown: plural(unknown, { one: 'incertain', other: 'incertains' }),
      pending: 'encore en cours',
    }
    return `${list([
      `${number(succeeded)} sur ${number(counts.total)} ${done}`,
      ...batchRemainders(counts).map((name) => `${number(counts[name])} ${words[name]}`),
    ])}.`
  },
  failedCount: (_, { number, counts }) => `${number(counts.failed)} en échec`,
  retryFailed: (_, { number, counts: { failed, notDone } }) => `Réessayer les échecs (${number(failed + notDone)})`,
  itemName: ({ label, method }, _, path) => label || `${method} ${path}`,
  itemState: (item) => itemStates[standingOf(item)] ?? '',
  itemReason: ({ outcome, error }) => {
    const said = error?.message ?? ''
    if (outcome === 'failed') return said || 'Le service n’a pas pu le faire.'
    if (outcome === 'rolled-back') return `Rien de son groupe n’a été enregistré. ${said}`.trim()
    return outcome === 'dependency-failed' ? 'Un élément dont il dépend a échoué.' : ''
  },
  showAll: (_, { number, counts }) => `Tout afficher (${number(counts.total)})`,
  showFewer: () => 'Afficher moins',
  showMore: () => 'Afficher plus',
  busy: (_, { label }) => `${label}…`,
  open: () => 'Ouvrir',
  trayTitle: () => 'Opérations',
  traySummary: ({ active, results, failures }, { number, plural, list }) =>
    [
      'Opérations',
      list([
        ...(active ? [`${number(active)} en cours`] : []),
        ...(results
          ? [`${number(results)} ${plural(results, { one: 'nouveau résultat', other: 'nouveaux résultats' })}`]
          : []),
        ...(failures ? [`${number(failures)} en échec`] : []),
      ]),
    ]
      .filter(Boolean)
      .join('\u00a0: '),
  trayEmpty: () => 'Aucune opération.',
  dismissFinished: () => 'Fermer les terminées',
  cancelAll: () => 'Tout annuler',
  cancelAllQuestion: ({ cancellable }, { number, plural }) =>
    `Annuler ${number(cancellable)} ${plural(cancellable, { one: 'opération', other: 'opérations' })}\u00a0?`,
  keepRunning: () => 'Laisser continuer',
}
