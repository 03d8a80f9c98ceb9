export type { OperationClassName } from './classNames.js'
export type { OperationTone } from './describeOperation.js'
export {
  type AccessibleName,
  type GetProgressPropsOptions,
  getProgressProps,
  type ProgressProps,
} from './getProgressProps.js'
export { OperationPanel, type OperationPanelProps } from './OperationPanel.js'
export { OperationProgress, type OperationProgressProps } from './OperationProgress.js'
export { OperationStatus, type OperationStatusProps } from './OperationStatus.js'
export type { OperationCallbackProps } from './operationActions.js'
export type { OperationFormat } from './operationFormat.js'
export {
  defaultMessages,
  type MessageContext,
  type MessageProps,
  type OperationMessage,
  type OperationMessages,
} from './operationMessages.js'
export { operationPercent } from './operationPercent.js'
export { useElapsed } from './useElapsed.js'
