import type { OperationRecord } from '../../core/operation.js'
import { type BatchStanding, batchRemainders, isReadOnly, standingOf } from '../batchCounts.js'
import type { MessageContext, OperationMessages } from '../operationMessages.js'
import { operationPercent } from '../operationPercent.js'
import { operationRuntime } from '../operationRuntime.js'

const itemStates: Record<BatchStanding, string> = {
  waiting: '待機中',
  pending: '処理中',
  succeeded: '完了',
  failed: '失敗',
  notDone: '未実行',
  unknown: '不明',
}

/** Time from the start to the end: 2分14秒. */
function runtime(operation: OperationRecord, { duration }: MessageContext): string {
  return duration(operationRuntime(operation)).replaceAll(' ', '')
}

/** For numbers and times. */
export const locale = 'ja'

/** The texts in Japanese. */
export const messages: OperationMessages = {
  idle: () => '開始していません。',
  pending: () => 'リクエストを送信しています…',
  running: ({ progress: { message, percent, completed } }) =>
    message || (percent === null && completed === undefined ? '処理しています…' : ''),
  connectionLost: () => '接続が切れました。再試行しています…',
  serviceUnavailable: () => 'サービスから正しい応答がありません。再試行しています…',
  waitingForSignIn: () => 'サインインを待っています…',
  offline: () => 'オフラインです。オンラインに戻ると続行します。',
  pausedWhileHidden: () => 'ページが表示されていない間は一時停止します。',
  paused: () => '一時停止しています。サービスでは処理が続いている可能性があります。',
  cannotCancel: () => 'このサービスではキャンセルできません。処理は続きます。',
  cancelFailed: () => 'キャンセルできませんでした。処理は続きます。',
  cancelling: () => 'キャンセルしています…',
  cancelled: () => 'キャンセルしました。すでに行われた処理は残っている可能性があります。',
  completed: (operation, context) =>
    operationRuntime(operation) < 1000 ? '完了しました。' : `完了しました（${runtime(operation, context)}）。`,
  completedAfterCancel: () => 'キャンセルする前に完了しました。',
  serviceError: ({ error }) => error?.message || 'サービスで処理できませんでした。',
  expired: () => '結果はもう利用できません。',
  timeout: (operation, context) =>
    `${runtime(operation, context)}待ちましたが、結果がありません。サービスではまだ処理中の可能性があります。`,
  networkError: () => 'サービスから応答がありません。処理が開始されたかどうかは不明です。',
  monitorError: () => '進行状況を確認できなくなりました。サービスではまだ処理中の可能性があります。',
  protocolError: () => 'サービスの応答を読み取れませんでした。',
  configurationError: () => 'リクエストを送信できませんでした。',
  errorCode: ({ error }) => (error?.code ? `エラー ${error.code}` : ''),
  percent: (operation, { percent }) => percent(operationPercent(operation) ?? 0),
  itemCount: ({ progress: { completed = 0, total } }, { number }) =>
    total === undefined ? `${number(completed)} 件` : `${number(total)} 件中 ${number(completed)} 件`,
  failed: ({ error }, { label }) => (error?.kind === 'service' ? `${label}: 失敗しました。` : `${label}:`),
  started: () => '開始しました。',
  announcement: (_, { label }, text) => `${label}: ${text}`,
  elapsed: () => '経過時間',
  cancel: () => 'キャンセル',
  retry: () => '再試行',
  checkNow: () => '今すぐ確認',
  dismiss: () => '閉じる',
  batchSummary: (operation, { number, counts }) =>
    `${[
      `${number(counts.total)} 件中 ${number(counts.succeeded)} 件を${isReadOnly(operation) ? '取得' : '保存'}`,
      ...batchRemainders(counts).map((name) => `${itemStates[name]} ${number(counts[name])} 件`),
    ].join('、')}。`,
  failedCount: (_, { number, counts }) => `失敗 ${number(counts.failed)} 件`,
  retryFailed: (_, { number, counts: { failed, notDone } }) => `失敗した ${number(failed + notDone)} 件を再試行`,
  itemName: ({ label, method }, _, path) => label || `${method} ${path}`,
  itemState: (item) => itemStates[standingOf(item)] ?? '',
  itemReason: ({ outcome, error }) => {
    const said = error?.message ?? ''
    if (outcome === 'failed') return said || 'サービスで処理できませんでした。'
    if (outcome === 'rolled-back') return `このグループは何も保存されませんでした。${said}`
    return outcome === 'dependency-failed' ? '必要な処理が失敗しました。' : ''
  },
  showAll: (_, { number, counts }) => `${number(counts.total)} 件すべて表示`,
  showFewer: () => '表示を減らす',
  showMore: () => 'さらに表示',
  busy: (_, { label }) => `${label}…`,
  open: () => '開く',
  trayTitle: () => '処理',
  traySummary: ({ active, results, failures }, { number }) =>
    [
      '処理',
      [
        ...(active ? [`実行中 ${number(active)} 件`] : []),
        ...(results ? [`新しい結果 ${number(results)} 件`] : []),
        ...(failures ? [`失敗 ${number(failures)} 件`] : []),
      ].join('、'),
    ]
      .filter(Boolean)
      .join(': '),
  trayEmpty: () => '処理はありません。',
  dismissFinished: () => '終了した処理を閉じる',
  cancelAll: () => 'すべてキャンセル',
  cancelAllQuestion: ({ cancellable }, { number }) => `${number(cancellable)} 件の処理をキャンセルしますか？`,
  keepRunning: () => '処理を続ける',
}
