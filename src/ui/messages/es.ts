import { type BatchRemainder, type BatchStanding, batchRemainders, isReadOnly, standingOf } from '../batchCounts.js'
import type { OperationMessages } from '../operationMessages.js'
import { operationPercent } from '../operationPercent.js'
import { operationRuntime } from '../operationRuntime.js'

const itemStates: Record<BatchStanding, string> = {
  waiting: 'En espera',
  pending: 'Aún en curso',
  succeeded: 'Hecho',
  failed: 'Con error',
  notDone: 'Sin realizar',
  unknown: 'Sin confirmar',
}

// The same for one and for many.
const inSentence: Record<BatchRemainder, string> = {
  pending: 'aún en curso',
  failed: 'con error',
  notDone: 'sin realizar',
  unknown: 'sin confirmar',
}

/** For numbers and times. */
export const locale = 'es'

/** The texts in Spanish. */
export const messages: OperationMessages = {
  idle: () => 'Sin iniciar.',
  pending: () => 'Enviando la solicitud…',
  running: ({ progress: { message, percent, completed } }) =>
    message || (percent === null && completed === undefined ? 'En curso…' : ''),
  connectionLost: () => 'Se perdió la conexión. Volviendo a intentarlo…',
  serviceUnavailable: () => 'El servicio no responde como debería. Volviendo a intentarlo…',
  waitingForSignIn: () => 'Esperando el inicio de sesión…',
  offline: () => 'Sin conexión. Continuará cuando vuelva la conexión.',
  pausedWhileHidden: () => 'En pausa mientras la página no está a la vista.',
  paused: () => 'En pausa. Es posible que el servicio continúe.',
  cannotCancel: () => 'Este servicio no puede cancelar la operación. Sigue en curso.',
  cancelFailed: () => 'No se pudo cancelar. La operación sigue en curso.',
  cancelling: () => 'Cancelando…',
  cancelled: () => 'Operación cancelada. Es posible que lo ya hecho se conserve.',
  completed: (operation, { duration }) =>
    operationRuntime(operation) < 1000 ? 'Listo.' : `Listo en ${duration(operationRuntime(operation))}.`,
  completedAfterCancel: () => 'Terminó antes de que se pudiera cancelar.',
  serviceError: ({ error }) => error?.message || 'El servicio no pudo realizar la operación.',
  expired: () => 'El resultado ya no está disponible.',
  timeout: (operation, { duration }) =>
    `Sin resultado después de ${duration(operationRuntime(operation))}. Es posible que el servicio siga trabajando.`,
  networkError: () => 'El servicio no respondió. No se sabe si la operación se inició.',
  monitorError: () => 'Ya no se puede consultar el progreso. Es posible que el servicio siga trabajando.',
  protocolError: () => 'No se pudo leer la respuesta del servicio.',
  configurationError: () => 'No se pudo enviar la solicitud.',
  errorCode: ({ error }) => (error?.code ? `Error ${error.code}` : ''),
  percent: (operation, { percent }) => percent(operationPercent(operation) ?? 0),
  itemCount: ({ progress: { completed = 0, total } }, { number }) =>
    total === undefined ? number(completed) : `${number(completed)} de ${number(total)}`,
  failed: ({ error }, { label }) => (error?.kind === 'service' ? `Error en ${label}:` : `${label}:`),
  started: () => 'en marcha.',
  announcement: (_, { label }, text) => `${label}: ${text}`,
  elapsed: () => 'Tiempo transcurrido',
  cancel: () => 'Cancelar',
  retry: () => 'Reintentar',
  checkNow: () => 'Comprobar ahora',
  dismiss: () => 'Cerrar',
  batchSummary: (operation, { number, list, plural, counts }) => {
    const done = isReadOnly(operation)
      ? plural(counts.succeeded, { one: 'leído', other: 'leídos' })
      : plural(counts.succeeded, { one: 'guardado', other: 'guardados' })
    return `${list([
      `${number(counts.succeeded)} de ${number(counts.total)} ${done}`,
      ...batchRemainders(counts).map((name) => `${number(counts[name])} ${inSentence[name]}`),
    ])}.`
  },
  failedCount: (_, { number, counts }) => `${number(counts.failed)} ${inSentence.failed}`,
  retryFailed: (_, { number, counts: { failed, notDone } }) => `Reintentar los fallidos (${number(failed + notDone)})`,
  itemName: ({ label, method }, _, path) => label || `${method} ${path}`,
  itemState: (item) => itemStates[standingOf(item)] ?? '',
  itemReason: ({ outcome, error }) => {
    const said = error?.message ?? ''
    if (outcome === 'failed') return said || 'El servicio no pudo hacerlo.'
    if (outcome === 'rolled-back') return `No se guardó nada de su grupo. ${said}`.trim()
    return outcome === 'dependency-failed' ? 'Falló algo de lo que depende.' : ''
  },
  showAll: (_, { number, counts }) => `Mostrar todo (${number(counts.total)})`,
  showFewer: () => 'Mostrar menos',
  showMore: () => 'Mostrar más',
  busy: (_, { label }) => `${label}…`,
  open: () => 'Abrir',
  trayTitle: () => 'Operaciones',
  traySummary: ({ active, results, failures }, { number, plural, list }) =>
    [
      'Operaciones',
      list([
        ...(active ? [`${number(active)} en curso`] : []),
        ...(results
          ? [`${number(results)} ${plural(results, { one: 'resultado nuevo', other: 'resultados nuevos' })}`]
          : []),
        ...(failures ? [`${number(failures)} con error`] : []),
      ]),
    ]
      .filter(Boolean)
      .join(': '),
  trayEmpty: () => 'No hay operaciones.',
  dismissFinished: () => 'Cerrar las terminadas',
  cancelAll: () => 'Cancelar todas',
  cancelAllQuestion: ({ cancellable }, { number, plural }) =>
    `¿Cancelar ${number(cancellable)} ${plural(cancellable, { one: 'operación', other: 'operaciones' })}?`,
  keepRunning: () => 'No cancelar',
}
