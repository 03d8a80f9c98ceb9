export { BatchPanel, type BatchPanelProps } from './BatchPanel.js'
export type { BatchCounts } from './batchCounts.js'
export type { OperationClassName } from './classNames.js'
export { defaultMessages } from './defaultMessages.js'
export type { OperationTone } from './describeOperation.js'
export {
  type AccessibleName,
  type GetProgressPropsOptions,
  getProgressProps,
  type ProgressProps,
} from './getProgressProps.js'
export { OperationAnnouncer, type OperationAnnouncerProps } from './OperationAnnouncer.js'
export { OperationButton, type OperationButtonProps } from './OperationButton.js'
export { OperationMessagesProvider, type OperationMessagesProviderProps } from './OperationMessagesProvider.js'
export { OperationPanel, type OperationPanelProps } from './OperationPanel.js'
export { OperationProgress, type OperationProgressProps } from './OperationProgress.js'
export { OperationStatus, type OperationStatusProps } from './OperationStatus.js'
export { OperationTray, type OperationTrayProps } from './OperationTray.js'
export type { OperationCallbackProps } from './operationActions.js'
export type { OperationFormat, PluralForms } from './operationFormat.js'
export type {
  BatchItemMessage,
  MessageContext,
  MessageProps,
  OperationMessage,
  OperationMessages,
} from './operationMessages.js'
export { operationPercent } from './operationPercent.js'
export type { PropGetter } from './propGetter.js'
export type { TrayCounts } from './trayCounts.js'
export type { TrayMessage, TrayMessages } from './trayMessages.js'
export { useElapsed } from './useElapsed.js'
export {
  type OperationActionProps,
  type OperationProps,
  type OperationRootProps,
  type OperationStatusTextProps,
  type UseOperationPropsOptions,
  useOperationProps,
} from './useOperationProps.js'
export { WireLog, type WireLogProps } from './WireLog.js'
export { type WireMessages, wireMessages } from './wireMessages.js'
